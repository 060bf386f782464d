package handlers

import (
	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/slackid"
	"muster/templates"
)

// Way is how a person asked.
type Way int

// The ways.
const (
	ByText       Way = iota // typed
	ByButton                // pressed
	ByMenu                  // chosen, in a message's menu or among Slack's shortcuts
	BySubmission            // filled in
)

// Request is what a person wants, in whichever way they asked.
type Request struct {
	From    sender
	Way     Way
	Key     string          // the same for each redelivery of one wish
	User    slackid.User    // who
	Channel slackid.Channel // where; "" for a global shortcut
	Typed   string          // all that was typed; decoded
	Word    string          // its first word, which should be a verb's
	Text    string          // what is behind that
	About   incident.Ref    // the incident that it is about; zero = the channel's
	Trigger string          // opens one form within 3 s (docs.slack.dev/interactivity)
	Form    templates.Sent  // a submitted form
}

// ref returns which incident the request is about.
func (r Request) ref() incident.Ref {
	ref := r.About
	ref.Channel = r.Channel
	return ref
}

// Reply is an answer. The zero Reply acknowledges and says nothing.
type Reply struct {
	templates.Reply                         // for the person only
	Public          bool                    // it is posted where the person is, too: a button need not say it again
	Open            *slack.ModalViewRequest // a form to open
}
