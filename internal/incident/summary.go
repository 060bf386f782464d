package incident

import (
	"time"

	"muster/internal/policy"
	"muster/internal/slackid"
)

// Summary is an incident in one small row, written in each of its commits.
// Lists, digests and figures read rows, page by page, never whole incidents.
type Summary struct {
	ID          string          `json:"id"`
	Number      Number          `json:"number"`
	Title       string          `json:"title"`
	Severity    policy.Severity `json:"severity"`
	Rank        int             `json:"rank"` // the severity's, 0 = the worst
	Status      Status          `json:"status"`
	Private     bool            `json:"private,omitempty"`
	Channel     slackid.Channel `json:"channel,omitempty"`
	Lead        slackid.User    `json:"lead,omitempty"` // who has it, "" while nobody does
	Level       policy.Level    `json:"level"`
	Reached     time.Time       `json:"reached"` // when that level was called
	Declared    Stamp           `json:"declared"`
	Acked       Stamp           `json:"acked,omitzero"`   // the first time
	AckDue      time.Time       `json:"ack_due,omitzero"` // when that had to be
	Mitigated   Stamp           `json:"mitigated,omitzero"`
	Ended       Stamp           `json:"ended,omitzero"`
	Lasted      time.Duration   `json:"lasted,omitempty"` // how long it was worked on, once it ended
	Updated     Stamp           `json:"updated,omitzero"`
	NextUpdate  time.Time       `json:"next_update,omitzero"`  // zero: none is expected
	UpdateSince time.Time       `json:"update_since,omitzero"` // since when an update is overdue; zero: it is not
	Changed     time.Time       `json:"changed"`               // when its last commit was made
	MergedInto  Number          `json:"merged_into,omitempty"` // the incident of which it was a duplicate

	People slackid.Set[slackid.User] `json:"people,omitzero"` // who may know of it; only for a private one
}

// Summary returns the incident's row as of a moment.
func (inc Incident) Summary(p policy.Policy, now time.Time) Summary {
	s := Summary{
		ID: inc.ID, Number: inc.Number, Title: inc.Title, Severity: inc.Severity, Rank: p.Rank(inc.Severity), Status: inc.Status,
		Private: inc.Private, Channel: inc.Channel, Lead: inc.Lead(), Level: inc.Level, Reached: inc.Reached,
		Declared: inc.Declared, Acked: inc.FirstAck(), Mitigated: inc.Mitigated, Ended: inc.Ended, Updated: inc.Updated, Changed: now,
		MergedInto: inc.MergedInto.Number,
	}
	if !inc.Ended.IsZero() {
		s.Lasted = inc.Duration(now)
	}
	s.AckDue = inc.ackDue(p)
	s.NextUpdate, _ = inc.NextUpdate()
	s.UpdateSince, _ = inc.OverdueUpdate(p)
	if inc.Private {
		s.People = inc.involved()
	}
	return s
}

// ackDue returns when it has to be acknowledged, or had to be the first time; zero
// where there is no limit.
func (inc Incident) ackDue(p policy.Policy) time.Time {
	response := p.Severity(inc.Severity).Response
	if !inc.AckDue.IsZero() || response == 0 {
		return inc.AckDue
	}
	return inc.Since.Add(response)
}

// Ref returns what means the row's incident and no other.
func (s Summary) Ref() Ref { return Ref{Number: s.Number, ID: s.ID} }

// Sees reports whether a user may know of the incident, when asking from a
// channel; see [Incident.Sees].
func (s Summary) Sees(u slackid.User, from slackid.Channel) bool {
	return sees(s.Private, s.Channel, s.People, u, from)
}

// sees is the rule behind both: a private incident exists only for those
// involved and in its own channel.
func sees(private bool, channel slackid.Channel, people slackid.Set[slackid.User], u slackid.User, from slackid.Channel) bool {
	if !private || u == slackid.Muster {
		return true
	}
	if channel != "" && channel == from {
		return true // Slack lets nobody act in a private channel that they are not in
	}
	return people.Has(u)
}
