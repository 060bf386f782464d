package handlers

import (
	"context"
	"strings"

	"muster/internal/incident"
	"muster/templates"
)

// merge takes the incident that goes on; the one that it is about is the duplicate.
var merge = command[incident.Ref]{
	head:   head{name: incident.VerbMerge, words: []string{"merge", "duplicate"}},
	locate: firstOfTwo,
	parse:  parseInto,
	form: &form[incident.Ref]{
		chooses: true,
		asks:    func(into incident.Ref) bool { return into.Number == 0 },
		fields: func(f *templates.Form, inc incident.Incident, _ incident.Ref) {
			f.Incident(incident.FieldInto, inc.MergeTargets(f.Policy(), f.Open))
		},
		read: func(s templates.Sent) incident.Ref {
			into, _ := incident.ParseRef(s.Choice(incident.FieldInto))
			return into
		},
	},
	complete: func(_ context.Context, _ *Handlers, _ Request, into incident.Ref) (incident.Ref, error) {
		if into.Number == 0 { // a form without its choice
			return into, incident.InField(incident.FieldInto, incident.Reject("missing", incident.Args{"field": incident.FieldInto}))
		}
		return into, nil
	},
	both: func(into incident.Ref) (func(incident.Incident) incident.Ref, incident.Joint) {
		return func(incident.Incident) incident.Ref { return into }, incident.Merge
	},
}

// firstOfTwo takes the duplicate off a text that names two incidents: "INC-8 INC-7"
// or "8 into 7". Where there is one, it is the one that goes on.
func firstOfTwo(r Request) (incident.Ref, string, error) {
	word, rest, _ := cutLabel(r.Text)
	if n, ok := incidentOrBare(word); ok && rest != "" {
		return incident.Ref{Number: n}, rest, nil
	}
	return r.ref(), r.Text, nil
}

// parseInto reads "INC-7", "7" or "into INC-7".
func parseInto(in typed) (incident.Ref, error) {
	text := in.text
	if word, rest := cut(text); strings.EqualFold(word, "into") {
		text = rest
	}
	if text == "" {
		return incident.Ref{}, nil
	}
	n, err := onlyIncident(text)
	return incident.Ref{Number: n}, err
}
