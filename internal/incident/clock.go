package incident

import (
	"fmt"
	"time"
)

// Outage is a time in which Muster itself was not running.
type Outage struct {
	From, To time.Time
}

// Covers reports whether a moment fell into the outage.
func (o Outage) Covers(t time.Time) bool { return t.After(o.From) && !t.After(o.To) }

// Late is from which delay on a fired timer says that it is late.
const Late = time.Minute

// Fire is what happens when a timer's moment has come: [ErrNoChange] if it is
// not the timer that the incident has armed by now, so that a doubled or
// outdated one does nothing.
func (inc Incident) Fire(o Origin, t Timer, out Outage) (Change, error) {
	armed, ok := inc.Timers[t.Name]
	if !ok || armed.Gen != t.Gen {
		return Change{}, ErrNoChange
	}
	if armed.At.After(o.At) { // the clock went back since the timer was claimed: it was due all the same
		o.At = armed.At
	}
	d := inc.draft(o)
	switch t.Name {
	case TimerUpdate:
		d.remind(t, out)
	case TimerRespond:
		d.warn()
	case TimerArchive:
		return d.archive(), nil
	case TimerReach:
		d.reach()
	case TimerEscalate: // change() calls every level that is due
	default:
		return Change{}, fmt.Errorf("%s: unknown timer %q", inc.Number, t.Name)
	}
	return d.change(), nil
}

// Rearm brings what the clock watches, and the incident's row, to the policy as it
// is by now: levels that are due by it are called. [ErrNoChange] where nothing
// differs from the row; nor does it for a severity that the policy no longer
// knows, whose timers stay as they are.
func (inc Incident) Rearm(o Origin, row Summary) (Change, error) {
	if o.Policy.Severity(inc.Severity).Severity == "" {
		return Change{}, ErrNoChange
	}
	c := inc.draft(o).change()
	if len(c.Timers)+len(c.Entries) == 0 && c.Summary.Rank == row.Rank && c.Summary.AckDue.Equal(row.AckDue) {
		return Change{}, ErrNoChange
	}
	return c, nil
}

func (d *draft) remind(t Timer, out Outage) {
	d.Reminded, d.Snoozed = d.At, time.Time{}
	facts := map[string]string{}
	if !d.Updated.IsZero() {
		facts["last"] = moment(d.Updated.At)
	}
	if late := d.At.Sub(t.At); late >= Late {
		facts["late"] = late.String()
		if out.Covers(t.At) {
			facts["offline_from"], facts["offline_to"] = moment(out.From), moment(out.To)
		}
	}
	d.post(TemplateReminder, d.record(EntryReminded, facts))
}

// moment writes a moment as a fact.
func moment(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// warn tells the channel and the next level's people that nobody acknowledged.
func (d *draft) warn() {
	d.Warned = true
	e := d.record(EntryWarned, map[string]string{"response": d.Policy.Severity(d.Severity).Response.String()})
	d.post(TemplateWarning, e)
	d.pageDirectly(min(d.Level+1, d.Policy.Top()), TemplateWarning, e)
}
