package socketmode

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// sockets are those that are up.
type sockets struct {
	mu    sync.Mutex
	up    []*socket
	since time.Time     // when the last of them went, or when the client was made
	cause error         // why there is none
	first chan struct{} // closed once there was one
}

func newSockets() *sockets {
	return &sockets{since: time.Now(), cause: errors.New("not connected yet"), first: make(chan struct{})}
}

func (a *sockets) add(s *socket) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.up = append(a.up, s)
	if !a.everUp() {
		close(a.first)
	}
}

// remove takes out one that is gone, and returns how many are left.
func (a *sockets) remove(s *socket, cause error) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.up = slices.DeleteFunc(a.up, func(o *socket) bool { return o == s })
	if len(a.up) == 0 {
		a.since, a.cause = time.Now(), cause
	}
	return len(a.up)
}

// refused notes why none could be opened.
func (a *sockets) refused(cause error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.cause = cause
}

// everUp reports whether there ever was one.
func (a *sockets) everUp() bool {
	select {
	case <-a.first:
		return true
	default:
		return false
	}
}

// other returns one that is up and is not s, the newest first, or nil.
func (a *sockets) other(s *socket) *socket {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, o := range slices.Backward(a.up) {
		if o != s {
			return o
		}
	}
	return nil
}

// all returns those that are up.
func (a *sockets) all() []*socket {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.up)
}

// check says why none is up, or nothing if one is.
func (a *sockets) check() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.up) > 0 {
		return nil
	}
	return fmt.Errorf("no connection to Slack for %s: %w", rounded(time.Since(a.since)), a.cause)
}
