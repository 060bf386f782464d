package handlers

import (
	"context"

	"muster/internal/incident"
	"muster/templates"
)

var help = query{
	head: head{name: incident.VerbHelp, words: []string{"help"}, free: true},
	answer: func(_ context.Context, h *Handlers, _ Request) (templates.Reply, error) {
		return h.templates.Help(h.verbs.names(), "", "")
	},
}
