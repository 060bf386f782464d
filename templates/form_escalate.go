package templates

import (
	"github.com/slack-go/slack"

	"muster/internal/incident"
)

// EscalateView returns the form to page the next level: it says who that is.
func (t *Templates) EscalateView(inc incident.Incident) (slack.ModalViewRequest, error) {
	f := t.incidentForm(incident.VerbEscalate, inc)
	switch {
	case !inc.Status.Open():
		return f.message("form/over")
	case inc.Level >= t.policy.Top():
		return f.message("form/top")
	}
	return f.modal(optional(f.paragraph(BlockReason, "")))
}

// ParseEscalate reads the form.
func ParseEscalate(state *slack.ViewState) string { return field(state, BlockReason).Value }
