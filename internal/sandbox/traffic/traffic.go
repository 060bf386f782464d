package traffic

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"muster/internal/sandbox/control"
	"muster/internal/sandbox/refusal"
)

// maxEntries bounds the traffic that is remembered.
const maxEntries = 20_000

// Entry is one piece of traffic, with whatever detail it has.
type Entry = control.Entry[any]

// SetError puts on record why something was refused.
func SetError(e *Entry, err error) {
	if err == nil {
		return
	}
	e.Error = err.Error()
	if f := (*refusal.Error)(nil); errors.As(err, &f) {
		e.Messages = f.Messages
	}
}

// Log numbers every change and every piece of traffic in one sequence, so
// that a reader who has seen N can ask for, or wait for, what came after.
type Log struct {
	now func() time.Time // the workspace's clock

	mu      sync.Mutex
	n       int64
	entries []Entry
	changed chan struct{} // closed, and replaced, at each change
}

// New is empty; now is the workspace's clock.
func New(now func() time.Time) *Log {
	return &Log{now: now, changed: make(chan struct{})}
}

// NoteChange notes that something changed.
func (j *Log) NoteChange() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.bump()
}

// Report puts a piece of traffic on record, at the time of the workspace's clock.
func (j *Log) Report(e Entry) {
	e.At = j.now()
	j.mu.Lock()
	defer j.mu.Unlock()
	j.bump()
	e.N = j.n
	j.entries = append(j.entries, e)
	if len(j.entries) > maxEntries+maxEntries/10 {
		j.entries = append([]Entry(nil), j.entries[len(j.entries)-maxEntries:]...)
	}
}

func (j *Log) bump() {
	j.n++
	close(j.changed)
	j.changed = make(chan struct{})
}

// Version returns the newest number.
func (j *Log) Version() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.n
}

// After returns the entries after number n, oldest first.
func (j *Log) After(n int64) []Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	found := []Entry{}
	for i := len(j.entries) - 1; i >= 0 && j.entries[i].N > n; i-- {
		found = append(found, j.entries[i])
	}
	for a, b := 0, len(found)-1; a < b; a, b = a+1, b-1 {
		found[a], found[b] = found[b], found[a]
	}
	return found
}

// Newest returns the last entries, at most n of them, oldest first.
func (j *Log) Newest(n int) []Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.entries[max(0, len(j.entries)-n):])
}

// Wait returns the newest number as soon as it is greater than n, or when ctx ends.
func (j *Log) Wait(ctx context.Context, n int64) int64 {
	for {
		j.mu.Lock()
		now, changed := j.n, j.changed
		j.mu.Unlock()
		if now > n {
			return now
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return now
		}
	}
}

// MillisSince returns the milliseconds since t, in real time.
func MillisSince(t time.Time) float64 { return float64(time.Since(t).Microseconds()) / 1000 }
