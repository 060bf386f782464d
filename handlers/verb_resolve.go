package handlers

import (
	"muster/internal/incident"
	"muster/templates"
)

var resolve = command[incident.Resolution]{
	head: head{name: incident.VerbResolve, words: []string{"resolve"}},
	parse: func(in typed) (incident.Resolution, error) {
		return incident.Resolution{Summary: in.text}, nil
	},
	form: &form[incident.Resolution]{
		asks: func(r incident.Resolution) bool { return r.Summary == "" },
		fields: func(f *templates.Form, _ incident.Incident, r incident.Resolution) {
			f.Paragraph(incident.FieldResolution, r.Summary)
			f.Paragraph(incident.FieldCause, r.Cause).Optional()
			f.Checkbox(incident.FieldCustomers, r.CustomerImpact).Optional()
		},
		read: func(s templates.Sent) incident.Resolution {
			return incident.Resolution{
				Summary: s.Text(incident.FieldResolution), Cause: s.Text(incident.FieldCause),
				CustomerImpact: s.Checked(incident.FieldCustomers),
			}
		},
	},
	step: incident.Incident.Resolve,
}
