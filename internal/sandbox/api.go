package sandbox

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"go.uber.org/zap"
)

// serveMethod answers one Web API call. Refusals are HTTP 200 with "ok": false,
// except for the limits'. fault is what goes wrong with the answer, for the record.
func (w *Workspace) serveMethod(rw http.ResponseWriter, r *http.Request, fault string) {
	began := time.Now()
	name := r.PathValue("method")
	m := w.methods[name]
	var (
		answer object
		given  any
		err    error
	)
	if m == nil {
		err = &refusal{Code: "unknown_method", Extra: object{"req_method": name}}
	} else {
		var c *call
		if c, err = w.validate(m, r); err == nil {
			given = c.args
			answer, err = w.callHandler(c)
			err = errors.Join(err, w.save())
		}
	}
	code := w.writeAnswer(rw, m, answer, err)
	e := Entry{Kind: "api", Name: name, OK: code == "", MS: since(began), Detail: given, Fault: fault}
	e.setError(err)
	e.Error = code // the one that the method has
	w.report(e)
}

// callHandler runs a method's handler with the state locked.
func (w *Workspace) callHandler(c *call) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	answer, err := c.method.handle(w, c)
	if err == nil && c.method.Post {
		w.dirty = true
	}
	return answer, err
}

// writeAnswer writes Slack's form of a result or a refusal and returns the code.
func (w *Workspace) writeAnswer(rw http.ResponseWriter, m *method, answer object, err error) string {
	h := rw.Header()
	h.Set("x-slack-req-id", secret(16))
	if m != nil && len(m.Scopes) > 0 {
		h.Set("x-accepted-oauth-scopes", strings.Join(m.Scopes, ","))
	}
	if m != nil && m.Token == "bot" { // also where none is needed: it is how apps ask for theirs
		h.Set("x-oauth-scopes", strings.Join(w.app.Scopes, ","))
	}
	body := object{"ok": true}
	maps.Copy(body, answer)
	code, status := "", http.StatusOK
	if err != nil {
		f := w.documentedRefusal(m, err)
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
	writeJSON(rw, status, body)
	return code
}

// documentedRefusal makes sure that only documented codes leave the workspace.
func (w *Workspace) documentedRefusal(m *method, err error) *refusal {
	var f *refusal
	if !errors.As(err, &f) {
		w.log.Error("sandbox method failed", zap.Error(err))
		return &refusal{Code: "internal_error"}
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
	w.log.Error("sandbox method gave a code that Slack does not document for it",
		zap.String("method", m.Name), zap.String("code", f.Code))
	return &refusal{Code: "fatal_error", Messages: []string{"[ERROR] undocumented code " + f.Code}}
}

func writeJSON(rw http.ResponseWriter, status int, body any) {
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.WriteHeader(status)
	e := json.NewEncoder(rw)
	e.SetEscapeHTML(false)
	_ = e.Encode(body) // the client is gone: nobody to tell
}

// secret returns a random hexadecimal text of n bytes.
func secret(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

func since(t time.Time) float64 { return float64(time.Since(t).Microseconds()) / 1000 }
