package handlers

import (
	"context"

	"muster/internal/incident"
	"muster/templates"
)

var status = query{
	head: head{name: "status", words: []string{"status", "show"}},
	answer: func(ctx context.Context, h *Handlers, r Request) (templates.Reply, error) {
		ref, _, err := alone(r)
		if err != nil {
			return templates.Reply{}, err
		}
		r.About = ref
		inc, err := h.get(ctx, r, incident.PartDeadLetter)
		if rejected(err, "no_incident_here") {
			return list.answer(ctx, h, r)
		}
		if err != nil {
			return templates.Reply{}, err
		}
		return h.templates.Status(inc)
	},
}
