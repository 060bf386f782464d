package templates

import (
	"time"

	"github.com/slack-go/slack"

	"muster/internal/incident"
)

// SnoozeLength is how long the reminder's button snoozes.
const SnoozeLength = 30 * time.Minute

var snoozeLengths = []time.Duration{15 * time.Minute, SnoozeLength, time.Hour, 2 * time.Hour}

// SnoozeView is the form to postpone the next reminder.
func (t *Templates) SnoozeView(inc incident.Incident) (slack.ModalViewRequest, error) {
	f := t.incidentForm(incident.VerbSnooze, inc)
	if !inc.Status.Open() {
		return f.notice("form/over")
	}
	var options []*slack.OptionBlockObject
	for _, d := range snoozeLengths {
		options = append(options, option(d.String(), string(span(d)), ""))
	}
	return f.modal(f.menu(BlockLength, SnoozeLength.String(), options))
}

// ParseSnooze reads the form, 0 where nothing was chosen.
func ParseSnooze(state *slack.ViewState) time.Duration {
	d, err := time.ParseDuration(chosen(state, BlockLength))
	if err != nil {
		return 0 // which no snooze allows
	}
	return d
}
