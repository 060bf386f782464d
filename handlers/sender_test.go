package handlers

import (
	"errors"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/policy"
)

// sentCommand returns /incident ack as Slack sends it to A1, changed.
func sentCommand(change func(*slack.SlashCommand)) socketmode.Event {
	c := types("ack").Data.(slack.SlashCommand)
	c.APIAppID = "A1"
	change(&c)
	request := &socketmode.Request{}
	request.ConnectionInfo.AppID = "A1"
	return socketmode.Event{Data: c, Request: request}
}

// Whom an envelope comes from decides whether anything is done.
func TestRouter_Sender_IsChecked(t *testing.T) {
	t.Parallel()
	unknown := errors.New("no answer")
	for name, tc := range map[string]struct {
		change  func(*slack.SlashCommand)
		account policy.Account
		err     error
		said    string // "" = it is done
	}{
		"a member":             {},
		"no answer of Slack's": {err: unknown},
		"another team":         {change: func(c *slack.SlashCommand) { c.TeamID = "T0OTHER" }, said: "another workspace"},
		"no team":              {change: func(c *slack.SlashCommand) { c.TeamID = "" }, said: "another workspace"},
		"another app":          {change: func(c *slack.SlashCommand) { c.APIAppID = "A2" }, said: "another workspace or app"},
		"another command":      {change: func(c *slack.SlashCommand) { c.Command = "/deploy" }, said: "only answers `/incident`"},
		"Muster":               {change: func(c *slack.SlashCommand) { c.UserID = "U0MUSTER" }, said: "Only people"},
		"Slackbot":             {change: func(c *slack.SlashCommand) { c.UserID = "USLACKBOT" }, said: "Only people"},
		"nobody":               {change: func(c *slack.SlashCommand) { c.UserID = "" }, said: "Only people"},
		"a bot":                {account: policy.Robot, said: "Only people"},
		"a guest":              {account: policy.Guest, said: "Only members of this workspace can use Muster, and your account is a guest's."},
		"a stranger":           {account: policy.External, said: "your account is from another organization"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &incidents{inc: declaredIncident(t)}
			change := tc.change
			if change == nil {
				change = func(*slack.SlashCommand) {}
			}
			said := answered(t, router(t, s, &fakeSlack{account: tc.account, unknown: tc.err}).Route(t.Context(), sentCommand(change)))
			switch {
			case tc.said == "" && s.seen.By != "U0ANA":
				t.Errorf("it was not done: %s", said)
			case tc.said != "" && (s.seen.By != "" || !strings.Contains(said, tc.said)):
				t.Errorf("done by %q; it says %s", s.seen.By, said)
			}
		})
	}
}

// Every way in is checked, and each refuses in its own way.
func TestRouter_GuestInAnyWay_IsRefused(t *testing.T) {
	t.Parallel()
	for name, e := range map[string]socketmode.Event{
		"typed": types("ack"), "pressed": presses("incident_acknowledge", "7.o1"), "chosen": chooses("acknowledge 7.o1"),
		"filled in": submits("incident_update_form", `{"incident":"7.o1"}`, nil), "shortcut": takesShortcut("incident_declare"),
	} {
		s, f := &incidents{inc: declaredIncident(t)}, &fakeSlack{account: policy.Guest}
		a := router(t, s, f).Route(t.Context(), e)
		if a.After != nil {
			a.After(t.Context())
		}
		if s.seen.By != "" {
			t.Errorf("%s: it was done", name)
		}
		if a.Payload == nil && len(f.said)+len(f.opened) == 0 {
			t.Errorf("%s: nobody is told why", name)
		}
	}
}

// Where Slack doesn't say, the payload does.
func TestRouter_AccountUnknownOfOtherTeam_IsExternal(t *testing.T) {
	t.Parallel()
	s, f := &incidents{inc: declaredIncident(t)}, &fakeSlack{unknown: errors.New("no answer")}
	e := presses("incident_acknowledge", "7.o1")
	data := e.Data.(slack.InteractionCallback)
	data.User.TeamID = "T0PARTNER"
	e.Data = data
	router(t, s, f).Route(t.Context(), e).After(t.Context())
	if s.seen.By != "" || !strings.Contains(strings.Join(f.said, ""), "another organization") {
		t.Errorf("done by %q; it says %v", s.seen.By, f.said)
	}
}

func TestRouter_PolicyLetsGuestsIn_Acts(t *testing.T) {
	t.Parallel()
	for who, access := range map[policy.Account]policy.Access{policy.Guest: {Guests: true}, policy.External: {External: true}} {
		s := &incidents{inc: declaredIncident(t)}
		r := router(t, s, &fakeSlack{account: who})
		r.handlers.policy.Access = access
		r.Route(t.Context(), types("ack"))
		if s.seen.By != "U0ANA" {
			t.Errorf("%s: not done", who)
		}
	}
}

func declaredIncident(t *testing.T) incident.Incident {
	t.Helper()
	return incidenttest.Declared(t, policy.P1).Incident
}
