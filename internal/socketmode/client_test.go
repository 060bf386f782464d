package socketmode

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack/socketmode"
	"go.uber.org/goleak"
	"go.uber.org/zap/zaptest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeSlack opens sockets and does with each as the test says.
type fakeSlack struct {
	*httptest.Server
	opened atomic.Int64
	talk   func(*websocket.Conn)
}

func newFakeSlack(t *testing.T, talk func(*websocket.Conn)) *fakeSlack {
	t.Helper()
	f := &fakeSlack{talk: talk}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/apps.connections.open", func(w http.ResponseWriter, _ *http.Request) {
		f.opened.Add(1)
		fmt.Fprintf(w, `{"ok":true,"url":"ws%s/link"}`, strings.TrimPrefix(f.URL, "http"))
	})
	mux.HandleFunc("/link", func(w http.ResponseWriter, r *http.Request) {
		conn, err := (&websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}).Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = conn.Close() }()
		if err := conn.WriteJSON(map[string]any{"type": "hello", "num_connections": 1}); err != nil {
			return
		}
		f.talk(conn)
	})
	f.Server = httptest.NewServer(mux)
	t.Cleanup(f.Close)
	return f
}

// connect runs a client of the fake until the test ends.
func (f *fakeSlack) connect(t *testing.T, handle Handler) (stop func()) {
	t.Helper()
	c := New(Options{BotToken: "xoxb-1", AppToken: "xapp-1", APIURL: f.URL + "/api/", Handle: handle, Log: zaptest.NewLogger(t)})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := c.Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	stop = func() {
		cancel()
		<-done
	}
	t.Cleanup(stop)
	return stop
}

func ignore(context.Context, socketmode.Event) (any, func(context.Context)) { return nil, nil }

// Slack answers every connection with "disconnect". The client library alone opens
// thousands in a few seconds.
func TestClient_DisconnectStorm_SpacesOutConnections(t *testing.T) {
	t.Parallel()
	third := make(chan struct{})
	var talks atomic.Int64
	f := newFakeSlack(t, func(conn *websocket.Conn) {
		if talks.Add(1) == 3 {
			close(third)
		}
		_ = conn.WriteJSON(map[string]any{"type": "disconnect", "reason": "refresh_requested"})
		_, _, _ = conn.ReadMessage() // until it hangs up
	})
	begun := time.Now()
	f.connect(t, ignore)
	<-third
	if took := time.Since(begun); took < 1500*time.Millisecond {
		t.Errorf("the third connection came after %s; the waits are 0.5–1.5 s and 1–3 s", took)
	}
	if n := f.opened.Load(); n != 3 {
		t.Errorf("%d connections were opened, want 3", n)
	}
}

func TestConnectBackoff_RepeatedOpenings_DoublesWaits(t *testing.T) {
	t.Parallel()
	b := &connectBackoff{}
	now := time.Unix(1_800_000_000, 0)
	if d := b.delay(now); d != 0 {
		t.Errorf("the first opening waits %s", d)
	}
	for n, want := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
		want *= time.Second
		now = now.Add(time.Second)
		if d := b.delay(now); d < want/2 || d > want*3/2 {
			t.Errorf("opening %d waits %s, want %s give or take a half", n+2, d, want)
		}
	}
	now = now.Add(stableFrom + lastWait + time.Second)
	if d := b.delay(now); d != 0 {
		t.Errorf("after a good run it waits %s", d)
	}
}

// The acknowledgement carries the reply and comes after the handler, also for one
// that is at work when the stop comes.
func TestClient_StoppedWhileHandling_AcknowledgesAfterHandler(t *testing.T) {
	t.Parallel()
	acks := make(chan map[string]any, 1)
	f := newFakeSlack(t, func(conn *websocket.Conn) {
		_ = conn.WriteJSON(map[string]any{
			"type": "slash_commands", "envelope_id": "E1", "accepts_response_payload": true,
			"payload": map[string]any{"command": "/incident", "trigger_id": "1.2.3"},
		})
		for {
			_, b, err := conn.ReadMessage()
			if err != nil {
				return
			}
			var ack map[string]any
			if json.Unmarshal(b, &ack) == nil {
				acks <- ack
			}
		}
	})
	entered, leave := make(chan struct{}), make(chan struct{})
	stop := f.connect(t, func(context.Context, socketmode.Event) (any, func(context.Context)) {
		close(entered)
		<-leave
		return map[string]string{"text": "done"}, nil
	})
	<-entered
	stopped := make(chan struct{})
	go func() {
		stop()
		close(stopped)
	}()
	select {
	case ack := <-acks:
		t.Fatalf("acknowledged before the handler was done: %v", ack)
	default:
	}
	close(leave)
	ack := <-acks
	if payload, _ := ack["payload"].(map[string]any); ack["envelope_id"] != "E1" || payload["text"] != "done" {
		t.Errorf("acknowledged with %v", ack)
	}
	<-stopped
}

func TestClient_UnreadableEnvelope_AcknowledgesIt(t *testing.T) {
	t.Parallel()
	acked := make(chan string, 1)
	f := newFakeSlack(t, func(conn *websocket.Conn) {
		_ = conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"slash_commands","envelope_id":"E9","payload":"not an object"}`))
		_, b, err := conn.ReadMessage()
		if err == nil {
			acked <- string(b)
		}
		_, _, _ = conn.ReadMessage()
	})
	f.connect(t, ignore)
	if got := <-acked; !strings.Contains(got, "E9") {
		t.Errorf("acknowledged %s", got)
	}
}

func TestWatchdog_Silence_TurnsStale(t *testing.T) {
	t.Parallel()
	w := &watchdog{}
	if w.fresh() {
		t.Error("fresh before anything was heard")
	}
	w.heard.Store(time.Now().Add(-staleAfter / 2).UnixNano())
	if !w.fresh() {
		t.Error("stale too early")
	}
	w.heard.Store(time.Now().Add(-staleAfter).UnixNano())
	if w.fresh() {
		t.Error("fresh after a long silence")
	}
}

// An envelope's deadline counts from its arrival, however long it waits for a
// worker, and reaches the handler; one that Slack has given up reaches nobody.
func TestClient_EnvelopeWaitsForWorker_KeepsItsDeadline(t *testing.T) {
	t.Parallel()
	const nobody = -1
	for waited, left := range map[time.Duration]time.Duration{
		0:                       2200 * time.Millisecond,
		time.Second:             1200 * time.Millisecond,
		2200 * time.Millisecond: 0,
		2900 * time.Millisecond: 0,
		3 * time.Second:         nobody,
	} {
		t.Run(waited.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var got time.Duration = nobody
				c := New(Options{Log: zaptest.NewLogger(t), Handle: func(ctx context.Context, _ socketmode.Event) (any, func(context.Context)) {
					begun := time.Now()
					<-ctx.Done()
					got = time.Since(begun)
					return nil, nil
				}})
				e := envelope{socketmode.Event{Request: &socketmode.Request{EnvelopeID: "E1"}}, time.Now().Add(-waited)}
				c.answer(t.Context(), e)
				if got != left {
					t.Errorf("the handler has %s, want %s", got, left)
				}
			})
		})
	}
}
