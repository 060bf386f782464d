package socketmode

import (
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	firstWait  = time.Second
	lastWait   = 30 * time.Second
	stableFrom = time.Minute // a connection that lasted this long was a good one
)

// connectBackoff spaces out the opening of connections. Slack's client opens the
// next one at once when Slack says "disconnect", however often that happens; with
// this transport in between, the waits double, with jitter.
type connectBackoff struct {
	next http.RoundTripper

	mu   sync.Mutex
	last time.Time
	wait time.Duration
}

// RoundTrip delays the requests that open a connection, and no others.
func (b *connectBackoff) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/apps.connections.open") {
		timer := time.NewTimer(b.delay(time.Now()))
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	return b.next.RoundTrip(r)
}

// delay returns how long the next opening waits.
func (b *connectBackoff) delay(now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case now.Sub(b.last) > stableFrom+b.wait:
		b.wait = 0
	case b.wait == 0:
		b.wait = firstWait
	default:
		b.wait = min(2*b.wait, lastWait)
	}
	b.last = now
	if b.wait == 0 {
		return 0
	}
	return b.wait/2 + rand.N(b.wait)
}
