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
	if word, _ := cut(r.Text); number.MatchString(word) {
		r.Text = word
	} else if !anyNumber.MatchString(word) {
		r.Text = ""
	}
	return alone(r)
}
