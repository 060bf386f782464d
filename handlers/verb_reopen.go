package handlers

import "muster/internal/incident"

var reopen = command[string]{
	head:  head{name: incident.VerbReopen, words: []string{"reopen"}},
	parse: reason,
	form:  reasonForm(),
	step:  incident.Incident.Reopen,
}
