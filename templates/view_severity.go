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

// ParseSeverity reads the form, [NoSeverity] where none was chosen.
func ParseSeverity(state *slack.ViewState) policy.Severity {
	s, ok := policy.ParseSeverity(chosen(state, BlockSeverity))
	if !ok {
		return NoSeverity
	}
	return s
}

// severityMenu offers the severities, each with what it means.
func (t *Templates) severityMenu(current policy.Severity) *slack.SelectBlockElement {
	var initial *slack.OptionBlockObject
	var options []*slack.OptionBlockObject
	for _, s := range policy.Severities() {
		rules := t.policy.Severity(s)
		o := option(s.String(), s.String()+" "+rules.Name, rules.Meaning)
		options = append(options, o)
		if s == current {
			initial = o
		}
	}
	return menu(BlockSeverity, "How bad is it?", initial, options)
}
