package clock

import (
	"sync"
	"time"
)

// Clock runs at real speed with a lead that only grows. While it is frozen it
// stands still, so that all that is due at one moment sees that same moment.
type Clock struct {
	mu     sync.Mutex
	lead   time.Duration
	frozen *time.Time
	last   time.Time // a real clock that was set back must not move ours back
}

// New returns a clock that leads real time.
func New(lead time.Duration) *Clock { return &Clock{lead: lead} }

// Now returns the time, which never goes back.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time {
	if c.frozen != nil {
		return *c.frozen
	}
	now := time.Now().Add(c.lead).UTC().Round(0)
	if now.Before(c.last) {
		return c.last
	}
	c.last = now
	return now
}

// Freeze stops the clock and says at which moment.
func (c *Clock) Freeze() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	c.frozen = &now
	return now
}

// Jump moves a frozen clock forward to t, and returns the lead that takes it there.
func (c *Clock) Jump(t time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(*c.frozen) {
		t = t.UTC().Round(0)
		c.frozen = &t
	}
	return time.Until(*c.frozen)
}

// Resume lets the clock run on from where it stands and returns its new lead.
func (c *Clock) Resume() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = *c.frozen
	c.lead = time.Until(*c.frozen)
	c.frozen = nil
	return c.lead
}
