package incident

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// Incident is one incident as it stands after Version commits: its head, on
// which transitions decide. A head is small, whatever happens to the incident
// ([MaxHead]); what grows stands beside it, as parts and timeline entries.
type Incident struct {
	ID             string          `json:"id"` // of its declaration's [Origin]: names it for all time, whatever becomes of the store
	Number         Number          `json:"number"`
	Version        int             `json:"version"`          // 0 = not yet declared
	Changed        time.Time       `json:"changed,omitzero"` // the moment of its last change
	Title          string          `json:"title"`
	Severity       policy.Severity `json:"severity"`
	Status         Status          `json:"status"`
	Private        bool            `json:"private,omitempty"`
	Declared       Stamp           `json:"declared"`
	Acked          Stamp           `json:"acked,omitzero"`       // since it was declared, or reopened
	FirstAcked     Stamp           `json:"first_acked,omitzero"` // where it was acknowledged before it was reopened
	AckDue         time.Time       `json:"ack_due,omitzero"`     // when the first acknowledgement was due; fixed by it
	Mitigated      Stamp           `json:"mitigated,omitzero"`   // the first time it was monitored or resolved
	Ended          Stamp           `json:"ended,omitzero"`       // resolved, cancelled or merged
	CustomerImpact bool            `json:"customer_impact,omitempty"`
	Level          policy.Level    `json:"level"` // the highest level called so far
	Reached        time.Time       `json:"reached"`
	Worst          policy.Severity `json:"worst,omitempty"`      // the worst that it was; "": it was always Severity
	Worked         time.Duration   `json:"worked,omitempty"`     // how long it lasted before it was reopened, all times together
	Resumed        time.Time       `json:"resumed,omitzero"`     // when it was reopened last
	Unmitigated    time.Time       `json:"unmitigated,omitzero"` // since when it hurts again, after it was monitored
	Since          time.Time       `json:"since"`                // when the severity's rules began to apply
	Updated        Stamp           `json:"updated,omitzero"`
	Reminded       time.Time       `json:"reminded,omitzero"`
	Snoozed        time.Time       `json:"snoozed,omitzero"` // the next reminder comes then, whatever the cadence
	Warned         bool            `json:"warned,omitempty"` // that nobody acknowledged in time
	Channel        slackid.Channel `json:"channel,omitempty"`
	ChannelName    string          `json:"channel_name,omitempty"`
	Card           notice.Message  `json:"card,omitzero"`
	Announced      notice.Message  `json:"announced,omitzero"`
	Archive        Archiving       `json:"archive,omitzero"`
	MergedInto     Link            `json:"merged_into,omitzero"`  // the incident of which it was a duplicate
	Duplicates     []Number        `json:"duplicates,omitempty"`  // those merged into it
	Texts          map[Topic]int   `json:"texts,omitempty"`       // the timeline entry that holds each long text
	Undelivered    int             `json:"undelivered,omitempty"` // how many dead letters there are

	Roles      map[policy.Role]slackid.User `json:"roles,omitempty"`
	Responders slackid.Set[slackid.User]    `json:"responders,omitzero"` // who was called or joined in
	Timers     map[TimerName]Armed          `json:"timers,omitempty"`
	Steps      map[StepName]Outcome         `json:"steps,omitempty"`
	Calls      map[policy.Level]Call        `json:"calls,omitempty"` // of each level that was called

	Entries  int    `json:"entries"`   // length of the timeline
	LastHash string `json:"last_hash"` // of its last entry

	Loaded Loaded `json:"-"` // what was read beside the head
}

// MaxHead is how many bytes an encoded head has at most. A commit of a larger
// one is refused.
const MaxHead = 32 << 10

// Stamp is who did something, and when.
type Stamp struct {
	By slackid.User `json:"by"`
	At time.Time    `json:"at"`
}

// IsZero reports whether it has not happened.
func (s Stamp) IsZero() bool { return s.At.IsZero() }

// Resolution is what a person says when resolving.
type Resolution struct {
	Summary        string
	Cause          string // the root cause; optional
	CustomerImpact bool
}

// StepName is a step of setting up, each of which succeeds or fails by itself.
type StepName string

// The steps of setting up, in the order in which the card shows them.
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

// StepState is how far a step has come.
type StepState string

// The states of a step.
const (
	StepPending StepState = "pending"
	StepDone    StepState = "done"
	StepFailed  StepState = "failed"
)

// Outcome is how far a step has come, and for a failure (or a part of one) why.
type Outcome struct {
	State  StepState `json:"state"`
	Reason string    `json:"reason,omitempty"` // at most maxReason characters
}

// Ref returns what means this incident and no other.
func (inc Incident) Ref() Ref { return Ref{Number: inc.Number, ID: inc.ID} }

// Lead returns the person who has it, "" while nobody does.
func (inc Incident) Lead() slackid.User { return inc.Roles[policy.OnCallEngineer] }

// Duration returns how long it lasted, or has lasted until now; 0 while the clock
// is behind its declaration. The time between its end and its reopening does not
// count.
func (inc Incident) Duration(now time.Time) time.Duration {
	began := inc.Resumed
	if began.IsZero() {
		began = inc.Declared.At
	}
	if !inc.Ended.IsZero() {
		now = inc.Ended.At
	}
	return inc.Worked + max(now.Sub(began), 0)
}

// FirstAck returns who acknowledged it first, however often it was reopened since.
func (inc Incident) FirstAck() Stamp {
	if !inc.FirstAcked.IsZero() {
		return inc.FirstAcked
	}
	return inc.Acked
}

// WorstSeverity returns the worst that it was.
func (inc Incident) WorstSeverity() policy.Severity { return cmp.Or(inc.Worst, inc.Severity) }

// PostMortemReason is why the process requires a post-mortem.
type PostMortemReason string

// The reasons.
const (
	PostMortemSeverity  PostMortemReason = "severity"  // every incident of this severity needs one
	PostMortemCustomers PostMortemReason = "customers" // noticed it
	PostMortemDuration  PostMortemReason = "duration"  // it lasted long
)

// PostMortemReasons lists them.
func PostMortemReasons() []PostMortemReason {
	return []PostMortemReason{PostMortemSeverity, PostMortemCustomers, PostMortemDuration}
}

// NeedsPostMortem returns why the policy requires a post-mortem, "" where it
// does not. It is judged by the worst that the incident was.
func (inc Incident) NeedsPostMortem(p policy.Policy, now time.Time) PostMortemReason {
	rules := p.PostMortem
	switch when := rules.When[inc.WorstSeverity()]; {
	case inc.Status == Cancelled:
		return ""
	case when == policy.Always:
		return PostMortemSeverity
	case when == policy.CustomerImpact && inc.CustomerImpact:
		return PostMortemCustomers
	case rules.LongerThan > 0 && inc.Duration(now) > rules.LongerThan:
		return PostMortemDuration
	}
	return ""
}

// Sees reports whether a user may know of the incident, when asking from a
// channel: a private one exists only for those called to it and in its channel.
func (inc Incident) Sees(u slackid.User, from slackid.Channel) bool {
	return sees(inc.Private, inc.Channel, inc.involved(), u, from)
}

// Involves reports whether the user declared it, holds a role in it or was
// called to it.
func (inc Incident) Involves(u slackid.User) bool {
	return inc.involved().Has(u)
}

// involved returns whoever declared it, holds a role in it or was called to it.
func (inc Incident) involved() slackid.Set[slackid.User] {
	return inc.Responders.With(slices.Collect(maps.Values(inc.Roles))...).With(inc.Declared.By)
}

// clone copies all that a transition may change.
func (inc Incident) clone() Incident {
	inc.Texts = maps.Clone(inc.Texts)
	inc.Roles = maps.Clone(inc.Roles)
	inc.Timers = maps.Clone(inc.Timers)
	inc.Steps = maps.Clone(inc.Steps)
	inc.Calls = maps.Clone(inc.Calls)
	inc.Duplicates = slices.Clone(inc.Duplicates)
	inc.Loaded.Entries = maps.Clone(inc.Loaded.Entries)
	return inc
}
