package sandbox

import (
	"context"
	"net/http"
)

// addFault adds a fault; one of sockets applies to the open ones right away.
func (s *server) addFault(_ context.Context, o faultRequest) (object, error) {
	x, err := parseFault(o, s.methods)
	if err != nil {
		return nil, wrongf("bad_fault", "%v", err)
	}
	id := s.hub.addFault(x)
	for _, now := range s.faults.list() {
		if now.ID == id {
			return object{"ok": true, "fault": now}, nil
		}
	}
	return nil, missingf("fault_not_found", "the fault was cleared before it could be shown")
}

func (s *server) getFaults(*http.Request) (any, error) {
	return object{"faults": s.faults.list()}, nil
}

// clearFaults ends one fault, or all. What they hold back goes on, or breaks.
func (s *server) clearFaults(r *http.Request) (any, error) {
	id := r.PathValue("id")
	n := s.faults.clear(id)
	if id != "" && n == 0 {
		return nil, missingf("fault_not_found", "no fault %q; GET /sandbox/v1/faults lists them", id)
	}
	s.traffic.noteChange()
	return object{"ok": true, "cleared": n}, nil
}
