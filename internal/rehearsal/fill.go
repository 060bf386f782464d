package rehearsal

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// What stands in front of Slack is in no channel: a message there, and what is
// wrong at the fields of a form.
var (
	modalRoom = channel{ID: "modal"}
	formRoom  = channel{ID: "form"}
)

// opened deals with what a deed put in front of somebody: a form is filled in and
// sent as the step says, a message is read and closed. Nothing stays open, since
// it would lie over what is done next.
func (p *player) opened(ctx context.Context, s timed, who user) error {
	m, open, err := p.modal(ctx, who)
	switch {
	case err != nil:
		return err
	case !open && s.form == nil:
		return nil
	case !open:
		return p.noForm(ctx, who)
	case m.Submit == nil && s.form == nil:
		return p.dismiss(ctx, who, m)
	case m.Submit == nil:
		return &refusal{why: fmt.Sprintf("it opens no form, but says %q", m.said(who).gist())}
	case s.form == nil:
		return &refusal{why: fmt.Sprintf("it opens the form %q, which this step does not fill in; its fields are: %s", m.title(), m.labels())}
	}
	return p.fill(ctx, s, who, m)
}

// noForm is the refusal of a deed that opened no form, with what it did instead.
func (p *player) noForm(ctx context.Context, who user) error {
	if err := p.look(ctx); err != nil {
		return err
	}
	for _, m := range slices.Backward(p.all) {
		if m.EphemeralTo == who.ID && p.before[m.key()] != m.content() {
			return &refusal{why: fmt.Sprintf("it opens no form, but answers %q", m.gist())}
		}
	}
	return &refusal{why: "it opens no form"}
}

// modal is what somebody has open by now.
func (p *player) modal(ctx context.Context, who user) (modal, bool, error) {
	s, err := p.client.state(ctx)
	if err != nil {
		return modal{}, false, err
	}
	for _, v := range slices.Backward(s.Views) {
		if v.User == who.ID && v.Type == "modal" {
			return v.View, true, nil
		}
	}
	return modal{}, false, nil
}

// fill fills a form in and sends it.
func (p *player) fill(ctx context.Context, s timed, who user, m modal) error {
	p.tell(s.at, "%s fills in the form %q", who.RealName, m.title())
	values := map[string]map[string]string{}
	for _, e := range s.form {
		p.detail("%s: %s", e.field, e.is)
		f, ok := m.field(e.field)
		if !ok {
			return &refusal{fmt.Sprintf("the form %q has no field %q; there are: %s", m.title(), e.field, m.labels()), e.at}
		}
		value, why := p.value(f, e.is)
		if why != "" {
			return &refusal{why, e.at}
		}
		values[f.block] = map[string]string{f.action: value}
	}
	mistakes, err := p.submit(ctx, who, m, values)
	if err != nil {
		return err
	}
	if len(mistakes) > 0 {
		return p.notTaken(ctx, s, who, m, mistakes)
	}
	after, open, err := p.modal(ctx, who)
	switch {
	case err != nil || !open:
		return err
	case after.Submit != nil:
		return &refusal{why: fmt.Sprintf("after the form %q comes the form %q, which a scenario cannot fill in", m.title(), after.title())}
	}
	return p.dismiss(ctx, who, after)
}

// value is what the workspace is sent for a field, or why it cannot be that.
func (p *player) value(f field, is string) (value, why string) {
	switch f.kind {
	case "plain_text_input":
		return is, ""
	case "static_select", "checkboxes":
		return f.choose(is)
	case "users_select":
		u, why := person(strings.TrimPrefix(is, "@")).find(p.Policy, p.state)
		if why != "" {
			return "", fmt.Sprintf("%q asks for somebody, but %s", f.label, why)
		}
		return u.ID, ""
	}
	return "", fmt.Sprintf("%q is a %s, which a scenario cannot fill in", f.label, f.kind)
}

// notTaken deals with a form that stays open since something in it is wrong. That
// ends the rehearsal, unless the step expects something to be said of it.
func (p *player) notTaken(ctx context.Context, s timed, who user, m modal, mistakes map[string]string) error {
	var all []string
	for _, f := range m.fields() {
		if what := mistakes[f.block]; what != "" {
			all = append(all, f.label+": "+what)
			p.shown = append(p.shown, said{message{TS: m.ID + f.block, EphemeralTo: who.ID, Text: f.label + ": " + what}, formRoom})
		}
	}
	if !slices.ContainsFunc(s.expect, func(e expectation) bool { return e.in == inForm && !e.none }) {
		return &refusal{why: "the form is not taken: " + strings.Join(all, "; ")}
	}
	return p.shut(ctx, who, m)
}

// dismiss reads a message in front of Slack, and closes it.
func (p *player) dismiss(ctx context.Context, who user, m modal) error {
	p.shown = append(p.shown, m.said(who))
	return p.shut(ctx, who, m)
}

// shut closes a modal.
func (p *player) shut(ctx context.Context, who user, m modal) error {
	return p.post(ctx, "close", map[string]string{"user": who.ID, "view_id": m.ID})
}
