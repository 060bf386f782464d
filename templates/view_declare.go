package templates

import (
	"github.com/slack-go/slack"

	"muster/internal/incident"
)

// limitDeclared is how many open incidents the form shows.
const limitDeclared = 5

// DeclareView is the form to declare an incident. It shows those open already
// that the reader may see, so that none is declared twice. Where the prefill has
// no severity, nothing is preselected: nobody declares a P0 by not choosing.
func (t *Templates) DeclareView(prefill incident.Declaration, open []incident.Incident) (slack.ModalViewRequest, error) {
	var blocks []slack.Block
	if len(open) > 0 {
		_, said, err := t.compose("view_declare", func(room int) any { return t.listing(open, limitDeclared, room) }, nil)
		if err != nil {
			return slack.ModalViewRequest{}, err
		}
		blocks = said
	}
	title := line(BlockTitle, incident.MaxTitle)
	title.InitialValue = cutPlain(prefill.Title, incident.MaxTitle)
	title.FocusOnLoad = true
	impact := long(BlockImpact)
	impact.InitialValue = cutPlain(prefill.Impact, incident.MaxText)
	blocks = append(blocks,
		input(BlockTitle, "What's wrong?", "A few words will do, for example \"Payments fail at checkout\".", title),
		input(BlockSeverity, "Severity", "Not sure? Pick the worse one. You can lower it later.",
			t.severityMenu(prefill.Severity)),
		optional(input(BlockImpact, "Impact", "Who notices, and what can't they do?", impact)),
		optional(input(BlockPrivate, "Visibility", "",
			checkbox(BlockPrivate, "Private", "Only people invited to its channel can see it.", prefill.Private))),
	)
	return form(ViewDeclare, "Declare an incident", "Declare", Meta{}, blocks)
}

// ParseDeclare reads the form.
func ParseDeclare(state *slack.ViewState) incident.Declaration {
	return incident.Declaration{
		Title:    field(state, BlockTitle).Value,
		Impact:   field(state, BlockImpact).Value,
		Severity: ParseSeverity(state),
		Private:  checked(state, BlockPrivate),
	}
}
