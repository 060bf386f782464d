package handlers_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"go.uber.org/zap/zaptest"

	"muster/handlers"
	"muster/internal/config"
	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
	"muster/templates"
)

// incidents is a service that fails as the test says.
type incidents struct {
	err  error
	i    incident.Incident
	boom bool
	seen incident.Request
}

func (s *incidents) Do(_ context.Context, r incident.Request, step incident.Transition) (incident.Result, error) {
	s.seen = r
	if s.boom {
		panic("a bug")
	}
	if s.err != nil {
		return incident.Result{}, s.err
	}
	change, err := step(s.i, incident.Origin{By: r.By, At: time.Unix(1_800_000_000, 0), Policy: config.Default().Policy})
	return incident.Result{Incident: change.After, Entries: change.Entries}, err
}

func (s *incidents) Get(context.Context, slackid.User, slackid.Channel, incident.Ref) (incident.Incident, error) {
	return s.i, s.err
}

func (s *incidents) List(context.Context, slackid.User, slackid.Channel) ([]incident.Incident, error) {
	return nil, s.err
}

// fakeSlack notes what a request says to Slack.
type fakeSlack struct {
	opened []slack.ModalViewRequest
	said   []string
	err    error
}

func (f *fakeSlack) OpenView(_ context.Context, _ string, v slack.ModalViewRequest) error {
	f.opened = append(f.opened, v)
	return f.err
}

func (f *fakeSlack) Respond(_ context.Context, _, text string, _ []slack.Block) error {
	f.said = append(f.said, text)
	return nil
}

func router(t *testing.T, s *incidents, f *fakeSlack) *handlers.Router {
	t.Helper()
	policy := config.Default().Policy
	words, err := templates.New(policy, func() time.Time { return time.Unix(1_800_000_000, 0) })
	if err != nil {
		t.Fatal(err)
	}
	return handlers.New(handlers.Options{Incidents: s, Slack: f, Templates: words, Policy: policy, Log: zaptest.NewLogger(t)})
}

func typed(text string) socketmode.Event {
	return socketmode.Event{Data: slack.SlashCommand{Command: "/incident", Text: text, UserID: "U0ANA", ChannelID: "C0X", TriggerID: "1.2"}}
}

func pressed(action, value string) socketmode.Event {
	return socketmode.Event{Data: slack.InteractionCallback{
		Type: slack.InteractionTypeBlockActions, TriggerID: "1.3", User: slack.User{ID: "U0ANA"},
		ActionCallback: slack.ActionCallbacks{BlockActions: []*slack.BlockAction{{ActionID: action, Value: value}}},
	}}
}

func submitted(view, meta string, fields map[string]slack.BlockAction) socketmode.Event {
	values := map[string]map[string]slack.BlockAction{}
	for block, field := range fields {
		values[block] = map[string]slack.BlockAction{block: field}
	}
	return socketmode.Event{Data: slack.InteractionCallback{
		Type: slack.InteractionTypeViewSubmission, User: slack.User{ID: "U0ANA"},
		View: slack.View{ID: "V1", CallbackID: view, PrivateMetadata: meta, State: &slack.ViewState{Values: values}},
	}}
}

func text(t *testing.T, a handlers.Answer) string {
	t.Helper()
	payload, ok := a.Payload.(map[string]any)
	if !ok {
		t.Fatalf("the answer is %#v", a.Payload)
	}
	if payload["response_type"] != "ephemeral" {
		t.Errorf("the answer is for %v", payload["response_type"])
	}
	return fmt.Sprint(payload["text"])
}

func TestWhatIsSaidWhenTheStoreFails(t *testing.T) {
	for _, tc := range []struct {
		name string
		err  error
		want string
	}{
		{"away", fmt.Errorf("commit: %w", incident.ErrUnavailable), "Nothing was recorded"},
		{"in doubt", errors.New("read tcp: i/o timeout"), "may or may not have been recorded"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			said := text(t, router(t, &incidents{err: tc.err}, &fakeSlack{}).Route(t.Context(), typed("ack")))
			if !strings.Contains(said, tc.want) {
				t.Errorf("said %q, want %q in it", said, tc.want)
			}
			if strings.Contains(said, "tcp") {
				t.Errorf("the operator's words reach a person: %q", said)
			}
		})
	}
}

// What a shortcut has to say is a form, opened after the acknowledgement: the
// envelope's deadline may be over.
func TestRouter_ShortcutFails_SaysSoAfterAcknowledgement(t *testing.T) {
	f := &fakeSlack{err: errors.New("trigger_expired")}
	a := router(t, &incidents{}, f).Route(t.Context(), socketmode.Event{Data: slack.InteractionCallback{
		Type: slack.InteractionTypeShortcut, CallbackID: "incident_declare", TriggerID: "1.4", User: slack.User{ID: "U0ANA"},
	}})
	if len(f.opened) != 1 || a.After == nil {
		t.Fatalf("opened %d forms; answered %+v", len(f.opened), a)
	}
	a.After(t.Context())
	if len(f.opened) != 2 || f.opened[1].Title.Text != "That didn't work" {
		t.Errorf("opened %+v", f.opened)
	}
}

func TestAPanicCostsOneRequest(t *testing.T) {
	r := router(t, &incidents{boom: true}, &fakeSlack{})
	for range 2 {
		if said := text(t, r.Route(t.Context(), typed("ack"))); !strings.Contains(said, "may or may not") {
			t.Errorf("said %q", said)
		}
	}
}

func TestAButtonSpeaksOnlyWhenItFails(t *testing.T) {
	f := &fakeSlack{}
	open := incident.Incident{Number: 7, Version: 1, Status: incident.Investigating, Severity: policy.P1, Level: 1}
	a := router(t, &incidents{i: open}, f).Route(t.Context(), pressed(templates.ActionAcknowledge, "7"))
	if a.Payload != nil || a.After != nil {
		t.Errorf("a button that worked answered %+v", a)
	}
	over := open
	over.Status = incident.Resolved
	a = router(t, &incidents{i: over}, f).Route(t.Context(), pressed(templates.ActionAcknowledge, "7"))
	if a.After == nil {
		t.Fatal("a button that failed says nothing")
	}
	a.After(t.Context())
	if len(f.said) != 1 || !strings.Contains(f.said[0], "already *resolved*") {
		t.Errorf("said %q", f.said)
	}
}

func TestAFormThatSlackDoesNotOpen(t *testing.T) {
	f := &fakeSlack{err: errors.New("expired_trigger_id")}
	said := text(t, router(t, &incidents{}, f).Route(t.Context(), typed("declare")))
	if len(f.opened) != 1 || !strings.Contains(said, "didn't open the form") {
		t.Errorf("opened %d, said %q", len(f.opened), said)
	}
}

func TestAFormsMistakesComeBackAtTheirField(t *testing.T) {
	open := incident.Incident{Number: 7, Version: 1, Status: incident.Investigating, Severity: policy.P1, Level: 1}
	s := &incidents{i: open}
	a := router(t, s, &fakeSlack{}).Route(t.Context(), submitted(templates.ViewUpdate, `{"incident":7,"from":"C0X"}`,
		map[string]slack.BlockAction{templates.BlockText: {Value: strings.Repeat("x", incident.MaxText+1)}}))
	answer, ok := a.Payload.(*slack.ViewSubmissionResponse)
	if !ok || answer.Errors[templates.BlockText] == "" {
		t.Fatalf("answered %#v", a.Payload)
	}
	if s.seen.Ref.Number != 7 || s.seen.Key != "form V1" {
		t.Errorf("asked for %+v", s.seen)
	}
	s.i.Status = incident.Closed
	a = router(t, s, &fakeSlack{}).Route(t.Context(), submitted(templates.ViewUpdate, `{"incident":7}`,
		map[string]slack.BlockAction{templates.BlockText: {Value: "news"}}))
	if answer, ok := a.Payload.(*slack.ViewSubmissionResponse); !ok || answer.View == nil {
		t.Errorf("a form for a closed incident: %#v", a.Payload)
	}
}

func TestWhatIsNotOursIsAcknowledged(t *testing.T) {
	r := router(t, &incidents{}, &fakeSlack{})
	for _, e := range []socketmode.Event{
		{},
		pressed("somebody_elses", "1"), pressed(templates.ActionMore, "nothing"), pressed(templates.ActionAcknowledge, "x"),
		submitted("somebody_elses", "", nil),
		{Data: slack.InteractionCallback{Type: slack.InteractionTypeBlockActions}},
	} {
		if a := r.Route(t.Context(), e); a.Payload != nil || a.After != nil {
			t.Errorf("%+v: answered %+v", e.Data, a)
		}
	}
}
