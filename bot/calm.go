package bot

import (
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	firstWait = time.Second
	lastWait  = 30 * time.Second
	goodRun   = time.Minute // a connection that lasted this long was a good one
)

// calm spaces out the opening of sockets. The socket's client opens the next
// one at once when Slack says "disconnect", however often that happens; with
// calm in between, the waits double and are spread out.
type calm struct {
	next http.RoundTripper

	mu   sync.Mutex
	last time.Time
	wait time.Duration
}

// RoundTrip delays the requests that open a socket, and no others.
func (c *calm) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/apps.connections.open") {
		timer := time.NewTimer(c.delay(time.Now()))
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	return c.next.RoundTrip(r)
}

// delay is how long the next opening waits.
func (c *calm) delay(now time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case now.Sub(c.last) > goodRun+c.wait:
		c.wait = 0
	case c.wait == 0:
		c.wait = firstWait
	default:
		c.wait = min(2*c.wait, lastWait)
	}
	c.last = now
	if c.wait == 0 {
		return 0
	}
	return c.wait/2 + rand.N(c.wait)
}
