package templates

import (
	"fmt"
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
)

// messageView shows what a message is made of: the incident, the entry that it
// tells of, and who reads it. Answers and forms about an incident are made of
// one as well, that tells of no entry.
type messageView struct {
	incidentView
	Entry  entryView
	Reader readerView
}

// TokenRefused returns the code with which Slack refuses Muster's token, "" while it
// doesn't. Only an answer says so: what is posted was accepted.
func (v messageView) TokenRefused() mrkdwn {
	if v.t.Refused == nil || v.Reader.to.Medium != "" {
		return ""
	}
	return named(v.t.Refused())
}

// readerView shows who reads a message, and where.
type readerView struct {
	frame
	inc      incident.Incident
	to       notice.Address
	outsider bool
}

// Outsider reports whether the reader is outside a private incident.
func (v readerView) Outsider() bool { return v.outsider }

// StandsIn reports whether a message for the incident's channel goes to the one
// who declared it, since there is none that can be used.
func (v readerView) StandsIn() bool { return v.to.InChannel && !v.inc.HasChannel() }

// As returns the level as whose member somebody is paged, "" for whoever is not.
func (v readerView) As() mrkdwn {
	if v.to.Level == 0 {
		return ""
	}
	return v.level(v.to.Level)
}

// Here returns what a command needs after its verb where the message is read:
// nothing in the incident's channel, " INC-7" elsewhere.
func (v readerView) Here() mrkdwn {
	if v.to.InChannel && v.inc.HasChannel() {
		return ""
	}
	return mrkdwn(" " + v.inc.Number.String())
}

// Shortened reports whether texts from people are cut short in an answer, which has
// less space than the channel's messages.
func (v messageView) Shortened() bool {
	to := v.Reader.to
	return v.budget < limitSaid && !to.InChannel && to.Channel == "" && to.User == ""
}

// about returns the view of an incident, for each budget.
func (t *Templates) about(inc incident.Incident) func(budget int) any {
	return t.view(inc, incident.Entry{}, notice.Address{}, incident.Audience{})
}

// message returns the view of a notice, for each budget.
func (t *Templates) message(n notice.Notice, inc incident.Incident, a incident.Audience) (func(budget int) any, error) {
	entry, loaded := inc.Loaded.Entries[n.Entry]
	if n.Entry > 0 && !loaded {
		return nil, fmt.Errorf("%s was loaded without entry %d, which %s tells of", inc.Number, n.Entry, n.Key)
	}
	return t.view(inc, entry, n.To, a), nil
}

func (t *Templates) view(inc incident.Incident, e incident.Entry, to notice.Address, a incident.Audience) func(budget int) any {
	now := t.now()
	return func(budget int) any { return t.messageView(inc, e, to, a, now, budget) }
}

func (t *Templates) messageView(inc incident.Incident, e incident.Entry, to notice.Address, a incident.Audience, now time.Time, budget int) messageView {
	f := frame{t, now, budget}
	return messageView{incidentView{f, inc}, entryView{f, e}, readerView{f, inc, to, a.Outsider}}
}
