package templates

import (
	"github.com/slack-go/slack"

	"muster/internal/incident"
)

// SeverityView is the form to re-assess an incident.
func (t *Templates) SeverityView(i incident.Incident) (slack.ModalViewRequest, error) {
	return t.act(ViewSeverity, "Severity of "+i.Number.String(), "Change", "view_severity", i,
		input(BlockSeverity, "Severity", "", t.severityMenu(i.Severity)))
}

// ParseSeverity reads the form, [NoSeverity] where none was chosen.
func ParseSeverity(state *slack.ViewState) incident.Severity {
	s, ok := incident.ParseSeverity(chosen(state, BlockSeverity))
	if !ok {
		return NoSeverity
	}
	return s
}

// severityMenu offers the severities, each with what it means.
func (t *Templates) severityMenu(current incident.Severity) *slack.SelectBlockElement {
	var initial *slack.OptionBlockObject
	var options []*slack.OptionBlockObject
	for _, s := range incident.Severities() {
		rules := t.policy.Rules(s)
		o := option(s.String(), s.String()+" "+rules.Name, rules.Meaning)
		options = append(options, o)
		if s == current {
			initial = o
		}
	}
	return menu(BlockSeverity, "How bad is it?", initial, options)
}
