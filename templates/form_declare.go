package templates

import (
	"github.com/slack-go/slack"

	"muster/internal/incident"
)

// limitDeclared is how many open incidents the form shows.
const limitDeclared = 5

// DeclareView returns the form to declare an incident. It shows those open already
// that the reader may see, so that none is declared twice. Where the prefill has
// no severity, nothing is preselected: nobody declares a P0 by not choosing.
func (t *Templates) DeclareView(prefill incident.Declaration, open []incident.Summary) (slack.ModalViewRequest, error) {
	f := &form{t: t, verb: incident.VerbDeclare, data: t.list(open, limitDeclared)}
	return f.modal(
		focused(f.text(BlockTitle, prefill.Title, incident.MaxTitle)),
		f.severity(prefill.Severity),
		optional(f.paragraph(BlockImpact, prefill.Impact)),
		optional(f.checkbox(BlockPrivate, prefill.Private)),
	)
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
