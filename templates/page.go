package templates

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"muster/internal/incident"
	"muster/internal/policy"
)

// page is what a template sees of an incident and of the notice it renders.
// Its methods are the words that templates are written in; the incident itself
// is out of their reach, so that nothing gets past [page.say].
type page struct {
	t      *Templates
	i      incident.Incident
	n      incident.Notice // zero for what is not posted
	now    time.Time
	budget int // for one text from people, in characters
}

// say is what people wrote, safe to show and within the room there is.
func (p page) safe(s string) mrkdwn { return escapeText(s, p.budget) }

// stranger reports whether a notice goes to somebody who may not know more of
// a private incident than that it exists.
func outsider(n incident.Notice, i incident.Incident) bool {
	return i.Private && n.To.User != "" && !i.Involves(n.To.User)
}

// Stranger reports whether the reader is outside a private incident.
func (p page) Outsider() bool { return outsider(p.n, p.i) }

// Private reports whether the incident is.
func (p page) Private() bool { return p.i.Private }

// Number is the incident's, "INC-7".
func (p page) Number() incident.Number { return p.i.Number }

// Title is in one line.
func (p page) Title() mrkdwn { return p.safe(strings.Join(strings.Fields(p.i.Title), " ")) }

// Impact is "" while nobody has said.
func (p page) Impact() mrkdwn { return p.safe(p.i.Impact) }

// Severity is "P1".
func (p page) Severity() policy.Severity { return p.i.Severity }

// SeverityName is the severity's word, "High".
func (p page) SeverityName() mrkdwn { return named(p.t.policy.Severity(p.i.Severity).Name) }

// Status is a word, "Investigating".
func (p page) Status() mrkdwn { return named(capital(string(p.i.Status))) }

// Open reports whether people are at work.
func (p page) Open() bool { return p.i.Status.Open() }

// Cancelled reports whether it was none.
func (p page) Cancelled() bool { return p.i.Status == incident.Cancelled }

// Channel links the incident's channel, "" while there is none.
func (p page) Channel() mrkdwn {
	if p.i.Channel == "" {
		return ""
	}
	return mrkdwn(p.i.Channel.Mention())
}

// NoChannel is why the channel could not be opened, "" if that did not fail.
func (p page) NoChannel() mrkdwn {
	step := p.i.Steps[incident.StepChannel]
	if step.State != incident.StepFailed {
		return ""
	}
	if step.Reason == "" {
		return "Slack gave no reason"
	}
	return p.reason(step.Reason)
}

// Here is what a command needs behind its word where the message is read:
// nothing in the incident's channel, " INC-7" elsewhere.
func (p page) Here() mrkdwn {
	if p.n.To.InChannel && p.i.Channel != "" {
		return ""
	}
	return mrkdwn(" " + p.i.Number.String())
}

// Homeless reports whether a message for the incident's channel goes to the
// one who declared it, since there is no channel.
func (p page) NoChannelYet() bool { return p.n.To.InChannel && p.i.Channel == "" }

// Progress is what the last update said, "" before the first.
func (p page) Progress() mrkdwn { return p.safe(p.i.Progress.Text) }

// ETA is what the last update expected.
func (p page) ETA() mrkdwn { return p.safe(p.i.Progress.ETA) }

// Resolution is what solved it.
func (p page) Resolution() mrkdwn { return p.safe(p.i.Resolution.Summary) }

// Cause is the root cause as far as it is known.
func (p page) Cause() mrkdwn { return p.safe(p.i.Resolution.Cause) }

// Steps is how declaring it goes, as long as not all of it is done: each step
// with its word.
func (p page) Steps() []mrkdwn {
	var lines []mrkdwn
	unfinished := false
	for _, name := range incident.StepNames() {
		step, ok := p.i.Steps[name]
		if !ok || (name == incident.StepCard && step.State != incident.StepFailed) {
			continue // whoever reads the card has it
		}
		line := named(capital(string(name)) + ": " + string(step.State))
		if step.Reason != "" {
			line += " (" + p.reason(step.Reason) + ")"
		}
		lines = append(lines, line)
		unfinished = unfinished || step.State != incident.StepDone || step.Reason != ""
	}
	if !unfinished {
		return nil
	}
	return lines
}

// limitReason is how much is shown of why something failed.
const limitReason = 300

// reason is why something failed. It may name the configuration's user groups,
// which [safe] lets nobody mention.
func (p page) reason(s string) mrkdwn {
	shown := string(escapeText(s, limitReason))
	for _, rules := range p.t.policy.Roles {
		for g := range rules.Holder.Groups.All() {
			shown = strings.ReplaceAll(shown, incident.Escape(g.Mention()), g.Mention())
		}
	}
	return mrkdwn(shown)
}

// CanRetry reports whether anything could not be delivered.
func (p page) CanRetry() bool { return len(p.i.Undelivered) > 0 }

// limitDead is how many undelivered messages one message names.
const limitDead = 5

// Undelivered is what could not be delivered, beside the steps of declaring.
func (p page) Undelivered() []mrkdwn {
	var lines []mrkdwn
	more := 0
	for _, dead := range p.i.Undelivered {
		switch {
		case p.i.Steps[incident.StepName(dead.What())].State == incident.StepFailed:
			// Steps has it
		case len(lines) == limitDead:
			more++
		default:
			lines = append(lines, named(capital(dead.What()))+", "+when(dead.At)+" ("+p.reason(dead.Reason)+")")
		}
	}
	if more > 0 {
		lines = append(lines, mrkdwn(fmt.Sprintf("and %d more", more)))
	}
	return lines
}

// capital writes a word's first letter large.
func capital(s string) string {
	if s == "" {
		return ""
	}
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}
