package handlers

import (
	"crypto/rand"
	"errors"

	"github.com/slack-go/slack"
	"go.uber.org/zap"

	"muster/internal/incident"
	"muster/templates"
)

// refuse tells in the form what is wrong, at its field or at the first: what was
// typed there must not be lost. Only a form without fields is replaced.
func (r *Router) refuse(v slack.View, err error) Answer {
	said := r.explain(err)
	var field incident.Field
	if rejection, ok := errors.AsType[*incident.Rejection](err); ok {
		field = rejection.Field
	}
	if errs := templates.FieldErrors(v, field, said.Text); errs != nil {
		return Answer{Payload: slack.NewErrorsViewSubmissionResponse(errs)}
	}
	view := r.handlers.templates.RefusedView(said)
	return Answer{Payload: slack.NewUpdateViewSubmissionResponse(&view)}
}

// explain says what went wrong: to the person a sentence, to the log the whole.
func (r *Router) explain(err error) templates.Reply {
	if rejection, ok := errors.AsType[*incident.Rejection](err); ok {
		said, wordless := r.handlers.templates.Rejected(rejection)
		if wordless == nil {
			return said
		}
		err = wordless
	}
	reference := rand.Text()[:8]
	r.log.Error("request failed", zap.String("reference", reference), zap.Error(err))
	return r.handlers.templates.Failed(reference, !errors.Is(err, incident.ErrUnavailable))
}

// rejected reports whether err is the rejection with this code.
func rejected(err error, code string) bool {
	r, ok := errors.AsType[*incident.Rejection](err)
	return ok && r.Code == code
}
