package socketmode

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"maps"
	mathrand "math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"muster/internal/sandbox/faults"
	"muster/internal/sandbox/traffic"
)

const (
	maxSockets = 10
	pingEvery  = 10 * time.Second
	writeWait  = 5 * time.Second
	frameLimit = 20 * 1024 // bytes a client may send in one message
	warnBefore = 10 * time.Second
	ticketLife = time.Minute // Slack's is not published
	socketLife = time.Hour
	debugLife  = 360 * time.Second // with debug_reconnects=true
)

// Hub holds the bot's sockets. Each payload goes to any one of them, and any of
// them may acknowledge it.
type Hub struct {
	appID  string
	report func(traffic.Entry)
	faults *faults.Set
	ending chan struct{} // closed when the hub closes

	// How often a socket is pinged and how long it lasts, in real time.
	pings, life time.Duration

	mu       sync.Mutex
	tickets  map[string]time.Time // when they were given
	sockets  []*socket
	pending  map[string]*pending
	faulted  []*pending    // which nobody waits for any more
	heldBack *heldEnvelope // until another envelope has passed it
	closed   bool
	wg       sync.WaitGroup
}

// socket is one WebSocket; its writes are serialized, as the library needs.
type socket struct {
	mu      sync.Mutex
	conn    *websocket.Conn
	gone    chan struct{}
	ending  chan *faults.Fault           // asks to let it go as that fault wants
	silence atomic.Pointer[faults.Fault] // silences it while that fault lasts
}

// Options are what a hub works with.
type Options struct {
	AppID   string
	Traffic *traffic.Log
	Faults  *faults.Set
}

// New has no sockets yet; Serve takes them.
func New(o Options) *Hub {
	return &Hub{
		appID: o.AppID, report: o.Traffic.Report, faults: o.Faults, ending: make(chan struct{}), pings: pingEvery, life: socketLife,
		tickets: map[string]time.Time{}, pending: map[string]*pending{},
	}
}

// Clients send an origin of Slack's; the ticket proves who may enter.
var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

// Serve takes a bot's WebSocket and reads its acks until it ends.
func (h *Hub) Serve(rw http.ResponseWriter, r *http.Request) {
	if !h.redeemTicket(r.URL.Query().Get("ticket")) {
		http.Error(rw, "this address was already used, or never issued", http.StatusNotFound)
		return
	}
	defer h.wg.Done()
	trouble := h.refuseSocket()
	if trouble == faults.SocketRefused {
		http.Error(rw, "sockets are refused right now", http.StatusServiceUnavailable)
		return
	}
	conn, err := upgrader.Upgrade(rw, r, nil)
	if err != nil {
		return // the library has answered
	}
	life := h.life
	if r.URL.Query().Get("debug_reconnects") == "true" {
		life = debugLife
	}
	s := &socket{conn: conn, gone: make(chan struct{}), ending: make(chan *faults.Fault, 1)}
	defer func() { _ = conn.Close() }()
	if trouble == faults.SocketTooMany {
		_ = s.write(disconnectMessage("too_many_websockets"))
		return
	}
	if !h.add(s, life) {
		return
	}
	var beat sync.WaitGroup
	beat.Go(func() { h.keepAlive(s, life) })
	h.read(s)
	h.remove(s)
	close(s.gone)
	beat.Wait()
}

// redeemTicket spends a ticket; one that lets in counts until the connection ends.
func (h *Hub) redeemTicket(ticket string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	given, known := h.tickets[ticket]
	delete(h.tickets, ticket)
	if h.closed || !known || time.Since(given) > ticketLife {
		return false
	}
	h.wg.Add(1)
	return true
}

// add counts the socket in and says hello, unless there are too many. Nothing
// else is written before the hello.
func (h *Hub) add(s *socket, life time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return false
	}
	n := len(h.sockets) + 1
	if n > maxSockets {
		h.mu.Unlock()
		h.report(traffic.Entry{Kind: "socket", Name: "refused", Error: "too_many_websockets"})
		_ = s.put(disconnectMessage("too_many_websockets"))
		return false
	}
	h.sockets = append(h.sockets, s)
	h.report(traffic.Entry{Kind: "socket", Name: "open", OK: true, Detail: object{"sockets": n}})
	x := h.faults.Match(faults.Sockets, "")
	h.mu.Unlock()
	if s.put(object{
		"type": "hello", "num_connections": n, "connection_info": object{"app_id": h.appID},
		"debug_info": object{
			"host": "applink-sandbox", "build_number": 1, "approximate_connection_time": int(life.Seconds()),
		},
	}) != nil {
		h.remove(s)
		return false
	}
	if x != nil {
		h.applyFault(s, x)
	}
	return true
}

// remove takes a socket off the list, once, so that nothing more is sent over it.
func (h *Hub) remove(s *socket) {
	h.mu.Lock()
	defer h.mu.Unlock()
	before := len(h.sockets)
	h.sockets = slices.DeleteFunc(h.sockets, func(o *socket) bool { return o == s })
	if len(h.sockets) < before {
		h.report(traffic.Entry{Kind: "socket", Name: "closed", OK: true, Detail: object{"sockets": len(h.sockets)}})
	}
}

func (h *Hub) read(s *socket) {
	s.conn.SetReadLimit(frameLimit) // beyond it the library closes with 1009
	pong := s.conn.PingHandler()
	s.conn.SetPingHandler(func(data string) error {
		if s.silencedBy() != nil {
			return nil
		}
		return pong(data)
	})
	bye := s.conn.CloseHandler()
	s.conn.SetCloseHandler(func(code int, text string) error {
		if s.silencedBy() != nil {
			return nil
		}
		return bye(code, text)
	})
	for {
		_, raw, err := s.conn.ReadMessage()
		if errors.Is(err, websocket.ErrReadLimit) {
			h.report(traffic.Entry{Kind: "socket", Name: "struck", Error: "message_too_big"})
		}
		if err != nil {
			return
		}
		if s.silencedBy() != nil {
			continue
		}
		var ack struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(raw, &ack) != nil || ack.ID == "" {
			h.report(traffic.Entry{Kind: "ack", Name: "unreadable", Error: "no envelope_id", Detail: string(raw)})
			continue
		}
		h.acknowledge(ack.ID, ack.Payload)
	}
}

// keepAlive pings the client, warns it before its time is up, and then lets it go.
func (h *Hub) keepAlive(s *socket, life time.Duration) {
	pings := time.NewTicker(h.pings)
	warn, end := time.NewTimer(life-warnBefore), time.NewTimer(life)
	defer pings.Stop()
	defer warn.Stop()
	defer end.Stop()
	refreshed := false
	for {
		select {
		case <-s.gone:
			return
		case x := <-s.ending:
			if x.Kind == faults.SocketLinkDisabled {
				h.disconnect(s, "link_disabled")
				return
			}
			if !refreshed {
				_ = s.write(disconnectMessage("warning"))
				end.Reset(x.Wait())
			}
			refreshed = true
		case <-pings.C:
			if s.silencedBy() == nil {
				_ = s.conn.WriteControl(websocket.PingMessage, []byte("Ping from applink-sandbox"), time.Now().Add(writeWait))
			}
		case <-warn.C:
			if !refreshed {
				_ = s.write(disconnectMessage("warning"))
			}
			refreshed = true
		case <-end.C:
			h.disconnect(s, "refresh_requested")
			return
		}
	}
}

// disconnect says to a socket why it has to go, and closes it.
func (h *Hub) disconnect(s *socket, reason string) {
	_ = s.write(disconnectMessage(reason))
	h.remove(s)
	_ = s.conn.Close()
}

func disconnectMessage(reason string) object {
	return object{"type": "disconnect", "reason": reason, "debug_info": object{"host": "applink-sandbox"}}
}

func (s *socket) write(v any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.put(v)
}

// put writes with the lock held.
func (s *socket) put(v any) error {
	if s.silencedBy() != nil {
		return nil
	}
	_ = s.conn.SetWriteDeadline(time.Now().Add(writeWait))
	return s.conn.WriteJSON(v) //nolint:wrapcheck // only asked whether it worked
}

// Count returns the number of open sockets.
func (h *Hub) Count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.sockets)
}

// Close ends every socket politely and waits until their readers are done.
func (h *Hub) Close() {
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

// randomSocket picks a socket at random, since Slack promises no pattern. The lock is held.
func (h *Hub) randomSocket() *socket {
	if len(h.sockets) == 0 {
		return nil
	}
	return h.sockets[mathrand.IntN(len(h.sockets))]
}

// answerable are the interactive payloads whose ack may carry one in return.
var answerable = []any{"block_actions", "view_submission"}

// SendAndWait sends a payload and waits for its acknowledgement, whoever else has stopped
// waiting.
func (h *Hub) SendAndWait(kind string, payload object) (json.RawMessage, float64, error) {
	answers := kind == "slash_commands" || slices.Contains(answerable, payload["type"])
	p, err := h.send(envelope{Type: kind, Payload: payload, AcceptsPayload: answers})
	if err != nil {
		return nil, 0, err
	}
	return p.wait()
}

// NewTicket returns a ticket for one connection, good for a short time.
func (h *Hub) NewTicket() string {
	ticket := rand.Text()
	now := time.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	maps.DeleteFunc(h.tickets, func(_ string, given time.Time) bool { return now.Sub(given) > ticketLife })
	h.tickets[ticket] = now
	return ticket
}
