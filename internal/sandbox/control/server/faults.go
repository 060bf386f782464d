package server

import (
	"context"
	"net/http"

	"muster/internal/sandbox/control"
	"muster/internal/sandbox/faults"
)

// addFault adds a fault; one of sockets applies to the open ones right away.
func (s *server) addFault(_ context.Context, o control.FaultRequest) (object, error) {
	x, err := faults.Parse(o, s.methods)
	if err != nil {
		return nil, wrongf("bad_fault", "%v", err)
	}
	id := s.hub.AddFault(x)
	for _, now := range s.faults.List() {
		if now.ID == id {
			return object{"ok": true, "fault": now}, nil
		}
	}
	return nil, missingf("fault_not_found", "the fault was cleared before it could be shown")
}

func (s *server) getFaults(*http.Request) (any, error) {
	return object{"faults": s.faults.List()}, nil
}

// clearFaults ends one fault, or all. What they hold back goes on, or breaks.
func (s *server) clearFaults(r *http.Request) (any, error) {
	id := r.PathValue("id")
	n := s.faults.Clear(id)
	if id != "" && n == 0 {
		return nil, missingf("fault_not_found", "no fault %q; GET /sandbox/v1/faults lists them", id)
	}
	s.traffic.NoteChange()
	return object{"ok": true, "cleared": n}, nil
}
