package handlers

import (
	"cmp"
	"slices"
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
			eta, _ := inc.ETA()
			f.Line(incident.FieldETA, cmp.Or(r.ETA, eta)).Optional()
			f.Paragraph(incident.FieldImpact, inc.Impact()).Optional()
		},
		holds: func(inc incident.Incident) map[incident.Field]string {
			eta, _ := inc.ETA()
			return map[incident.Field]string{
				incident.FieldStatus: string(inc.Status), incident.FieldETA: eta, incident.FieldImpact: inc.Impact(),
			}
		},
		read: readReport,
	},
	step: incident.Incident.Update,
}

// parseReport reads "[status[:]] [text]". Another word for a status stays in the
// text, which would read oddly without it ("fixed the config"), unless it is set
// apart.
func parseReport(in typed) (incident.Report, error) {
	word, rest, apart := cutLabel(in.text)
	word = strings.ToLower(word)
	if slices.Contains(over, word) {
		right := usable(string(incident.VerbResolve), in.ref, rest)
		return incident.Report{}, incident.Reject("not_allowed", incident.Args{"command": right})
	}
	s, known := incident.ParseWorking(word)
	if known && (apart || word == string(s)) {
		return incident.Report{Status: s, Text: rest}, nil
	}
	return incident.Report{Status: s, Text: in.text}, nil
}

// over are words for what no update can set.
var over = []string{string(incident.Resolved), "solved"}

func readReport(s templates.Sent) incident.Report {
	return incident.Report{
		Text: s.Text(incident.FieldText), Impact: s.Text(incident.FieldImpact),
		ETA: s.Text(incident.FieldETA), NoETA: s.Cleared(incident.FieldETA),
		Status: incident.Status(s.Choice(incident.FieldStatus)),
	}
}

// working lists the statuses that an update may set.
func working() []string {
	var all []string
	for _, s := range incident.Working() {
		all = append(all, string(s))
	}
	return all
}
