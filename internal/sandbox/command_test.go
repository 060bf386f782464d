package sandbox_test

import (
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

func TestCommand_Answer_ReachesThePerson(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	b := connect(t, w, func(b *bot, e socketmode.Event) {
		b.ack(e, map[string]any{"text": "recorded"})
	})
	ws := sandboxtest.Dial(t, w.URL())
	ack := ws.Command("oncall", "#incidents", "/incident assign @techlead in #general for @leads-l2 & <b> <!channel>")
	if ack.Text() != "recorded" {
		t.Errorf("the ack carried %q", ack.Text())
	}
	ws.ExpectEphemeral("oncall", "#incidents", "recorded")
	for _, m := range ws.MessagesFor("#incidents", "senior") {
		if m.Says("recorded") {
			t.Error("somebody else sees an ephemeral answer")
		}
	}
	c, ok := b.next(t, socketmode.EventTypeSlashCommand).Data.(slack.SlashCommand)
	if !ok {
		t.Fatal("slack-go did not read the command")
	}
	want := "assign <@U0TECHLD01|techlead> in <#C0GENERAL1|general> for <!subteam^S0LEADS002|@leads-l2> &amp; &lt;b&gt; &lt;!channel&gt;"
	if c.Text != want {
		t.Errorf("text\n got %s\nwant %s", c.Text, want)
	}
	if c.UserName != "oncall" || c.ChannelID != workspace.Incidents || c.ChannelName != "incidents" || c.TriggerID == "" {
		t.Errorf("incomplete command: %+v", c)
	}
}

func TestCommand_NoBot_FailsVisibly(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	ack, err := ws.TryCommand("oncall", "#incidents", "/incident list")
	if err != nil || ack.OK || ack.Error != "dispatch_failed" {
		t.Fatalf("got %+v, %v", ack, err)
	}
	ws.ExpectEphemeral("oncall", "#incidents", `/incident failed with the error "dispatch_failed"`)
}

func TestCommand_NoAck_TimesOut(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	connect(t, w, func(*bot, socketmode.Event) {})
	ws := sandboxtest.Dial(t, w.URL())
	ack, err := ws.TryCommand("oncall", "#incidents", "/incident list")
	if err != nil || ack.OK || ack.Error != "operation_timeout" {
		t.Fatalf("got %+v, %v", ack, err)
	}
}

func TestCommand_Refused_SaysWhatWouldBeRight(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	for _, c := range []struct{ user, channel, text, want string }{
		{"nobody", "#incidents", "/incident", `no user "nobody"`},
		{"oncall", "#nowhere", "/incident", `no channel "#nowhere"`},
		{"support", "#managers", "/incident", "POST /sandbox/v1/join"},
		{"oncall", "#incidents", "/incidnet", "the app has /incident"},
		{"", "#incidents", "/incident", `"user": "oncall"`},
		{workspace.BotUser, "#incidents", "/incident", "only people can act"},
	} {
		_, err := ws.TryCommand(c.user, c.channel, c.text)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: got %v", c, err)
		}
	}
}
