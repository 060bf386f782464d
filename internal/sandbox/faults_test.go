package sandbox_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

func say(ctx context.Context, api *slack.Client) error {
	_, _, err := api.PostMessageContext(ctx, workspace.Incidents, slack.MsgOptionText("hello", false))
	return err
}

func TestFault_OfCalls_FailsOneCall(t *testing.T) {
	for kind, c := range map[string]struct {
		like func(error) bool
		done int // messages there after the call
	}{
		"rate_limited": {func(err error) bool {
			limit, ok := errors.AsType[*slack.RateLimitedError](err)
			return ok && limit.RetryAfter == 7*time.Second
		}, 0},
		"http_500": {status(http.StatusInternalServerError), 0},
		"http_503": {status(http.StatusServiceUnavailable), 0},
		"not_json": {func(err error) bool { return err != nil && strings.Contains(err.Error(), "invalid character '<'") }, 0},
		"never":    {func(err error) bool { return errors.Is(err, context.Canceled) }, 0},
		"late":     {func(err error) bool { return errors.Is(err, context.Canceled) }, 1},
		"drop_reply": {func(err error) bool {
			return err != nil && strings.Contains(err.Error(), "EOF") && !errors.Is(err, context.Canceled)
		}, 1},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := sandboxtest.Serve(t, sandbox.Options{})
			ws := sandboxtest.Dial(t, w.URL())
			order := sandboxtest.Fault{Kind: kind, Method: "chat.postMessage"}
			switch kind {
			case "rate_limited":
				order.RetryAfter = 7
			case "late":
				order.Delay = "1m"
			}
			f := ws.AddFault(order)
			if _, err := client(w).AuthTest(); err != nil {
				t.Errorf("it applied to another method: %v", err)
			}
			ctx, giveUp := context.WithCancel(t.Context())
			defer giveUp()
			called := make(chan error, 1)
			go func() { called <- say(ctx, client(w)) }()
			ws.AwaitApplied(f)
			if kind == "late" || kind == "never" {
				ws.Await("the call to be done", func() bool { return ws.CountMessages(workspace.Incidents, "hello") == c.done })
				giveUp()
			}
			if err := <-called; !c.like(err) {
				t.Errorf("got %v", err)
			}
			if n := ws.CountMessages(workspace.Incidents, "hello"); n != c.done {
				t.Errorf("%d messages, want %d", n, c.done)
			}
			wants(t, say(t.Context(), client(w)), "") // once was all
			if got := ws.Applied(f); got != 1 {
				t.Errorf("applied %d times", got)
			}
			applied := func(e sandboxtest.Entry) bool { return e.Fault == kind && e.Name == "chat.postMessage" }
			ws.Await("the traffic to show it", func() bool { return slices.ContainsFunc(ws.Traffic(0), applied) })
			if n := len(ws.State().Faults); n != 1 {
				t.Errorf("the state shows %d faults", n)
			}
			ws.ExpectCleanTraffic()
		})
	}
}

func status(code int) func(error) bool {
	return func(err error) bool {
		answer, ok := errors.AsType[slack.StatusCodeError](err)
		return ok && answer.Code == code
	}
}

// A call that is done late is done by the workspace's clock, whether that is moved
// or runs by itself, and with what was asked for at first.
func TestFault_DoneLate_IsDoneWhenItsDelayIsOver(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	broken := func(delay string) {
		t.Helper()
		ws.AddFault(sandboxtest.Fault{Kind: "done_late", Method: "chat.postMessage", Delay: delay})
		if err := say(t.Context(), client(w)); err == nil || !strings.Contains(err.Error(), "EOF") {
			t.Errorf("got %v", err)
		}
	}
	posts := func() int { return ws.CountMessages(workspace.Incidents, "hello") }
	broken("1h")
	if next := ws.Next(); next == nil || next.What != "a late call of chat.postMessage" {
		t.Errorf("next is %+v", next)
	}
	ws.Advance(59 * time.Minute)
	if n := posts(); n != 0 {
		t.Errorf("%d messages after 59 min", n)
	}
	ws.Advance(time.Minute)
	if n := posts(); n != 1 {
		t.Errorf("%d messages after an hour", n)
	}
	broken("1ms")
	ws.Await("the second to be there", func() bool { return posts() == 2 })
	done := func(e sandboxtest.Entry) bool { return e.OK && e.Fault == "done_late" }
	ws.Await("the traffic to show it", func() bool { return slices.ContainsFunc(ws.Traffic(0), done) })
	ws.ExpectCleanTraffic()
}

// TestFault_ShareAndSeed_AreRepeatable, and about as large as was asked for.
func TestFault_ShareAndSeed_AreRepeatable(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	run := func(seed uint64) string {
		ws.AddFault(sandboxtest.Fault{Kind: "http_503", Method: "users.info", Share: 0.3, Seed: seed})
		defer ws.ClearFaults()
		var pattern strings.Builder
		for range 40 {
			if _, err := client(w).GetUserInfo("U0ONCALL01"); err != nil {
				pattern.WriteByte('x')
			} else {
				pattern.WriteByte('.')
			}
		}
		ws.Advance(time.Minute) // for the limits
		return pattern.String()
	}
	one, again, other := run(1), run(1), run(2)
	if one != again || one == other {
		t.Errorf("seed 1 gave %s and %s, seed 2 %s", one, again, other)
	}
	if n := strings.Count(one, "x"); n < 5 || n > 20 {
		t.Errorf("0.3 of 40 were %d", n)
	}
}

func TestFault_Cleared_LetsGo(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	f := ws.AddFault(sandboxtest.Fault{Kind: "never", Method: "chat.postMessage"})
	hung := make(chan error, 1)
	go func() { hung <- say(context.Background(), client(w)) }()
	ws.AwaitApplied(f)
	ws.ClearFault(f)
	if err := <-hung; err == nil {
		t.Error("a call that hung was answered after all")
	}
	late := ws.AddFault(sandboxtest.Fault{Kind: "late", Method: "chat.postMessage", Delay: "1m"})
	soon, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	go func() { hung <- say(soon, client(w)) }()
	ws.AwaitApplied(late)
	ws.ClearFault(late)
	wants(t, <-hung, "") // at once
	first := ws.AddFault(sandboxtest.Fault{Kind: "http_500", Share: 1})
	ws.AddFault(sandboxtest.Fault{Kind: "not_json", Share: 1})
	if all := ws.Faults(); len(all) != 2 || all[0].Applied != 0 || all[0].Share != 1 || all[0].Count != 0 {
		t.Errorf("got %+v", all)
	}
	ws.ClearFault(first)
	if all := ws.Faults(); len(all) != 1 || all[0].Kind != "not_json" {
		t.Errorf("one was cleared, and left are %+v", all)
	}
	ws.ClearFaults()
	if all := ws.Faults(); len(all) != 0 {
		t.Errorf("left: %+v", all)
	}
	wants(t, say(t.Context(), client(w)), "")
}

func TestFault_BadRequest_SaysWhatWouldBeRight(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	for body, want := range map[string]string{
		`{"kind":"flood"}`: "drop_reply, envelope_late",
		`{}`:               "socket_refresh",
		`{"kind":"http_500","method":"chat.shout"}`:                 "chat.postMessage",
		`{"kind":"socket_cut","method":"auth.test"}`:                "only faults of calls have a method",
		`{"kind":"http_500","envelope":"interactive"}`:              "only faults of envelopes have an envelope",
		`{"kind":"envelope_late","envelope":"slash"}`:               "slash_commands",
		`{"kind":"http_500","count":-1}`:                            "not -1",
		`{"kind":"http_500","share":1.5}`:                           "at most 1, not 1.5",
		`{"kind":"http_500","share":0}`:                             "more than 0",
		`{"kind":"rate_limited","retry_after":0}`:                   "from 1, not 0",
		`{"kind":"http_500","retry_after":3}`:                       "only rate_limited has a retry_after",
		`{"kind":"late","delay":"soon"}`:                            `such as \"2s\"`,
		`{"kind":"http_500","delay":"1s"}`:                          "http_500 has no delay",
		`{"kind":"http_500","times":3}`:                             "times",
		`{"kind":"envelope_late","envelope":"events_api","seed":1}`: "",
	} {
		code, answer := control(t, w, "faults", body)
		if want == "" && code != http.StatusOK || want != "" && (code != http.StatusBadRequest || !strings.Contains(answer, want)) {
			t.Errorf("%s: got %d %s, want %q in it", body, code, answer, want)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, w.URL()+"/sandbox/v1/faults/F99", nil)
	wants(t, err, "")
	answer, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	wants(t, err, "")
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusNotFound {
		t.Errorf("clearing what is not there: %s", answer.Status)
	}
}

// listen opens a socket by hand, past its hello.
func listen(t *testing.T, w *sandbox.Server) *websocket.Conn {
	t.Helper()
	_, address, err := client(w).StartSocketModeContext(t.Context())
	wants(t, err, "")
	conn, first, err := dial(t, address)
	if err != nil || first["type"] != "hello" {
		t.Fatalf("began with %v, %v", first, err)
	}
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	return conn
}

// heard reads what comes over a socket until it ends, and how it ended.
func heard(conn *websocket.Conn) (reasons []string, end error) {
	for {
		var m struct{ Type, Reason string }
		if err := conn.ReadJSON(&m); err != nil {
			return reasons, err
		}
		reasons = append(reasons, m.Reason)
	}
}

func TestFault_OfSockets_EndsThem(t *testing.T) {
	for kind, want := range map[string]string{
		"socket_cut": "", "socket_refresh": "warning refresh_requested", "socket_link_disabled": "link_disabled",
	} {
		t.Run(kind, func(t *testing.T) {
			w := sandboxtest.Serve(t, sandbox.Options{})
			ws := sandboxtest.Dial(t, w.URL())
			conn := listen(t, w)
			f := sandboxtest.Fault{Kind: kind, Count: 2}
			if kind == "socket_refresh" {
				f.Delay = "50ms"
			}
			f = ws.AddFault(f)
			reasons, end := heard(conn)
			if got := strings.Join(reasons, " "); got != want || !websocket.IsCloseError(end, websocket.CloseAbnormalClosure) {
				t.Errorf("got %q, and then %v", got, end)
			}
			_, _ = heard(listen(t, w)) // the second strikes the next one
			if got := ws.Applied(f); got != 2 {
				t.Errorf("applied %d times", got)
			}
			ws.Await("both to be gone", func() bool { return ws.State().Sockets == 0 })
		})
	}
}

func TestFault_OfOpenings_KeepsSocketsOut(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	ws.AddFault(sandboxtest.Fault{Kind: "socket_refused"})
	_, address, err := client(w).StartSocketModeContext(t.Context())
	wants(t, err, "")
	if _, answer, err := websocket.DefaultDialer.Dial(address, nil); err == nil || answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("got %v, %v", answer, err)
	} else {
		_ = answer.Body.Close()
	}
	ws.AddFault(sandboxtest.Fault{Kind: "socket_too_many"})
	_, address, err = client(w).StartSocketModeContext(t.Context())
	wants(t, err, "")
	if _, first, err := dial(t, address); err != nil || first["reason"] != "too_many_websockets" {
		t.Errorf("began with %v, %v", first, err)
	}
	listen(t, w)
}

func TestFault_SilentSocket_HearsAndSaysNothing(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	connect(t, w, acknowledge)
	ws := sandboxtest.Dial(t, w.URL())
	f := ws.AddFault(sandboxtest.Fault{Kind: "socket_silent"})
	if ack, err := ws.TryCommand("oncall", "#incidents", "/incident"); err != nil || ack.Error != "operation_timeout" {
		t.Errorf("got %+v, %v", ack, err)
	}
	if n := ws.State().Sockets; n != 1 {
		t.Errorf("%d sockets, want the silent one", n)
	}
	ws.ClearFault(f)
	ws.Command("oncall", "#incidents", "/incident")
	ws.ExpectCleanTraffic()
}

func TestFault_OfEnvelopes_DelaysRepeatsReorders(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	b := connect(t, w, acknowledge)
	ws := sandboxtest.Dial(t, w.URL())
	typed := func(text string) <-chan struct{} {
		done := make(chan struct{})
		go func() {
			defer close(done)
			if ack, err := ws.TryCommand("oncall", "#incidents", "/incident "+text); err != nil || !ack.OK {
				t.Errorf("%s: %+v, %v", text, ack, err)
			}
		}()
		return done
	}
	next := func() string {
		c, _ := b.next(t, socketmode.EventTypeSlashCommand).Data.(slack.SlashCommand)
		return c.Text
	}
	ws.AddFault(sandboxtest.Fault{Kind: "envelope_twice", Envelope: "slash_commands"})
	<-typed("a")
	if one, two := next(), next(); one != "a" || two != "a" {
		t.Errorf("got %q and %q", one, two)
	}
	f := ws.AddFault(sandboxtest.Fault{Kind: "envelope_out_of_order", Envelope: "slash_commands", Delay: "1m", Share: 1})
	for n, pair := range []string{"bc", "de", "fg"} { // it applies to the second of each as well
		first := typed(pair[:1])
		ws.Await("it to be held", func() bool { return ws.Applied(f) == 2*n+1 })
		second := typed(pair[1:])
		if one, two := next(), next(); one != pair[1:] || two != pair[:1] {
			t.Errorf("of %s came %q and then %q", pair, one, two)
		}
		<-first
		<-second
	}
	held := typed("h")
	ws.Await("it to be held", func() bool { return ws.Applied(f) == 7 })
	ws.ClearFault(f) // lets it go
	if got := next(); got != "h" {
		t.Errorf("got %q", got)
	}
	<-held
	f = ws.AddFault(sandboxtest.Fault{Kind: "envelope_late", Envelope: "slash_commands", Delay: "1m"})
	late := typed("i")
	ws.AwaitApplied(f)
	ws.ClearFault(f) // likewise
	<-late
	next()
	ws.AddFault(sandboxtest.Fault{Kind: "envelope_late", Envelope: "slash_commands", Delay: "300ms"})
	begun := time.Now()
	<-typed("d")
	if took := time.Since(begun); took < 300*time.Millisecond {
		t.Errorf("acknowledged after %s", took)
	}
	ws.ExpectCleanTraffic()
}

// TestAck_TooLarge_EndsTheSocket ends the socket, as Slack does.
func TestAck_TooLarge_EndsTheSocket(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	conn := listen(t, w)
	if err := conn.WriteJSON(map[string]any{"envelope_id": "x", "payload": strings.Repeat("x", 20*1024)}); err != nil {
		t.Fatal(err)
	}
	if _, end := heard(conn); !websocket.IsCloseError(end, websocket.CloseMessageTooBig) {
		t.Errorf("ended with %v", end)
	}
	ws.Await("the reason to be on record", func() bool {
		return slices.ContainsFunc(ws.Traffic(0), func(e sandboxtest.Entry) bool { return e.Error == "message_too_big" })
	})
}
