package handlers

import (
	"muster/internal/incident"
	"muster/templates"
)

// escalate acts at once when it is typed; its button says first who is paged.
var escalate = command[incident.Escalation]{
	head: head{name: incident.VerbEscalate, words: []string{"escalate"}},
	parse: func(in typed) (incident.Escalation, error) {
		return incident.Escalation{Why: in.text}, nil
	},
	form: &form[incident.Escalation]{
		fields: func(f *templates.Form, _ incident.Incident, e incident.Escalation) {
			f.Paragraph(incident.FieldReason, e.Why).Optional()
		},
		read: func(s templates.Sent) incident.Escalation { // to the level that the form named
			return incident.Escalation{To: s.Opened.Next, Why: s.Text(incident.FieldReason)}
		},
	},
	step: incident.Incident.Escalate,
}
