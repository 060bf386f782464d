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
		asks: func(s policy.Severity) bool { return s == "" },
		fields: func(f *templates.Form, inc incident.Incident, _ policy.Severity) {
			f.Severity(incident.FieldSeverity, inc.Severity)
		},
		holds: func(inc incident.Incident) map[incident.Field]string {
			return map[incident.Field]string{incident.FieldSeverity: string(inc.Severity)}
		},
		read: func(s templates.Sent) policy.Severity { return policy.Severity(s.Choice(incident.FieldSeverity)) },
	},
	step: incident.Incident.ChangeSeverity,
}

// parseSeverity reads "P1", "sev1" or "1". A reason may follow; an update is the
// place for it.
func parseSeverity(in typed) (policy.Severity, error) {
	word, _, _ := cutLabel(in.text)
	if word == "" {
		return "", nil
	}
	for _, name := range []string{word, "P" + word} {
		if s, ok := in.policy.ParseSeverity(name); ok {
			return s, nil
		}
	}
	return "", incident.Reject("unknown_severity", incident.Args{"word": word})
}
