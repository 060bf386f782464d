package socketmode

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"muster/internal/sandbox/control"
	"muster/internal/sandbox/faults"
	"muster/internal/sandbox/traffic"
)

// servedHub is a hub that serves, with its queue of events.
type servedHub struct {
	*Hub
	traffic *traffic.Log
	events  *Events
	url     string
	t       *testing.T
}

func serveHub(t *testing.T, tune func(*Hub)) servedHub {
	t.Helper()
	traffic := traffic.New(time.Now)
	h := New(Options{AppID: "A0TEST", Traffic: traffic, Faults: faults.New(traffic.NoteChange)})
	tune(h)
	server := httptest.NewServer(http.HandlerFunc(h.Serve))
	p := servedHub{h, traffic, NewEvents(h), strings.Replace(server.URL, "http", "ws", 1), t}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.events.Run(ctx, time.Now) }()
	t.Cleanup(func() {
		cancel()
		h.Close()
		server.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return p
}

func TestAck_AtTheLimit_IsNoTimeout(t *testing.T) {
	h := serveHub(t, func(*Hub) {}).Hub
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
	l := serveHub(t, func(*Hub) {})
	l.tickets["old"] = time.Now().Add(-ticketLife - time.Second)
	l.tickets["older"] = l.tickets["old"]
	if l.redeemTicket("old") {
		t.Error("an old ticket let in")
	}
	l.NewTicket()
	if len(l.tickets) != 1 {
		t.Errorf("%d tickets are kept", len(l.tickets))
	}
}

// What faults were applied to is known for acks that come late, for a while.
func TestAck_AfterAFault_IsAttributedForAWhile(t *testing.T) {
	p := serveHub(t, func(*Hub) {})
	h := p.Hub
	for n := range 2 * maxFaulted {
		id := fmt.Sprint(n)
		h.pending[id] = &pending{hub: h, id: id, fault: faults.SocketSilent}
		h.forget(id)
	}
	for id, want := range map[string]string{"0": "", fmt.Sprint(2*maxFaulted - 1): faults.SocketSilent} {
		h.acknowledge(id, nil)
		last := p.traffic.Newest(1)[0]
		if last.Fault != want || last.Error != "unknown_envelope" {
			t.Errorf("the ack of %s is %+v", id, last)
		}
	}
	if len(h.faulted) > maxFaulted || len(h.pending) > 0 {
		t.Errorf("%d are remembered, and %d pending", len(h.faulted), len(h.pending))
	}
}

// socket opens one, and gives its hello.
func (p servedHub) socket(more string) (*websocket.Conn, object) {
	p.t.Helper()
	conn, answer, err := websocket.DefaultDialer.Dial(p.url+"/link/?ticket="+p.NewTicket()+more, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	_ = answer.Body.Close()
	p.t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute)) // a race detector is slow
	return conn, p.read(conn)
}

func (p servedHub) read(conn *websocket.Conn) object {
	p.t.Helper()
	var m object
	if err := conn.ReadJSON(&m); err != nil {
		p.t.Fatal(err)
	}
	return m
}

func TestSocket_Open_IsGreetedPingedAndWarned(t *testing.T) {
	p := serveHub(t, func(h *Hub) { h.pings, h.life = 20*time.Millisecond, warnBefore+200*time.Millisecond })
	conn, hello := p.socket("")
	info, _ := hello["connection_info"].(object)
	debug, _ := hello["debug_info"].(object)
	if hello["type"] != "hello" || info["app_id"] != "A0TEST" || debug["approximate_connection_time"] != 10.0 {
		t.Errorf("it begins with %v", hello)
	}
	pinged := ""
	pong := conn.PingHandler()
	conn.SetPingHandler(func(data string) error { pinged = data; return pong(data) })
	if warning := p.read(conn); warning["type"] != "disconnect" || warning["reason"] != "warning" {
		t.Errorf("it got %v", warning)
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
	p := serveHub(t, func(h *Hub) { h.life = 100 * time.Millisecond })
	conn, _ := p.socket("")
	for _, want := range []string{"warning", "refresh_requested"} {
		if m := p.read(conn); m["reason"] != want {
			t.Errorf("it got %v, want %s", m, want)
		}
	}
	if _, _, err := conn.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseAbnormalClosure) {
		t.Errorf("it ended with %v", err)
	}
}

// Each payload goes to one socket, and each socket gets some.
func TestPayload_SeveralSockets_GoesToOne(t *testing.T) {
	p := serveHub(t, func(*Hub) {})
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
		if _, _, err := p.SendAndWait("slash_commands", object{}); err != nil {
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
	p := serveHub(t, func(*Hub) {})
	conn, _ := p.socket("")
	for kind, want := range map[string]bool{
		"slash_commands": true, "block_actions": true, "view_submission": true, "view_closed": false, "shortcut": false, "message_action": false,
	} {
		got := make(chan error, 1)
		before := p.traffic.Version()
		go func() {
			envelope, payload := "interactive", object{"type": kind}
			if kind == "slash_commands" {
				envelope, payload = kind, object{}
			}
			_, _, err := p.SendAndWait(envelope, payload)
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
		all := p.traffic.After(before)
		if last := all[len(all)-1]; last.OK != want || (last.Error == "unexpected_payload") == want {
			t.Errorf("%s: the ack is on record as %+v", kind, last)
		}
	}
	p.events.Add(object{"event_id": "Ev1"})
	if e := p.read(conn); e["accepts_response_payload"] != false || e["retry_attempt"] != 0.0 {
		t.Errorf("an event came as %v", e)
	}
}

// A silent socket answers neither pings nor a farewell, and takes no acks.
func TestSocket_Silent_AnswersNothing(t *testing.T) {
	p := serveHub(t, func(*Hub) {})
	conn, _ := p.socket("")
	timedOut := make(chan error, 1)
	go func() {
		_, _, err := p.SendAndWait("slash_commands", object{})
		timedOut <- err
	}()
	e := p.read(conn)
	p.AddFault(&faults.Fault{Fault: control.Fault{Kind: faults.SocketSilent, Count: 1, Share: 1}})
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
	if err := <-timedOut; !errors.Is(err, ErrTimeout) {
		t.Errorf("the ack came through: %v", err)
	}
	all := p.traffic.After(0)
	if last := all[len(all)-1]; last.Error != ErrTimeout.Error() || last.Fault != faults.SocketSilent {
		t.Errorf("the last on record is %+v", last)
	}
}

// A new fault strikes the open sockets, and none that was there before does.
func TestFault_NewOne_AppliesToOpenSockets(t *testing.T) {
	p := serveHub(t, func(*Hub) {})
	conn, _ := p.socket("")
	p.AddFault(&faults.Fault{Fault: control.Fault{Kind: faults.SocketSilent, Share: 1}})
	p.AddFault(&faults.Fault{Fault: control.Fault{Kind: faults.SocketCut, Count: 1, Share: 1}})
	if _, _, err := conn.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseAbnormalClosure) {
		t.Errorf("it ended with %v", err)
	}
	for _, x := range p.faults.List() {
		if x.Applied != 1 {
			t.Errorf("%s applied %d times", x.Kind, x.Applied)
		}
	}
}

// A frame of 20,480 bytes is taken, and one byte more ends the socket.
func TestSocket_LargestFrame_IsTaken(t *testing.T) {
	for size, taken := range map[int]bool{20_480: true, 20_481: false} {
		p := serveHub(t, func(*Hub) {})
		conn, _ := p.socket("")
		acked := make(chan error, 1)
		go func() {
			_, _, err := p.SendAndWait("slash_commands", object{})
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
		if err := <-acked; !errors.Is(err, ErrTimeout) {
			t.Errorf("%d bytes were taken: %v", size, err)
		}
	}
}

// Events go out in the order in which they came, whoever sends them.
func TestEvents_SeveralSenders_KeepTheirOrder(t *testing.T) {
	p := serveHub(t, func(*Hub) {})
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
					p.events.send(time.Now())
				}
			}
		})
	}
	senders.Go(func() {
		for n := range all {
			p.events.Add(object{"n": n})
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
	l := serveHub(t, func(*Hub) {})
	l.AddFault(&faults.Fault{Fault: control.Fault{Kind: faults.EnvelopeLate, Count: 1, Share: 1}})
	if _, _, err := l.SendAndWait("slash_commands", object{}); !errors.Is(err, ErrDispatch) {
		t.Errorf("it is %v", err)
	}
	if n := l.faults.List()[0].Applied; n != 0 {
		t.Errorf("it applied %d times", n)
	}
}
