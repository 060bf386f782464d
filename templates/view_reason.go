package templates

import (
	"fmt"

	"github.com/slack-go/slack"

	"muster/internal/incident"
)

// ReasonView is the form of a verb that needs nothing but a reason.
func (t *Templates) ReasonView(i incident.Incident, v incident.Verb) (slack.ModalViewRequest, error) {
	switch v {
	case incident.VerbReopen:
		return t.incidentForm(ViewReopen, "Reopen "+i.Number.String(), "Reopen incident", "view_reopen", i,
			input(BlockReason, "Why?", "What tells you it's back?", long(BlockReason)))
	case incident.VerbCancel:
		return t.incidentForm(ViewCancel, "Cancel "+i.Number.String(), "Cancel incident", "view_cancel", i,
			input(BlockReason, "Why?", "For example \"false alarm\", \"duplicate of INC-6\" or \"test\".", long(BlockReason)))
	}
	return slack.ModalViewRequest{}, fmt.Errorf("there is no form for %q", v)
}

// ParseReason reads the form.
func ParseReason(state *slack.ViewState) string { return field(state, BlockReason).Value }
