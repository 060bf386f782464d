package templates

import (
	"encoding/json"
	"fmt"

	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// The forms' callback_ids.
const (
	ViewDeclare  = "incident_declare_form"
	ViewUpdate   = "incident_update_form"
	ViewResolve  = "incident_resolve_form"
	ViewSeverity = "incident_severity_form"
	ViewAssign   = "incident_assign_form"
	ViewSnooze   = "incident_snooze_form"
	ViewEscalate = "incident_escalate_form"
	ViewReopen   = "incident_reopen_form"
	ViewCancel   = "incident_cancel_form"
)

// Meta is what a form remembers until it is sent. From is a channel from which
// its incident may be seen: whoever could open the form could see it.
type Meta struct {
	Incident incident.Number `json:"incident,omitempty"`
	From     slackid.Channel `json:"from,omitempty"`
	Status   incident.Status `json:"status,omitempty"` // as it was when the form was opened
	Next     policy.Level    `json:"next,omitempty"`   // the level that the form said would be called
}

// ParseMeta reads a view's private_metadata.
func ParseMeta(s string) (Meta, error) {
	var m Meta
	if err := json.Unmarshal([]byte(s), &m); err != nil {
		return Meta{}, fmt.Errorf("read private_metadata: %w", err)
	}
	return m, nil
}

// LoadingView is shown at once, while a form is being made: what opens it is
// only good for three seconds.
func (t *Templates) LoadingView(title string) slack.ModalViewRequest {
	return t.MessageView(title, "Loading …")
}

// MessageView says something, in mrkdwn, in a modal that cannot go on.
func (t *Templates) MessageView(title, text string) slack.ModalViewRequest {
	return slack.ModalViewRequest{
		Type:   slack.VTModal,
		Title:  label(title, limitViewTitle),
		Close:  label("Close", limitViewTitle),
		Blocks: slack.Blocks{BlockSet: sections(cut(text, limitSection))},
	}
}

// form is a modal that sends what was filled in.
func form(callback, title, submit string, m Meta, blocks []slack.Block) (slack.ModalViewRequest, error) {
	closing := "Cancel"
	if callback == ViewCancel { // whose other button is "Cancel incident"
		closing = "Go back"
	}
	meta, err := json.Marshal(m)
	if err != nil {
		return slack.ModalViewRequest{}, fmt.Errorf("write private_metadata: %w", err)
	}
	return slack.ModalViewRequest{
		Type:            slack.VTModal,
		CallbackID:      callback,
		PrivateMetadata: string(meta),
		Title:           label(title, limitViewTitle),
		Submit:          label(submit, limitViewTitle),
		Close:           label(closing, limitViewTitle),
		Blocks:          slack.Blocks{BlockSet: blocks},
	}, nil
}

// act is a form about an incident: the template's words, then the fields.
// While people are no longer at work, it says so instead.
func (t *Templates) incidentForm(callback, title, submit, words string, i incident.Incident, fields ...slack.Block) (slack.ModalViewRequest, error) {
	if !i.Status.Open() && callback != ViewReopen {
		words, fields = "view_over", nil
	}
	_, blocks, err := t.compose(words, t.page(i, incident.Notice{}), nil)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	v, err := form(callback, title, submit, Meta{Incident: i.Number, From: i.Channel, Status: i.Status, Next: i.Level + 1}, append(blocks, fields...))
	if len(fields) == 0 {
		v.CallbackID, v.Submit, v.Close = "", nil, label("Close", limitViewTitle)
	}
	return v, err
}
