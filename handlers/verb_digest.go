package handlers

import (
	"context"

	"muster/templates"
)

var digestNow = query{
	head: head{name: "digest", words: []string{"digest"}, free: true},
	answer: func(ctx context.Context, h *Handlers, _ Request) (templates.Reply, error) {
		d, err := h.digests.Latest(ctx)
		if err != nil {
			return templates.Reply{}, err
		}
		return h.templates.DigestReply(d)
	},
}
