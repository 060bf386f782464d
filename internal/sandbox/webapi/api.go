package webapi

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.uber.org/zap"

	"muster/internal/sandbox/faults"
	"muster/internal/sandbox/refusal"
	"muster/internal/sandbox/traffic"
	"muster/internal/sandbox/workspace"
)

// sockets gives the bot tickets for Socket Mode.
type sockets interface{ NewTicket() string }

// API is Slack's Web API, and its response URLs.
type API struct {
	ws      *workspace.Workspace
	faults  *faults.Set
	traffic *traffic.Log
	sockets sockets
	log     *zap.Logger
	methods map[string]*Method
	limits  *limits
	late    lateCalls
}

// Options are what the Web API works on.
type Options struct {
	Workspace *workspace.Workspace
	Sockets   sockets
	Faults    *faults.Set
	Traffic   *traffic.Log
	Log       *zap.Logger
}

// New reads the table of methods.
func New(o Options) (*API, error) {
	methods, err := ReadMethods()
	if err != nil {
		return nil, err
	}
	return &API{
		ws: o.Workspace, faults: o.Faults, traffic: o.Traffic, sockets: o.Sockets, log: o.Log, methods: methods, limits: newLimits(),
	}, nil
}

// MethodNames returns the names of all methods, sorted.
func (a *API) MethodNames() []string { return slices.Sorted(maps.Keys(a.methods)) }

// openConnection returns a WebSocket's address, good for one connection, soon.
func openConnection(a *API, _ *call) (object, error) {
	address := strings.Replace(a.ws.URL, "http", "ws", 1)
	return object{"url": address + "/link/?ticket=" + a.sockets.NewTicket() + "&app_id=" + workspace.AppID}, nil
}

// serveMethod answers one Web API call. Refusals are HTTP 200 with "ok": false,
// except for the limits'. fault is what goes wrong with the answer, for the record.
func (a *API) serveMethod(rw http.ResponseWriter, r *http.Request, fault string) {
	began := time.Now()
	name := r.PathValue("method")
	m := a.methods[name]
	var (
		answer object
		given  any
		err    error
	)
	if m == nil {
		err = &refusal.Error{Code: "unknown_method", Extra: object{"req_method": name}}
	} else {
		var c *call
		if c, err = a.validate(m, r); err == nil {
			given = c.args
			answer, err = a.callHandler(c)
			err = errors.Join(err, a.ws.Save())
		}
	}
	code := a.writeAnswer(rw, m, answer, err)
	e := traffic.Entry{Kind: "api", Name: name, OK: code == "", MS: traffic.MillisSince(began), Detail: given, Fault: fault}
	traffic.SetError(&e, err)
	e.Error = code // the one that the method has
	a.traffic.Report(e)
}

// callHandler runs a method's handler with the state locked.
func (a *API) callHandler(c *call) (object, error) {
	a.ws.Lock()
	defer a.ws.Unlock()
	answer, err := c.method.handle(a, c)
	if err == nil && c.method.Post {
		a.ws.MarkDirty()
	}
	return answer, err
}

// writeAnswer writes Slack's form of a result or a refusal and returns the code.
func (a *API) writeAnswer(rw http.ResponseWriter, m *Method, answer object, err error) string {
	h := rw.Header()
	h.Set("x-slack-req-id", rand.Text())
	body := object{"ok": true}
	maps.Copy(body, answer)
	code, status := "", http.StatusOK
	if err != nil {
		f := a.documentedRefusal(m, err)
		code = f.Code
		body = object{"ok": false, "error": code}
		maps.Copy(body, f.Extra)
		if len(f.Messages) > 0 {
			body["response_metadata"] = object{"messages": f.Messages}
		}
		h.Set("x-slack-failure", code)
		if f.RetryAfter > 0 {
			h.Set("Retry-After", strconv.Itoa(f.RetryAfter))
			status = http.StatusTooManyRequests
		}
	}
	if code != "not_authed" && code != "invalid_auth" { // whose token is unknown
		a.writeScopes(h, m)
	}
	writeJSON(rw, status, body)
	return code
}

// writeScopes says which scopes the method takes, and which the token has.
func (a *API) writeScopes(h http.Header, m *Method) {
	if m != nil && len(m.Scopes) > 0 {
		h.Set("x-accepted-oauth-scopes", strings.Join(m.Scopes, ","))
	}
	if m != nil && m.Token == "bot" { // also where none is needed: it is how apps ask for theirs
		h.Set("x-oauth-scopes", strings.Join(a.ws.App.Scopes, ","))
	}
}

// documentedRefusal makes sure that only documented codes leave the workspace.
func (a *API) documentedRefusal(m *Method, err error) *refusal.Error {
	var f *refusal.Error
	if !errors.As(err, &f) {
		a.log.Error("sandbox method failed", zap.Error(err))
		return &refusal.Error{Code: "internal_error"}
	}
	if m == nil || m.Token == "none" { // api.test echoes any code
		return f
	}
	for _, code := range append([]string{f.Code}, f.Else...) {
		if m.documents(code) {
			f.Code = code
			return f
		}
	}
	a.log.Error("sandbox method gave a code that Slack does not document for it",
		zap.String("method", m.Name), zap.String("code", f.Code))
	return &refusal.Error{Code: "fatal_error", Messages: []string{"[ERROR] undocumented code " + f.Code}}
}

func writeJSON(rw http.ResponseWriter, status int, body any) {
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.WriteHeader(status)
	e := json.NewEncoder(rw)
	e.SetEscapeHTML(false)
	_ = e.Encode(body) // the client is gone
}
