package templates

import (
	"encoding/json"
	"fmt"

	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// FormID returns the callback_id of a verb's form.
func FormID(v incident.Verb) string { return "incident_" + string(v) + "_form" }

// Meta is what a form remembers until it is sent. From is a channel from which
// its incident may be seen: whoever could open the form could see it.
type Meta struct {
	Incident incident.Number `json:"incident,omitempty"`
	From     slackid.Channel `json:"from,omitempty"`
	Status   incident.Status `json:"status,omitempty"` // as it was when the form was opened
	Next     policy.Level    `json:"next,omitempty"`   // the level that the form said would be paged
}

// ParseMeta reads a view's private_metadata.
func ParseMeta(s string) (Meta, error) {
	var m Meta
	if err := json.Unmarshal([]byte(s), &m); err != nil {
		return Meta{}, fmt.Errorf("read private_metadata: %w", err)
	}
	return m, nil
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

// form is a verb's form in the making. Its words are in a file of their own:
// "title" and "submit", "body" above the fields, and for each field "label",
// "hint", "placeholder" and the like behind its block's name.
// The first word that fails is the form's error.
type form struct {
	t    *Templates
	verb incident.Verb
	meta Meta
	data func(budget int) any
	err  error
}

// incidentForm begins a form about an incident.
func (t *Templates) incidentForm(v incident.Verb, inc incident.Incident) *form {
	meta := Meta{Incident: inc.Number, From: inc.Channel, Status: inc.Status, Next: inc.Level + 1}
	return &form{t: t, verb: v, meta: meta, data: t.about(inc)}
}

// message returns words alone in the form's place, where the incident's state leaves
// nothing to fill in.
func (f *form) message(file string) (slack.ModalViewRequest, error) {
	_, blocks, err := f.t.compose(file, f.data, nil)
	view := slack.ModalViewRequest{
		Type:   slack.VTModal,
		Title:  label(f.say("title"), limitViewTitle),
		Close:  label("Close", limitViewTitle),
		Blocks: slack.Blocks{BlockSet: blocks},
	}
	return view, firstError(err, f.err)
}

// modal completes the form.
func (f *form) modal(fields ...*slack.InputBlock) (slack.ModalViewRequest, error) {
	_, blocks, err := f.t.compose(f.file(), f.data, nil)
	for _, field := range fields {
		blocks = append(blocks, field)
	}
	meta, metaErr := json.Marshal(f.meta)
	view := slack.ModalViewRequest{
		Type:            slack.VTModal,
		CallbackID:      FormID(f.verb),
		PrivateMetadata: string(meta),
		Title:           label(f.say("title"), limitViewTitle),
		Submit:          label(f.say("submit"), limitViewTitle),
		Close:           label(f.say("close"), limitViewTitle),
		Blocks:          slack.Blocks{BlockSet: blocks},
	}
	return view, firstError(err, metaErr, f.err)
}

func (f *form) file() string { return "form/" + string(f.verb) }

// say returns words that the form's file has to define, without markup.
func (f *form) say(define string) string {
	said, err := f.t.phrase(f.file(), define, f.data(limitLabel))
	f.err = firstError(f.err, err)
	return plain(said)
}

// hint returns the words below a field, "" where the form's file has none.
func (f *form) hint(block string) string {
	said, _, err := f.t.words.execute(f.file(), block+" hint", f.data(limitLabel))
	f.err = firstError(f.err, err)
	return plain(mrkdwn(said))
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
