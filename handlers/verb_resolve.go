package handlers

import (
	"cmp"

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
		fields: func(f *templates.Form, inc incident.Incident, r incident.Resolution) {
			f.Paragraph(incident.FieldResolution, r.Summary)
			f.Paragraph(incident.FieldCause, cmp.Or(r.Cause, inc.Resolution().Cause)).Optional()
			if !inc.CustomerImpact { // it stays recorded
				f.Checkbox(incident.FieldCustomers, r.CustomerImpact).Optional()
			}
		},
		holds: func(inc incident.Incident) map[incident.Field]string {
			return map[incident.Field]string{incident.FieldCause: inc.Resolution().Cause}
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
