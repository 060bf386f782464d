package sandbox

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"time"
)

// serveAPI answers one Web API call, unless a fault does.
func (w *Workspace) serveAPI(rw http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	var x *fault
	if w.methods[name] != nil {
		x = w.faults.strike(onCalls, name)
	}
	if x == nil {
		w.serveCall(rw, r, "")
		return
	}
	switch x.Kind {
	case lateReply, dropReply:
		w.serveFirst(rw, r, x)
	default:
		w.serveNothing(rw, r, x, name)
	}
}

// serveFirst does what the call asks for; its answer comes late, or never.
func (w *Workspace) serveFirst(rw http.ResponseWriter, r *http.Request, x *fault) {
	answer := &unsent{header: http.Header{}}
	w.serveCall(answer, r, x.Kind)
	if x.Kind == dropReply {
		panic(http.ErrAbortHandler) // how a handler breaks its connection
	}
	late := time.NewTimer(x.delay)
	defer late.Stop()
	select {
	case <-late.C:
	case <-x.cleared:
	case <-r.Context().Done():
	}
	answer.send(rw)
}

// serveNothing answers without having done anything.
func (w *Workspace) serveNothing(rw http.ResponseWriter, r *http.Request, x *fault, name string) {
	_, _ = io.Copy(io.Discard, http.MaxBytesReader(rw, r.Body, maxBody)) // only then is a client seen to leave
	w.report(Entry{Kind: "api", Name: name, Error: x.Kind, Fault: x.Kind})
	switch x.Kind {
	case rateLimited:
		w.answer(rw, nil, nil, &failure{Code: "ratelimited", RetryAfter: x.RetryAfter})
	case http500:
		http.Error(rw, "Internal Server Error", http.StatusInternalServerError)
	case http503:
		http.Error(rw, "Service Unavailable", http.StatusServiceUnavailable)
	case notJSON:
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(rw, "<!DOCTYPE html><title>Slack</title><p>We will be back soon.")
	case neverReplies:
		select {
		case <-x.cleared:
		case <-r.Context().Done():
		}
		panic(http.ErrAbortHandler)
	}
}

// unsent is an answer that is kept back.
type unsent struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (u *unsent) Header() http.Header         { return u.header }
func (u *unsent) WriteHeader(status int)      { u.status = status }
func (u *unsent) Write(b []byte) (int, error) { return u.body.Write(b) } //nolint:wrapcheck // never fails

func (u *unsent) send(rw http.ResponseWriter) {
	maps.Copy(rw.Header(), u.header)
	rw.Header().Set("Content-Length", strconv.Itoa(u.body.Len()))
	rw.WriteHeader(u.status)
	_, _ = rw.Write(u.body.Bytes()) // the client is gone: nobody to tell
}
