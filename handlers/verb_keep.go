package handlers

import "muster/internal/incident"

var keep = command[nothing]{
	head:   head{name: incident.VerbKeep, words: []string{"keep"}},
	locate: alone,
	step: func(inc incident.Incident, o incident.Origin, _ nothing) (incident.Change, error) {
		return inc.Keep(o)
	},
}
