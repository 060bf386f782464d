package templates

import (
	"time"

	"github.com/slack-go/slack"

	"muster/internal/incident"
)

// SnoozeLength is how long the reminder's button snoozes.
const SnoozeLength = 30 * time.Minute

var snoozeLengths = []time.Duration{15 * time.Minute, SnoozeLength, time.Hour, 2 * time.Hour}

// SnoozeView is the form to put the next reminder off.
func (t *Templates) SnoozeView(i incident.Incident) (slack.ModalViewRequest, error) {
	var initial *slack.OptionBlockObject
	var options []*slack.OptionBlockObject
	for _, d := range snoozeLengths {
		o := option(d.String(), incident.Span(d), "")
		options = append(options, o)
		if d == SnoozeLength {
			initial = o
		}
	}
	return t.incidentForm(ViewSnooze, "Snooze reminder", "Snooze", "view_snooze", i,
		input(BlockLength, "For how long?", "", menu(BlockLength, "Choose a duration", initial, options)))
}

// ParseSnooze reads the form, 0 where nothing was chosen.
func ParseSnooze(state *slack.ViewState) time.Duration {
	d, err := time.ParseDuration(chosen(state, BlockLength))
	if err != nil {
		return 0 // which no snooze allows
	}
	return d
}
