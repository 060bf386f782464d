package handlers

import (
	"context"

	"muster/templates"
)

var list = query{
	head: head{name: "list", words: []string{"list", "ls"}, free: true},
	answer: func(ctx context.Context, h *Handlers, r Request) (templates.Reply, error) {
		open, err := h.incidents.List(ctx, r.User, r.Channel)
		if err != nil {
			return templates.Reply{}, err
		}
		return h.templates.List(open)
	},
}
