package handlers

import (
	"context"

	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/templates"
)

// form describes a verb's form: it shows the arguments so far, and asks for the rest.
// Its words are in the templates under the verb's name.
type form[A any] struct {
	chooses bool         // among the open incidents
	asks    func(A) bool // whether these are too few to act on; nil = never
	fields  func(*templates.Form, incident.Incident, A)
	holds   func(incident.Incident) map[incident.Field]string // what fields show of the incident, and can change; nil = nothing
	read    func(templates.Sent) A
}

// view makes a verb's form.
func (v command[A]) view(ctx context.Context, h *Handlers, r Request, a A) (slack.ModalViewRequest, error) {
	if v.free {
		open, err := h.incidents.List(ctx, r.User, r.Channel)
		if err != nil {
			open = nil // what is open already helps, but the form is of use without it
		}
		f := h.templates.FormBeside(v.name, open)
		v.form.fields(f, incident.Incident{}, a)
		return f.View()
	}
	inc, err := h.get(ctx, r)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	f := h.templates.Form(v.name, inc)
	if v.form.chooses {
		if f.Open, err = h.incidents.List(ctx, r.User, r.Channel); err != nil {
			return slack.ModalViewRequest{}, err
		}
	}
	if v.form.holds != nil {
		f.Holds(v.form.holds(inc))
	}
	v.form.fields(f, inc, a)
	return f.View()
}

// unchanged refuses a form that would undo what somebody else has changed since
// it was opened.
func (f *form[A]) unchanged(r Request, inc incident.Incident) error {
	if f == nil || f.holds == nil || r.Way != BySubmission {
		return nil
	}
	return r.Form.Check(f.holds(inc))
}

// reasonForm returns the form of a verb that takes nothing but a reason.
func reasonForm() *form[string] {
	return &form[string]{
		asks: func(why string) bool { return why == "" },
		fields: func(f *templates.Form, _ incident.Incident, why string) {
			f.Paragraph(incident.FieldReason, why)
		},
		read: func(s templates.Sent) string { return s.Text(incident.FieldReason) },
	}
}

// reason reads a text that is a reason as a whole.
func reason(in typed) (string, error) { return in.text, nil }
