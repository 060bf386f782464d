package incident

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"muster/internal/policy"
	"muster/internal/slackid"
)

// Incident is one incident as it stands after Version commits.
type Incident struct {
	Number      Number          `json:"number"`
	Version     int             `json:"version"` // 0 = not yet declared
	Title       string          `json:"title"`
	Impact      string          `json:"impact,omitempty"`
	Severity    policy.Severity `json:"severity"`
	Status      Status          `json:"status"`
	Private     bool            `json:"private,omitempty"`
	Declared    Stamp           `json:"declared"`
	Acked       Stamp           `json:"acked,omitzero"`
	Mitigated   Stamp           `json:"mitigated,omitzero"` // the first time it was monitored or resolved
	Ended       Stamp           `json:"ended,omitzero"`     // resolved or cancelled
	Resolution  Resolution      `json:"resolution,omitzero"`
	Level       policy.Level    `json:"level"` // the highest level called so far
	Reached     time.Time       `json:"reached"`
	Since       time.Time       `json:"since"` // when the severity's rules began to apply
	Updated     Stamp           `json:"updated,omitzero"`
	Progress    Progress        `json:"progress,omitzero"` // the last update
	Reminded    time.Time       `json:"reminded,omitzero"`
	Snoozed     time.Time       `json:"snoozed,omitzero"` // the next reminder comes then, whatever the cadence
	Warned      bool            `json:"warned,omitempty"` // that nobody acknowledged in time
	Channel     slackid.Channel `json:"channel,omitempty"`
	ChannelName string          `json:"channel_name,omitempty"`
	Card        Message         `json:"card,omitzero"`
	Announced   Message         `json:"announced,omitzero"`

	Roles       map[policy.Role]slackid.User `json:"roles,omitempty"`
	Responders  slackid.Set[slackid.User]    `json:"responders,omitzero"` // who was called or joined in
	Timers      map[TimerKind]Timer          `json:"timers,omitempty"`
	Steps       map[StepName]Outcome         `json:"steps,omitempty"`
	Undelivered []DeadLetter                 `json:"undelivered,omitempty"`

	Entries int    `json:"entries"` // length of the timeline
	Head    string `json:"head"`    // hash of its last entry
}

// Stamp is who did something, and when.
type Stamp struct {
	By slackid.User `json:"by"`
	At time.Time    `json:"at"`
}

// IsZero reports whether it has not happened.
func (s Stamp) IsZero() bool { return s.At.IsZero() }

// Message is where a posted message is: its channel and its timestamp, which is
// its ID within the channel.
type Message struct {
	Channel slackid.Channel `json:"channel"`
	TS      string          `json:"ts"`
}

// Progress is what an update says.
type Progress struct {
	Text string `json:"text"`
	ETA  string `json:"eta,omitempty"` // in the writer's words
}

// Resolving is what a resolution says.
type Resolution struct {
	Summary        string `json:"summary"`
	Cause          string `json:"cause,omitempty"`
	CustomerImpact bool   `json:"customer_impact,omitempty"`
}

// StepName is a step of declaring, each of which succeeds or fails by itself.
type StepName string

// The steps of declaring, in the order in which the card shows them.
const (
	StepChannel  StepName = "channel"
	StepTopic    StepName = "topic"
	StepInvite   StepName = "invitations"
	StepCard     StepName = "card"
	StepPin      StepName = "pin"
	StepAnnounce StepName = "announcement"
)

// StepNames lists the steps in the order in which the card shows them.
func StepNames() []StepName {
	return []StepName{StepChannel, StepTopic, StepInvite, StepCard, StepPin, StepAnnounce}
}

// StepState is how a step stands.
type StepState string

// The states of a step.
const (
	StepPending StepState = "pending"
	StepDone    StepState = "done"
	StepFailed  StepState = "failed"
)

// Outcome is how a step stands, and for a failure (or a part of one) why.
type Outcome struct {
	State  StepState `json:"state"`
	Reason string    `json:"reason,omitempty"`
}

// Assigned is the person at work on it, "" while nobody is.
func (inc Incident) Assigned() slackid.User { return inc.Roles[policy.OnCallEngineer] }

// Duration is how long it lasted, or has lasted until now.
func (inc Incident) Duration(now time.Time) time.Duration {
	if !inc.Ended.IsZero() {
		now = inc.Ended.At
	}
	return now.Sub(inc.Declared.At)
}

// NeedsPostMortem reports whether the policy requires one, and why.
func (inc Incident) NeedsPostMortem(p policy.Policy, now time.Time) (bool, string) {
	rules := p.PostMortem
	switch when := rules.When[inc.Severity]; {
	case inc.Status == Cancelled:
		return false, ""
	case when == policy.Always:
		return true, fmt.Sprintf("it was a %s", inc.Severity)
	case when == policy.CustomerImpact && inc.Resolution.CustomerImpact:
		return true, fmt.Sprintf("customers noticed this %s", inc.Severity)
	case rules.LongerThan > 0 && inc.Duration(now) > rules.LongerThan:
		return true, "it lasted more than " + Span(rules.LongerThan)
	}
	return false, ""
}

// Sees reports whether a user may know of the incident, when asking from a
// channel: a private one exists only for those called to it and in its channel.
func (inc Incident) Sees(u slackid.User, from slackid.Channel) bool {
	if !inc.Private || u == slackid.Muster {
		return true
	}
	if inc.Channel != "" && inc.Channel == from {
		return true // Slack lets nobody act in a private channel that they are not in
	}
	return inc.Involves(u)
}

// Involves reports whether the user declared it, holds a role in it or was
// called to it.
func (inc Incident) Involves(u slackid.User) bool {
	if inc.Declared.By == u || inc.Responders.Has(u) {
		return true
	}
	for _, holder := range inc.Roles {
		if holder == u {
			return true
		}
	}
	return false
}

// clone copies all that a transition may change.
func (inc Incident) clone() Incident {
	inc.Roles = maps.Clone(inc.Roles)
	inc.Timers = maps.Clone(inc.Timers)
	inc.Steps = maps.Clone(inc.Steps)
	inc.Undelivered = slices.Clone(inc.Undelivered)
	return inc
}
