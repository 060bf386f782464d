package outbox_test

import (
	"context"
	"errors"
	"sync"
	"time"

	"muster/internal/notice"
	"muster/internal/outbox"
)

// lanes is a store with the rules that deliveries depend on: leases, fences and
// ops that are held back. Its mutex is also that of the subject kept beside it.
type lanes struct {
	mu      sync.Mutex
	byName  map[string]*lane
	blocked map[notice.Op]time.Time
	all     []notice.Notice // ever queued
	limits  notice.Limits   // of the last Take
	fault   func(op string) fault
}

// fault is what goes wrong with one operation on the store.
type fault int

const (
	works   fault = iota
	fails         // nothing was written
	hangsUp       // it was written, but the answer was lost
)

var errAway = errors.New("connection reset")

type lane struct {
	waiting []notice.Notice
	ready   time.Time
	leased  bool
	fence   int64
	tries   int
	inDoubt bool
	doubted time.Time
}

func newLanes() *lanes {
	return &lanes{
		byName:  map[string]*lane{},
		blocked: map[notice.Op]time.Time{},
		fault:   func(string) fault { return works },
	}
}

// do runs one operation with whatever is to go wrong with it.
func (s *lanes) do(op string, write func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch s.fault(op) {
	case fails:
		return errAway
	case hangsUp:
		if err := write(); err != nil {
			return err
		}
		return errAway
	}
	return write()
}

// queue appends a notice to its lane.
func (s *lanes) queue(n notice.Notice) {
	l := s.byName[n.Lane]
	if l == nil {
		l = &lane{}
		s.byName[n.Lane] = l
	}
	for at, w := range l.waiting {
		if n.Merge != "" && w.Merge == n.Merge && (at > 0 || !l.leased) {
			return
		}
	}
	l.waiting = append(l.waiting, n)
	s.all = append(s.all, n)
}

func (s *lanes) Take(ctx context.Context, now time.Time, length time.Duration, limits notice.Limits) (taken notice.Lease, ok bool, err error) {
	err = s.do("take", func() error {
		s.limits = limits
		best := ""
		for name, l := range s.byName {
			if len(l.waiting) == 0 || (limits.UrgentOnly && l.waiting[0].Priority != notice.Urgent) {
				continue
			}
			if l.ready.After(now) || s.blocked[l.waiting[0].Op].After(now) {
				continue
			}
			if best == "" || l.ready.Before(s.byName[best].ready) || (l.ready.Equal(s.byName[best].ready) && name < best) {
				best = name
			}
		}
		if best == "" {
			return nil
		}
		l := s.byName[best]
		if l.leased { // its worker did not come back
			l.inDoubt, l.doubted = true, time.Time{}
			l.tries++
		}
		l.fence++
		l.leased, l.ready = true, now.Add(length)
		taken = notice.Lease{Notice: l.waiting[0], Fence: l.fence, Until: l.ready, InDoubt: l.inDoubt, Doubted: l.doubted, Tries: l.tries}
		ok = true
		return nil
	})
	if ctx.Err() != nil { // it was taken, and nobody learns of it
		return notice.Lease{}, false, ctx.Err()
	}
	return taken, ok && err == nil, err
}

func (s *lanes) held(t notice.Lease) (*lane, error) {
	l := s.byName[t.Notice.Lane]
	if l == nil || !l.leased || l.fence != t.Fence {
		return nil, notice.ErrLost
	}
	return l, nil
}

func (s *lanes) Release(_ context.Context, t notice.Lease, r notice.Retry) error {
	return s.do("release", func() error {
		l, err := s.held(t)
		if err != nil {
			return err
		}
		l.leased, l.ready, l.inDoubt, l.doubted = false, r.NotBefore, r.InDoubt, r.Doubted
		l.tries++
		if r.Op != "" {
			s.blocked[r.Op] = r.NotBefore
		}
		return nil
	})
}

func (s *lanes) Pop(_ context.Context, t notice.Lease) error {
	return s.do("pop", func() error { return s.pop(t) })
}

func (s *lanes) pop(t notice.Lease) error {
	l, err := s.held(t)
	if err != nil {
		return err
	}
	l.waiting = l.waiting[1:]
	l.leased, l.inDoubt, l.doubted, l.tries, l.ready = false, false, time.Time{}, 0, time.Time{}
	return nil
}

// next returns the earliest moment at which a lane is ready.
func (s *lanes) next() (at time.Time, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.byName {
		if len(l.waiting) == 0 {
			continue
		}
		ready := l.ready
		if b := s.blocked[l.waiting[0].Op]; b.After(ready) {
			ready = b
		}
		if !ok || ready.Before(at) {
			at, ok = ready, true
		}
	}
	return at, ok
}

// waiting returns the keys that wait in a lane.
func (s *lanes) waiting(name string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var keys []string
	if l := s.byName[name]; l != nil {
		for _, n := range l.waiting {
			keys = append(keys, n.Key)
		}
	}
	return keys
}

// put queues notices as some commit would have.
func (s *lanes) put(notices ...notice.Notice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range notices {
		s.queue(n)
	}
}

var _ outbox.Lanes = (*lanes)(nil)
