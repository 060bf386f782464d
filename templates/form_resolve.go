package templates

import (
	"github.com/slack-go/slack"

	"muster/internal/incident"
)

// ResolveView returns the form to end the work.
func (t *Templates) ResolveView(inc incident.Incident) (slack.ModalViewRequest, error) {
	f := t.incidentForm(incident.VerbResolve, inc)
	if !inc.Status.Open() {
		return f.message("form/over")
	}
	return f.modal(
		focused(f.paragraph(BlockResolution, "")),
		optional(f.paragraph(BlockCause, "")),
		optional(f.checkbox(BlockCustomers, false)),
	)
}

// ParseResolve reads the form.
func ParseResolve(state *slack.ViewState) incident.Resolution {
	return incident.Resolution{
		Summary:        field(state, BlockResolution).Value,
		Cause:          field(state, BlockCause).Value,
		CustomerImpact: checked(state, BlockCustomers),
	}
}
