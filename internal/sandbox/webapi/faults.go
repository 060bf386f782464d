package webapi

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"time"

	"muster/internal/sandbox/faults"
	"muster/internal/sandbox/refusal"
	"muster/internal/sandbox/traffic"
)

// ServeAPI answers one Web API call, unless a fault does.
func (a *API) ServeAPI(rw http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	var x *faults.Fault
	if a.methods[name] != nil {
		x = a.faults.Match(faults.Calls, name)
	}
	if x == nil {
		a.serveMethod(rw, r, "")
		return
	}
	switch x.Kind {
	case faults.LateReply, faults.DropReply:
		a.serveThenFail(rw, r, x)
	case faults.DoneLate:
		a.breakThenServe(rw, r, x, name)
	default:
		a.serveFault(rw, r, x, name)
	}
}

// serveThenFail does what the call asks for; its answer comes late, or never.
func (a *API) serveThenFail(rw http.ResponseWriter, r *http.Request, x *faults.Fault) {
	answer := &heldResponse{header: http.Header{}}
	a.serveMethod(answer, r, x.Kind)
	if x.Kind == faults.DropReply {
		panic(http.ErrAbortHandler) // how a handler breaks its connection
	}
	late := time.NewTimer(x.Wait())
	defer late.Stop()
	select {
	case <-late.C:
	case <-x.Cleared():
	case <-r.Context().Done():
	}
	answer.send(rw)
}

// serveFault answers without having done anything.
func (a *API) serveFault(rw http.ResponseWriter, r *http.Request, x *faults.Fault, name string) {
	_, _ = io.Copy(io.Discard, http.MaxBytesReader(rw, r.Body, maxBody)) // only then is a client seen to leave
	a.traffic.Report(traffic.Entry{Kind: "api", Name: name, Error: x.Kind, Fault: x.Kind})
	switch x.Kind {
	case faults.RateLimited:
		a.writeAnswer(rw, nil, nil, &refusal.Error{Code: "ratelimited", RetryAfter: x.RetryAfter})
	case faults.HTTP500:
		http.Error(rw, "Internal Server Error", http.StatusInternalServerError)
	case faults.HTTP503:
		http.Error(rw, "Service Unavailable", http.StatusServiceUnavailable)
	case faults.NotJSON:
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(rw, "<!DOCTYPE html><title>Slack</title><p>We will be back soon.")
	case faults.NeverReplies:
		select {
		case <-x.Cleared():
		case <-r.Context().Done():
		}
		panic(http.ErrAbortHandler)
	}
}

// heldResponse is an answer that is kept back.
type heldResponse struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header returns the headers of the answer.
func (u *heldResponse) Header() http.Header { return u.header }

// WriteHeader keeps the status.
func (u *heldResponse) WriteHeader(status int) { u.status = status }

// Write keeps a part of the body.
func (u *heldResponse) Write(b []byte) (int, error) { return u.body.Write(b) } //nolint:wrapcheck // never fails

func (u *heldResponse) send(rw http.ResponseWriter) {
	maps.Copy(rw.Header(), u.header)
	rw.Header().Set("Content-Length", strconv.Itoa(u.body.Len()))
	rw.WriteHeader(u.status)
	_, _ = rw.Write(u.body.Bytes()) // the client is gone
}
