package bot

import (
	"context"
	"sync/atomic"
	"time"
)

// server is a store whose server has a clock, which all replicas follow: skew
// between their hosts does not matter.
type server interface {
	ServerTime(ctx context.Context) (time.Time, error)
}

// clock is the host's clock, corrected by the measured offset to the server's.
type clock struct {
	server server
	offset atomic.Int64
}

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.offset.Load())) }

// measure reads the server's clock, and takes half of the round trip as the way
// there.
func (c *clock) measure(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	sent := time.Now()
	theirs, err := c.server.ServerTime(ctx)
	if err != nil {
		return err
	}
	took := time.Since(sent)
	c.offset.Store(int64(theirs.Sub(sent.Add(took / 2))))
	return nil
}
