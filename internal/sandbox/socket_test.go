package sandbox_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"muster/internal/sandbox"
	"muster/internal/sandbox/clock"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

// control makes one control request and returns its status and answer.
func control(t *testing.T, w *sandbox.Server, path, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.URL()+"/sandbox/v1/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	var v json.RawMessage
	if err := json.NewDecoder(answer.Body).Decode(&v); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(v)
}

// dial opens a socket by hand and reads its first message.
func dial(t *testing.T, address string) (*websocket.Conn, map[string]any, error) {
	t.Helper()
	conn, answer, err := websocket.DefaultDialer.Dial(address, nil)
	if err != nil {
		return nil, nil, err
	}
	_ = answer.Body.Close()
	t.Cleanup(func() { _ = conn.Close() })
	var first map[string]any
	if err := conn.ReadJSON(&first); err != nil {
		t.Fatal(err)
	}
	return conn, first, nil
}

func TestSocket_TicketsAndCount_AreLimited(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	api := client(w)
	for n := 1; n <= 11; n++ {
		_, address, err := api.StartSocketModeContext(t.Context())
		wants(t, err, "")
		_, first, err := dial(t, address)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case n <= 10 && (first["type"] != "hello" || first["num_connections"] != float64(n)):
			t.Errorf("socket %d began with %v", n, first)
		case n == 11 && (first["type"] != "disconnect" || first["reason"] != "too_many_websockets"):
			t.Errorf("the eleventh socket began with %v", first)
		}
		if _, _, err := dial(t, address); err == nil {
			t.Error("an address worked twice")
		}
	}
}

func TestEvents_ChannelWithoutTheBot_AreNotSent(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	b := connect(t, w, acknowledge)
	ws := sandboxtest.Dial(t, w.URL())
	ws.Say("oncall", "#general", "the bot is not here")
	ts := ws.Say("oncall", "#incidents", "hello @muster")
	ws.React("oncall", "#incidents", ts, "eyes")
	ws.Pin("oncall", "#incidents", ts)
	ws.Create("oncall", "war-room", false)
	ws.Invite("oncall", "muster", "war-room")
	ws.Rename("oncall", "war-room", "peace-room")
	ws.Archive("oncall", "peace-room")

	want := []string{"app_mention", "channel_archive", "channel_rename", "member_joined_channel", "message", "pin_added", "reaction_added"}
	seen := map[string]bool{}
	for len(seen) < len(want) {
		e, ok := b.next(t, socketmode.EventTypeEventsAPI).Data.(slackevents.EventsAPIEvent)
		if !ok {
			t.Fatal("slack-go did not read an event")
		}
		if m, ok := e.InnerEvent.Data.(*slackevents.MessageEvent); ok && m.Channel == workspace.General {
			t.Error("an event of a channel that the bot is not in")
		}
		seen[e.InnerEvent.Type] = true
	}
	for _, kind := range want {
		if !seen[kind] {
			t.Errorf("no %s among %v", kind, seen)
		}
	}
}

func TestEvents_NotAcknowledged_AreRetriedByTheClock(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	ws.Say("oncall", "#incidents", "nobody listens") // no socket: the first attempts fail
	ws.Await("two failed attempts", func() bool {
		n := 0
		for _, e := range ws.Traffic(0) {
			if e.Name == "events_api" && e.Error == "dispatch_failed" {
				n++
			}
		}
		return n == 2
	})
	b := connect(t, w, acknowledge)
	ws.Advance(2 * time.Minute)
	e := b.next(t, socketmode.EventTypeEventsAPI)
	if e.Request.RetryAttempt != 2 || e.Request.RetryReason != "timeout" {
		t.Errorf("attempt %d, reason %q", e.Request.RetryAttempt, e.Request.RetryReason)
	}
}

// Events come in the order in which things happened, also while the clock moves.
func TestEvents_WhileTheClockMoves_KeepTheirOrder(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	b := connect(t, w, acknowledge)
	ws := sandboxtest.Dial(t, w.URL())
	const said = 60
	moved := make(chan struct{})
	go func() {
		defer close(moved)
		for range said / 3 {
			ws.Advance(time.Second)
		}
	}()
	for n := range said {
		ws.Say("oncall", "#incidents", strconv.Itoa(n))
	}
	<-moved
	for n := range said {
		e, _ := b.next(t, socketmode.EventTypeEventsAPI).Data.(slackevents.EventsAPIEvent)
		if m, ok := e.InnerEvent.Data.(*slackevents.MessageEvent); !ok || m.Text != strconv.Itoa(n) {
			t.Fatalf("the %d. event is %+v", n+1, e.InnerEvent.Data)
		}
	}
}

// The first retry comes at once, and not by the clock.
func TestEvents_FirstRetry_ComesAtOnce(t *testing.T) {
	t.Parallel()
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	conn := listen(t, w)
	ws.Say("oncall", "#incidents", "hello")
	for attempt := range 2 {
		var e struct {
			Attempt int    `json:"retry_attempt"`
			Reason  string `json:"retry_reason"`
		}
		if err := conn.ReadJSON(&e); err != nil || e.Attempt != attempt || (e.Reason == "timeout") != (attempt > 0) {
			t.Fatalf("attempt %d is %+v, %v", attempt, e, err)
		}
	}
	var sent []time.Time
	for _, e := range ws.Traffic(0) {
		if e.Kind == "envelope" {
			sent = append(sent, e.At)
		}
		if e.Error == "operation_timeout" && (e.MS < 3000 || e.MS > 4000) {
			t.Errorf("it timed out after %v ms", e.MS)
		}
	}
	if wait := sent[1].Sub(sent[0]); wait < 3*time.Second || wait > 5*time.Second {
		t.Errorf("it came again after %s", wait)
	}
}

// What somebody did is done, also when their browser is gone before the answer.
func TestCommand_BrowserGone_IsStillDone(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	left := make(chan struct{})
	b := connect(t, w, func(b *bot, e socketmode.Event) {
		<-left
		b.ack(e, map[string]any{"text": "done all the same"})
	})
	ctx, leave := context.WithCancel(t.Context())
	body := `{"user": "oncall", "channel": "incidents", "command": "/incident", "text": "list"}`
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL()+"/sandbox/v1/command", strings.NewReader(body))
	wants(t, err, "")
	gone := make(chan error, 1)
	go func() {
		answer, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
		if err == nil {
			_ = answer.Body.Close()
		}
		gone <- err
	}()
	b.next(t, socketmode.EventTypeSlashCommand)
	leave()
	if <-gone == nil {
		t.Error("the request was answered before the command was acknowledged")
	}
	close(left)
	ws.ExpectEphemeral("oncall", "#incidents", "done all the same")
	ws.ExpectCleanTraffic()
}

// clockwork is a bot that acts at given moments.
type clockwork struct {
	mu   sync.Mutex
	now  func() time.Time
	due  []time.Time
	done []time.Time
}

func (c *clockwork) Next(context.Context) (clock.Due, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.due) == 0 {
		return clock.Due{}, false, nil
	}
	return clock.Due{At: c.due[0], What: "a chime"}, true, nil
}

func (c *clockwork) Settle(context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.due) > 0 && !c.due[0].After(c.now()) {
		c.done = append(c.done, c.now())
		c.due = c.due[1:]
	}
	return nil
}

func TestAdvance_DueTimes_AreEachStoppedAt(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	start := w.Now()
	due := []time.Time{start.Add(5 * time.Minute), start.Add(30 * time.Minute), start.Add(3 * time.Hour)}
	c := &clockwork{now: w.Now, due: due}
	w.Attach(c)
	if next := ws.Next(); next == nil || !next.At.Equal(due[0]) || next.What != "a chime" {
		t.Errorf("next is %v", next)
	}
	ws.Advance(time.Hour)
	if len(c.done) != 2 || !c.done[0].Equal(due[0]) || !c.done[1].Equal(due[1]) {
		t.Errorf("acted at %v, want the first two of %v", c.done, due)
	}
	ws.Advance(3 * time.Hour)
	if len(c.done) != 3 {
		t.Errorf("acted at %v", c.done)
	}
}

// stuck is a bot that never gets done.
type stuck struct{ at time.Time }

func (s stuck) Next(context.Context) (clock.Due, bool, error) {
	return clock.Due{At: s.at}, true, nil
}
func (stuck) Settle(context.Context) error { return nil }

func TestAdvance_BotNeverSettles_GivesUp(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	w.Attach(stuck{at: w.Now()})
	status, answer := control(t, w, "clock", `{"advance":"1m"}`)
	if status != http.StatusInternalServerError || !strings.Contains(answer, "still has to act") {
		t.Errorf("got %d %s", status, answer)
	}
	for _, bad := range []string{"-5m", "0s", "soon", ""} {
		if status, answer := control(t, w, "clock", `{"advance":"`+bad+`"}`); status != http.StatusBadRequest || !strings.Contains(answer, "2h15m") {
			t.Errorf("%q: got %d %s", bad, status, answer)
		}
	}
}
