package handlers

import (
	"context"

	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/slackid"
	"muster/templates"
)

// Request is what a person wants, in whichever way they said so.
type Request struct {
	Key         string           // the same for each redelivery of one wish
	User        slackid.User     // who
	Channel     slackid.Channel  // where; "" for a form or a global shortcut
	Text        string           // behind the command's word; decoded
	Number      incident.Number  // the incident that a button or a form is about; 0 = by channel or text
	Trigger     string           // opens one form within 3 s (docs.slack.dev/interactivity)
	ResponseURL string           // takes an answer to a button
	Form        *slack.ViewState // what a submitted form's fields hold
	Opened      templates.Meta   // how things stood when that form was opened
}

// ref is the incident that the request is about, unless its text names one.
func (r Request) ref() incident.Ref {
	return incident.Ref{Number: r.Number, Channel: r.Channel}
}

// Reply is a handler's answer. The zero Reply acknowledges and says nothing.
type Reply struct {
	templates.Reply                         // for the person only
	Public          bool                    // it is posted where the person is, too: a button need not say it again
	Open            *slack.ModalViewRequest // a form to open
	Show            *slack.ModalViewRequest // instead of the submitted form
}

// Handler handles one kind of request. An [incident.Rejection] is shown to the
// person; any other error is logged whole and shown as a reference.
type Handler func(ctx context.Context, r Request) (Reply, error)
