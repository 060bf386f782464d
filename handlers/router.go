package handlers

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"go.uber.org/zap"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
	"muster/templates"
)

// Options is what a router needs. All of it is required.
type Options struct {
	Incidents Incidents
	Slack     Slack
	Templates *templates.Templates
	Policy    policy.Policy
	Self      slackid.User // Muster's own user, who can hold no role
	Log       *zap.Logger
}

// Router answers envelopes.
type Router struct {
	handlers *Handlers
	table    table
	slack    Slack
	log      *zap.Logger
}

// New makes a router.
func New(o Options) *Router {
	h := &Handlers{incidents: o.Incidents, templates: o.Templates, policy: o.Policy, self: o.Self}
	return &Router{handlers: h, table: h.table(), slack: o.Slack, log: o.Log}
}

// Answer is what came of an envelope.
type Answer struct {
	Payload any                   // for the acknowledgement; nil = a bare one
	After   func(context.Context) // what to do once it is sent; nil = nothing
}

// Route handles an envelope until ctx ends, which is the envelope's deadline. All
// it changes is committed when it returns; what is not committed by then is
// answered so. A handler that panics has failed like any other.
func (r *Router) Route(ctx context.Context, e socketmode.Event) Answer {
	switch data := e.Data.(type) {
	case slack.SlashCommand:
		return r.command(ctx, data)
	case slack.InteractionCallback:
		switch data.Type {
		case slack.InteractionTypeBlockActions:
			return r.action(ctx, data)
		case slack.InteractionTypeViewSubmission:
			return r.submission(ctx, data)
		case slack.InteractionTypeShortcut:
			return r.shortcut(ctx, data)
		}
	}
	return Answer{} // nothing that Muster acts upon: acknowledged, so that Slack does not repeat it
}

// command answers /incident; its reply travels in the acknowledgement.
func (r *Router) command(ctx context.Context, c slack.SlashCommand) Answer {
	req := Request{
		Key: "command " + c.TriggerID, User: slackid.User(c.UserID), Channel: slackid.Channel(c.ChannelID),
		Trigger: c.TriggerID, ResponseURL: c.ResponseURL,
	}
	word, rest := cut(decode(c.Text))
	req.Text = rest
	rep := r.run(ctx, r.commandHandler(word), req)
	if rep.Text == "" {
		return Answer{}
	}
	payload := map[string]any{"response_type": slack.ResponseTypeEphemeral, "text": rep.Text}
	if len(rep.Blocks) > 0 {
		payload["blocks"] = rep.Blocks
	}
	return Answer{Payload: payload}
}

// action answers a button or a menu; what it has to say follows the
// acknowledgement, which can carry nothing.
func (r *Router) action(ctx context.Context, c slack.InteractionCallback) Answer {
	if len(c.ActionCallback.BlockActions) == 0 {
		return Answer{}
	}
	act := c.ActionCallback.BlockActions[0]
	handle, ok := r.table.actions[act.ActionID]
	if !ok {
		return Answer{} // a link button, or a menu inside a form
	}
	req := Request{
		Key: "action " + c.TriggerID, User: slackid.User(c.User.ID), Channel: slackid.Channel(c.Channel.ID),
		Trigger: c.TriggerID, ResponseURL: c.ResponseURL,
	}
	if act.ActionID == templates.ActionMore {
		var choice templates.Choice
		choice, req.Number, _ = templates.ParseChoice(act.SelectedOption.Value)
		handle = r.table.menu[choice]
	} else {
		req.Number, _ = templates.Number(act.Value)
	}
	if handle == nil || req.Number == 0 {
		r.log.Error("a button that means nothing", zap.String("action", act.ActionID), zap.String("value", act.Value))
		return Answer{}
	}
	rep, err := r.try(ctx, handle, req)
	said := rep.Reply
	switch {
	case err != nil:
		said = r.explain(err)
	case rep.Public || said.Text == "":
		return Answer{}
	}
	return Answer{After: func(ctx context.Context) {
		if err := r.slack.Respond(ctx, req.ResponseURL, said.Text, said.Blocks); err != nil {
			r.log.Warn("answer a button", zap.Error(err))
		}
	}}
}

// submission answers a form: its mistakes come back at their fields.
func (r *Router) submission(ctx context.Context, c slack.InteractionCallback) Answer {
	handle, ok := r.table.views[c.View.CallbackID]
	if !ok {
		return Answer{}
	}
	about, err := templates.ParseMeta(c.View.PrivateMetadata)
	if err != nil {
		return r.refuse(c.View, err)
	}
	rep, err := r.try(ctx, handle, Request{
		Key:  "form " + c.View.ID, // a form is submitted once, however often its button is pressed
		User: slackid.User(c.User.ID), Channel: about.From, Number: about.Incident,
		Trigger: c.TriggerID, Form: c.View.State, Opened: about,
	})
	switch {
	case err != nil:
		return r.refuse(c.View, err)
	case rep.Show != nil:
		return Answer{Payload: slack.NewUpdateViewSubmissionResponse(rep.Show)}
	}
	return Answer{} // it closes: what came of it is posted where everybody sees it
}

// refuse tells in the form what is wrong, at its field or at the first: what was
// typed there must not be lost. Only a form without fields is replaced.
func (r *Router) refuse(v slack.View, err error) Answer {
	if rejection, ok := errors.AsType[*incident.Rejection](err); ok {
		if fields, ok := templates.FieldErrors(v.CallbackID, rejection); ok {
			return Answer{Payload: slack.NewErrorsViewSubmissionResponse(fields)}
		}
	}
	said := r.explain(err).Text
	for _, b := range v.Blocks.BlockSet {
		if input, ok := b.(*slack.InputBlock); ok {
			return Answer{Payload: slack.NewErrorsViewSubmissionResponse(map[string]string{input.BlockID: templates.Plain(said)})}
		}
	}
	view := r.handlers.templates.MessageView("That didn't work", said)
	return Answer{Payload: slack.NewUpdateViewSubmissionResponse(&view)}
}

func (r *Router) shortcut(ctx context.Context, c slack.InteractionCallback) Answer {
	handle, ok := r.table.shortcuts[c.CallbackID]
	if !ok {
		return Answer{}
	}
	req := Request{Key: "shortcut " + c.TriggerID, User: slackid.User(c.User.ID), Trigger: c.TriggerID}
	_, err := r.try(ctx, handle, req)
	if err == nil {
		return Answer{}
	}
	view := r.handlers.templates.MessageView("That didn't work", r.explain(err).Text)
	return Answer{After: func(ctx context.Context) { // a form is the only way to answer, and the deadline may be over
		if err := r.slack.OpenView(ctx, req.Trigger, view); err != nil {
			r.log.Warn("answer a shortcut", zap.Error(err))
		}
	}}
}

// run is try, with an error put into words.
func (r *Router) run(ctx context.Context, handle Handler, req Request) Reply {
	rep, err := r.try(ctx, handle, req)
	if err != nil {
		return Reply{Reply: r.explain(err)}
	}
	return rep
}

// try runs a handler and opens the form that it asks for.
func (r *Router) try(ctx context.Context, handle Handler, req Request) (rep Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	rep, err = handle(ctx, req)
	if err != nil || rep.Open == nil {
		return rep, err
	}
	if err := r.slack.OpenView(ctx, req.Trigger, *rep.Open); err != nil {
		r.log.Warn("open a form", zap.Error(err))
		return rep, incident.Rejectf("no_form", "Slack didn't open the form. Try again, or type it all in one line: `/incident help` shows how.")
	}
	return rep, nil
}

// explain says what went wrong: to the person a sentence, to the log the whole.
func (r *Router) explain(err error) templates.Reply {
	if rejection, ok := errors.AsType[*incident.Rejection](err); ok {
		return r.handlers.templates.Rejected(rejection)
	}
	reference := rand.Text()[:8]
	r.log.Error("request failed", zap.String("reference", reference), zap.Error(err))
	if errors.Is(err, incident.ErrUnavailable) {
		return r.handlers.templates.Failed(reference, "")
	}
	return r.handlers.templates.Failed(reference, "It may or may not have been recorded.")
}

// rejected reports whether err is the rejection with this code.
func rejected(err error, code string) bool {
	r, ok := errors.AsType[*incident.Rejection](err)
	return ok && r.Code == code
}
