package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

// card is a message with a button, a menu of users and an overflow menu.
func card() slack.MsgOption {
	more := slack.NewOverflowBlockElement("more", slack.NewOptionBlockObject("snooze", plain("Snooze"), nil))
	ack := slack.NewButtonBlockElement("ack", "7", plain("Acknowledge"))
	who := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain("who"), "assign")
	return slack.MsgOptionBlocks(slack.NewActionBlock("controls", ack, who, more))
}

func TestClick_Payload_IsSlacks(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	b := connect(t, w, acknowledge)
	ws := sandboxtest.Dial(t, w.URL())
	_, ts, err := b.PostMessage(workspace.Incidents, slack.MsgOptionText("INC-7", false), card())
	wants(t, err, "")

	ws.Click("oncall", "#incidents", "ack")
	i, _ := b.next(t, socketmode.EventTypeInteractive).Data.(slack.InteractionCallback)
	a := i.ActionCallback.BlockActions[0]
	if a.ActionID != "ack" || a.BlockID != "controls" || a.Value != "7" || a.ActionTs == "" ||
		i.Container.MessageTs != ts || i.Message.Text != "INC-7" || i.Channel.ID != workspace.Incidents ||
		i.User.ID != "U0ONCALL01" || i.TriggerID == "" || i.ResponseURL == "" || i.APIAppID != workspace.AppID {
		t.Errorf("button: %+v", i)
	}
	ws.Pick("oncall", "#incidents", "assign", "techlead")
	i, _ = b.next(t, socketmode.EventTypeInteractive).Data.(slack.InteractionCallback)
	if i.ActionCallback.BlockActions[0].SelectedUser != "U0TECHLD01" ||
		i.BlockActionState.Values["controls"]["assign"].SelectedUser != "U0TECHLD01" {
		t.Errorf("menu: %+v", i.ActionCallback.BlockActions[0])
	}
	ws.Pick("oncall", "#incidents", "more", "snooze")
	i, _ = b.next(t, socketmode.EventTypeInteractive).Data.(slack.InteractionCallback)
	if i.ActionCallback.BlockActions[0].SelectedOption.Value != "snooze" {
		t.Errorf("overflow: %+v", i.ActionCallback.BlockActions[0])
	}
}

// What stands in a form's fields goes along with a click in it, as it does in Slack.
func TestClick_InAForm_CarriesItsFields(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	b := connect(t, w, func(b *bot, e socketmode.Event) {
		if c, ok := e.Data.(slack.SlashCommand); ok {
			form := form1("")
			more := slack.NewButtonBlockElement("more", "", plain("More"))
			form.Blocks.BlockSet = append(form.Blocks.BlockSet, slack.NewActionBlock("buttons", more))
			_, _ = b.OpenView(c.TriggerID, form)
		}
		b.ack(e)
	})
	ws := sandboxtest.Dial(t, w.URL())
	ws.Command("oncall", "#incidents", "/incident")
	click := func(values string) string {
		t.Helper()
		_, answer := control(t, w, "click", `{"user":"oncall","view_id":"`+ws.OpenView("oncall").ID+`","action_id":"more","values":`+values+`}`)
		return answer
	}
	click(`{"title":{"title":"Payments"},"severity":{"severity":"p1"}}`)
	i, _ := b.next(t, socketmode.EventTypeInteractive).Data.(slack.InteractionCallback)
	if got := i.View.State.Values; got["title"]["title"].Value != "Payments" || got["severity"]["severity"].SelectedOption.Value != "p1" {
		t.Errorf("the click carried %+v", got)
	}
	if answer := click(`{"title":{"title":"Other"},"severity":{"severity":"p9"}}`); !strings.Contains(answer, "the values are p1, p2") {
		t.Errorf("a wrong value: %s", answer)
	}
	click(`{}`)
	i, _ = b.next(t, socketmode.EventTypeInteractive).Data.(slack.InteractionCallback)
	if got := i.View.State.Values; got["title"]["title"].Value != "Payments" {
		t.Errorf("after a refused click the title is %+v", got["title"])
	}
}

func TestClick_NotThere_IsRefused(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	api := client(w)
	_, ts, err := api.PostMessage(workspace.Incidents, slack.MsgOptionText("INC-7", false), card())
	wants(t, err, "")
	for body, want := range map[string]string{
		`{"user":"oncall","channel":"incidents","ts":"` + ts + `","action_id":"gone"}`:                 "ack assign more",
		`{"user":"oncall","channel":"incidents","ts":"` + ts + `","action_id":"more","value":"x"}`:     "the values are snooze",
		`{"user":"oncall","channel":"incidents","ts":"` + ts + `","action_id":"assign","value":"who"}`: `no user \"who\"`,
		`{"user":"oncall","channel":"incidents","ts":"1.2","action_id":"ack"}`:                         "no message",
		`{"user":"oncall","channel":"incidents","view":"V1"}`:                                          "unknown field",
	} {
		status, answer := control(t, w, "click", body)
		if status < 400 || status >= 500 || !strings.Contains(answer, want) {
			t.Errorf("%s\n got %d %s\nwant %s", body, status, answer, want)
		}
	}
}

func TestResponseURL_UsesAndLife_AreLimited(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	b := connect(t, w, acknowledge)
	ws := sandboxtest.Dial(t, w.URL())
	_, _, err := b.PostMessage(workspace.Incidents, slack.MsgOptionText("INC-7", false), card())
	wants(t, err, "")
	respond := func(url string, m *slack.WebhookMessage) error {
		t.Helper()
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		return slack.PostWebhookCustomHTTPContext(t.Context(), url, client, m)
	}
	ws.Click("oncall", "#incidents", "ack")
	i, _ := b.next(t, socketmode.EventTypeInteractive).Data.(slack.InteractionCallback)
	for range 3 {
		wants(t, respond(i.ResponseURL, &slack.WebhookMessage{Text: "only you"}), "")
	}
	ws.ExpectEphemeral("oncall", "#incidents", "only you")
	wants(t, respond(i.ResponseURL, &slack.WebhookMessage{Text: "INC-7, acknowledged", ReplaceOriginal: true}), "")
	ws.ExpectMessage("#incidents", "INC-7, acknowledged")
	wants(t, respond(i.ResponseURL, &slack.WebhookMessage{Text: "to all", ResponseType: "in_channel"}), "")
	ws.ExpectMessage("#incidents", "to all")
	if respond(i.ResponseURL, &slack.WebhookMessage{Text: "six"}) == nil {
		t.Error("a sixth use went through")
	}
	ws.Command("oncall", "#incidents", "/incident")
	c, _ := b.next(t, socketmode.EventTypeSlashCommand).Data.(slack.SlashCommand)
	ws.Advance(31 * time.Minute)
	if respond(c.ResponseURL, &slack.WebhookMessage{Text: "late"}) == nil {
		t.Error("a use after 30 minutes went through")
	}
}

func TestResponseURL_MessageOfAPerson_CannotBeReplaced(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	b := connect(t, w, acknowledge)
	ws := sandboxtest.Dial(t, w.URL())
	ts := ws.Say("senior", "#incidents", "my own words")
	ws.MessageShortcut("oncall", "#incidents", ts, "incident_add")
	i, _ := b.next(t, socketmode.EventTypeInteractive).Data.(slack.InteractionCallback)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for _, m := range []slack.WebhookMessage{{Text: "forged", ReplaceOriginal: true}, {DeleteOriginal: true}} {
		if slack.PostWebhookCustomHTTPContext(t.Context(), i.ResponseURL, client, &m) == nil {
			t.Errorf("%+v went through", m)
		}
	}
	ws.ExpectMessage("#incidents", "my own words")
	wants(t, slack.PostWebhookCustomHTTPContext(t.Context(), i.ResponseURL, client, &slack.WebhookMessage{Text: "noted"}), "")
}
