package handlers

import (
	"context"

	"muster/internal/incident"
)

// noVerb answers /incident alone: with an incident's controls inside its
// channel, the form to declare one elsewhere.
type noVerb struct{ head }

func (noVerb) handle(ctx context.Context, h *Handlers, r Request) (Reply, error) {
	inc, err := h.get(ctx, r, incident.PartDeadLetter)
	if rejected(err, "no_incident_here") {
		return declare.handle(ctx, h, r)
	}
	if err != nil {
		return Reply{}, err
	}
	said, err := h.templates.Controls(inc)
	return Reply{Reply: said}, err
}

// unknownVerb answers a text that begins with no verb. Several words are
// what is wrong, so the form to declare it opens filled in. A single one, and
// one that is nearly a verb's, is answered with the command that is meant.
type unknownVerb struct{ head }

func (unknownVerb) handle(ctx context.Context, h *Handlers, r Request) (Reply, error) {
	near := h.verbs.nearest(r.Word)
	if beginsDeclaration(h.policy, r.Word) || (near == "" && r.Text != "") {
		r.Way, r.Text = ByMenu, r.Typed
		return declare.handle(ctx, h, r)
	}
	var meant string
	if near != "" {
		meant = usable(near, incident.Ref{}, r.Text)
	}
	said, err := h.templates.Unknown(r.Word, meant, usable(declare.words[0], incident.Ref{}, r.Typed))
	return Reply{Reply: said}, err
}
