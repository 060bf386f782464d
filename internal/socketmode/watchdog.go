package socketmode

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// A silent connection may be dead though it still looks open. Slack's server
// pings every few seconds, so silence is telling.
const (
	staleAfter = 45 * time.Second // not ready any more
	cutAfter   = 75 * time.Second // cut, so that Slack's client reconnects
)

// watchdog notes when anything at all was heard on the connection, and cuts one
// that is silent.
type watchdog struct {
	heard atomic.Int64 // Unix nanoseconds; 0 = never

	mu   sync.Mutex
	conn net.Conn
}

// dial opens a connection that the watchdog watches.
func (w *watchdog) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{Timeout: 10 * time.Second}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.conn = conn
	w.mu.Unlock()
	return &watchedConn{Conn: conn, watchdog: w}, nil
}

// fresh reports whether something was heard lately.
func (w *watchdog) fresh() bool { return w.silence() < staleAfter }

// silence returns for how long nothing was heard.
func (w *watchdog) silence() time.Duration {
	heard := w.heard.Load()
	if heard == 0 {
		return time.Duration(1<<63 - 1)
	}
	return time.Since(time.Unix(0, heard))
}

// lost forgets what was heard: the connection is gone.
func (w *watchdog) lost() { w.heard.Store(0) }

// run cuts a connection that has been silent for too long. Slack's client notices
// missing pings too; this is the second line.
func (w *watchdog) run(ctx context.Context) {
	ticker := time.NewTicker(5 * time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			w.mu.Lock()
			if w.heard.Load() != 0 && w.silence() > cutAfter && w.conn != nil {
				_ = w.conn.Close() // the reader fails and reconnects
				w.conn = nil
			}
			w.mu.Unlock()
		}
	}
}

// watchedConn notes each arrival, also of frames that no program gets to see.
type watchedConn struct {
	net.Conn
	watchdog *watchdog
}

func (c *watchedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.watchdog.heard.Store(time.Now().UnixNano())
	}
	return n, err
}
