package templates

import (
	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// AssignView returns the form to give a role to somebody.
func (t *Templates) AssignView(inc incident.Incident) (slack.ModalViewRequest, error) {
	f := t.incidentForm(incident.VerbAssign, inc)
	if !inc.Status.Open() {
		return f.message("form/over")
	}
	var options []*slack.OptionBlockObject
	for _, rules := range t.policy.Roles[:min(len(t.policy.Roles), limitOptions)] {
		options = append(options, option(string(rules.Role), rules.Name, ""))
	}
	placeholder := label(f.say(BlockUser+" placeholder"), limitPlaceholder)
	person := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, placeholder, BlockUser)
	return f.modal(f.menu(BlockRole, "", options), f.input(BlockUser, person))
}

// ParseAssign reads the form.
func ParseAssign(state *slack.ViewState) (policy.Role, slackid.User) {
	return policy.Role(chosen(state, BlockRole)), slackid.User(field(state, BlockUser).SelectedUser)
}
