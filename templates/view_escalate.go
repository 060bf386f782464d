package templates

import (
	"github.com/slack-go/slack"

	"muster/internal/incident"
)

// EscalateView is the form to call the next level: it says who that is.
func (t *Templates) EscalateView(i incident.Incident) (slack.ModalViewRequest, error) {
	if i.Level >= t.policy.Top() {
		return t.incidentForm(ViewEscalate, "Escalate "+i.Number.String(), "", "view_top", i)
	}
	return t.incidentForm(ViewEscalate, "Escalate "+i.Number.String(), "Escalate to "+(i.Level+1).String(), "view_escalate", i,
		optional(input(BlockReason, "Why?", "Tell the people you're paging what you need from them.", long(BlockReason))))
}

// ParseEscalate reads the form.
func ParseEscalate(state *slack.ViewState) string { return field(state, BlockReason).Value }
