package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
)

func plain(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

// form1 is a modal with a required text, a menu and an optional user.
func form1(external string) slack.ModalViewRequest {
	p1, p2 := slack.NewOptionBlockObject("p1", plain("P1"), nil), slack.NewOptionBlockObject("p2", plain("P2"), nil)
	menu := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("pick"), "severity", p1, p2)
	menu.InitialOption = p2
	who := slack.NewInputBlock("who", plain("Who"), nil, slack.NewOptionsSelectBlockElement(slack.OptTypeUser, nil, "who"))
	who.Optional = true
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: plain("Declare"), Submit: plain("Declare"), Close: plain("Cancel"),
		CallbackID: "declare", PrivateMetadata: "7", ExternalID: external, NotifyOnClose: true,
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock("title", plain("Title"), nil, slack.NewPlainTextInputBlockElement(nil, "title")),
			slack.NewInputBlock("severity", plain("Severity"), nil, menu), who,
		}},
	}
}

// opener answers a command by opening form1, and submissions with what reply gives.
func opener(reply func() any) func(*bot, socketmode.Event) {
	return func(b *bot, e socketmode.Event) {
		if c, ok := e.Data.(slack.SlashCommand); ok {
			_, _ = b.OpenView(c.TriggerID, form1(""))
		}
		if i, ok := e.Data.(slack.InteractionCallback); ok && i.Type == slack.InteractionTypeViewSubmission && reply() != nil {
			b.ack(e, reply())
			return
		}
		b.ack(e)
	}
}

func TestModal_Submission_CarriesItsValues(t *testing.T) {
	var reply any
	w := sandboxtest.Serve(t, sandbox.Options{})
	b := connect(t, w, opener(func() any { return reply }))
	ws := sandboxtest.Dial(t, w.URL())
	ws.Command("oncall", "#incidents", "/incident")
	v := ws.OpenView("oncall")
	if v.Body.CallbackID != "declare" || v.Body.PrivateMetadata != "7" || v.Body.Hash == "" {
		t.Errorf("view: %+v", v.Body)
	}

	ack := ws.Submit("oncall", nil)
	if ack.OK || ack.Errors["title"] != "Please complete this required field." || len(ack.Errors) != 1 {
		t.Errorf("an empty form was sent: %+v", ack)
	}
	reply = slack.NewErrorsViewSubmissionResponse(map[string]string{"title": "Too vague."})
	ack = ws.Submit("oncall", sandboxtest.Fields{"title": "x"})
	if ack.Action != "errors" || ack.Errors["title"] != "Too vague." || !ws.HasView("oncall") {
		t.Errorf("errors: %+v", ack)
	}
	reply = nil
	ws.Submit("oncall", sandboxtest.Fields{"title": "payments down", "severity": "p1", "who": "@techlead"})
	if ws.HasView("oncall") {
		t.Error("a bare ack left the modal open")
	}
	for range 2 { // the one answered with errors comes first
		i, _ := b.next(t, socketmode.EventTypeInteractive).Data.(slack.InteractionCallback)
		values := i.View.State.Values
		if i.View.PrivateMetadata != "7" || i.User.ID != "U0ONCALL01" || values["title"]["title"].Value == "" {
			t.Errorf("submission: %+v", i.View)
		}
		if values["title"]["title"].Value == "payments down" &&
			(values["severity"]["severity"].SelectedOption.Value != "p1" || values["who"]["who"].SelectedUser != "U0TECHLD01") {
			t.Errorf("values: %+v", values)
		}
	}
}

func TestModal_SubmissionAnswer_UpdatesPushesClears(t *testing.T) {
	var reply any
	w := sandboxtest.Serve(t, sandbox.Options{})
	b := connect(t, w, opener(func() any { return reply }))
	ws := sandboxtest.Dial(t, w.URL())
	ws.Command("oncall", "#incidents", "/incident")
	fields := sandboxtest.Fields{"title": "x"}

	changed := form1("")
	changed.Title = plain("Changed")
	reply = slack.NewUpdateViewSubmissionResponse(&changed)
	if ack := ws.Submit("oncall", fields); ack.Action != "update" || ws.OpenView("oncall").Body.Title.Text != "Changed" {
		t.Errorf("update: %+v", ack)
	}
	pushed := form1("")
	reply = slack.NewPushViewSubmissionResponse(&pushed)
	ws.Submit("oncall", fields)
	ws.Submit("oncall", fields)
	if ack := ws.TrySubmit("oncall", fields); ack.OK || ack.Error != "push_limit_reached" {
		t.Errorf("a fourth view: %+v", ack)
	}
	ws.CloseView("oncall")
	i := b.next(t, socketmode.EventTypeInteractive)
	for i.Data.(slack.InteractionCallback).Type != slack.InteractionTypeViewClosed {
		i = b.next(t, socketmode.EventTypeInteractive)
	}
	reply = slack.NewClearViewSubmissionResponse()
	ws.Submit("oncall", fields)
	if ws.HasView("oncall") {
		t.Error("clear left a view open")
	}
	ws.Command("oncall", "#incidents", "/incident")
	broken := form1("")
	broken.Submit = nil
	reply = slack.NewUpdateViewSubmissionResponse(&broken)
	ack := ws.TrySubmit("oncall", fields)
	if ack.OK || !strings.Contains(ack.Detail, "must define `submit`") {
		t.Errorf("a view without submit: %+v", ack)
	}
	var reported []string // the bot hears of neither, so the traffic has to show it
	for _, e := range ws.Traffic(0) {
		if e.Kind == "ack" && e.Error != "" {
			reported = append(reported, e.Error)
		}
	}
	if got := strings.Join(reported, " "); got != "push_limit_reached invalid_arguments" {
		t.Errorf("in the traffic: %q", got)
	}
}

func TestView_TriggersAndHashes_AreChecked(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	b := connect(t, w, acknowledge)
	ws := sandboxtest.Dial(t, w.URL())
	trigger := func() string {
		t.Helper()
		ws.Command("oncall", "#incidents", "/incident")
		c, _ := b.next(t, socketmode.EventTypeSlashCommand).Data.(slack.SlashCommand)
		return c.TriggerID
	}
	_, err := b.OpenView("1.2.nonsense", form1(""))
	wants(t, err, "invalid_trigger_id")
	late := trigger()
	ws.Advance(4 * time.Second)
	_, err = b.OpenView(late, form1(""))
	wants(t, err, "expired_trigger_id")

	once := trigger()
	broken := form1("")
	broken.Title = plain(strings.Repeat("t", 25))
	_, err = b.OpenView(once, broken)
	wants(t, err, "invalid_arguments")
	v, err := b.OpenView(once, form1("mine"))
	wants(t, err, "")
	_, err = b.OpenView(once, form1(""))
	wants(t, err, "exchanged_trigger_id")
	_, err = b.PushView(trigger(), form1("mine"))
	wants(t, err, "duplicate_external_id")

	_, err = b.UpdateView(form1("mine"), "", v.Hash, v.ID)
	wants(t, err, "")
	_, err = b.UpdateView(form1("mine"), "", v.Hash, v.ID)
	wants(t, err, "hash_conflict")
	_, err = b.UpdateView(form1("mine"), "mine", "", "")
	wants(t, err, "")
	_, err = b.UpdateView(form1(""), "", "", "V0NOWHERE")
	wants(t, err, "not_found")
}

func TestHome_Opened_TellsTheBot(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	b := connect(t, w, acknowledge)
	ws := sandboxtest.Dial(t, w.URL())
	home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{
		slack.NewSectionBlock(plain("Nothing is on fire"), nil, nil),
	}}}
	v, err := b.PublishView("U0CEO00001", home, "")
	wants(t, err, "")
	_, err = b.PublishView("U0CEO00001", home, "0000")
	wants(t, err, "hash_conflict")
	ws.Home("ceo")
	if e := b.next(t, socketmode.EventTypeEventsAPI); e.Request == nil || v.ID == "" {
		t.Error("app_home_opened did not come")
	}
}
