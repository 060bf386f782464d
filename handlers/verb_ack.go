package handlers

import "muster/internal/incident"

var acknowledge = command[nothing]{
	head:   head{name: incident.VerbAcknowledge, words: []string{"ack", "acknowledge"}},
	locate: politely,
	step: func(inc incident.Incident, o incident.Origin, _ nothing) (incident.Change, error) {
		return inc.Acknowledge(o)
	},
}

// politely takes what is said beside the incident for politeness: "ack on it".
func politely(r Request) (incident.Ref, string, error) {
	word, _, _ := cutLabel(r.Text)
	if n, ok := incidentNamed(word); ok {
		return incident.Ref{Number: n}, "", nil
	}
	if !bareNumber.MatchString(word) {
		return r.ref(), "", nil
	}
	return alone(r)
}
