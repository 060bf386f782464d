package notice

import (
	"strings"
	"time"

	"muster/internal/policy"
	"muster/internal/slackid"
)

// Notice is an intent to tell somebody something, or to arrange a channel so
// that they can be told.
type Notice struct {
	Key      string    `json:"key"` // unique for all time; travels with the message, so that it can be found again
	Subject  Subject   `json:"subject"`
	Lane     string    `json:"lane"` // the notices of one lane are delivered in order; see [Lane]
	Op       Op        `json:"op"`
	Template Template  `json:"template,omitempty"` // for OpPost and OpEdit
	To       Address   `json:"to,omitzero"`
	Entry    int       `json:"entry,omitempty"` // number of the timeline entry that it tells of; 0 = none
	Merge    string    `json:"merge,omitempty"` // a waiting notice of the same lane and Merge serves for this one too
	Priority Priority  `json:"priority"`
	At       time.Time `json:"at"` // when it came to be
}

// Lane names the lane of what a subject has to say at a destination. Each subject
// has its own, so that none waits behind another's.
func Lane(destination string, s Subject) string { return destination + " " + s.String() }

// Destination returns a lane's destination, at which all its posts are paced
// together with those of the destination's other lanes.
func Destination(lane string) string {
	destination, _, _ := strings.Cut(lane, " ")
	return destination
}

// Op is what a delivery does. Each op has a rate limit of its own, since Slack
// limits each of its methods by itself.
type Op string

// The ops.
const (
	OpOpen      Op = "open"      // create the incident's channel
	OpTopic     Op = "topic"     // set its topic
	OpInvite    Op = "invite"    // invite To's people to it
	OpPin       Op = "pin"       // pin the card
	OpPost      Op = "post"      // post Template to To
	OpEdit      Op = "edit"      // bring the posted Template up to date
	OpExpand    Op = "expand"    // find out who To's people are, then post Template to each
	OpArchive   Op = "archive"   // archive the channel
	OpUnarchive Op = "unarchive" // make sure that it is not archived
)

// Ops lists them.
func Ops() []Op {
	return []Op{OpOpen, OpTopic, OpInvite, OpPin, OpPost, OpEdit, OpExpand, OpArchive, OpUnarchive}
}

// Template names what is posted. The package of a subject lists its own.
type Template string

// Priority orders lanes: the most urgent first.
type Priority int

// The priorities.
const (
	Urgent Priority = iota // P0
	High                   // P1
	Normal                 // all other incidents
	Bulk                   // digests
)

// Priorities is how many there are.
const Priorities = int(Bulk) + 1

// Medium is a way to reach people. Each has one sender.
type Medium string

// Slack is the medium of everything that an incident needs to be worked on.
const Slack Medium = "slack"

// Address says whom a notice is for. One of InChannel, Channel, User and People
// is set.
type Address struct {
	Medium    Medium                    `json:"medium"`
	InChannel bool                      `json:"in_channel,omitempty"` // the incident's own channel
	Channel   slackid.Channel           `json:"channel,omitempty"`
	User      slackid.User              `json:"user,omitempty"`
	People    policy.People             `json:"people,omitzero"`
	Also      slackid.Set[slackid.User] `json:"also,omitzero"`   // for OpInvite: invited with People, whose level is not theirs
	Level     policy.Level              `json:"level,omitempty"` // the level whose people they are, if they are one's
}

// Message is where a posted message is: its channel and its timestamp, which is
// its ID within the channel.
type Message struct {
	Channel slackid.Channel `json:"channel"`
	TS      string          `json:"ts"`
}

// Receipt is what came of a delivery.
type Receipt struct {
	Message                         // where it was posted; for OpOpen Channel is the new one
	Name    string                  // for OpOpen: the new channel's name
	Users   []slackid.User          // for OpInvite and OpExpand: who they are
	Refused map[slackid.User]string // for OpInvite and OpExpand: who (or which group) could not be reached, and why
}

// Failure is why a notice cannot be delivered for good.
type Failure struct {
	Reason string // in words for people
	Gone   bool   // the channel that it was for is archived, or not there
}
