package handlers

import (
	"context"

	"muster/internal/incident"
	"muster/templates"
)

// noVerb is the row of /incident alone: an incident's controls inside its
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

// unknownVerb is the row of a word that no verb has: it answers with the help,
// and with the nearest word first.
var unknownVerb = query{
	answer: func(_ context.Context, h *Handlers, r Request) (templates.Reply, error) {
		return h.templates.Help(h.verbs.names(), r.Word, h.verbs.nearest(r.Word))
	},
}
