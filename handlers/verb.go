package handlers

import (
	"context"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
	"muster/templates"
)

// row describes one verb: all that varies by it.
type row interface {
	common() head
	hasForm() bool

	// handle handles one request. An [incident.Rejection] is shown to the person;
	// any other error is logged whole and shown as a reference.
	handle(ctx context.Context, h *Handlers, r Request) (Reply, error)
}

// head holds what every row says. A verb's IDs in Slack follow from its name, and
// its words are in the templates under its name.
type head struct {
	name  incident.Verb
	words []string // what people type for it; the first is the one that Muster prints
	free  bool     // it is about no incident that is there already

	// may refuses whoever may not; nil = everybody may.
	may func(policy.Policy, slackid.User) error
}

func (v head) common() head { return v }

func (v head) hasForm() bool { return false }

// command describes a verb that changes an incident. A is what it takes,
// the same whether it was typed, pressed or filled in:
//
//	text, button, form → A → step → one commit → one answer
type command[A any] struct {
	head
	locate func(Request) (incident.Ref, string, error) // takes the incident off the text; nil = [leading]
	parse  func(typed) (A, error)                      // reads the text behind it; nil = there is nothing to read
	form   *form[A]                                    // asks for what is missing; nil = nothing can be
	button func(policy.Policy) A                       // what its button does at once; nil = its button opens the form
	// complete adds to the arguments what only Slack knows, and refuses those that no
	// transition can judge; nil = neither.
	complete func(context.Context, *Handlers, Request, A) (A, error)
	parts    []incident.PartKind // that the step reads
	step     func(incident.Incident, incident.Origin, A) (incident.Change, error)
	both     func(A) (func(incident.Incident) incident.Ref, incident.Joint)       // in place of step: which is the other incident, and the step of both
	answer   func(*templates.Templates, incident.Result) (templates.Reply, error) // nil = [done]
}

func (v command[A]) hasForm() bool { return v.form != nil }

// handle acts, or opens the form for what is missing.
func (v command[A]) handle(ctx context.Context, h *Handlers, r Request) (Reply, error) {
	r, a, enough, err := v.arguments(h, r)
	if err != nil {
		return Reply{}, err
	}
	if !enough {
		view, err := v.view(ctx, h, r, a)
		return Reply{Open: &view}, err
	}
	if v.complete != nil {
		if a, err = v.complete(ctx, h, r, a); err != nil {
			return Reply{}, err
		}
	}
	return v.do(ctx, h, r, a)
}

// arguments reads what a request says, in whichever way, and about which
// incident. They may be too few to act on.
func (v command[A]) arguments(h *Handlers, r Request) (_ Request, a A, enough bool, err error) {
	switch {
	case r.Way == BySubmission:
		return r, v.form.read(r.Form), true, nil
	case r.Way == ByButton && v.button != nil:
		return r, v.button(h.policy), true, nil
	}
	ref, text, err := v.incident(r)
	if err != nil {
		return r, a, false, err
	}
	r.About = ref
	if v.parse != nil {
		a, err = v.parse(typed{text: text, by: r.User, ref: ref, policy: h.policy})
	}
	switch {
	case v.form == nil:
		enough = true
	case r.Way == ByText:
		enough = v.form.asks == nil || !v.form.asks(a)
	}
	return r, a, enough, err
}

// incident takes the incident that is meant off a request's text.
func (v command[A]) incident(r Request) (incident.Ref, string, error) {
	switch {
	case v.free:
		return incident.Ref{}, r.Text, nil
	case v.locate != nil:
		return v.locate(r)
	}
	return leading(r)
}

// do makes one commit of it, and says what came of it.
func (v command[A]) do(ctx context.Context, h *Handlers, r Request, a A) (Reply, error) {
	ref := r.ref()
	if v.free {
		ref = incident.Ref{}
	}
	request := incident.Request{Key: r.Key, By: r.User, From: r.Channel, Ref: ref, Parts: v.parts}
	result, err := v.commit(ctx, h, r, request, a)
	if err != nil {
		return Reply{}, err
	}
	answer := v.answer
	if answer == nil {
		answer = done
	}
	said, err := answer(h.templates, result)
	return Reply{Reply: said, Public: !v.free && result.Incident.Channel == r.Channel}, err
}

// commit takes the step, of one incident or of two.
func (v command[A]) commit(ctx context.Context, h *Handlers, r Request, request incident.Request, a A) (incident.Result, error) {
	if v.both != nil {
		other, step := v.both(a)
		return h.incidents.DoBoth(ctx, request, other, step)
	}
	return h.incidents.Do(ctx, request, func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
		if err := v.form.unchanged(r, inc); err != nil {
			return incident.Change{}, err
		}
		return v.step(inc, o, a)
	})
}

// done says what was recorded.
func done(t *templates.Templates, result incident.Result) (templates.Reply, error) {
	return t.Done(result.Incident, result.Entries)
}

// nothing stands for the arguments of a verb that takes only the incident.
type nothing struct{}

// query describes a verb that changes nothing.
type query struct {
	head
	answer func(ctx context.Context, h *Handlers, r Request) (templates.Reply, error)
}

func (v query) handle(ctx context.Context, h *Handlers, r Request) (Reply, error) {
	said, err := v.answer(ctx, h, r)
	return Reply{Reply: said}, err
}
