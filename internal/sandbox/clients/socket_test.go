package clients_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"muster/internal/sandbox/sandboxtest"
)

func TestSocketClient_Envelopes_AreAcknowledged(t *testing.T) {
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
		control(t, w, "faults", map[string]any{"kind": "socket_refresh", "count": 1, "delay": "1s"})
		if got := app.tells(t, "disconnect"); got["reason"] != "warning" { // at which it goes, and does not wait for the end
			t.Errorf("the app got %v", got)
		}
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

	t.Run("a link that was disabled is tried again", func(t *testing.T) {
		ws := ws.With(t)
		ws.AddFault(sandboxtest.Fault{Kind: "socket_link_disabled", Count: 1})
		if got := app.tells(t, "disconnect"); got["reason"] != "link_disabled" {
			t.Errorf("the app got %v", got)
		}
		app.tells(t, "connected")
		ws.Command("oncall", "#incidents", "/lunch again")
	})
}

// TestSocketClient_EventNotAcknowledged_ComesAgain comes four times: at once, again at once,
// after a minute, and after five more.
func TestSocketClient_EventNotAcknowledged_ComesAgain(t *testing.T) {
	t.Parallel()
	w, ws := open(t)
	app := start(t, "socket.mjs", w)
	app.tells(t, "connected")
	ws.Say("oncall", "#incidents", "never")
	failed := func(times int) {
		ws.AwaitWithin(patience, fmt.Sprintf("%d attempts to fail", times), func() bool { return unacknowledged(ws.Traffic(0)) == times })
	}
	failed(2)
	ws.Advance(time.Minute)
	failed(3)
	ws.Advance(5 * time.Minute)
	failed(4)
	ws.Advance(time.Hour)
	ws.Say("oncall", "#incidents", "something else")

	var event any
	for n := range 4 {
		got := app.tells(t, "message")
		if n == 0 {
			event = got["event_id"]
		}
		if got["text"] != "never" || got["event_id"] != event || got["retry_num"] != float64(n) || (got["retry_reason"] == "timeout") != (n > 0) {
			t.Errorf("attempt %d is %v", n, got)
		}
	}
	if got := app.tells(t, "message"); got["text"] != "something else" || got["retry_num"] != 0.0 {
		t.Errorf("after the last attempt came %v", got)
	}
	sent := attempts(t, ws.Traffic(0), event)
	if len(sent) != 4 {
		t.Fatalf("it was sent at %v", sent)
	}
	if after := sent[1].Sub(sent[0]); after >= time.Minute { // when its 3 s were over, and the machine came to it
		t.Errorf("the first retry came after %s", after)
	}
	for n, want := range map[int]time.Duration{2: time.Minute, 3: 5 * time.Minute} {
		if after := sent[n].Sub(sent[n-1]); after.Round(time.Second) < want {
			t.Errorf("retry %d came after %s", n, after)
		}
	}
}

// attempts are the times by the workspace's clock at which an event was sent.
func attempts(t *testing.T, traffic []sandboxtest.Entry, event any) (sent []time.Time) {
	t.Helper()
	for _, e := range traffic {
		if e.Kind != "envelope" {
			continue
		}
		var envelope struct {
			Payload struct {
				EventID string `json:"event_id"`
			} `json:"payload"`
		}
		if err := json.Unmarshal(e.Detail, &envelope); err != nil {
			t.Fatal(err)
		}
		if envelope.Payload.EventID == event {
			sent = append(sent, e.At)
		}
	}
	return sent
}

// TestSocketClient_EleventhSocket_IsTurnedAway: the eleventh client gets "too_many_websockets", and gets in as soon as
// another has gone.
func TestSocketClient_EleventhSocket_IsTurnedAway(t *testing.T) {
	t.Parallel()
	w, ws := open(t)
	app := start(t, "crowd.mjs", w)
	if got := app.tells(t, "turned away"); got["reason"] != "too_many_websockets" {
		t.Errorf("the eleventh client got %v", got)
	}
	app.tells(t, "let in")
	most := 0
	for _, e := range ws.Traffic(0) {
		var detail struct{ Sockets int }
		if e.Kind == "socket" && e.Name == "open" && json.Unmarshal(e.Detail, &detail) == nil {
			most = max(most, detail.Sockets)
		}
	}
	if now := ws.State().Sockets; now != 10 || most != 10 {
		t.Errorf("%d sockets are open; at most there were %d", now, most)
	}
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
