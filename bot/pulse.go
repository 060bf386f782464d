package bot

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
	cutAfter   = 75 * time.Second // cut, so that it is opened anew
)

// pulse watches over the connection: it notes when anything at all was heard.
type pulse struct {
	heard atomic.Int64 // Unix nanoseconds; 0 = never

	mu   sync.Mutex
	conn net.Conn
}

// dial opens a connection that the pulse watches.
func (p *pulse) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{Timeout: 10 * time.Second}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	p.conn = conn
	p.mu.Unlock()
	return &heardConn{Conn: conn, pulse: p}, nil
}

// fresh reports whether something was heard lately.
func (p *pulse) fresh() bool { return p.silence() < staleAfter }

func (p *pulse) silence() time.Duration {
	heard := p.heard.Load()
	if heard == 0 {
		return time.Duration(1<<63 - 1)
	}
	return time.Since(time.Unix(0, heard))
}

// lost forgets what was heard: the connection is gone.
func (p *pulse) lost() { p.heard.Store(0) }

// watch cuts a connection that has been silent for too long. The socket's own
// client notices missing pings too; this is the second line.
func (p *pulse) watch(ctx context.Context) {
	ticker := time.NewTicker(5 * time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			p.mu.Lock()
			if p.heard.Load() != 0 && p.silence() > cutAfter && p.conn != nil {
				_ = p.conn.Close() // the reader fails and reconnects
				p.conn = nil
			}
			p.mu.Unlock()
		}
	}
}

// heardConn notes each arrival, also of frames that no program gets to see.
type heardConn struct {
	net.Conn
	pulse *pulse
}

func (c *heardConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.pulse.heard.Store(time.Now().UnixNano())
	}
	return n, err
}
