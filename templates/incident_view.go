package templates

import (
	"fmt"
	"strings"

	"muster/internal/incident"
	"muster/internal/policy"
)

// incidentView shows templates an incident. The incident itself is out
// of their reach, so that nothing people wrote gets past [frame.text].
type incidentView struct {
	frame
	inc incident.Incident
}

// Number returns the incident's number, "INC-7".
func (v incidentView) Number() incident.Number { return v.inc.Number }

// Title returns the title in one line.
func (v incidentView) Title() mrkdwn { return v.line(v.inc.Title) }

// Severity returns "P1".
func (v incidentView) Severity() mrkdwn { return named(string(v.inc.Severity)) }

// SeverityName returns the severity's word, "High".
func (v incidentView) SeverityName() mrkdwn { return named(v.t.policy.Severity(v.inc.Severity).Name) }

// Rank returns the severity's place among all, 0 for the worst.
func (v incidentView) Rank() int { return v.t.policy.Rank(v.inc.Severity) }

// Status returns the status's word, "Investigating". A duplicate is "Merged".
func (v incidentView) Status() mrkdwn {
	if v.inc.MergedInto != (incident.Link{}) {
		return "Merged"
	}
	return named(capital(string(v.inc.Status)))
}

// Open reports whether people are at work.
func (v incidentView) Open() bool { return v.inc.Status.Open() }

// Cancelled reports whether it turned out not to be an incident.
func (v incidentView) Cancelled() bool { return v.inc.Status == incident.Cancelled }

// Private reports whether the incident is.
func (v incidentView) Private() bool { return v.inc.Private }

// Channel links the incident's channel, "" while there is none.
func (v incidentView) Channel() mrkdwn { return channel(v.inc.Channel) }

// Archived returns since when its channel is archived, "" while it is not.
func (v incidentView) Archived() mrkdwn { return when(v.inc.Archive.Done) }

// MergedInto returns the incident of which it was a duplicate, nil if it was of none.
func (v incidentView) MergedInto() *linkView {
	into := v.inc.MergedInto
	if into == (incident.Link{}) {
		return nil
	}
	return &linkView{into.Number, channel(into.Channel)}
}

// linkView shows another incident and its channel, "" where it has none.
type linkView struct {
	Number  incident.Number
	Channel mrkdwn
}

// shownDuplicates is how many duplicates are named.
const shownDuplicates = 30

// Duplicates returns the incidents that were merged into it, the latest of many;
// "" while none were.
func (v incidentView) Duplicates() mrkdwn {
	var all []string
	more := max(0, len(v.inc.Duplicates)-shownDuplicates)
	for _, n := range v.inc.Duplicates[more:] {
		all = append(all, n.String())
	}
	if more > 0 {
		all = append(all, fmt.Sprintf("and %d more", more))
	}
	return mrkdwn(strings.Join(all, ", "))
}

// Impact returns who notices, and what they cannot do; "" while nobody has said.
func (v incidentView) Impact() mrkdwn { return v.text(v.inc.Impact()) }

// Lead returns the person who has it, "" while nobody does.
func (v incidentView) Lead() mrkdwn { return mention(v.inc.Lead()) }

// Roles returns who holds which other role.
func (v incidentView) Roles() []roleView {
	var held []roleView
	for _, rules := range v.t.policy.Roles {
		if u := v.inc.Roles[rules.Role]; u != "" && rules.Role != policy.OnCallEngineer {
			held = append(held, roleView{named(rules.Name), mention(u)})
		}
	}
	return held
}

// roleView shows a role and who holds it.
type roleView struct{ Name, Holder mrkdwn }

// Declared returns who declared it, and when.
func (v incidentView) Declared() *stampView { return v.stamp(v.inc.Declared) }

// Acked returns who acknowledged it, nil while nobody has.
func (v incidentView) Acked() *stampView { return v.stamp(v.inc.Acked) }

// FirstAcked returns who acknowledged it before it was reopened, nil if it never
// was, or nobody had.
func (v incidentView) FirstAcked() *stampView { return v.stamp(v.inc.FirstAcked) }

// Reopened reports whether it ever was.
func (v incidentView) Reopened() bool { return !v.inc.Resumed.IsZero() }

// WorstSeverity returns the worst that it was, "P0".
func (v incidentView) WorstSeverity() mrkdwn { return named(string(v.inc.WorstSeverity())) }

// Ended returns who resolved or cancelled it, nil while it goes on.
func (v incidentView) Ended() *stampView { return v.stamp(v.inc.Ended) }

// Duration returns how long it lasted, or has lasted until now.
func (v incidentView) Duration() mrkdwn { return span(v.inc.Duration(v.now)) }

// Update returns the last update, nil before the first.
func (v incidentView) Update() *updateView {
	by := v.stamp(v.inc.Updated)
	if by == nil {
		return nil
	}
	return &updateView{*by, v.text(v.inc.Progress())}
}

// updateView shows what somebody said, and when. Somebody outside a private incident
// sees only that they did.
type updateView struct {
	stampView
	Text mrkdwn
}

// ETA returns when a fix is expected, nil where nobody has said or it is over.
func (v incidentView) ETA() *updateView {
	eta, by := v.inc.ETA()
	if eta == "" || !v.Open() {
		return nil
	}
	return &updateView{*v.stamp(by), v.line(eta)}
}

// Resolution returns what fixed it, nil while nobody has said.
func (v incidentView) Resolution() *resolutionView {
	r := v.inc.Resolution()
	if r.Summary == "" {
		return nil
	}
	return &resolutionView{v.text(r.Summary), v.text(r.Cause)}
}

// resolutionView shows what fixed it and, as far as it is known, the root cause.
type resolutionView struct{ Summary, Cause mrkdwn }

// PostMortem returns why the process requires one, nil where it does not.
func (v incidentView) PostMortem() *postMortemView {
	reason := v.inc.NeedsPostMortem(v.t.policy, v.now)
	if reason == "" {
		return nil
	}
	end := v.inc.Ended.At
	if end.IsZero() {
		end = v.now
	}
	return &postMortemView{named(string(reason)), when(end.Add(v.t.policy.PostMortem.Within))}
}

// postMortemView shows the reason's code, and until when to schedule one.
type postMortemView struct{ Reason, Due mrkdwn }

// Clock returns what the clock watches.
func (v incidentView) Clock() clockView { return clockView(v) }

// Ladder returns who was paged, and who is next.
func (v incidentView) Ladder() ladderView { return ladderView(v) }

// Setup returns how setting it up goes, and what could not be delivered.
func (v incidentView) Setup() setupView { return setupView(v) }
