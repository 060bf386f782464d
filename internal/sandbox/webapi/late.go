package webapi

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"muster/internal/sandbox/faults"
	"muster/internal/sandbox/traffic"
)

// lateCalls are calls whose connection is broken and that are yet to be carried out.
type lateCalls struct {
	doing sync.Mutex // one at a time carries out what is due

	mu  sync.Mutex
	all []lateCall
}

// lateCall is one of them, and the fault that held it up.
type lateCall struct {
	due     time.Time // by the workspace's clock
	request *http.Request
	fault   string
}

// breakThenServe breaks the connection, and leaves the call to be carried out later.
func (a *API) breakThenServe(rw http.ResponseWriter, r *http.Request, x *faults.Fault, name string) {
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
	a.traffic.Report(traffic.Entry{Kind: "api", Name: name, Error: x.Kind, Fault: x.Kind})
	if err == nil {
		later := r.Clone(context.WithoutCancel(r.Context()))
		later.Body = io.NopCloser(bytes.NewReader(body))
		a.late.add(lateCall{a.ws.Now().Add(x.Wait()), later, x.Kind})
	}
	panic(http.ErrAbortHandler) // how a handler breaks its connection
}

// SettleDue carries out the calls that are due by now.
func (a *API) SettleDue(now time.Time) {
	a.late.doing.Lock()
	defer a.late.doing.Unlock()
	for _, c := range a.late.take(now) {
		a.serveMethod(&heldResponse{header: http.Header{}}, c.request, c.fault) // nobody is there to read it
	}
}

// NextDue returns when the next call is carried out.
func (a *API) NextDue() (at time.Time, what string, ok bool) {
	a.late.mu.Lock()
	defer a.late.mu.Unlock()
	if len(a.late.all) == 0 {
		return time.Time{}, "", false
	}
	first := slices.MinFunc(a.late.all, func(x, y lateCall) int { return x.due.Compare(y.due) })
	return first.due, "a late call of " + first.request.PathValue("method"), true
}

const lateCheck = 250 * time.Millisecond // how often calls that are due are looked for

// Run carries out late calls when they are due, until ctx ends.
func (a *API) Run(ctx context.Context) error {
	t := time.NewTicker(lateCheck)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
			a.SettleDue(a.ws.Now())
		}
	}
}

func (l *lateCalls) add(c lateCall) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, c)
}

// take removes and returns the calls that are due by now, the first one first.
func (l *lateCalls) take(now time.Time) []lateCall {
	l.mu.Lock()
	defer l.mu.Unlock()
	var due []lateCall
	l.all = slices.DeleteFunc(l.all, func(c lateCall) bool {
		if c.due.After(now) {
			return false
		}
		due = append(due, c)
		return true
	})
	slices.SortStableFunc(due, func(x, y lateCall) int { return x.due.Compare(y.due) })
	return due
}
