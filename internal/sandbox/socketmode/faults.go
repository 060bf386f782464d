package socketmode

import (
	"time"

	"muster/internal/sandbox/faults"
	"muster/internal/sandbox/traffic"
)

// AddFault adds a fault, and applies one of sockets to those that are open. Faults
// that were there before have had their turn with them.
func (h *Hub) AddFault(x *faults.Fault) (id string) {
	h.mu.Lock()
	id = h.faults.Add(x)
	var open []*socket
	if faults.KindByName[x.Kind].Target == faults.Sockets {
		for _, s := range h.sockets {
			if h.faults.Matches(x, "") {
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
func (h *Hub) applyFault(s *socket, x *faults.Fault) {
	h.mu.Lock()
	for _, p := range h.pending {
		if p.socket == s {
			p.fault = x.Kind
		}
	}
	h.mu.Unlock()
	h.report(traffic.Entry{Kind: "socket", Name: "struck", Error: x.Kind, Fault: x.Kind})
	switch x.Kind {
	case faults.SocketCut:
		h.remove(s)
		_ = s.conn.Close()
	case faults.SocketSilent:
		s.silence.Store(x)
	case faults.SocketLinkDisabled:
		h.remove(s)
		fallthrough
	case faults.SocketRefresh:
		select {
		case s.ending <- x:
		default: // it is on its way out already
		}
	}
}

// silencedBy returns the fault that silences the socket, if one does.
func (s *socket) silencedBy() *faults.Fault {
	if x := s.silence.Load(); x != nil && !x.IsCleared() {
		return x
	}
	return nil
}

// heldEnvelope is an envelope that waits for another to pass it.
type heldEnvelope struct {
	envelope envelope
	released chan struct{} // closed when it waits no more
}

// dispatch sends an envelope as the fault that applies to it wants, or else at once.
// It reports whether the envelope is on its way.
func (h *Hub) dispatch(e envelope) bool {
	h.mu.Lock()
	if h.closed || len(h.sockets) == 0 {
		h.mu.Unlock()
		return false
	}
	x := h.faults.Match(faults.Envelopes, e.Type)
	kind := ""
	if x != nil {
		kind = x.Kind
		if p := h.pending[e.ID]; p != nil {
			p.fault = kind
		}
	}
	switch {
	case kind == faults.EnvelopeLate:
		h.postpone(e, x, nil)
		h.mu.Unlock()
		return true
	case kind == faults.EnvelopeOutOfOrder && h.heldBack == nil:
		h.heldBack = &heldEnvelope{e, make(chan struct{})}
		h.postpone(e, x, h.heldBack)
		h.mu.Unlock()
		return true
	}
	h.mu.Unlock()
	sent := h.deliver(e, kind)
	if kind == faults.EnvelopeTwice {
		sent = h.deliver(e, kind) || sent
	}
	h.releaseHeld(nil)
	return sent
}

// releaseHeld sends what was held, if it is that one, or any for nil.
func (h *Hub) releaseHeld(one *heldEnvelope) {
	h.mu.Lock()
	now := h.heldBack
	if now == nil || one != nil && one != now {
		h.mu.Unlock()
		return
	}
	h.heldBack = nil
	close(now.released)
	h.mu.Unlock()
	h.deliverLate(now.envelope, faults.EnvelopeOutOfOrder)
}

// postpone sends an envelope after the fault's delay, unless it was held and
// another has passed it before. The lock is held.
func (h *Hub) postpone(e envelope, x *faults.Fault, until *heldEnvelope) {
	var passed chan struct{}
	if until != nil {
		passed = until.released
	}
	h.wg.Go(func() {
		late := time.NewTimer(x.Wait())
		defer late.Stop()
		select {
		case <-late.C:
		case <-x.Cleared():
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
func (h *Hub) deliverLate(e envelope, fault string) {
	if !h.deliver(e, fault) {
		h.report(traffic.Entry{Kind: "envelope", Name: e.Type, Error: ErrDispatch.Error(), Fault: fault})
	}
}

// deliver writes an envelope to one socket. A socket that fails at it is passed over
// for another.
func (h *Hub) deliver(e envelope, fault string) bool {
	for range maxSockets {
		s := h.pick(e.ID)
		if s == nil {
			return false
		}
		if x := s.silencedBy(); x != nil {
			fault = x.Kind
		}
		h.report(traffic.Entry{Kind: "envelope", Name: e.Type, OK: true, Detail: e, Fault: fault})
		if s.write(e) == nil {
			return true
		}
		h.remove(s)
		_ = s.conn.Close()
		h.report(traffic.Entry{Kind: "envelope", Name: e.Type, Error: "socket_write_failed"})
	}
	return false
}

// pick returns the socket for an envelope, and notes it, so that what happens to the
// socket is known to have happened to the envelope.
func (h *Hub) pick(id string) *socket {
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
func (h *Hub) refuseSocket() string {
	x := h.faults.Match(faults.Openings, "")
	if x == nil {
		return ""
	}
	h.report(traffic.Entry{Kind: "socket", Name: "refused", Error: x.Kind, Fault: x.Kind})
	return x.Kind
}
