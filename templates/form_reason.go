package templates

import (
	"github.com/slack-go/slack"

	"muster/internal/incident"
)

// ReasonView returns the form of a verb that needs nothing but a reason.
func (t *Templates) ReasonView(inc incident.Incident, v incident.Verb) (slack.ModalViewRequest, error) {
	f := t.incidentForm(v, inc)
	if v == incident.VerbCancel && !inc.Status.Open() {
		return f.message("form/over")
	}
	return f.modal(f.paragraph(BlockReason, ""))
}

// ParseReason reads the form.
func ParseReason(state *slack.ViewState) string { return field(state, BlockReason).Value }
