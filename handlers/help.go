package handlers

import (
	"context"
	"slices"
	"strings"

	"muster/internal/spell"
	"muster/templates"
)

// commandHandler finds who handles a command's word.
func (r *Router) commandHandler(word string) Handler {
	if word == "" {
		return r.handlers.noSubcommand
	}
	lower := strings.ToLower(strings.TrimSuffix(word, ":"))
	var names []string
	for _, c := range r.table.commands {
		names = append(names, c.Names...)
		if slices.Contains(c.Names, lower) {
			return c.Handle
		}
	}
	return func(context.Context, Request) (Reply, error) {
		return reply(r.handlers.templates.Help(topics(r.table.commands), word, spell.Nearest(lower, names)))
	}
}

func (h *Handlers) help(context.Context, Request) (Reply, error) {
	return reply(h.templates.Help(topics(h.table().commands), "", ""))
}

func topics(commands []Command) []templates.Topic {
	var out []templates.Topic
	for _, c := range commands {
		out = append(out, templates.Topic{Usage: strings.TrimSpace("/incident " + c.Names[0] + " " + c.Usage), Summary: c.Summary})
	}
	return out
}
