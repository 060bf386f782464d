package sandbox_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"muster/internal/sandbox"
	"muster/internal/sandbox/clock"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

func TestMessages_Viewer_SeesTheirOwn(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	api := client(w)
	ch, err := api.CreateConversation(slack.CreateConversationParams{ChannelName: "inc-2-private", IsPrivate: true})
	wants(t, err, "")
	_, err = api.InviteUsersToConversation(ch.ID, "U0ONCALL01", "U0LEGAL001")
	wants(t, err, "")
	_, _, err = api.PostMessage(ch.ID, slack.MsgOptionText("for a few", false))
	wants(t, err, "")
	_, err = api.PostEphemeral(ch.ID, "U0LEGAL001", slack.MsgOptionText("for one", false))
	wants(t, err, "")

	for viewer, want := range map[string]int{"": 2, "legal": 2, "oncall": 1} {
		if got := len(ws.MessagesFor(ch.ID, viewer)); got != want {
			t.Errorf("%q sees %d messages, want %d", viewer, got, want)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL()+"/sandbox/v1/messages?channel="+ch.ID+"&viewer=sales", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusForbidden {
		t.Errorf("somebody outside: %s", answer.Status)
	}
}

func TestTraffic_CommandAndCall_AreRecorded(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	connect(t, w, acknowledge)
	ws.Command("oncall", "#incidents", "/incident list")
	_, _, err := client(w).PostMessage("C0NOWHERE0", slack.MsgOptionText("x", false))
	wants(t, err, "channel_not_found")
	var got []string
	last := int64(0)
	for _, e := range ws.Traffic(0) {
		if e.N <= last {
			t.Errorf("entry %d came after %d", e.N, last)
		}
		last = e.N
		got = append(got, strings.TrimSpace(e.Kind+" "+e.Name+" "+e.Error))
	}
	want := "api apps.connections.open,socket open,envelope slash_commands,ack slash_commands,api chat.postMessage channel_not_found"
	if strings.Join(got, ",") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ","), want)
	}
	if rest := ws.Traffic(last); len(rest) != 0 {
		t.Errorf("after the last: %v", rest)
	}
}

func TestTraffic_BrokenArgument_IsRecordedAsItCame(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	for _, blocks := range []string{`[{"type":`, "", `[{"type":"divider"}]`} {
		form(t, w, "chat.postMessage", "channel", workspace.Incidents, "text", "x", "blocks", blocks)
	}
	var got []string
	for _, e := range ws.Traffic(0) {
		if e.Kind != "api" {
			continue
		}
		var args struct{ Blocks json.RawMessage }
		if err := json.Unmarshal(e.Detail, &args); err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.TrimSpace(e.Error+" "+string(args.Blocks)))
	}
	want := []string{`invalid_blocks_format "[{\"type\":"`, `""`, `[{"type":"divider"}]`}
	if !slices.Equal(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// slow is a bot whose settling takes until it is let go.
type slow struct{ entered, leave chan struct{} }

func (slow) Next(context.Context) (clock.Due, bool, error) { return clock.Due{}, false, nil }

func (s slow) Settle(context.Context) error {
	select {
	case s.entered <- struct{}{}:
	default:
	}
	<-s.leave
	return nil
}

func TestAdvance_AlreadyMoving_IsRefused(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	s := slow{entered: make(chan struct{}, 1), leave: make(chan struct{})}
	w.Attach(s)
	first := make(chan int, 1)
	go func() {
		status, _ := control(t, w, "clock", `{"advance":"1m"}`)
		first <- status
	}()
	<-s.entered
	if status, answer := control(t, w, "clock", `{"advance":"1m"}`); status != http.StatusConflict {
		t.Errorf("a second advance: %d %s", status, answer)
	}
	if a, b := w.Now(), w.Now(); !a.Equal(b) {
		t.Error("the clock runs while it is being moved")
	}
	close(s.leave)
	if status := <-first; status != http.StatusOK {
		t.Errorf("the first advance: %d", status)
	}
}
