package sandbox

import (
	"time"
)

// addFault adds a fault, and lets one of sockets strike those that are open. Faults
// that were there before have had their turn with them.
func (h *hub) addFault(x *fault) (id string) {
	h.mu.Lock()
	id = h.faults.add(x)
	var open []*socket
	if faultKindByName[x.Kind].target == targetSockets {
		for _, s := range h.sockets {
			if h.faults.takes(x, "") {
				open = append(open, s)
			}
		}
	}
	h.mu.Unlock()
	for _, s := range open {
		h.applyFault(s, x)
	}
	return id
}

// applyFault does to a socket what a fault wants.
func (h *hub) applyFault(s *socket, x *fault) {
	h.mu.Lock()
	for _, p := range h.pending {
		if p.socket == s {
			p.fault = x.Kind
		}
	}
	h.mu.Unlock()
	h.report(Entry{Kind: "socket", Name: "struck", Error: x.Kind, Fault: x.Kind})
	switch x.Kind {
	case socketCut:
		h.remove(s)
		_ = s.conn.Close()
	case socketSilent:
		s.silence.Store(x)
	case socketLinkDisabled:
		h.remove(s)
		fallthrough
	case socketRefresh:
		select {
		case s.ending <- x:
		default: // it is on its way out already
		}
	}
}

// silencedBy returns the fault that silences the socket, if one does.
func (s *socket) silencedBy() *fault {
	if x := s.silence.Load(); x != nil && !x.isCleared() {
		return x
	}
	return nil
}

// heldEnvelope is an envelope that waits for another to pass it.
type heldEnvelope struct {
	envelope envelope
	released chan struct{} // closed when it waits no more
}

// dispatch sends an envelope as the fault that strikes it wants, or else at once.
// It reports whether the envelope is on its way.
func (h *hub) dispatch(e envelope) bool {
	h.mu.Lock()
	if h.closed || len(h.sockets) == 0 {
		h.mu.Unlock()
		return false
	}
	x := h.faults.take(targetEnvelopes, e.Type)
	kind := ""
	if x != nil {
		kind = x.Kind
		if p := h.pending[e.ID]; p != nil {
			p.fault = kind
		}
	}
	switch {
	case kind == envelopeLate:
		h.postpone(e, x, nil)
		h.mu.Unlock()
		return true
	case kind == envelopeOutOfOrder && h.heldBack == nil:
		h.heldBack = &heldEnvelope{e, make(chan struct{})}
		h.postpone(e, x, h.heldBack)
		h.mu.Unlock()
		return true
	}
	h.mu.Unlock()
	sent := h.deliver(e, kind)
	if kind == envelopeTwice {
		sent = h.deliver(e, kind) || sent
	}
	h.releaseHeld(nil)
	return sent
}

// releaseHeld sends what was held, if it is that one, or any for nil.
func (h *hub) releaseHeld(one *heldEnvelope) {
	h.mu.Lock()
	now := h.heldBack
	if now == nil || one != nil && one != now {
		h.mu.Unlock()
		return
	}
	h.heldBack = nil
	close(now.released)
	h.mu.Unlock()
	h.deliverLate(now.envelope, envelopeOutOfOrder)
}

// postpone sends an envelope after the fault's delay, unless it was held and
// another has passed it before. The lock is held.
func (h *hub) postpone(e envelope, x *fault, until *heldEnvelope) {
	var passed chan struct{}
	if until != nil {
		passed = until.released
	}
	h.wg.Go(func() {
		late := time.NewTimer(x.delay)
		defer late.Stop()
		select {
		case <-late.C:
		case <-x.cleared:
		case <-passed:
			return
		case <-h.ending:
			return
		}
		if until != nil {
			h.releaseHeld(until)
		} else {
			h.deliverLate(e, x.Kind)
		}
	})
}

// deliverLate writes an envelope for which nobody waits to hear whether it went out.
func (h *hub) deliverLate(e envelope, fault string) {
	if !h.deliver(e, fault) {
		h.report(Entry{Kind: "envelope", Name: e.Type, Error: errDispatch.Error(), Fault: fault})
	}
}

// deliver writes an envelope to one socket. A socket that fails at it is passed over
// for another.
func (h *hub) deliver(e envelope, fault string) bool {
	for range maxSockets {
		s := h.pick(e.ID)
		if s == nil {
			return false
		}
		if x := s.silencedBy(); x != nil {
			fault = x.Kind
		}
		h.report(Entry{Kind: "envelope", Name: e.Type, OK: true, Detail: e, Fault: fault})
		if s.write(e) == nil {
			return true
		}
		h.remove(s)
		_ = s.conn.Close()
		h.report(Entry{Kind: "envelope", Name: e.Type, Error: "socket_write_failed"})
	}
	return false
}

// pick returns the socket for an envelope, and notes it, so that what happens to the
// socket is known to have happened to the envelope.
func (h *hub) pick(id string) *socket {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.randomSocket()
	if p := h.pending[id]; p != nil && s != nil {
		p.socket = s
		if x := s.silencedBy(); x != nil {
			p.fault = x.Kind
		}
	}
	return s
}

// refuseSocket lets a fault keep a socket from opening; "" lets it in.
func (h *hub) refuseSocket() string {
	x := h.faults.take(targetOpenings, "")
	if x == nil {
		return ""
	}
	h.report(Entry{Kind: "socket", Name: "refused", Error: x.Kind, Fault: x.Kind})
	return x.Kind
}
