package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// ackWait is how long a bot may take, in real time: a clock that is moved by
// hand must not time anybody out.
const ackWait = 3 * time.Second

// The two ways in which a person's deed visibly fails.
var (
	errDispatch = errors.New("dispatch_failed")   // no socket is open
	errTimeout  = errors.New("operation_timeout") // no ack in time
)

// envelope is what carries a payload over a socket.
type envelope struct {
	ID      string  `json:"envelope_id"`
	Type    string  `json:"type"`
	Payload object  `json:"payload"`
	Answers bool    `json:"accepts_response_payload"`
	Attempt *int    `json:"retry_attempt,omitempty"`
	Reason  *string `json:"retry_reason,omitempty"`
}

// pending is an envelope that was sent and not yet acknowledged.
type pending struct {
	hub  *hub
	id   string
	kind string
	sent time.Time
	ack  chan json.RawMessage

	socket *socket // that took it last; under the hub's lock
}

// send brings an envelope on its way over one socket.
func (h *hub) send(e envelope) (*pending, error) {
	e.ID = secret(16)
	p := &pending{hub: h, id: e.ID, kind: e.Type, sent: time.Now(), ack: make(chan json.RawMessage, 1)}
	h.mu.Lock()
	h.pending[e.ID] = p
	h.mu.Unlock()
	if h.carry(e) {
		return p, nil
	}
	h.forget(e.ID)
	h.report(Entry{Kind: "envelope", Name: e.Type, Error: errDispatch.Error(), Detail: e})
	return nil, errDispatch
}

// wait returns the ack's payload and the milliseconds it took.
func (p *pending) wait(ctx context.Context) (json.RawMessage, float64, error) {
	defer p.hub.forget(p.id)
	limit := time.NewTimer(ackWait - time.Since(p.sent))
	defer limit.Stop()
	select {
	case payload := <-p.ack:
		return payload, since(p.sent), nil
	case <-limit.C:
		p.hub.report(Entry{Kind: "ack", Name: p.kind, Error: errTimeout.Error(), MS: since(p.sent), Fault: p.hub.blame(p.id)})
		return nil, since(p.sent), errTimeout
	case <-ctx.Done():
		return nil, since(p.sent), errTimeout
	}
}

func (h *hub) forget(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.pending, id)
}

// settle hands an ack to whoever waits for it. One that comes too late, or
// twice, is put on record.
func (h *hub) settle(id string, payload json.RawMessage) {
	h.mu.Lock()
	p := h.pending[id]
	delete(h.pending, id)
	fault := h.blamed[id]
	h.mu.Unlock()
	if p == nil {
		h.report(Entry{Kind: "ack", Name: "late", Error: "unknown_envelope", Detail: object{"envelope_id": id}, Fault: fault})
		return
	}
	h.report(Entry{Kind: "ack", Name: p.kind, OK: true, MS: since(p.sent), Detail: payload, Fault: fault})
	p.ack <- payload
}
