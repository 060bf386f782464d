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
	Incident incident.Ref    `json:"incident,omitzero"`
	From     slackid.Channel `json:"from,omitempty"`
	Next     policy.Level    `json:"next,omitempty"` // the level that the form said would be paged

	Held map[incident.Field]string `json:"held,omitempty"` // a digest of what each field of the incident held
}

// ParseMeta reads a view's private_metadata.
func ParseMeta(s string) (Meta, error) {
	var m Meta
	if err := json.Unmarshal([]byte(s), &m); err != nil {
		return Meta{}, fmt.Errorf("read private_metadata: %w", err)
	}
	return m, nil
}

// DoneView takes the place of a verb's submitted form, with what came of it.
func (t *Templates) DoneView(v incident.Verb, r Reply) (slack.ModalViewRequest, error) {
	title, err := t.phrase("verbs/"+string(v), "done", nil)
	return answerModal(plain(title), r), err
}

// RefusedView returns what is shown where a form cannot be, with the reason.
func (t *Templates) RefusedView(r Reply) slack.ModalViewRequest {
	title, err := t.phrase("reply/refused", "title", nil)
	if err != nil {
		panic(fmt.Sprintf("templates: %v", err)) // the words depend on nothing: cannot happen
	}
	return answerModal(plain(title), r)
}

// answerModal shows an answer in a modal that cannot go on.
func answerModal(title string, r Reply) slack.ModalViewRequest {
	return slack.ModalViewRequest{
		Type:   slack.VTModal,
		Title:  label(title, limitViewTitle),
		Close:  label("Close", limitViewTitle),
		Blocks: slack.Blocks{BlockSet: sections(cut(r.Text, limitSection))},
	}
}

// Form is a verb's form in the making. Its words are in a file of their own:
// "title" and "submit", "body" above the fields, and for each field "label",
// "hint", "placeholder" and the like behind its name. Its fields are shown in the
// order in which they are added. The first word that fails is the form's error.
type Form struct {
	Open []incident.Summary // what is open, for a field to choose from

	t       *Templates
	verb    incident.Verb
	meta    Meta
	data    func(budget int) any
	fields  []*slack.InputBlock
	instead string // a file of words that takes the form's place; "" = none does
	err     error
}

// Form begins a verb's form about an incident. Where the incident's state does
// not offer the verb, the form says so instead.
func (t *Templates) Form(v incident.Verb, inc incident.Incident) *Form {
	f := &Form{t: t, verb: v, data: t.about(inc)}
	f.meta = Meta{Incident: inc.Ref(), From: inc.Channel, Next: inc.Level + 1}
	switch {
	case inc.Offers(t.policy).Has(v):
	case inc.Status.Open():
		f.instead = f.file() + "_unavailable"
	default:
		f.instead = "form/over"
	}
	return f
}

// limitBeside bounds how many open incidents a form shows.
const limitBeside = 5

// FormBeside begins the form of a verb that is about no incident there is. It
// shows those open already that the reader may see.
func (t *Templates) FormBeside(v incident.Verb, open []incident.Summary) *Form {
	return &Form{t: t, verb: v, data: t.list(open, limitBeside)}
}

// Policy returns the process that the form's choices are of.
func (f *Form) Policy() policy.Policy { return f.t.policy }

// View completes the form.
func (f *Form) View() (slack.ModalViewRequest, error) {
	if f.instead != "" {
		return f.message()
	}
	_, blocks, err := f.t.compose(f.file(), f.data, nil)
	for _, field := range f.fields {
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

// message returns the words that take the form's place.
func (f *Form) message() (slack.ModalViewRequest, error) {
	_, blocks, err := f.t.compose(f.instead, f.data, nil)
	view := slack.ModalViewRequest{
		Type:   slack.VTModal,
		Title:  label(f.say("title"), limitViewTitle),
		Close:  label("Close", limitViewTitle),
		Blocks: slack.Blocks{BlockSet: blocks},
	}
	return view, firstError(err, f.err)
}

func (f *Form) file() string { return "form/" + string(f.verb) }

// say returns words that the form's file has to define, without markup.
func (f *Form) say(define string) string {
	said, err := f.t.phrase(f.file(), define, f.data(limitLabel))
	f.err = firstError(f.err, err)
	return plain(said)
}

// optional returns words that the file may define, "" where it does not.
func (f *Form) optional(define string) string {
	said, _, err := f.t.words.execute(f.file(), define, f.data(limitLabel))
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
