package templates

import (
	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// AssignView is the form to give a role to somebody.
func (t *Templates) AssignView(i incident.Incident) (slack.ModalViewRequest, error) {
	var options []*slack.OptionBlockObject
	for _, rules := range t.policy.Roles[:min(len(t.policy.Roles), limitOptions)] {
		options = append(options, option(string(rules.Role), rules.Name, ""))
	}
	person := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, label("Choose a person", limitPlaceholder), BlockUser)
	return t.incidentForm(ViewAssign, "Assign a role", "Assign", "view_assign", i,
		input(BlockRole, "Role", "", menu(BlockRole, "Choose a role", nil, options)),
		input(BlockUser, "Person", "They'll be invited to the incident's channel.", person),
	)
}

// ParseAssign reads the form.
func ParseAssign(state *slack.ViewState) (policy.Role, slackid.User) {
	return policy.Role(chosen(state, BlockRole)), slackid.User(field(state, BlockUser).SelectedUser)
}
