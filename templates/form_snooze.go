package templates

import (
	"slices"
	"time"

	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/policy"
)

// snoozeLengths returns what the form offers: the button's length and a few that
// are within the policy's bounds.
func snoozeLengths(s policy.Snooze) []time.Duration {
	offered := []time.Duration{s.Default}
	for _, d := range []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour} {
		if d >= s.Min && d <= s.Max && d != s.Default {
			offered = append(offered, d)
		}
	}
	slices.Sort(offered)
	return offered
}

// SnoozeView returns the form to postpone the next reminder.
func (t *Templates) SnoozeView(inc incident.Incident) (slack.ModalViewRequest, error) {
	f := t.incidentForm(incident.VerbSnooze, inc)
	if !inc.Status.Open() {
		return f.message("form/over")
	}
	var options []*slack.OptionBlockObject
	for _, d := range snoozeLengths(t.policy.Snooze) {
		options = append(options, option(d.String(), string(span(d)), ""))
	}
	return f.modal(f.menu(BlockLength, t.policy.Snooze.Default.String(), options))
}

// ParseSnooze reads the form, 0 where nothing was chosen.
func ParseSnooze(state *slack.ViewState) time.Duration {
	d, err := time.ParseDuration(chosen(state, BlockLength))
	if err != nil {
		return 0 // which no snooze allows
	}
	return d
}
