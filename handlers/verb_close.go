package handlers

import "muster/internal/incident"

var closeRecord = command[nothing]{
	head:   head{name: incident.VerbClose, words: []string{"close"}},
	locate: alone,
	step: func(inc incident.Incident, o incident.Origin, _ nothing) (incident.Change, error) {
		return inc.Close(o)
	},
}
