package handlers

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/templates"
)

func TestRouter_StoreFails_SaysWhetherAnythingWasRecorded(t *testing.T) {
	for _, tc := range []struct {
		name string
		err  error
		want string
	}{
		{"away", fmt.Errorf("commit: %w", incident.ErrUnavailable), "Nothing was recorded"},
		{"in doubt", errors.New("read tcp: i/o timeout"), "may or may not have been recorded"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			said := answered(t, router(t, &incidents{err: tc.err}, &fakeSlack{}).Route(t.Context(), types("ack")))
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
	a := router(t, &incidents{}, f).Route(t.Context(), takesShortcut("incident_declare"))
	if len(f.opened) != 1 || a.After == nil {
		t.Fatalf("opened %d forms; answered %+v", len(f.opened), a)
	}
	a.After(t.Context())
	if len(f.opened) != 2 || f.opened[1].Title.Text != "That didn't work" {
		t.Errorf("opened %+v", f.opened)
	}
}

func TestRouter_HandlerPanics_FailsThatRequestOnly(t *testing.T) {
	r := router(t, &incidents{panic: true}, &fakeSlack{})
	for range 2 {
		if said := answered(t, r.Route(t.Context(), types("ack"))); !strings.Contains(said, "may or may not") {
			t.Errorf("said %q", said)
		}
	}
}

func TestRouter_Button_AnswersOnlyWhenItFails(t *testing.T) {
	f := &fakeSlack{}
	open := incident.Incident{Number: 7, ID: "o1", Version: 1, Status: incident.Investigating, Severity: policy.P1, Level: 1}
	a := router(t, &incidents{inc: open}, f).Route(t.Context(), presses("incident_acknowledge", "7.o1"))
	if a.Payload != nil || a.After != nil {
		t.Errorf("a button that worked answered %+v", a)
	}
	over := open
	over.Status = incident.Resolved
	a = router(t, &incidents{inc: over}, f).Route(t.Context(), presses("incident_acknowledge", "7.o1"))
	if a.After == nil {
		t.Fatal("a button that failed says nothing")
	}
	a.After(t.Context())
	if len(f.said) != 1 || !strings.Contains(f.said[0], "already *resolved*") {
		t.Errorf("said %q", f.said)
	}
}

func TestRouter_SlackOpensNoForm_SaysWhatToDoInstead(t *testing.T) {
	f := &fakeSlack{err: errors.New("expired_trigger_id")}
	said := answered(t, router(t, &incidents{}, f).Route(t.Context(), types("declare")))
	if len(f.opened) != 1 || !strings.Contains(said, "didn't open the form") {
		t.Errorf("opened %d, said %q", len(f.opened), said)
	}
}

func TestRouter_FormIsWrong_SaysSoAtItsField(t *testing.T) {
	open := incident.Incident{Number: 7, ID: "o1", Version: 1, Status: incident.Investigating, Severity: policy.P1, Level: 1}
	s := &incidents{inc: open}
	fields := map[string]slack.BlockAction{"impact": {}, "text": {Value: strings.Repeat("x", incident.MaxText+1)}}
	a := router(t, s, &fakeSlack{}).Route(t.Context(), submits("incident_update_form", `{"incident":"7.o1","from":"C0X"}`, fields))
	answer, ok := a.Payload.(*slack.ViewSubmissionResponse)
	if !ok || len(answer.Errors) != 1 || answer.Errors["text"] == "" {
		t.Fatalf("answered %#v", a.Payload)
	}
	if s.seen.Ref.Number != 7 || s.seen.Key != "form V1" {
		t.Errorf("asked for %+v", s.seen)
	}
}

func TestRouter_FormCannotBeSaved_SaysSoWithoutLosingIt(t *testing.T) {
	closed := incident.Incident{Number: 7, ID: "o1", Version: 1, Status: incident.Closed, Severity: policy.P1, Level: 1}
	for name, tc := range map[string]struct {
		fields map[string]slack.BlockAction
		said   func(*slack.ViewSubmissionResponse) bool
	}{
		"with fields":    {map[string]slack.BlockAction{"text": {Value: "news"}}, func(r *slack.ViewSubmissionResponse) bool { return r.Errors["text"] != "" }},
		"without fields": {nil, func(r *slack.ViewSubmissionResponse) bool { return r.View != nil }},
	} {
		a := router(t, &incidents{inc: closed}, &fakeSlack{}).Route(t.Context(), submits("incident_update_form", `{"incident":"7.o1"}`, tc.fields))
		if answer, ok := a.Payload.(*slack.ViewSubmissionResponse); !ok || !tc.said(answer) {
			t.Errorf("%s: %#v", name, a.Payload)
		}
	}
}

func TestRouter_EnvelopeOfOthers_IsAcknowledged(t *testing.T) {
	r := router(t, &incidents{}, &fakeSlack{})
	for _, e := range []socketmode.Event{
		{},
		presses("somebody_elses", "1"), presses(templates.ActionMenu, "nothing"),
		submits("somebody_elses", "", nil),
		{Data: slack.InteractionCallback{Type: slack.InteractionTypeBlockActions}},
	} {
		if a := r.Route(t.Context(), e); a.Payload != nil || a.After != nil {
			t.Errorf("%+v: answered %+v", e.Data, a)
		}
	}
}
