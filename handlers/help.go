package handlers

import (
	"context"
	"slices"
	"strings"

	"muster/internal/incident"
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
			return repeated(lower, c.Handle)
		}
	}
	return func(context.Context, Request) (Reply, error) {
		return reply(r.handlers.templates.Help(topics(r.table.commands), word, spell.Nearest(lower, names)))
	}
}

// repeated answers a command that needed an incident's number with the command
// as it was typed, and a number in it.
func repeated(verb string, handle Handler) Handler {
	return func(ctx context.Context, r Request) (Reply, error) {
		rep, err := handle(ctx, r)
		if rejected(err, "no_incident_here") {
			ref, text := incident.Ref{Number: 1}, r.Text
			if word, rest := cut(text); anyNumber.MatchString(word) { // a bare 7 is text to most commands
				ref.Number, _ = incident.ParseNumber(word)
				text = rest
			}
			err = incident.Rejectf("no_incident_here", "This isn't an incident channel. Add the number (`%s`) or run it in the incident's channel. `/incident list` shows what's open.",
				command(verb, ref, text))
		}
		return rep, err
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
