package socketmode

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/internal/sandbox/faults"
	"muster/internal/sandbox/traffic"
)

// object is a JSON object.
type object = map[string]any

// ackWait is how long a bot may take, in real time: a clock that is moved by
// hand must not time anybody out.
const ackWait = 3 * time.Second

// The two ways in which what a person does visibly fails.
var (
	ErrDispatch = errors.New("dispatch_failed")   // no socket is open
	ErrTimeout  = errors.New("operation_timeout") // no ack in time
)

// envelope is what carries a payload over a socket.
type envelope struct {
	ID             string  `json:"envelope_id"`
	Type           string  `json:"type"`
	Payload        object  `json:"payload"`
	AcceptsPayload bool    `json:"accepts_response_payload"`
	Attempt        *int    `json:"retry_attempt,omitempty"`
	Reason         *string `json:"retry_reason,omitempty"`
}

// pending is an envelope that was sent and not yet acknowledged.
type pending struct {
	hub        *Hub
	id         string
	kind       string
	answerable bool // its ack may carry a payload
	sent       time.Time
	ack        chan json.RawMessage

	socket *socket // that took it last; under the hub's lock
	fault  string  // that was applied to it, likewise
}

// send brings an envelope on its way over one socket.
func (h *Hub) send(e envelope) (*pending, error) {
	e.ID = rand.Text()
	p := &pending{hub: h, id: e.ID, kind: e.Type, answerable: e.AcceptsPayload, sent: time.Now(), ack: make(chan json.RawMessage, 1)}
	h.mu.Lock()
	h.pending[e.ID] = p
	h.mu.Unlock()
	if h.dispatch(e) {
		return p, nil
	}
	h.forget(e.ID)
	h.report(traffic.Entry{Kind: "envelope", Name: e.Type, Error: ErrDispatch.Error(), Detail: e})
	return nil, ErrDispatch
}

// wait returns the ack's payload and the milliseconds it took. Whoever takes the
// envelope off the list, the ack or the limit, decides what became of it.
func (p *pending) wait() (json.RawMessage, float64, error) {
	limit := time.NewTimer(ackWait - time.Since(p.sent))
	defer limit.Stop()
	select {
	case payload := <-p.ack:
		return payload, traffic.MillisSince(p.sent), nil
	case <-limit.C:
	case <-p.hub.ending:
	}
	if !p.hub.forget(p.id) {
		return <-p.ack, traffic.MillisSince(p.sent), nil
	}
	p.hub.report(traffic.Entry{Kind: "ack", Name: p.kind, Error: ErrTimeout.Error(), MS: traffic.MillisSince(p.sent), Fault: p.fault})
	return nil, traffic.MillisSince(p.sent), ErrTimeout
}

// maxFaulted is how many envelopes to which a fault was applied are remembered when
// nobody waits for them any more: their acks, too, are the fault's doing.
const maxFaulted = 1000

func (h *Hub) rememberFaulted(p *pending) {
	h.faulted = append(h.faulted, p)
	h.faulted = h.faulted[max(0, len(h.faulted)-maxFaulted):]
}

// forget returns an envelope up, and reports whether it was still waited for.
func (h *Hub) forget(id string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.pending[id]
	if p == nil {
		return false
	}
	delete(h.pending, id)
	if p.fault != "" {
		h.rememberFaulted(p)
	}
	return true
}

// acknowledge hands an ack to whoever waits for it. One that comes too late, or
// twice, is put on record, and so is one with a payload that Slack would not take.
func (h *Hub) acknowledge(id string, payload json.RawMessage) {
	h.mu.Lock()
	p, fault := h.pending[id], ""
	if p != nil {
		fault = p.fault
		delete(h.pending, id)
		if fault == faults.EnvelopeTwice {
			h.rememberFaulted(p)
		}
	} else if i := slices.IndexFunc(h.faulted, func(p *pending) bool { return p.id == id }); i >= 0 {
		fault = h.faulted[i].fault
	}
	h.mu.Unlock()
	if p == nil {
		h.report(traffic.Entry{Kind: "ack", Name: "late", Error: "unknown_envelope", Detail: object{"envelope_id": id}, Fault: fault})
		return
	}
	e := traffic.Entry{Kind: "ack", Name: p.kind, OK: true, MS: traffic.MillisSince(p.sent), Detail: payload, Fault: fault}
	if !p.answerable && AckPayload(payload) != nil {
		e.OK, e.Error = false, "unexpected_payload" // which Slack drops
	}
	h.report(e)
	p.ack <- payload
}

// AckPayload returns an ack's payload, or nil where it says nothing: none, null, {} or "".
func AckPayload(payload json.RawMessage) json.RawMessage {
	switch strings.TrimSpace(string(payload)) {
	case "", "null", "{}", `""`:
		return nil
	}
	return payload
}

// Summary returns what an envelope is about: the command, the button, the form, the event.
func (e envelope) Summary() string {
	payload := e.Payload
	if payload["command"] != nil {
		return fmt.Sprintf("%v %v", payload["command"], payload["text"])
	}
	var words []string
	add := func(o object, key string) {
		if s, _ := o[key].(string); s != "" {
			words = append(words, s)
		}
	}
	event, _ := payload["event"].(object)
	view, _ := payload["view"].(object)
	add(payload, "type")
	add(event, "type")
	if actions, _ := payload["actions"].([]object); len(actions) > 0 {
		add(actions[0], "action_id")
	}
	add(view, "callback_id")
	add(payload, "callback_id")
	return strings.Join(words, " ")
}
