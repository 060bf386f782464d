package handlers

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/internal/goldentest"
	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/policy"
	"muster/internal/slackid"
	"muster/templates"
)

func TestTable_EachWord_MeansOneVerb(t *testing.T) {
	means := map[string]incident.Verb{}
	for _, v := range verbs() {
		h := v.common()
		if h.name == "" || len(h.words) == 0 {
			t.Errorf("a row lacks its name or its words: %+v", h)
		}
		for _, word := range h.words {
			if first, taken := means[word]; taken {
				t.Errorf("%q means both %s and %s", word, first, h.name)
			}
			if word != strings.ToLower(word) || strings.ContainsAny(word, " :") {
				t.Errorf("%q cannot be typed", word)
			}
			means[word] = h.name
			if got := verbs().typed(word).common().name; got != h.name {
				t.Errorf("%q leads to %q, not to %s", word, got, h.name)
			}
		}
	}
}

func TestTable_EachRow_HasItsWords(t *testing.T) {
	help := answered(t, router(t, &incidents{}, &fakeSlack{}).Route(t.Context(), types("help")))
	at := 0
	for _, v := range verbs() {
		usage := "/incident " + v.common().words[0]
		found := strings.Index(help[at:], usage)
		if found < 0 {
			t.Fatalf("%q comes too late in the help, or not at all: %s", usage, help)
		}
		at += found
	}
	goldentest.JSON(t, "reply/help", map[string]any{"text": strings.Split(help, "\n")})
	files, err := filepath.Glob("../templates/words/slack/verbs/*.tmpl")
	if err != nil || len(files) != len(verbs()) {
		t.Errorf("%d verbs have words, %d have a row (%v)", len(files), len(verbs()), err)
	}
	forms, err := filepath.Glob("../templates/words/slack/form/*.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range verbs() {
		file := filepath.Join("..", "templates", "words", "slack", "form", string(v.common().name)+".tmpl")
		if slices.Contains(forms, file) != v.hasForm() {
			t.Errorf("%s: has a form: %v; has a form's words: %v", v.common().name, v.hasForm(), !v.hasForm())
		}
	}
}

// everyState returns an incident in each status, acknowledged and not, with
// something to retry.
func everyState(t testing.TB) []incident.Incident {
	t.Helper()
	var all []incident.Incident
	for _, status := range append(incident.Working(), incident.Resolved, incident.Closed, incident.Cancelled) {
		for _, acked := range []incident.Stamp{{}, {By: incidenttest.Ben, At: incidenttest.Start}} {
			inc := incidenttest.Declared(t, policy.P2).Incident
			inc.Status, inc.Acked, inc.Undelivered = status, acked, 1
			all = append(all, inc)
		}
	}
	return all
}

// What is on offer can be done, by its button and, where it is in the menu, there.
func TestTable_WhatAnIncidentOffers_CanBePressed(t *testing.T) {
	for _, inc := range everyState(t) {
		inc.Undelivered = 0 // retry needs dead letters
		offers := inc.Offers(process)
		for _, v := range append(offers.Buttons, offers.Primary) {
			if v != "" {
				tryButton(t, inc, v, func(r *Router) Answer { return r.Route(t.Context(), presses(templates.ActionID(v), "7.o1")) })
			}
		}
		for _, v := range offers.Menu {
			tryButton(t, inc, v, func(r *Router) Answer { return r.Route(t.Context(), chooses(string(v)+" 7.o1")) })
		}
	}
	if verbs().pressed(templates.ActionID(incident.VerbRetry)) == nil {
		t.Error("there is no row for retry")
	}
}

// Whatever Slack sends back about another store's incident acts on nothing here,
// and so does what says of none which one it means.
func TestTable_EachActionAndFormOfAnotherStore_IsRefusedInPrivate(t *testing.T) {
	for _, v := range verbs() {
		name := v.common().name
		if v.common().free {
			continue
		}
		for value, want := range map[string]string{"7.another": "has since been replaced", "7": "older version", "x": "older version"} {
			sent := []socketmode.Event{presses(templates.ActionID(name), value), chooses(string(name) + " " + value)}
			if v.hasForm() {
				for _, meta := range []string{fmt.Sprintf(`{"incident":%q,"from":"C0X"}`, value), `{"incident":7}`, `{"from":"C0X"}`} {
					if value == "7.another" && !strings.Contains(meta, value) {
						continue
					}
					sent = append(sent, submits(templates.FormID(name), meta, map[string]slack.BlockAction{"text": wrote("x"), "into": chose("9.o9")}))
				}
			}
			for _, e := range sent {
				s, f := &incidents{inc: offering(t, name)}, &fakeSlack{}
				a := router(t, s, f).Route(t.Context(), e)
				if a.After != nil {
					a.After(t.Context())
				}
				said := fmt.Sprint(f.said)
				if answer, ok := a.Payload.(*slack.ViewSubmissionResponse); ok {
					said += fmt.Sprint(answer.Errors)
				}
				if len(s.wrote) > 0 || len(f.opened) > 0 || !strings.Contains(said, want) {
					t.Errorf("%s with %q: wrote %+v, opened %d forms, said %q", name, value, s.wrote, len(f.opened), said)
				}
			}
		}
	}
}

// tryButton expects a form to open, or a commit.
func tryButton(t *testing.T, inc incident.Incident, v incident.Verb, press func(*Router) Answer) {
	t.Helper()
	f, s := &fakeSlack{}, &incidents{inc: inc}
	if a := press(router(t, s, f)); a.After != nil {
		a.After(t.Context())
	}
	if (len(f.opened) == 1) == (len(s.wrote) > 0) {
		t.Errorf("%s of an incident that is %s: opened %d forms, wrote %d entries, said %q", v, inc.Status, len(f.opened), len(s.wrote), f.said)
	}
	if len(f.opened) == 1 && f.opened[0].CallbackID != templates.FormID(v) {
		t.Errorf("%s opens the form %q", v, f.opened[0].CallbackID)
	}
}

// What begins with no verb gets one line: the command that is meant, if one is
// near, and the one that declares it.
func TestTable_NoCommand_AnswersWithOneLine(t *testing.T) {
	for text, want := range map[string]string{
		"aknowledge": "`aknowledge` isn't a command. Did you mean `/incident acknowledge`? New incident: `/incident declare aknowledge`. All commands: `/incident help`",
		"resole it":  "`resole` isn't a command. Did you mean `/incident resolve it`? New incident: `/incident declare resole it`. All commands: `/incident help`",
		"Staus":      "`Staus` isn't a command. Did you mean `/incident status`? New incident: `/incident declare Staus`. All commands: `/incident help`",
		"note":       "`note` isn't a command. New incident: `/incident declare note`. All commands: `/incident help`",
	} {
		f := &fakeSlack{}
		if said := answered(t, router(t, &incidents{}, f).Route(t.Context(), types(text))); said != want || len(f.opened) > 0 {
			t.Errorf("%q: %s", text, said)
		}
	}
}

// What begins with no verb and says what is wrong opens the form, filled in.
func TestTable_WhatIsWrong_OpensTheFormFilledIn(t *testing.T) {
	for text, want := range map[string]struct {
		title, severity string
		private         bool
	}{
		"search is down":           {title: "search is down"},
		"search\u3000is down":      {title: "search\u3000is down"},
		"p1 search is down":        {title: "search is down", severity: "P1"},
		"P1: search is down":       {title: "search is down", severity: "P1"},
		"private keys leaked":      {title: "keys leaked", private: true},
		"p0":                       {severity: "P0"},
		"<@U1|ana> can't log in":   {title: "@ana can't log in"},
		"checkout: payments &amp;": {title: "checkout: payments &"},
	} {
		f := &fakeSlack{}
		a := router(t, &incidents{}, f).Route(t.Context(), types(text))
		if a.Payload != nil || len(f.opened) != 1 || f.opened[0].CallbackID != templates.FormID(incident.VerbDeclare) {
			t.Fatalf("%q: %+v, %+v", text, a, f.opened)
		}
		title, severity, private := "", "", false
		for _, b := range f.opened[0].Blocks.BlockSet {
			in, ok := b.(*slack.InputBlock)
			if !ok {
				continue
			}
			switch e := in.Element.(type) {
			case *slack.PlainTextInputBlockElement:
				title += e.InitialValue
			case *slack.SelectBlockElement:
				if e.InitialOption != nil {
					severity = e.InitialOption.Value
				}
			case *slack.CheckboxGroupsBlockElement:
				private = len(e.InitialOptions) > 0
			}
		}
		if title != want.title || severity != want.severity || private != want.private {
			t.Errorf("%q: %q, %q, %t; want %+v", text, title, severity, private, want)
		}
	}
}

func TestTable_NoWord_ShowsControlsOrDeclares(t *testing.T) {
	f := &fakeSlack{}
	here := &incidents{inc: incidenttest.Declared(t, policy.P1).Incident}
	if said := answered(t, router(t, here, f).Route(t.Context(), types(""))); !strings.Contains(said, "Payments down") || len(f.opened) > 0 {
		t.Errorf("in an incident's channel: opened %d forms, said %q", len(f.opened), said)
	}
	a := router(t, &incidents{}, f).Route(t.Context(), types(""))
	if len(f.opened) != 1 || f.opened[0].CallbackID != templates.FormID(incident.VerbDeclare) || a.Payload != nil {
		t.Errorf("elsewhere: opened %+v, answered %+v", f.opened, a)
	}
}

// A command that needs an incident's number is repeated as it was typed.
func TestHandle_NoIncidentHere_RepeatsTheCommandWithANumber(t *testing.T) {
	s := &incidents{err: incident.Reject("no_incident_here", nil)}
	for text, want := range map[string]string{
		"sev P1": "`/incident sev INC-1 P1`", "update 7 still down": "`/incident update INC-7 still down`", "ack": "`/incident ack INC-1`",
		"merge INC-7": "`/incident merge INC-1 INC-7`",
	} {
		if said := answered(t, router(t, s, &fakeSlack{}).Route(t.Context(), types(text))); !strings.Contains(said, want) {
			t.Errorf("%q: said %q, want %s in it", text, said, want)
		}
	}
}

func TestDeclare_TitleBeginsWithANumber_KeepsIt(t *testing.T) {
	f := &fakeSlack{}
	router(t, &incidents{}, f).Route(t.Context(), types("declare INC-7 is back"))
	if len(f.opened) != 1 || !strings.Contains(text(t, &f.opened[0]), `"initial_value":"INC-7 is back"`) {
		t.Errorf("opened %+v", f.opened)
	}
}

func TestHandle_PersonMayNot_ChangesNothing(t *testing.T) {
	only := command[nothing]{
		head: head{name: "note", may: func(_ policy.Policy, u slackid.User) error {
			if u != incidenttest.Ben {
				return errors.New("only Ben may")
			}
			return nil
		}},
		step: func(inc incident.Incident, o incident.Origin, _ nothing) (incident.Change, error) {
			return inc.Acknowledge(o)
		},
	}
	for u, may := range map[slackid.User]bool{incidenttest.Ana: false, incidenttest.Ben: true} {
		s := &incidents{inc: incidenttest.Declared(t, policy.P1).Incident}
		_, err := router(t, s, &fakeSlack{}).handlers.handle(t.Context(), only, Request{User: u, About: incident.Ref{Number: incidenttest.Number}})
		if (err == nil) != may || (len(s.wrote) > 0) != may {
			t.Errorf("%s: %v, wrote %+v", u, err, s.wrote)
		}
	}
}

func TestAssign_Muster_IsRefusedInEveryWay(t *testing.T) {
	s := &incidents{inc: incidenttest.Declared(t, policy.P1).Incident}
	r := router(t, s, &fakeSlack{})
	if said := answered(t, r.Route(t.Context(), types("assign <@U0MUSTER>"))); !strings.Contains(said, "Muster can't") {
		t.Errorf("typed: %q", said)
	}
	a := r.Route(t.Context(), submits("incident_assign_form", `{"incident":"7.o1"}`,
		map[string]slack.BlockAction{"role": chose("tech_lead"), "user": {SelectedUser: "U0MUSTER"}}))
	if answer, ok := a.Payload.(*slack.ViewSubmissionResponse); !ok || !strings.Contains(answer.Errors["user"], "Muster can't") {
		t.Errorf("submitted: %#v", a.Payload)
	}
}
