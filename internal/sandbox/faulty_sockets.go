package sandbox

import (
	"time"
)

// order adds a fault, and lets one of sockets strike those that are open. A socket
// that opens meanwhile is struck as open or as new, not as both.
func (h *hub) order(x *fault) (id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	id = h.faults.add(x)
	if faultKinds[x.Kind].on == onSockets {
		for _, s := range h.sockets {
			h.harm(s)
		}
	}
	return id
}

// harm lets a fault strike one socket, if there is one for it. The lock is held.
func (h *hub) harm(s *socket) {
	x := h.faults.strike(onSockets, "")
	if x == nil {
		return
	}
	h.report(Entry{Kind: "socket", Name: "struck", Error: x.Kind, Fault: x.Kind})
	for _, p := range h.pending {
		if p.socket == s {
			h.blamed[p.id] = x.Kind
		}
	}
	switch x.Kind {
	case cut:
		_ = s.conn.Close()
	case silent:
		s.mute.Store(x)
	case refresh:
		select {
		case s.refresh <- x.delay:
		default: // it is on its way out already
		}
	case linkDisabled:
		_ = s.write(disconnect("link_disabled"))
		_ = s.conn.Close()
	}
}

// muted is the fault that silences the socket, if one does.
func (s *socket) muted() *fault {
	if x := s.mute.Load(); x != nil && !x.over() {
		return x
	}
	return nil
}

// carry sends an envelope as the fault that strikes it wants, or else at once.
// It tells whether the envelope is on its way.
func (h *hub) carry(e envelope) bool {
	h.mu.Lock()
	passed := h.passed // taken before the strike shows: whoever saw it may send the next one at once
	x := h.faults.strike(onEnvelopes, e.Type)
	if x != nil {
		h.blamed[e.ID] = x.Kind
	}
	h.mu.Unlock()
	if x == nil {
		return h.put(e, "")
	}
	switch x.Kind {
	case twice:
		sent := h.put(e, x.Kind)
		return h.put(e, x.Kind) || sent
	case outOfOrder:
		return h.postpone(e, x, passed)
	default:
		return h.postpone(e, x, nil)
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
			h.mu.Lock()
			close(h.passed)
			h.passed = make(chan struct{})
			h.mu.Unlock()
			return true
		}
		_ = s.conn.Close() // its reader notices and takes it off the list
		h.report(Entry{Kind: "envelope", Name: e.Type, Error: "socket_write_failed"})
	}
	return false
}

// pick is the socket for an envelope, and notes it, so that what happens to the
// socket is known to have happened to the envelope.
func (h *hub) pick(id string) *socket {
	s := h.any()
	if s == nil {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if p := h.pending[id]; p != nil {
		p.socket = s
	}
	if x := s.muted(); x != nil {
		h.blamed[id] = x.Kind
	}
	return s
}

// postpone writes an envelope after the fault's delay, or as soon as another has
// passed it; nil is never.
func (h *hub) postpone(e envelope, x *fault, passed <-chan struct{}) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.sockets) == 0 {
		return false
	}
	h.wg.Go(func() {
		late := time.NewTimer(x.delay)
		defer late.Stop()
		select {
		case <-late.C:
		case <-passed:
		case <-x.cleared:
		case <-h.ending:
			return
		}
		if !h.put(e, x.Kind) {
			h.report(Entry{Kind: "envelope", Name: e.Type, Error: errDispatch.Error(), Fault: x.Kind})
		}
	})
	return true
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

// blame is the fault that an envelope suffered from, if any.
func (h *hub) blame(id string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.blamed[id]
}
