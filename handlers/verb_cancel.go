package handlers

import "muster/internal/incident"

var cancel = command[string]{
	head:  head{name: incident.VerbCancel, words: []string{"cancel"}},
	parse: reason,
	form:  reasonForm(),
	step:  incident.Incident.Cancel,
}
