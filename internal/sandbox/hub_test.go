package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// hub_test.go: sockets and faults from the inside, with times that can be set.

func TestAck_AtTheLimit_IsNoTimeout(t *testing.T) {
	h := newHub(func(Entry) {}, &faultSet{changed: func() {}})
	for n := range 1000 {
		p := &pending{hub: h, id: "e", sent: time.Now().Add(-ackWait), ack: make(chan json.RawMessage, 1)}
		h.pending["e"] = p
		h.acknowledge("e", json.RawMessage(`"done"`))
		if payload, _, err := p.wait(); err != nil || string(payload) != `"done"` {
			t.Fatalf("the %d. time: %s, %v", n+1, payload, err)
		}
	}
}

func TestTicket_Old_Expires(t *testing.T) {
	l := newTestWorkspace(t)
	l.hub.tickets["old"] = time.Now().Add(-ticketLife - time.Second)
	l.hub.tickets["older"] = l.hub.tickets["old"]
	if l.hub.redeemTicket("old") {
		t.Error("an old ticket let in")
	}
	if _, err := openConnection(l.Workspace, nil); err != nil || len(l.hub.tickets) != 1 {
		t.Errorf("%d tickets are kept, %v", len(l.hub.tickets), err)
	}
}

// What faults have struck is known for acks that come late, but not for ever.
func TestAck_AfterAFault_IsAttributedForAWhile(t *testing.T) {
	var last Entry
	h := newHub(func(e Entry) { last = e }, &faultSet{changed: func() {}})
	for n := range 2 * maxFaulted {
		id := fmt.Sprint(n)
		h.pending[id] = &pending{hub: h, id: id, fault: socketSilent}
		h.forget(id)
	}
	for id, want := range map[string]string{"0": "", fmt.Sprint(2*maxFaulted - 1): socketSilent} {
		h.acknowledge(id, nil)
		if last.Fault != want || last.Error != "unknown_envelope" {
			t.Errorf("the ack of %s is %+v", id, last)
		}
	}
	if len(h.faulted) > maxFaulted || len(h.pending) > 0 {
		t.Errorf("%d are remembered, and %d pending", len(h.faulted), len(h.pending))
	}
}

// The same seed strikes the same of each name, in whatever order they come, and
// whatever else strikes.
func TestFault_SameSeed_AppliesToTheSameCalls(t *testing.T) {
	share := func(seed uint64) *fault { return &fault{Kind: http503, Share: 0.3, Seed: seed} }
	patterns := func(names []string, all ...*fault) map[*fault]map[string]string {
		f := &faultSet{changed: func() {}}
		for _, x := range all {
			f.add(x)
		}
		got := map[*fault]map[string]string{}
		for _, x := range all {
			got[x] = map[string]string{}
		}
		for _, name := range names {
			applied := f.take(targetCalls, name)
			for _, x := range all {
				sign := "."
				if x == applied {
					sign = "x"
				}
				got[x][name] += sign
			}
		}
		return got
	}
	const each = 60
	var mixed, apart []string
	for n := range 2 * each {
		mixed = append(mixed, []string{"a", "b"}[n%2])
		apart = append(apart, []string{"a", "b"}[n/each])
	}
	x, y, other := share(1), share(1), share(2)
	one, two := patterns(mixed, x)[x], patterns(apart, y)[y]
	if fmt.Sprint(one) != fmt.Sprint(two) || one["a"] == one["b"] {
		t.Errorf("one seed gives\n%v\n%v", one, two)
	}
	if three := patterns(apart, other)[other]; three["a"] == one["a"] {
		t.Errorf("two seeds give %v", three)
	}
	if n := strings.Count(one["a"], "x"); n < each/6 || n > each/2 {
		t.Errorf("0.3 of %d were %d", each, n)
	}
	first, second := share(2), share(1)
	both := patterns(apart, first, second)
	for n, struck := range one["a"] {
		behind := both[first]["a"][n] == 'x'
		if got := both[second]["a"][n] == 'x'; got != (struck == 'x' && !behind) {
			t.Fatalf("behind another, the second strikes\n%s, alone\n%s, and the first\n%s", both[second]["a"], one["a"], both[first]["a"])
		}
	}
	// What a fault does not meet moves it no further.
	narrow := &fault{Kind: http503, Method: "a", Share: 0.3, Seed: 1}
	if got := patterns(mixed, narrow)[narrow]; got["a"] != one["a"] || strings.Contains(got["b"], "x") {
		t.Errorf("narrowed to a it strikes %v", got)
	}
}

func TestFault_FiguresLeftOut_HaveDefaults(t *testing.T) {
	l := newTestWorkspace(t)
	for kind, want := range map[string]string{
		rateLimited: "30 0s", lateReply: "0 3s", socketRefresh: "0 10s", envelopeLate: "0 1s", envelopeOutOfOrder: "0 1s", http500: "0 0s",
	} {
		x, err := l.parseFault(faultRequest{Kind: kind})
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(x.RetryAfter, x.delay); got != want || x.Count != 1 || x.Share != 1 {
			t.Errorf("%s: %s, %d times, share %v; want %s", kind, got, x.Count, x.Share, want)
		}
	}
}

// servedWorkspace is a workspace that serves, and a way in for sockets.
type servedWorkspace struct {
	*Workspace
	t *testing.T
}

func serveWorkspace(t *testing.T, tune func(*hub)) servedWorkspace {
	t.Helper()
	w, err := Open(Options{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	tune(w.hub)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return servedWorkspace{w, t}
}

// socket opens one, and gives its hello.
func (p servedWorkspace) socket(more string) (*websocket.Conn, object) {
	p.t.Helper()
	o, err := openConnection(p.Workspace, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	address, _ := o["url"].(string)
	conn, answer, err := websocket.DefaultDialer.Dial(address+more, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	_ = answer.Body.Close()
	p.t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	return conn, p.read(conn)
}

func (p servedWorkspace) read(conn *websocket.Conn) object {
	p.t.Helper()
	var m object
	if err := conn.ReadJSON(&m); err != nil {
		p.t.Fatal(err)
	}
	return m
}

func TestSocket_Open_IsGreetedPingedAndWarned(t *testing.T) {
	p := serveWorkspace(t, func(h *hub) { h.pings, h.life = 20*time.Millisecond, warnBefore+200*time.Millisecond })
	conn, hello := p.socket("")
	info, _ := hello["connection_info"].(object)
	debug, _ := hello["debug_info"].(object)
	if hello["type"] != "hello" || info["app_id"] != AppID || debug["approximate_connection_time"] != 10.0 {
		t.Errorf("it begins with %v", hello)
	}
	pinged := ""
	pong := conn.PingHandler()
	conn.SetPingHandler(func(data string) error { pinged = data; return pong(data) })
	if warning := p.read(conn); warning["type"] != "disconnect" || warning["reason"] != "warning" {
		t.Errorf("it was told %v", warning)
	}
	if !strings.HasPrefix(pinged, "Ping from applink-") {
		t.Errorf("it was pinged %q", pinged)
	}
	_, hello = p.socket("&debug_reconnects=true")
	if debug, _ := hello["debug_info"].(object); debug["approximate_connection_time"] != 360.0 {
		t.Errorf("with debug_reconnects it begins with %v", hello)
	}
}

func TestSocket_LifeOver_EndsAfterItsWarning(t *testing.T) {
	p := serveWorkspace(t, func(h *hub) { h.life = 100 * time.Millisecond })
	conn, _ := p.socket("")
	for _, want := range []string{"warning", "refresh_requested"} {
		if m := p.read(conn); m["reason"] != want {
			t.Errorf("it was told %v, want %s", m, want)
		}
	}
	if _, _, err := conn.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseAbnormalClosure) {
		t.Errorf("it ended with %v", err)
	}
}

// Each payload goes to one socket, and each socket gets some.
func TestPayload_SeveralSockets_GoesToOne(t *testing.T) {
	p := serveWorkspace(t, func(*hub) {})
	const sockets, payloads = 3, 60
	came := make(chan [2]string, 2*payloads)
	for n := range sockets {
		conn, _ := p.socket("")
		go func() {
			for {
				var e struct {
					ID string `json:"envelope_id"`
				}
				if conn.ReadJSON(&e) != nil {
					return
				}
				came <- [2]string{e.ID, fmt.Sprint(n)}
				if conn.WriteJSON(object{"envelope_id": e.ID}) != nil {
					return
				}
			}
		}()
	}
	for range payloads {
		if _, _, err := p.hub.sendAndWait("slash_commands", object{}); err != nil {
			t.Fatal(err)
		}
	}
	close(came)
	seen, used := map[string]int{}, map[string]int{}
	for c := range came {
		seen[c[0]]++
		used[c[1]]++
	}
	if len(seen) != payloads || len(used) != sockets {
		t.Errorf("%d payloads came by %v", len(seen), used)
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s came %d times", id, n)
		}
	}
}

// Only what may be answered may be answered.
func TestEnvelope_Kind_DecidesWhetherAnAckMayAnswer(t *testing.T) {
	p := serveWorkspace(t, func(*hub) {})
	conn, _ := p.socket("")
	for kind, want := range map[string]bool{
		"slash_commands": true, "block_actions": true, "view_submission": true, "view_closed": false, "shortcut": false, "message_action": false,
	} {
		got := make(chan error, 1)
		before := p.journal.version()
		go func() {
			envelope, payload := "interactive", object{"type": kind}
			if kind == "slash_commands" {
				envelope, payload = kind, object{}
			}
			_, _, err := p.hub.sendAndWait(envelope, payload)
			got <- err
		}()
		e := p.read(conn)
		if e["accepts_response_payload"] != want {
			t.Errorf("%s: %v", kind, e)
		}
		if err := conn.WriteJSON(object{"envelope_id": e["envelope_id"], "payload": object{"text": "x"}}); err != nil {
			t.Fatal(err)
		}
		if err := <-got; err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		all := p.journal.after(before)
		if last := all[len(all)-1]; last.OK != want || (last.Error == "unexpected_payload") == want {
			t.Errorf("%s: the ack is on record as %+v", kind, last)
		}
	}
	p.events.add(object{"event_id": "Ev1"})
	if e := p.read(conn); e["accepts_response_payload"] != false || e["retry_attempt"] != 0.0 {
		t.Errorf("an event came as %v", e)
	}
}

// A silent socket answers neither pings nor a farewell, and takes no acks.
func TestSocket_Silent_AnswersNothing(t *testing.T) {
	p := serveWorkspace(t, func(*hub) {})
	conn, _ := p.socket("")
	timedOut := make(chan error, 1)
	go func() {
		_, _, err := p.hub.sendAndWait("slash_commands", object{})
		timedOut <- err
	}()
	e := p.read(conn)
	p.hub.addFault(&fault{Kind: socketSilent, Count: 1, Share: 1})
	conn.SetPongHandler(func(string) error { t.Error("a silent socket answered a ping"); return nil })
	deadline := time.Now().Add(5 * time.Second)
	for _, err := range []error{
		conn.WriteJSON(object{"envelope_id": e["envelope_id"]}),
		conn.WriteControl(websocket.PingMessage, []byte("x"), deadline),
		conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), deadline),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := conn.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseAbnormalClosure) {
		t.Errorf("after a farewell it ended with %v", err)
	}
	if err := <-timedOut; !errors.Is(err, errTimeout) {
		t.Errorf("the ack came through: %v", err)
	}
	all := p.journal.after(0)
	if last := all[len(all)-1]; last.Error != errTimeout.Error() || last.Fault != socketSilent {
		t.Errorf("the last on record is %+v", last)
	}
}

// A new fault strikes the open sockets, and none that was there before does.
func TestFault_NewOne_AppliesToOpenSockets(t *testing.T) {
	p := serveWorkspace(t, func(*hub) {})
	conn, _ := p.socket("")
	p.hub.addFault(&fault{Kind: socketSilent, Share: 1})
	p.hub.addFault(&fault{Kind: socketCut, Count: 1, Share: 1})
	if _, _, err := conn.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseAbnormalClosure) {
		t.Errorf("it ended with %v", err)
	}
	for _, x := range p.faults.list() {
		if x.Applied != 1 {
			t.Errorf("%s struck %d times", x.Kind, x.Applied)
		}
	}
}

// A frame of 20,480 bytes is taken, and one byte more ends the socket.
func TestSocket_LargestFrame_IsTaken(t *testing.T) {
	for size, taken := range map[int]bool{20_480: true, 20_481: false} {
		p := serveWorkspace(t, func(*hub) {})
		conn, _ := p.socket("")
		acked := make(chan error, 1)
		go func() {
			_, _, err := p.hub.sendAndWait("slash_commands", object{})
			acked <- err
		}()
		id, _ := p.read(conn)["envelope_id"].(string)
		frame := `{"envelope_id":"` + id + `","payload":""}`
		frame = strings.Replace(frame, `""`, `"`+strings.Repeat("x", size-len(frame))+`"`, 1)
		if err := conn.WriteMessage(websocket.TextMessage, []byte(frame)); err != nil {
			t.Fatal(err)
		}
		if taken {
			if err := <-acked; err != nil {
				t.Errorf("%d bytes: %v", size, err)
			}
			continue
		}
		if _, _, err := conn.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseMessageTooBig) {
			t.Errorf("%d bytes: %v", size, err)
		}
		if err := <-acked; !errors.Is(err, errTimeout) {
			t.Errorf("%d bytes were taken: %v", size, err)
		}
	}
}

// Whatever somebody does fails visibly where the bot is away, or does not answer.
func TestUserAction_NoBotOrNoAck_FailsVisibly(t *testing.T) {
	t.Parallel()
	away, mute := newTestWorkspace(t), serveWorkspace(t, func(*hub) {})
	mute.socket("")
	for want, w := range map[error]*Workspace{errDispatch: away.Workspace, errTimeout: mute.Workspace} {
		l := testWorkspace{w, t}
		const form = `{"type":"modal","notify_on_close":true,"title":{"type":"plain_text","text":"x"},"submit":{"type":"plain_text","text":"x"},"blocks":[{"type":"divider"}]}`
		for _, who := range []int{0, 1} {
			l.wants(l.call("views.open", "view", form, "trigger_id", w.newTrigger(Seed[who].ID)), "")
		}
		ts := l.wants(l.call("chat.postMessage", "channel", Incidents, "text", "x", "blocks",
			`[{"type":"actions","elements":[{"type":"button","action_id":"go","text":{"type":"plain_text","text":"Go"}}]}]`), "")["ts"]
		var all sync.WaitGroup
		for name, deed := range map[string]func() (object, error){
			"a click": func() (object, error) {
				return w.click(t.Context(), clickRequest{User: "oncall", Channel: Incidents, TS: ts.(string), Action: "go"})
			},
			"a shortcut": func() (object, error) {
				return w.useShortcut(t.Context(), shortcutRequest{User: "oncall", Callback: w.app.Shortcuts[0].Callback})
			},
			"a form":    func() (object, error) { return w.submit(t.Context(), submitRequest{User: Seed[0].ID}) },
			"a closing": func() (object, error) { return w.closeView(t.Context(), closeRequest{User: Seed[1].ID}) },
		} {
			all.Go(func() {
				if o, err := deed(); err != nil || o["ok"] != false || o["error"] != want.Error() {
					t.Errorf("%s: %v, %v; want %v", name, o, err, want)
				}
			})
		}
		all.Wait()
	}
}

// Events go out in the order in which they came, whoever sends them.
func TestEvents_SeveralSenders_KeepTheirOrder(t *testing.T) {
	p := serveWorkspace(t, func(*hub) {})
	conn, _ := p.socket("")
	const all = 3000
	over := make(chan struct{})
	var senders sync.WaitGroup
	for range 2 {
		senders.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
					p.events.send(p.Now())
				}
			}
		})
	}
	senders.Go(func() {
		for n := range all {
			p.events.add(object{"n": n})
		}
	})
	for n := range all {
		e := p.read(conn)
		if payload, _ := e["payload"].(object); payload["n"] != float64(n) {
			t.Errorf("the %d. is %v", n+1, payload)
			break
		}
		if err := conn.WriteJSON(object{"envelope_id": e["envelope_id"]}); err != nil {
			t.Fatal(err)
		}
	}
	close(over)
	senders.Wait()
}

// A fault is not used up by what could not be sent anyway.
func TestFault_NoSocket_IsNotUsedUp(t *testing.T) {
	l := newTestWorkspace(t)
	l.hub.addFault(&fault{Kind: envelopeLate, Count: 1, Share: 1})
	if _, _, err := l.hub.sendAndWait("slash_commands", object{}); !errors.Is(err, errDispatch) {
		t.Errorf("it is %v", err)
	}
	if n := l.faults.list()[0].Applied; n != 0 {
		t.Errorf("it struck %d times", n)
	}
}

// A response URL is kept as soon as it is handed out: it outlives a restart.
func TestResponseURL_HandedOut_IsSaved(t *testing.T) {
	l := newTestWorkspace(t)
	if _, _, _, err := l.commandPayload(commandRequest{User: "oncall", Channel: Incidents, Command: "/incident"}); err != nil || !l.dirty {
		t.Errorf("it would be saved: %v, %v", l.dirty, err)
	}
}
