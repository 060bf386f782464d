package templates

import (
	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/policy"
)

// SeverityView is the form to re-assess an incident.
func (t *Templates) SeverityView(i incident.Incident) (slack.ModalViewRequest, error) {
	return t.incidentForm(ViewSeverity, "Severity of "+i.Number.String(), "Change", "view_severity", i,
		input(BlockSeverity, "Severity", "", t.severityMenu(i.Severity)))
}

// ParseSeverity reads the form, "" where none was chosen.
func ParseSeverity(state *slack.ViewState) policy.Severity {
	return policy.Severity(chosen(state, BlockSeverity))
}

// severityMenu offers the severities, each with what it means.
func (t *Templates) severityMenu(current policy.Severity) *slack.SelectBlockElement {
	var initial *slack.OptionBlockObject
	var options []*slack.OptionBlockObject
	for _, s := range t.policy.Severities {
		o := option(string(s.Severity), string(s.Severity)+" "+s.Name, s.Meaning)
		options = append(options, o)
		if s.Severity == current {
			initial = o
		}
	}
	return menu(BlockSeverity, "How bad is it?", initial, options)
}
