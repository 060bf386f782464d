package templates

import "muster/internal/incident"

// listView shows the first rows of a list, and how many more there are.
type listView struct {
	Rows []rowView
	More int
}

// list returns the view of a list, for each budget.
func (t *Templates) list(all []incident.Summary, limit int) func(budget int) any {
	now := t.now()
	return func(budget int) any {
		v := listView{More: max(0, len(all)-limit)}
		for _, s := range all[:min(len(all), limit)] {
			v.Rows = append(v.Rows, rowView{frame{t, now, budget}, s})
		}
		return v
	}
}

// rowView shows templates an incident in a list.
type rowView struct {
	frame
	row incident.Summary
}

// Number returns the incident's number, "INC-7".
func (v rowView) Number() incident.Number { return v.row.Number }

// Title returns the title in one line.
func (v rowView) Title() mrkdwn { return v.line(v.row.Title) }

// Severity returns "P1 High".
func (v rowView) Severity() mrkdwn { return v.severity(v.row.Severity) }

// Status returns the status's word, "Investigating".
func (v rowView) Status() mrkdwn { return named(capital(string(v.row.Status))) }

// MergedInto returns the incident of which it was a duplicate, 0 if it was of none.
// A public incident is only ever merged into a public one.
func (v rowView) MergedInto() incident.Number { return v.row.MergedInto }

// Private reports whether the incident is.
func (v rowView) Private() bool { return v.row.Private }

// Channel links the incident's channel, "" while there is none.
func (v rowView) Channel() mrkdwn { return channel(v.row.Channel) }

// Lead returns the person who has it, "" while nobody does.
func (v rowView) Lead() mrkdwn { return mention(v.row.Lead) }

// Declared returns who declared it, and when.
func (v rowView) Declared() *stampView { return v.stamp(v.row.Declared) }
