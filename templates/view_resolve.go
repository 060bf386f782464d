package templates

import (
	"github.com/slack-go/slack"

	"muster/internal/incident"
)

// ResolveView is the form to end the work.
func (t *Templates) ResolveView(i incident.Incident) (slack.ModalViewRequest, error) {
	summary := long(BlockResolution)
	summary.FocusOnLoad = true
	return t.incidentForm(ViewResolve, "Resolve "+i.Number.String(), "Resolve incident", "view_resolve", i,
		input(BlockResolution, "What fixed it?", "", summary),
		optional(input(BlockCause, "Root cause", "In brief, if you know it.", long(BlockCause))),
		optional(input(BlockCustomers, "Customers", "",
			checkbox(BlockCustomers, "Customers noticed it", "A P1 that customers noticed needs a post-mortem.", false))),
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
