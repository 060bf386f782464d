package rehearsal

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"muster/internal/sandbox/control"
)

// What stands in front of Slack is in no channel: a message there, and what is
// wrong at the fields of a form.
var (
	modalChannel = control.Channel{ID: "modal"}
	formChannel  = control.Channel{ID: "form"}
)

// handleModal deals with what an action put in front of somebody: a form is filled in and
// sent as the step says, a message is read and closed. Nothing stays open, since
// it would lie over what is done next.
func (p *runner) handleModal(ctx context.Context, s scheduledStep, actor control.User) error {
	m, open, err := p.openModal(ctx, actor)
	switch {
	case err != nil:
		return err
	case !open && s.form == nil:
		return nil
	case !open:
		return p.noFormRefusal(ctx, actor)
	case m.Body.Submit == nil && s.form == nil:
		return p.readAndClose(ctx, actor, m)
	case m.Body.Submit == nil:
		return &refusal{reason: fmt.Sprintf("no form opened; it says %q", m.asMessage(actor).summary())}
	case s.form == nil:
		return &refusal{reason: fmt.Sprintf("the form %q opened, but this step has no form; its fields are: %s", m.title(), m.labels())}
	}
	return p.fillForm(ctx, s, actor, m)
}

// noFormRefusal returns the refusal of an action that opened no form, with what it did instead.
func (p *runner) noFormRefusal(ctx context.Context, actor control.User) error {
	if err := p.readMessages(ctx); err != nil {
		return err
	}
	for _, m := range slices.Backward(p.posted) {
		if m.EphemeralTo == actor.ID && p.seenContent[m.key()] != m.content() {
			return &refusal{reason: fmt.Sprintf("no form opened; the answer was %q", m.summary())}
		}
	}
	return &refusal{reason: "no form opened"}
}

// openModal returns what somebody has open by now.
func (p *runner) openModal(ctx context.Context, actor control.User) (modal, bool, error) {
	s, err := p.client.state(ctx)
	if err != nil {
		return modal{}, false, err
	}
	for _, v := range slices.Backward(s.Views) {
		if v.User == actor.ID && v.Type == "modal" {
			return modal{v}, true, nil
		}
	}
	return modal{}, false, nil
}

// fillForm fills a form in and sends it.
func (p *runner) fillForm(ctx context.Context, s scheduledStep, actor control.User, m modal) error {
	p.printAt(s.at, "%s fills in %q", actor.RealName, m.title())
	values := control.FieldValues{}
	for _, e := range s.form {
		p.printDetail("%s: %s", e.field, e.value)
		f, ok := m.field(e.field)
		if !ok {
			return &refusal{fmt.Sprintf("the form %q has no field %q; its fields are: %s", m.title(), e.field, m.labels()), e.at}
		}
		value, reason := p.fieldValue(f, e.value)
		if reason != "" {
			return &refusal{reason, e.at}
		}
		values[f.block] = map[string]any{f.action: value}
	}
	mistakes, err := p.submit(ctx, actor, m, values)
	if err != nil {
		return err
	}
	if len(mistakes) > 0 {
		return p.formRefused(ctx, s, actor, m, mistakes)
	}
	after, open, err := p.openModal(ctx, actor)
	switch {
	case err != nil || !open:
		return err
	case after.Body.Submit != nil:
		return &refusal{reason: fmt.Sprintf("the form %q opened another form, %q, which a scenario can't fill in", m.title(), after.title())}
	}
	return p.readAndClose(ctx, actor, after)
}

// fieldValue returns what the workspace is sent for a field, or why it cannot be that.
func (p *runner) fieldValue(f field, is string) (value, reason string) {
	switch f.kind {
	case "plain_text_input":
		return is, ""
	case "static_select", "checkboxes":
		return f.choose(is)
	case "users_select":
		u, reason := person(strings.TrimPrefix(is, "@")).resolve(p.Policy, p.state)
		if reason != "" {
			return "", fmt.Sprintf("%q needs a person, but %s", f.label, reason)
		}
		return u.ID, ""
	}
	return "", fmt.Sprintf("%q is a %s, which a scenario can't fill in", f.label, f.kind)
}

// formRefused deals with a form that stays open since something in it is wrong. That
// ends the rehearsal, unless the step expects something to be said of it.
func (p *runner) formRefused(ctx context.Context, s scheduledStep, actor control.User, m modal, mistakes map[string]string) error {
	var all []string
	for _, f := range m.fields() {
		if problem := mistakes[f.block]; problem != "" {
			all = append(all, f.label+": "+problem)
			p.modalTexts = append(p.modalTexts, postedMessage{message{control.Message{TS: m.ID + f.block, EphemeralTo: actor.ID, Text: f.label + ": " + problem}}, formChannel})
		}
	}
	if !slices.ContainsFunc(s.expect, func(e expectation) bool { return e.in == inForm && !e.none }) {
		return &refusal{reason: "the form was rejected: " + strings.Join(all, "; ")}
	}
	return p.closeModal(ctx, actor, m)
}

// readAndClose reads a message in front of Slack, and closes it.
func (p *runner) readAndClose(ctx context.Context, actor control.User, m modal) error {
	p.modalTexts = append(p.modalTexts, m.asMessage(actor))
	return p.closeModal(ctx, actor, m)
}

// closeModal closes a modal.
func (p *runner) closeModal(ctx context.Context, actor control.User, m modal) error {
	return p.act(ctx, control.Close{User: actor.ID, View: m.ID})
}
