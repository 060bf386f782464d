package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"go.uber.org/zap"

	"muster/internal/sandbox/clock"
	"muster/internal/sandbox/faults"
	"muster/internal/sandbox/socketmode"
	"muster/internal/sandbox/traffic"
	"muster/internal/sandbox/workspace"
)

// object is a JSON object.
type object = map[string]any

const maxRequest = 4 << 20 // bytes of a request's body

// problem is a control request that cannot be done; Detail says what would be right.
type problem struct {
	Status int
	Code   string
	Detail string
}

func (p *problem) Error() string { return p.Code + ": " + p.Detail }

func wrongf(code, format string, args ...any) error {
	return &problem{http.StatusBadRequest, code, fmt.Sprintf(format, args...)}
}

func missingf(code, format string, args ...any) error {
	return &problem{http.StatusNotFound, code, fmt.Sprintf(format, args...)}
}

func forbidf(code, format string, args ...any) error {
	return &problem{http.StatusForbidden, code, fmt.Sprintf(format, args...)}
}

// Options are what the control interface works on.
type Options struct {
	Workspace *workspace.Workspace
	Hub       *socketmode.Hub
	Faults    *faults.Set
	Traffic   *traffic.Log
	Clock     *clock.Mover
	Methods   []string // of the Web API, which faults may name
	Log       *zap.Logger
}

// New returns the handler of everything under /sandbox/v1/.
func New(o Options) http.Handler {
	s := &server{ws: o.Workspace, hub: o.Hub, faults: o.Faults, traffic: o.Traffic, clock: o.Clock, methods: o.Methods, log: o.Log}
	return s.handler()
}

// server is the control interface.
type server struct {
	ws      *workspace.Workspace
	hub     *socketmode.Hub
	faults  *faults.Set
	traffic *traffic.Log
	clock   *clock.Mover
	methods []string
	log     *zap.Logger
}

// handler returns everything under /sandbox/v1/.
func (s *server) handler() http.Handler {
	a := &userActions{ws: s.ws, hub: s.hub, traffic: s.traffic}
	mux := http.NewServeMux()
	for path, get := range map[string]getter{
		"state": s.getState, "messages": s.getMessages, "traffic": s.getTraffic,
		"wait": s.getWait, "clock": s.getClock, "faults": s.getFaults,
	} {
		mux.HandleFunc("GET /sandbox/v1/"+path, s.get(get))
	}
	for path, action := range map[string]http.HandlerFunc{
		"clock": post(s, s.moveClock), "command": post(s, a.runCommand), "click": post(s, a.click),
		"submit": post(s, a.submit), "close": post(s, a.closeView), "shortcut": post(s, a.useShortcut),
		"message": post(s, a.sendMessage), "reaction": post(s, a.markReaction), "pin": post(s, a.markPin),
		"home": post(s, a.openHome), "join": post(s, a.joinChannel), "invite": post(s, a.inviteUser),
		"create": post(s, a.createChannel), "archive": post(s, a.archiveChannel), "unarchive": post(s, a.unarchiveChannel),
		"user": post(s, a.addUser), "envelope": post(s, a.sendEnvelope),
		"rename": post(s, a.renameChannel), "faults": post(s, s.addFault), "read": post(s, a.markRead),
	} {
		mux.HandleFunc("POST /sandbox/v1/"+path, action)
	}
	mux.HandleFunc("DELETE /sandbox/v1/faults", s.get(s.clearFaults))
	mux.HandleFunc("DELETE /sandbox/v1/faults/{id}", s.get(s.clearFaults))
	mux.HandleFunc("/sandbox/v1/", func(rw http.ResponseWriter, r *http.Request) {
		s.writeProblem(rw, missingf("unknown_request", "no such request: %s %s", r.Method, r.URL.Path))
	})
	return mux
}

// getter answers a request that changes nothing.
type getter func(r *http.Request) (any, error)

func (s *server) get(f getter) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		v, err := f(r)
		if err != nil {
			s.writeProblem(rw, err)
			return
		}
		respond(rw, http.StatusOK, v)
	}
}

// post turns an action into an HTTP handler. Its body is read strictly, so that a
// misspelt field is refused instead of ignored.
func post[T any](s *server, action func(context.Context, T) (object, error)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		var given T
		d := json.NewDecoder(http.MaxBytesReader(rw, r.Body, maxRequest))
		d.DisallowUnknownFields()
		if err := d.Decode(&given); err != nil && !errors.Is(err, io.EOF) {
			s.writeProblem(rw, wrongf("bad_request", "can't read the request body: %v", err))
			return
		}
		answer, err := action(r.Context(), given)
		err = errors.Join(err, s.ws.Save())
		s.traffic.NoteChange()
		if err != nil {
			s.writeProblem(rw, err)
			return
		}
		respond(rw, http.StatusOK, answer)
	}
}

func (s *server) writeProblem(rw http.ResponseWriter, err error) {
	p := &problem{Status: http.StatusInternalServerError, Code: "internal_error", Detail: err.Error()}
	if !errors.As(err, &p) {
		s.log.Error("sandbox request failed", zap.Error(err))
	}
	respond(rw, p.Status, object{"ok": false, "error": p.Code, "detail": p.Detail})
}

// failedAnswer returns the answer to an action that reached the bot and failed there.
func failedAnswer(err error, ms float64) object {
	return object{"ok": false, "error": err.Error(), "ack_ms": ms}
}

func respond(rw http.ResponseWriter, status int, body any) {
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.WriteHeader(status)
	e := json.NewEncoder(rw)
	e.SetEscapeHTML(false)
	_ = e.Encode(body) // the client is gone
}
