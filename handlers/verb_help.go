package handlers

import (
	"context"

	"muster/templates"
)

var help = query{
	head: head{name: "help", words: []string{"help"}, free: true},
	answer: func(_ context.Context, h *Handlers, _ Request) (templates.Reply, error) {
		return h.templates.Help(h.verbs.names())
	},
}
