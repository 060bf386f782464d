package handlers

import "muster/internal/incident"

// reopen also changes the incident into which it was merged, if it was.
var reopen = command[string]{
	head:  head{name: incident.VerbReopen, words: []string{"reopen"}},
	parse: reason,
	form:  reasonForm(),
	both: func(why string) (func(incident.Incident) incident.Ref, incident.Joint) {
		into := func(inc incident.Incident) incident.Ref { return incident.Ref{Number: inc.MergedInto.Number} }
		return into, func(inc, into incident.Incident, o incident.Origin) ([]incident.Change, error) {
			return incident.Separate(inc, into, o, why)
		}
	},
}
