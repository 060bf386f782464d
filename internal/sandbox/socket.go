package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

const (
	mostSockets = 10
	pingEvery   = 10 * time.Second
	writeWait   = 5 * time.Second
	frameLimit  = 20 * 1024 // bytes a client may send in one message
	warnBefore  = 10 * time.Second
	socketLife  = time.Hour
	debugLife   = 360 * time.Second // with debug_reconnects=true
)

// hub holds the bot's sockets. Each payload goes to any one of them, and any of
// them may acknowledge it.
type hub struct {
	report func(Entry)
	faults *faults
	ending chan struct{} // closed when the hub closes

	mu      sync.Mutex
	tickets map[string]bool
	sockets []*socket
	pending map[string]*pending
	blamed  map[string]string // the fault that struck an envelope, by envelope_id
	passed  chan struct{}     // closed, and replaced, whenever an envelope has been written
	closed  bool
	wg      sync.WaitGroup
}

// socket is one WebSocket; its writes are serialized, as the library needs.
type socket struct {
	mu      sync.Mutex
	conn    *websocket.Conn
	gone    chan struct{}
	refresh chan time.Duration    // asks to let it go after a warning
	mute    atomic.Pointer[fault] // silences it while that fault lasts
}

func newHub(report func(Entry), f *faults) *hub {
	return &hub{
		report: report, faults: f, ending: make(chan struct{}), passed: make(chan struct{}),
		tickets: map[string]bool{}, pending: map[string]*pending{}, blamed: map[string]string{},
	}
}

// openConnection gives a WebSocket's address, good for one connection.
func openConnection(w *Workspace, _ *call) (object, error) {
	ticket := secret(16)
	w.hub.mu.Lock()
	w.hub.tickets[ticket] = true
	w.hub.mu.Unlock()
	return object{"url": "ws://" + w.listener.Addr().String() + "/link/?ticket=" + ticket + "&app_id=" + AppID}, nil
}

// Clients send an origin of Slack's; the ticket proves who may enter.
var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

// serve takes a bot's WebSocket and reads its acks until it ends.
func (h *hub) serve(rw http.ResponseWriter, r *http.Request) {
	if !h.enter(r.URL.Query().Get("ticket")) {
		http.Error(rw, "this address was used before, or never given", http.StatusNotFound)
		return
	}
	defer h.wg.Done()
	trouble := h.turnsAway()
	if trouble == refused {
		http.Error(rw, "no socket is given at this moment", http.StatusServiceUnavailable)
		return
	}
	conn, err := upgrader.Upgrade(rw, r, nil)
	if err != nil {
		return // the library has answered
	}
	life := socketLife
	if r.URL.Query().Get("debug_reconnects") == "true" {
		life = debugLife
	}
	s := &socket{conn: conn, gone: make(chan struct{}), refresh: make(chan time.Duration, 1)}
	defer func() { _ = conn.Close() }()
	if trouble == tooMany {
		_ = s.write(disconnect("too_many_websockets"))
		return
	}
	if !h.add(s, life) {
		return
	}
	var beat sync.WaitGroup
	beat.Go(func() { h.beat(s, life) })
	h.read(s)
	h.remove(s)
	beat.Wait()
}

// enter spends a ticket; one that lets in counts until the connection ends.
func (h *hub) enter(ticket string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || !h.tickets[ticket] {
		return false
	}
	delete(h.tickets, ticket)
	h.wg.Add(1)
	return true
}

// add says hello and counts the socket in, unless there are too many.
func (h *hub) add(s *socket, life time.Duration) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.sockets) >= mostSockets {
		h.report(Entry{Kind: "socket", Name: "refused", Error: "too_many_websockets"})
		_ = s.write(disconnect("too_many_websockets"))
		return false
	}
	hello := object{
		"type": "hello", "num_connections": len(h.sockets) + 1, "connection_info": object{"app_id": AppID},
		"debug_info": object{
			"host": "applink-sandbox", "build_number": 1, "approximate_connection_time": int(life.Seconds()),
		},
	}
	if s.write(hello) != nil {
		return false
	}
	h.sockets = append(h.sockets, s)
	h.report(Entry{Kind: "socket", Name: "open", OK: true, Detail: object{"sockets": len(h.sockets)}})
	h.harm(s)
	return true
}

func (h *hub) remove(s *socket) {
	h.mu.Lock()
	defer h.mu.Unlock()
	close(s.gone)
	h.sockets = slices.DeleteFunc(h.sockets, func(o *socket) bool { return o == s })
	h.report(Entry{Kind: "socket", Name: "closed", OK: true, Detail: object{"sockets": len(h.sockets)}})
}

func (h *hub) read(s *socket) {
	s.conn.SetReadLimit(frameLimit) // beyond it the library closes with 1009
	pong := s.conn.PingHandler()
	s.conn.SetPingHandler(func(data string) error {
		if s.muted() != nil {
			return nil
		}
		return pong(data)
	})
	for {
		_, raw, err := s.conn.ReadMessage()
		if errors.Is(err, websocket.ErrReadLimit) {
			h.report(Entry{Kind: "socket", Name: "struck", Error: "message_too_big"})
		}
		if err != nil {
			return
		}
		if s.muted() != nil {
			continue
		}
		var ack struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(raw, &ack) != nil || ack.ID == "" {
			h.report(Entry{Kind: "ack", Name: "unreadable", Error: "no envelope_id", Detail: string(raw)})
			continue
		}
		h.settle(ack.ID, ack.Payload)
	}
}

// beat pings the client, warns it before its time is up, and then lets it go.
func (h *hub) beat(s *socket, life time.Duration) {
	pings := time.NewTicker(pingEvery)
	warn := time.NewTimer(life - warnBefore)
	end := time.NewTimer(life)
	defer pings.Stop()
	defer warn.Stop()
	defer end.Stop()
	for {
		select {
		case <-s.gone:
			return
		case after := <-s.refresh:
			_ = s.write(disconnect("warning"))
			end.Reset(after)
		case <-pings.C:
			if s.muted() != nil {
				continue
			}
			_ = s.conn.WriteControl(websocket.PingMessage, []byte("Ping from applink-sandbox"), time.Now().Add(writeWait))
		case <-warn.C:
			_ = s.write(disconnect("warning"))
		case <-end.C:
			_ = s.write(disconnect("refresh_requested"))
			_ = s.conn.Close()
			return
		}
	}
}

func disconnect(reason string) object {
	return object{"type": "disconnect", "reason": reason, "debug_info": object{"host": "applink-sandbox"}}
}

func (s *socket) write(v any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.muted() != nil {
		return nil
	}
	_ = s.conn.SetWriteDeadline(time.Now().Add(writeWait))
	return s.conn.WriteJSON(v) //nolint:wrapcheck // only asked whether it worked
}

// count is the number of open sockets.
func (h *hub) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.sockets)
}

// close ends every socket politely and waits until their readers are done.
func (h *hub) close() {
	h.mu.Lock()
	if !h.closed {
		close(h.ending)
	}
	h.closed = true
	open := slices.Clone(h.sockets)
	h.mu.Unlock()
	for _, s := range open {
		bye := websocket.FormatCloseMessage(websocket.CloseGoingAway, "the sandbox stops")
		_ = s.conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(time.Second))
		_ = s.conn.Close()
	}
	h.wg.Wait()
}

// any picks a socket at random, since Slack promises no pattern.
func (h *hub) any() *socket {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.sockets) == 0 {
		return nil
	}
	return h.sockets[rand.IntN(len(h.sockets))]
}

// ask sends a payload and waits for its acknowledgement.
func (h *hub) ask(ctx context.Context, kind string, payload object) (json.RawMessage, float64, error) {
	p, err := h.send(envelope{Type: kind, Payload: payload, Answers: true})
	if err != nil {
		return nil, 0, err
	}
	return p.wait(ctx)
}
