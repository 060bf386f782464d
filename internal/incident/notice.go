package incident

import (
	"time"

	"muster/internal/policy"
	"muster/internal/slackid"
)

// Notice is an intent to tell somebody something, or to arrange a channel so
// that they can be told. It is rendered when it is delivered.
type Notice struct {
	Key      string    `json:"key"`    // unique in the workspace; travels in the message's metadata
	Number   Number    `json:"number"` // of the incident it is about
	Lane     string    `json:"lane"`   // notices of one lane are delivered in order
	Op       Op        `json:"act"`
	Template Template  `json:"template,omitempty"` // for ActPost and ActEdit
	To       Target    `json:"to"`
	Entry    *Entry    `json:"entry,omitempty"` // the timeline entry that it tells of
	Merge    string    `json:"merge,omitempty"` // a waiting notice of the same lane and Merge serves for this one too
	Priority Priority  `json:"priority"`
	At       time.Time `json:"at"` // when it came to be
}

// Act is what a delivery does. Each act is paced by itself, as Slack limits
// each of its methods by itself.
type Op string

// The acts.
const (
	OpOpen   Op = "open"   // create the incident's channel
	OpTopic  Op = "topic"  // set its topic
	OpInvite Op = "invite" // invite To's people to it
	OpPin    Op = "pin"    // pin the card
	OpPost   Op = "post"   // post Template to To
	OpEdit   Op = "edit"   // bring the posted Template up to date
	OpExpand Op = "expand" // find out who To's people are, then post Template to each
)

// Acts lists them.
func Ops() []Op {
	return []Op{OpOpen, OpTopic, OpInvite, OpPin, OpPost, OpEdit, OpExpand}
}

// Template names what is posted.
type Template string

// The templates.
const (
	TemplateCard         Template = "card"
	TemplateAnnouncement Template = "announcement"
	TemplateAlert        Template = "alert"
	TemplateUpdate       Template = "update"
	TemplateResolution   Template = "resolution"
	TemplateReminder     Template = "reminder"
	TemplateWarning      Template = "warning"
	TemplateEscalation   Template = "escalation"
	TemplateReopened     Template = "reopened"
	TemplateChange       Template = "change"    // any other news, as its entry's sentence
	TemplateNoChannel    Template = "nochannel" // to the declarer, when the channel could not be opened
)

// Priority orders lanes: the most urgent first.
type Priority int

// The priorities.
const (
	Urgent Priority = iota
	High
	Normal
	Bulk // digests
)

// Priorities is how many there are.
const Priorities = int(Bulk) + 1

// Target is whom a notice is for. Exactly one idea of it is set: the incident's
// own channel (Home), a channel, a user, or people to look up.
type Target struct {
	InChannel bool            `json:"home,omitempty"`
	Channel   slackid.Channel `json:"channel,omitempty"`
	User      slackid.User    `json:"user,omitempty"`
	People    policy.People   `json:"people,omitzero"`
	Level     policy.Level    `json:"level,omitempty"` // the level whose people they are, if they are
}

// priority is the urgency that the policy gives a severity.
func priority(p policy.Policy, s policy.Severity) Priority {
	switch p.Severity(s).Urgency {
	case policy.Urgent:
		return Urgent
	case policy.High:
		return High
	}
	return Normal
}

// Moot reports whether the notice has nothing true to say any more, so that it
// is dropped instead of sent.
func (n Notice) Obsolete(i Incident) bool {
	if over := !i.Status.Open(); over && (n.To.User != "" || n.Op == OpExpand) && n.Template != TemplateNoChannel {
		return true // nobody is woken for what is over
	}
	switch n.Template {
	case TemplateReminder:
		return !i.Status.Open() || i.Updated.At.After(n.At) || (n.Entry != nil && i.Reminded.After(n.Entry.At))
	case TemplateWarning:
		return !i.Status.Open() || !i.Acked.IsZero()
	case TemplateCard:
		return n.Op == OpEdit && i.Card.TS == ""
	case TemplateAnnouncement:
		return n.Op == OpEdit && i.Announced.TS == ""
	}
	return false
}

// Destination is where a message goes.
type Destination struct {
	Channel slackid.Channel
	User    slackid.User // instead of Channel: in a direct message
}

// Destination decides who is told; it is the one place that does. A private
// incident goes to its own channel and to people, never to another channel,
// and no failure changes that. False: nobody may be told.
func (inc Incident) Destination(n Notice) (Destination, bool) {
	switch {
	case n.To.User != "":
		return Destination{User: n.To.User}, true
	case n.To.Channel != "" && n.To.Channel != inc.Channel:
		return Destination{Channel: n.To.Channel}, !inc.Private
	case inc.Channel != "":
		return Destination{Channel: inc.Channel}, true
	default: // no channel could be opened: the one who declared it hears it all
		return Destination{User: inc.Declared.By}, true
	}
}

// Redacted is the incident as it may be shown to whoever is at d: somebody not
// involved in a private one learns that it exists and how severe it is.
func (inc Incident) Redacted(d Destination) Incident {
	if !inc.Private || (d.Channel != "" && d.Channel == inc.Channel) || (d.User != "" && inc.Involves(d.User)) {
		return inc
	}
	inc.Title, inc.Impact = "Private incident", ""
	inc.Progress, inc.Resolution = Progress{}, Resolution{}
	inc.Channel, inc.ChannelName = "", ""
	return inc
}

// Lease is the head of a lane that one worker holds for a while.
type Lease struct {
	Notice  Notice
	Fence   int64     // the store's count of leases of this lane; settling needs the last one
	Until   time.Time // when it becomes another worker's
	InDoubt bool      // an earlier attempt may have reached Slack: look before sending
	Tries   int       // attempts before this one
}

// Pace limits deliveries, over all replicas. Each rate is a generic cell rate
// (a leaky bucket that lets a burst through).
type RateLimits struct {
	Lane Rate        // posts within one lane (ActPost only)
	Ops  map[Op]Rate // each act, over the workspace; no entry = no limit
}

// Rate allows one delivery each Every on average, and Burst at once.
type Rate struct {
	Every time.Duration
	Burst int
}

// Hold says when and how a released notice is tried again.
type Retry struct {
	NotBefore time.Time // the lane is not ready before
	InDoubt   bool      // the attempt may have reached Slack
	Op        Op        // if set, no lane at all delivers this act before Until
}

// Receipt is what Slack answered to a delivery.
type Receipt struct {
	Channel slackid.Channel         // where it was posted; for ActOpen the new channel
	Name    string                  // for ActOpen: the new channel's name
	TS      string                  // of the posted message
	Users   []slackid.User          // for ActInvite and ActExpand: who they are
	Refused map[slackid.User]string // for ActInvite and ActExpand: who (or which group) could not be reached, and why
}

// DeadLetter is a notice that could not be delivered for good. It stays with
// its incident until somebody retries it.
type DeadLetter struct {
	Notice Notice    `json:"notice"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

// What says what was not delivered, for people.
func (d DeadLetter) What() string {
	if d.Notice.Template != "" {
		return string(d.Notice.Template)
	}
	names := map[Op]string{OpOpen: "channel", OpTopic: "topic", OpInvite: "invitations", OpPin: "pin"}
	return names[d.Notice.Op]
}
