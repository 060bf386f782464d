package socketmode

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack/socketmode"
	"go.uber.org/goleak"
	"go.uber.org/zap/zaptest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func ignore(context.Context, socketmode.Event) (any, func(context.Context)) { return nil, nil }

// The acknowledgement carries the reply and comes after the handler, also for one
// that is at work when the stop comes.
func TestClient_StoppedWhileHandling_AcknowledgesAfterHandler(t *testing.T) {
	t.Parallel()
	synctest.Test(t, stoppedWhileHandling)
}

func stoppedWhileHandling(t *testing.T) {
	acks := make(chan map[string]any, 1)
	var once sync.Once
	f := newFakeSlack(t)
	f.talk = func(conn *websocket.Conn) { once.Do(func() { send(conn, "E1") }) }
	f.acked = func(_ *websocket.Conn, ack map[string]any) { acks <- ack }
	entered, leave := make(chan struct{}), make(chan struct{})
	_, stop := f.connect(func(context.Context, socketmode.Event) (any, func(context.Context)) {
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
	synctest.Test(t, func(t *testing.T) {
		acked := make(chan any, 1)
		var once sync.Once
		f := newFakeSlack(t)
		f.talk = func(conn *websocket.Conn) {
			once.Do(func() {
				_ = conn.WriteMessage(websocket.TextMessage, []byte(`{"type":"slash_commands","envelope_id":"E9","payload":"not an object"}`))
			})
		}
		f.acked = func(_ *websocket.Conn, ack map[string]any) { acked <- ack["envelope_id"] }
		f.connect(ignore)
		if got := <-acked; got != "E9" {
			t.Errorf("acknowledged %v", got)
		}
	})
}

// An envelope's deadline counts from its arrival, however long it waits for a
// worker, and reaches the handler; one that Slack has given up reaches nobody.
func TestClient_EnvelopeWaitsForWorker_KeepsItsDeadline(t *testing.T) {
	t.Parallel()
	const nobody = -1
	gone := goneSocket(t)
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
				e := envelope{socketmode.Event{Request: &socketmode.Request{EnvelopeID: "E1"}}, gone, time.Now().Add(-waited)}
				c.answer(t.Context(), e)
				if got != left {
					t.Errorf("the handler has %s, want %s", got, left)
				}
			})
		})
	}
}
