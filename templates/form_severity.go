package templates

import (
	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/policy"
)

// SeverityView returns the form to re-assess an incident.
func (t *Templates) SeverityView(inc incident.Incident) (slack.ModalViewRequest, error) {
	f := t.incidentForm(incident.VerbSeverity, inc)
	if !inc.Status.Open() {
		return f.message("form/over")
	}
	return f.modal(f.severity(inc.Severity))
}

// ParseSeverity reads the form, "" where none was chosen.
func ParseSeverity(state *slack.ViewState) policy.Severity {
	return policy.Severity(chosen(state, BlockSeverity))
}
