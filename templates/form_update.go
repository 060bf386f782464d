package templates

import (
	"github.com/slack-go/slack"

	"muster/internal/incident"
)

// UpdateView returns the form to report progress.
func (t *Templates) UpdateView(inc incident.Incident) (slack.ModalViewRequest, error) {
	return t.UpdateViewTo(inc, inc.Status)
}

// UpdateViewTo returns that form with a status chosen already.
func (t *Templates) UpdateViewTo(inc incident.Incident, to incident.Status) (slack.ModalViewRequest, error) {
	f := t.incidentForm(incident.VerbUpdate, inc)
	if !inc.Status.Open() {
		return f.message("form/over")
	}
	var options []*slack.OptionBlockObject
	for _, s := range incident.Working() {
		options = append(options, option(string(s), capital(string(s)), f.say(string(s))))
	}
	return f.modal(
		focused(f.paragraph(BlockText, "")),
		f.menu(BlockStatus, string(to), options),
		optional(f.text(BlockETA, "", incident.MaxTitle)),
		optional(f.paragraph(BlockImpact, inc.Impact())),
	)
}

// ParseUpdate reads the form.
func ParseUpdate(state *slack.ViewState) incident.Report {
	return incident.Report{
		Text:   field(state, BlockText).Value,
		ETA:    field(state, BlockETA).Value,
		Impact: field(state, BlockImpact).Value,
		Status: incident.Status(chosen(state, BlockStatus)),
	}
}
