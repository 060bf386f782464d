package handlers

import (
	"muster/internal/incident"
	"muster/internal/policy"
	"muster/templates"
)

var severity = command[policy.Severity]{
	head:  head{name: incident.VerbSeverity, words: []string{"severity", "sev"}},
	parse: parseSeverity,
	form: &form[policy.Severity]{
		asks: func(s policy.Severity) bool { return s == noSeverity },
		fields: func(f *templates.Form, inc incident.Incident, _ policy.Severity) {
			f.Severity(incident.FieldSeverity, inc.Severity)
		},
		read: readSeverity,
	},
	step: incident.Incident.ChangeSeverity,
}

// noSeverity is the severity where none was named: nobody declares a P0 by not
// choosing.
const noSeverity policy.Severity = -1

// parseSeverity reads "P1", "sev1" or "1". A reason may follow; an update is the
// place for it.
func parseSeverity(in typed) (policy.Severity, error) {
	word, _ := cut(in.text)
	if word == "" {
		return noSeverity, nil
	}
	for _, name := range []string{word, "P" + word} {
		if s, ok := policy.ParseSeverity(name); ok {
			return s, nil
		}
	}
	return 0, incident.Reject("unknown_severity", incident.Args{"word": word})
}

func readSeverity(s templates.Sent) policy.Severity {
	if severity, ok := policy.ParseSeverity(s.Choice(incident.FieldSeverity)); ok {
		return severity
	}
	return noSeverity
}
