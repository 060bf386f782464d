package bot

import (
	"net"
	"slices"
	"sync"
)

// boundedListener keeps a limited number of connections open. One more closes the
// oldest, so that whoever only holds connections keeps nobody else out, and takes
// no file descriptors that the connection to Slack needs.
type boundedListener struct {
	net.Listener
	limit int

	mu   sync.Mutex
	open []*boundedConn // the oldest first
}

// Accept waits for the next connection.
func (l *boundedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &boundedConn{Conn: conn, listener: l}
	l.mu.Lock()
	l.open = append(l.open, c)
	var oldest *boundedConn
	if len(l.open) > l.limit {
		oldest = l.open[0]
	}
	l.mu.Unlock()
	if oldest != nil {
		_ = oldest.Close() // its reader notices
	}
	return c, nil
}

// boundedConn is one of a boundedListener's connections.
type boundedConn struct {
	net.Conn
	listener *boundedListener
}

// Close closes the connection, which then no longer counts.
func (c *boundedConn) Close() error {
	l := c.listener
	l.mu.Lock()
	l.open = slices.DeleteFunc(l.open, func(other *boundedConn) bool { return other == c })
	l.mu.Unlock()
	return c.Conn.Close()
}
