package handlers

import "muster/internal/incident"

var retry = command[nothing]{
	head:   head{name: incident.VerbRetry, words: []string{"retry"}},
	locate: alone,
	parts:  []incident.PartKind{incident.PartDeadLetter},
	step: func(inc incident.Incident, o incident.Origin, _ nothing) (incident.Change, error) {
		return inc.Retry(o)
	},
}
