package templates

import (
	"github.com/slack-go/slack"

	"muster/internal/incident"
)

// UpdateView is the form to report progress.
func (t *Templates) UpdateView(i incident.Incident) (slack.ModalViewRequest, error) {
	return t.UpdateViewTo(i, i.Status)
}

// UpdateViewTo is that form with a status chosen already.
func (t *Templates) UpdateViewTo(i incident.Incident, to incident.Status) (slack.ModalViewRequest, error) {
	var initial *slack.OptionBlockObject
	var options []*slack.OptionBlockObject
	for _, s := range incident.Working() {
		o := option(string(s), capital(string(s)), statusMeaning[s])
		options = append(options, o)
		if s == to {
			initial = o
		}
	}
	impact := long(BlockImpact)
	impact.InitialValue = cutPlain(i.Impact, incident.MaxText)
	text := long(BlockText)
	text.FocusOnLoad = true
	return t.incidentForm(ViewUpdate, "Update "+i.Number.String(), "Post update", "view_update", i,
		input(BlockText, "What is new?", "What you know, what you are doing, what comes next. \"Nothing new yet\" is worth saying too.", text),
		input(BlockStatus, "Status", "", menu(BlockStatus, "How does it stand?", initial, options)),
		optional(input(BlockETA, "When will it be solved?", "In your own words, as \"in about an hour\". Leave it empty while you do not know.",
			line(BlockETA, incident.MaxTitle))),
		optional(input(BlockImpact, "Impact", "Who notices, and what can they not do?", impact)),
	)
}

var statusMeaning = map[incident.Status]string{
	incident.Investigating: "The cause is not known yet.",
	incident.Identified:    "The cause is known, and the fix is under way.",
	incident.Monitoring:    "The fix is in place, and its effect is being watched.",
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
