package handlers

import (
	"cmp"
	"strings"

	"muster/internal/incident"
	"muster/templates"
)

var update = command[incident.Report]{
	head:  head{name: incident.VerbUpdate, words: []string{"update"}},
	parse: parseReport,
	form: &form[incident.Report]{
		asks: func(r incident.Report) bool { return r.Text == "" },
		fields: func(f *templates.Form, inc incident.Incident, r incident.Report) {
			f.Paragraph(incident.FieldText, r.Text)
			f.Choice(incident.FieldStatus, string(cmp.Or(r.Status, inc.Status)), working()...)
			f.Line(incident.FieldETA, r.ETA).Optional()
			f.Paragraph(incident.FieldImpact, inc.Impact()).Optional()
		},
		read: readReport,
	},
	step: incident.Incident.Update,
}

// parseReport reads "[status[:]] [text]".
func parseReport(in typed) (incident.Report, error) {
	word, rest := cut(in.text)
	word = strings.ToLower(strings.TrimRight(word, ":,-–—"))
	rest = strings.TrimSpace(strings.TrimLeft(rest, ":,-–— "))
	if s, ok := incident.ParseWorking(word); ok {
		return incident.Report{Status: s, Text: rest}, nil
	}
	if word == string(incident.Resolved) {
		right := usable(string(incident.VerbResolve), in.ref, rest)
		return incident.Report{}, incident.Reject("not_allowed", incident.Args{"command": right})
	}
	return incident.Report{Text: in.text}, nil
}

// readReport leaves a status that was not touched as it is: somebody may have
// moved it since the form was opened.
func readReport(s templates.Sent) incident.Report {
	r := incident.Report{
		Text: s.Text(incident.FieldText), Impact: s.Text(incident.FieldImpact), ETA: s.Text(incident.FieldETA),
		Status: incident.Status(s.Choice(incident.FieldStatus)),
	}
	if r.Status == s.Opened.Status {
		r.Status = ""
	}
	return r
}

// working lists the statuses that an update may set.
func working() []string {
	var all []string
	for _, s := range incident.Working() {
		all = append(all, string(s))
	}
	return all
}
