package redis

import (
	"context"
	"sync"
	"time"
)

// clock knows the server's time from its last reply.
type clock struct {
	mu     sync.Mutex
	server int64     // milliseconds, read before
	at     time.Time // the reply arrived here
}

func (c *clock) saw(server int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.server, c.at = server, time.Now()
}

// deadline is a context's deadline in the server's time or a little earlier,
// never later; 0 if it has none.
func (c *clock) deadline(ctx context.Context) int64 {
	end, ok := ctx.Deadline()
	if !ok {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return max(c.server+end.Sub(c.at).Milliseconds(), 1)
}
