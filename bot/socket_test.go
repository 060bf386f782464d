package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack/socketmode"
	"go.uber.org/zap/zaptest"

	"muster/handlers"
)

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

// connect runs a socket to the fake until the test ends.
func (f *fakeSlack) connect(t *testing.T, route func(context.Context, socketmode.Event) handlers.Answer) (s *socket, stop func()) {
	t.Helper()
	s = newSocket(socketOptions{botToken: "xoxb-1", appToken: "xapp-1", apiURL: f.URL + "/api/", log: zaptest.NewLogger(t)}, route)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := s.run(ctx); err != nil {
			t.Error(err)
		}
	}()
	stop = func() {
		cancel()
		<-done
	}
	t.Cleanup(stop)
	return s, stop
}

func ignore(context.Context, socketmode.Event) handlers.Answer { return handlers.Answer{} }

// TestADisconnectStormIsMetWithPatience: Slack answers every connection with
// "disconnect". The client library alone opens thousands in a few seconds.
func TestADisconnectStormIsMetWithPatience(t *testing.T) {
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

func TestCalm(t *testing.T) {
	t.Parallel()
	c := &calm{}
	now := time.Unix(1_800_000_000, 0)
	if d := c.delay(now); d != 0 {
		t.Errorf("the first opening waits %s", d)
	}
	for n, want := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
		want *= time.Second
		now = now.Add(time.Second)
		if d := c.delay(now); d < want/2 || d > want*3/2 {
			t.Errorf("opening %d waits %s, want %s give or take a half", n+2, d, want)
		}
	}
	now = now.Add(goodRun + lastWait + time.Second)
	if d := c.delay(now); d != 0 {
		t.Errorf("after a good run it waits %s", d)
	}
}

// TestAcknowledgedAfterTheHandler: the acknowledgement carries the reply and
// comes after the handler, also for one that is at work when the stop comes.
func TestAcknowledgedAfterTheHandler(t *testing.T) {
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
	_, stop := f.connect(t, func(context.Context, socketmode.Event) handlers.Answer {
		close(entered)
		<-leave
		return handlers.Answer{Payload: map[string]string{"text": "done"}}
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

// TestAnUnreadableEnvelopeIsAcknowledged, so that Slack does not repeat it.
func TestAnUnreadableEnvelopeIsAcknowledged(t *testing.T) {
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

func TestPulse(t *testing.T) {
	t.Parallel()
	p := &pulse{}
	if p.fresh() {
		t.Error("fresh before anything was heard")
	}
	p.heard.Store(time.Now().Add(-staleAfter / 2).UnixNano())
	if !p.fresh() {
		t.Error("stale too early")
	}
	p.heard.Store(time.Now().Add(-staleAfter).UnixNano())
	if p.fresh() {
		t.Error("fresh after a long silence")
	}
}

func TestStagesStopInTheirOrder(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	var stopped []string
	loop := func(name string) stage {
		return stage{name, func(ctx context.Context) error {
			<-ctx.Done()
			stopped = append(stopped, name) // no lock: one after the other is what is tested
			return nil
		}}
	}
	cancel()
	if err := runStages(ctx, zaptest.NewLogger(t), loop("socket"), loop("scheduler"), loop("outbox")); err != nil {
		t.Error(err)
	}
	if got := strings.Join(stopped, " "); got != "socket scheduler outbox" {
		t.Errorf("stopped: %s", got)
	}
}

func TestAFailingStageStopsTheRest(t *testing.T) {
	t.Parallel()
	err := runStages(t.Context(), zaptest.NewLogger(t),
		stage{"one", func(ctx context.Context) error { <-ctx.Done(); return nil }},
		stage{"two", func(context.Context) error { return fmt.Errorf("broken") }},
	)
	if err == nil || err.Error() != "two: broken" {
		t.Errorf("got %v", err)
	}
}
