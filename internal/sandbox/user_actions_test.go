package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
)

// What somebody marked a message with they can take back, and the bot hears of both.
func TestReactionAndPin_TakenBack_TellTheBot(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	b := connect(t, w, acknowledge)
	ws := sandboxtest.Dial(t, w.URL())
	ts := ws.Say("oncall", "#incidents", "It is the certificate")
	heard := func(want string) {
		t.Helper()
		for {
			e, _ := b.next(t, socketmode.EventTypeEventsAPI).Data.(slackevents.EventsAPIEvent)
			if e.InnerEvent.Type == want {
				return
			}
		}
	}
	mark := func(path, more, want string) {
		t.Helper()
		status, answer := control(t, w, path, `{"user":"senior","channel":"incidents","ts":"`+ts+`"`+more+`}`)
		if want == "" && status != http.StatusOK || !strings.Contains(answer, want) {
			t.Errorf("%s %s: %d %s", path, more, status, answer)
		}
	}
	mark("reaction", `,"name":"eyes","remove":true`, "no_reaction")
	mark("reaction", `,"name":"eyes"`, "")
	heard("reaction_added")
	mark("reaction", `,"name":"eyes"`, "already_reacted")
	mark("reaction", `,"name":"eyes","remove":true`, "")
	heard("reaction_removed")
	mark("pin", `,"remove":true`, "no_pin")
	mark("pin", "", "")
	heard("pin_added")
	mark("pin", "", "already_pinned")
	mark("pin", `,"remove":true`, "")
	heard("pin_removed")
	for _, m := range ws.Messages("#incidents") {
		if m.TS == ts && (len(m.Reactions) > 0 || m.Pinned) {
			t.Errorf("still marked: %+v", m)
		}
	}
}
