package handlers

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
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
	Digests   Digests
	Slack     Slack
	Templates *templates.Templates
	Policy    policy.Policy
	Team      string       // the workspace
	Self      slackid.User // Muster's own user, who can hold no role
	Log       *zap.Logger
}

// Router answers envelopes.
type Router struct {
	handlers *Handlers
	team     string
	slack    Slack
	log      *zap.Logger
}

// New makes a router.
func New(o Options) *Router {
	h := &Handlers{
		verbs: verbs(), incidents: o.Incidents, digests: o.Digests, templates: o.Templates, policy: o.Policy, self: o.Self,
		slack: o.Slack, log: o.Log,
	}
	return &Router{handlers: h, team: o.Team, slack: o.Slack, log: o.Log}
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
	from := senderOf(e)
	switch data := e.Data.(type) {
	case slackevents.EventsAPIEvent:
		return r.event(ctx, from, data)
	case slack.SlashCommand:
		return r.command(ctx, from, data)
	case slack.InteractionCallback:
		switch data.Type {
		case slack.InteractionTypeBlockActions:
			return r.action(ctx, from, data)
		case slack.InteractionTypeViewSubmission:
			return r.submission(ctx, from, data)
		case slack.InteractionTypeShortcut:
			return r.shortcut(ctx, from, data)
		}
	}
	return Answer{} // nothing that Muster acts upon: acknowledged, so that Slack does not repeat it
}

// command answers /incident; its reply travels in the acknowledgement.
func (r *Router) command(ctx context.Context, from sender, c slack.SlashCommand) Answer {
	whole := decode(c.Text)
	word, text, _ := cutLabel(whole)
	said, err := r.try(ctx, r.handlers.verbs.typed(strings.ToLower(word)), Request{
		From: from, Way: ByText, Key: "command " + c.TriggerID, User: from.user, Channel: slackid.Channel(c.ChannelID),
		Typed: whole, Word: word, Text: text, Trigger: c.TriggerID,
	})
	if err != nil {
		said.Reply = r.explain(err)
	}
	if said.Text == "" {
		return Answer{}
	}
	payload := map[string]any{"response_type": slack.ResponseTypeEphemeral, "text": said.Text}
	if len(said.Blocks) > 0 {
		payload["blocks"] = said.Blocks
	}
	return Answer{Payload: payload}
}

// action answers a button or a menu; what it has to say follows the
// acknowledgement, which can carry nothing.
func (r *Router) action(ctx context.Context, from sender, c slack.InteractionCallback) Answer {
	if len(c.ActionCallback.BlockActions) == 0 {
		return Answer{}
	}
	act := c.ActionCallback.BlockActions[0]
	req := Request{
		From: from, Way: ByButton, Key: "action " + c.TriggerID, User: from.user, Channel: slackid.Channel(c.Channel.ID),
		Trigger: c.TriggerID,
	}
	v, known := r.handlers.verbs.pressed(act.ActionID), false
	switch {
	case act.ActionID == templates.ActionMenu:
		var name incident.Verb
		name, req.About, known = templates.ParseOption(act.SelectedOption.Value)
		v, req.Way = r.handlers.verbs.chosen(name), ByMenu
	case v == nil:
		return Answer{} // a link button, or a menu inside a form
	default:
		req.About, known = incident.ParseRef(act.Value)
	}
	if v == nil {
		r.log.Error("a button that means nothing", zap.String("action", act.ActionID), zap.String("value", act.Value))
		return Answer{}
	}
	var said Reply
	err := incident.Reject("outdated", nil)
	if known {
		said, err = r.try(ctx, v, req)
	}
	switch {
	case err != nil:
		said.Reply = r.explain(err)
	case said.Public || said.Text == "":
		return Answer{}
	}
	return Answer{After: func(ctx context.Context) {
		if err := r.slack.Respond(ctx, c.ResponseURL, said.Text, said.Blocks); err != nil {
			r.log.Warn("answer a button", zap.Error(err))
		}
	}}
}

// submission answers a form: its mistakes come back at their fields.
func (r *Router) submission(ctx context.Context, from sender, c slack.InteractionCallback) Answer {
	v := r.handlers.verbs.submitted(c.View.CallbackID)
	if v == nil {
		return Answer{}
	}
	opened, err := templates.ParseMeta(c.View.PrivateMetadata)
	if err == nil && !v.common().free && opened.Incident == (incident.Ref{}) {
		err = errors.New("it does not say which incident it is about")
	}
	if err != nil {
		r.log.Warn("read a form", zap.Error(err))
		return r.refuse(c.View, incident.Reject("outdated", nil))
	}
	said, err := r.try(ctx, v, Request{
		From: from, Way: BySubmission,
		Key:  "form " + c.View.ID, // a form is submitted once, however often its button is pressed
		User: from.user, Channel: opened.From, About: opened.Incident,
		Trigger: c.TriggerID, Form: templates.Sent{State: c.View.State, Opened: opened},
	})
	switch {
	case err != nil:
		return r.refuse(c.View, err)
	case !v.common().free:
		return Answer{} // it closes: what came of it is posted where everybody sees it
	}
	view, err := r.handlers.templates.DoneView(v.common().name, said.Reply)
	if err != nil {
		return r.refuse(c.View, err)
	}
	return Answer{Payload: slack.NewUpdateViewSubmissionResponse(&view)}
}

// shortcut opens the form of a verb that is about no incident.
func (r *Router) shortcut(ctx context.Context, from sender, c slack.InteractionCallback) Answer {
	if !slices.Contains(Shortcuts(), c.CallbackID) {
		return Answer{}
	}
	req := Request{From: from, Way: ByMenu, Key: "shortcut " + c.TriggerID, User: from.user, Trigger: c.TriggerID}
	_, err := r.try(ctx, r.handlers.verbs.pressed(c.CallbackID), req)
	if err == nil {
		return Answer{}
	}
	view := r.handlers.templates.RefusedView(r.explain(err))
	return Answer{After: func(ctx context.Context) { // a form is the only way to answer, and the deadline may be over
		if err := r.slack.OpenView(ctx, req.Trigger, view); err != nil {
			r.log.Warn("answer a shortcut", zap.Error(err))
		}
	}}
}

// try handles a request of somebody who may make it, and opens the form that it
// leads to.
func (r *Router) try(ctx context.Context, v row, req Request) (reply Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if err := r.admit(ctx, req.From); err != nil {
		return reply, err
	}
	reply, err = r.handlers.handle(ctx, v, req)
	if err != nil || reply.Open == nil {
		return reply, err
	}
	if err := r.slack.OpenView(ctx, req.Trigger, *reply.Open); err != nil {
		r.log.Warn("open a form", zap.Error(err))
		return reply, incident.Reject("no_form", nil)
	}
	return reply, nil
}
