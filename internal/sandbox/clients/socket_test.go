package clients_test

import (
	"testing"
	"time"

	"muster/internal/sandbox/sandboxtest"
)

func TestTheSocketByItsOwnClient(t *testing.T) {
	t.Parallel()
	w, ws := open(t)
	app := start(t, "socket.mjs", w)
	app.tells(t, "connected")

	t.Run("an acknowledgement carries the answer", func(t *testing.T) {
		ack := ws.With(t).Command("oncall", "#incidents", "/lunch now")
		if got := ack.Text(); got != "You said now." {
			t.Errorf("the answer is %q", got)
		}
		if got := app.tells(t, "command"); got["accepts_response_payload"] != true {
			t.Errorf("the app saw %v", got)
		}
	})

	t.Run("silence fails visibly", func(t *testing.T) {
		ws := ws.With(t)
		ack, err := ws.TryCommand("oncall", "#incidents", "/lunch sleep")
		if err != nil || ack.OK || ack.Error != "operation_timeout" {
			t.Errorf("got %+v, %v", ack, err)
		}
		ws.ExpectEphemeral("oncall", "#incidents", `/lunch failed with the error "operation_timeout"`)
	})

	t.Run("an event comes again until it is acknowledged", func(t *testing.T) {
		ws := ws.With(t)
		ws.Say("oncall", "#incidents", "third time")
		first := app.tells(t, "message")
		second := app.tells(t, "message") // at once, after the 3 s that an ack may take
		ws.AwaitWithin(patience, "the second attempt to fail", func() bool { return unacknowledged(ws.Traffic(0)) == 2 })
		ws.Advance(time.Minute)
		third := app.tells(t, "message")
		for n, got := range []sight{first, second, third} {
			if got["retry_num"] != float64(n) || (got["retry_reason"] == "timeout") != (n > 0) || got["event_id"] != first["event_id"] {
				t.Errorf("attempt %d is %v", n, got)
			}
		}
		ws.Advance(10 * time.Minute)
		ws.Say("oncall", "#incidents", "something else")
		if next := app.tells(t, "message"); next["text"] != "something else" {
			t.Errorf("what was acknowledged came again: %v", next)
		}
	})

	t.Run("a refreshed socket is replaced, and nothing is lost in between", func(t *testing.T) {
		ws := ws.With(t)
		deed(t, w, "faults", map[string]any{"kind": "socket_refresh", "count": 1, "delay": "1s"})
		ws.Await("the socket to be given up", func() bool { return ws.State().Sockets == 0 })
		ws.Say("oncall", "#incidents", "in between")
		if got := app.tells(t, "connected"); got["connections"] != float64(2) {
			t.Errorf("the app saw %v", got)
		}
		ws.Advance(2 * time.Minute) // by when it is sent again
		got := app.tells(t, "message")
		missed := undelivered(ws.Traffic(0)) > 0 // unless the new socket was very quick
		if got["text"] != "in between" || (got["retry_num"].(float64) > 0) != missed {
			t.Errorf("after the refresh came %v; it had been missed: %t", got, missed)
		}
		ws.Command("oncall", "#incidents", "/lunch again")
	})
}

// undelivered counts the events for which no socket was open.
func undelivered(traffic []sandboxtest.Entry) int {
	n := 0
	for _, e := range traffic {
		if e.Kind == "envelope" && e.Name == "events_api" && e.Error == "dispatch_failed" {
			n++
		}
	}
	return n
}

// unacknowledged counts the events that nobody acknowledged in time.
func unacknowledged(traffic []sandboxtest.Entry) int {
	n := 0
	for _, e := range traffic {
		if e.Kind == "ack" && e.Name == "events_api" && e.Error == "operation_timeout" {
			n++
		}
	}
	return n
}
