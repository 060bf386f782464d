package sandbox

import (
	"time"
)

// order adds a fault, and lets one of sockets strike those that are open. Faults
// that were there before have had their turn with them.
func (h *hub) order(x *fault) (id string) {
	h.mu.Lock()
	id = h.faults.add(x)
	var open []*socket
	if faultKinds[x.Kind].on == onSockets {
		for _, s := range h.sockets {
			if h.faults.strikes(x, "") {
				open = append(open, s)
			}
		}
	}
	h.mu.Unlock()
	for _, s := range open {
		h.harm(s, x)
	}
	return id
}

// harm does to a socket what a fault wants.
func (h *hub) harm(s *socket, x *fault) {
	h.mu.Lock()
	for _, p := range h.pending {
		if p.socket == s {
			p.fault = x.Kind
		}
	}
	h.mu.Unlock()
	h.report(Entry{Kind: "socket", Name: "struck", Error: x.Kind, Fault: x.Kind})
	switch x.Kind {
	case cut:
		h.remove(s)
		_ = s.conn.Close()
	case silent:
		s.mute.Store(x)
	case linkDisabled:
		h.remove(s)
		fallthrough
	case refresh:
		select {
		case s.ending <- x:
		default: // it is on its way out already
		}
	}
}

// muted is the fault that silences the socket, if one does.
func (s *socket) muted() *fault {
	if x := s.mute.Load(); x != nil && !x.over() {
		return x
	}
	return nil
}

// overtaken is an envelope that waits for another to pass it.
type overtaken struct {
	envelope envelope
	gone     chan struct{} // closed when it waits no more
}

// carry sends an envelope as the fault that strikes it wants, or else at once.
// It tells whether the envelope is on its way.
func (h *hub) carry(e envelope) bool {
	h.mu.Lock()
	if h.closed || len(h.sockets) == 0 {
		h.mu.Unlock()
		return false
	}
	x := h.faults.strike(onEnvelopes, e.Type)
	kind := ""
	if x != nil {
		kind = x.Kind
		if p := h.pending[e.ID]; p != nil {
			p.fault = kind
		}
	}
	switch {
	case kind == lateEnvelope:
		h.postpone(e, x, nil)
		h.mu.Unlock()
		return true
	case kind == outOfOrder && h.held == nil:
		h.held = &overtaken{e, make(chan struct{})}
		h.postpone(e, x, h.held)
		h.mu.Unlock()
		return true
	}
	h.mu.Unlock()
	sent := h.put(e, kind)
	if kind == twice {
		sent = h.put(e, kind) || sent
	}
	h.release(nil)
	return sent
}

// release sends what was held, if it is that one, or any for nil.
func (h *hub) release(one *overtaken) {
	h.mu.Lock()
	now := h.held
	if now == nil || one != nil && one != now {
		h.mu.Unlock()
		return
	}
	h.held = nil
	close(now.gone)
	h.mu.Unlock()
	h.putLate(now.envelope, outOfOrder)
}

// postpone sends an envelope after the fault's delay, unless it was held and
// another has passed it before. The lock is held.
func (h *hub) postpone(e envelope, x *fault, until *overtaken) {
	var passed chan struct{}
	if until != nil {
		passed = until.gone
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
			h.release(until)
		} else {
			h.putLate(e, x.Kind)
		}
	})
}

// putLate writes an envelope for which nobody waits to hear whether it went out.
func (h *hub) putLate(e envelope, fault string) {
	if !h.put(e, fault) {
		h.report(Entry{Kind: "envelope", Name: e.Type, Error: errDispatch.Error(), Fault: fault})
	}
}

// put writes an envelope to one socket. A socket that fails at it is passed over
// for another.
func (h *hub) put(e envelope, fault string) bool {
	for range mostSockets {
		s := h.pick(e.ID)
		if s == nil {
			return false
		}
		if x := s.muted(); x != nil {
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

// pick is the socket for an envelope, and notes it, so that what happens to the
// socket is known to have happened to the envelope.
func (h *hub) pick(id string) *socket {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.any()
	if p := h.pending[id]; p != nil && s != nil {
		p.socket = s
		if x := s.muted(); x != nil {
			p.fault = x.Kind
		}
	}
	return s
}

// turnsAway lets a fault keep a socket from opening; "" lets it in.
func (h *hub) turnsAway() string {
	x := h.faults.strike(onOpenings, "")
	if x == nil {
		return ""
	}
	h.report(Entry{Kind: "socket", Name: "refused", Error: x.Kind, Fault: x.Kind})
	return x.Kind
}
