package outbox_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"muster/internal/incident"
	"muster/internal/outbox"
)

// memory is a store with the rules that deliveries depend on: versions, keys
// that count once, lanes with leases and fences, acts that are blocked.
type memory struct {
	mu        sync.Mutex
	incidents map[incident.Number]incident.Incident
	committed map[string]incident.Number
	lanes     map[string]*lane
	blocked   map[incident.Op]time.Time
	all       []incident.Notice   // ever queued
	dead      map[string]string   // key of a dead letter to its reason
	pace      incident.RateLimits // of the last Take
	fault     func(op string) fault
}

// fault is what goes wrong with one operation on the store.
type fault int

const (
	works   fault = iota
	fails         // nothing was written
	hangsUp       // it was written, but the answer was lost
)

var errAway = errors.Join(incident.ErrUnavailable, errors.New("connection reset"))

type lane struct {
	waiting []incident.Notice
	ready   time.Time
	leased  bool
	fence   int64
	tries   int
	unsure  bool
}

func newMemory() *memory {
	return &memory{
		incidents: map[incident.Number]incident.Incident{},
		committed: map[string]incident.Number{},
		lanes:     map[string]*lane{},
		blocked:   map[incident.Op]time.Time{},
		dead:      map[string]string{},
		fault:     func(string) fault { return works },
	}
}

// do runs one operation with whatever is to go wrong with it.
func (m *memory) do(op string, write func() error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch m.fault(op) {
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

func (m *memory) Load(_ context.Context, ref incident.Ref, key string) (i incident.Incident, repeated bool, err error) {
	err = m.do("load", func() error {
		if n, ok := m.committed[key]; ok {
			i, repeated = m.incidents[n], true
			return nil
		}
		if ref == (incident.Ref{}) {
			i.Number = incident.Number(len(m.incidents) + 1)
			return nil
		}
		found, ok := m.incidents[ref.Number]
		if !ok {
			return incident.ErrNotFound
		}
		i = found
		return nil
	})
	return i, repeated, err
}

func (m *memory) Find(context.Context, incident.Query) ([]incident.Incident, error) {
	return nil, errors.New("no delivery lists incidents")
}

func (m *memory) Timeline(context.Context, incident.Number) ([]incident.Entry, error) {
	return nil, errors.New("no delivery reads a timeline")
}

func (m *memory) Commit(_ context.Context, c incident.Commit) error {
	return m.do("commit", func() error {
		after := c.Change.After
		if _, done := m.committed[c.Key]; done {
			return incident.ErrRepeated
		}
		if m.incidents[after.Number].Version != after.Version-1 {
			return incident.ErrStale
		}
		if c.Sent != nil {
			if err := m.pop(*c.Sent); err != nil {
				return err
			}
		}
		m.incidents[after.Number], m.committed[c.Key] = after, after.Number
		for _, d := range after.Undelivered {
			m.dead[d.Notice.Key] = d.Reason
		}
		for _, n := range c.Change.Notices {
			m.queue(n)
		}
		return nil
	})
}

// queue appends a notice to its lane.
func (m *memory) queue(n incident.Notice) {
	l := m.lanes[n.Lane]
	if l == nil {
		l = &lane{}
		m.lanes[n.Lane] = l
	}
	for at, w := range l.waiting {
		if n.Merge != "" && w.Merge == n.Merge && (at > 0 || !l.leased) {
			return
		}
	}
	l.waiting = append(l.waiting, n)
	m.all = append(m.all, n)
}

func (m *memory) Take(_ context.Context, now time.Time, length time.Duration, p incident.RateLimits) (taken incident.Lease, ok bool, err error) {
	err = m.do("take", func() error {
		m.pace = p
		best := ""
		for name, l := range m.lanes {
			if len(l.waiting) == 0 || l.ready.After(now) || m.blocked[l.waiting[0].Op].After(now) {
				continue
			}
			if best == "" || l.ready.Before(m.lanes[best].ready) || (l.ready.Equal(m.lanes[best].ready) && name < best) {
				best = name
			}
		}
		if best == "" {
			return nil
		}
		l := m.lanes[best]
		if l.leased { // its worker did not come back
			l.unsure = true
			l.tries++
		}
		l.fence++
		l.leased, l.ready = true, now.Add(length)
		taken = incident.Lease{Notice: l.waiting[0], Fence: l.fence, Until: l.ready, InDoubt: l.unsure, Tries: l.tries}
		ok = true
		return nil
	})
	return taken, ok && err == nil, err
}

func (m *memory) held(t incident.Lease) (*lane, error) {
	l := m.lanes[t.Notice.Lane]
	if l == nil || !l.leased || l.fence != t.Fence {
		return nil, incident.ErrLost
	}
	return l, nil
}

func (m *memory) Release(_ context.Context, t incident.Lease, h incident.Retry) error {
	return m.do("release", func() error {
		l, err := m.held(t)
		if err != nil {
			return err
		}
		l.leased, l.ready, l.unsure = false, h.NotBefore, h.InDoubt
		l.tries++
		if h.Op != "" {
			m.blocked[h.Op] = h.NotBefore
		}
		return nil
	})
}

func (m *memory) Pop(_ context.Context, t incident.Lease) error {
	return m.do("pop", func() error { return m.pop(t) })
}

func (m *memory) pop(t incident.Lease) error {
	l, err := m.held(t)
	if err != nil {
		return err
	}
	l.waiting = l.waiting[1:]
	l.leased, l.unsure, l.tries, l.ready = false, false, 0, time.Time{}
	return nil
}

// next is the earliest moment at which a lane is ready.
func (m *memory) next() (at time.Time, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range m.lanes {
		if len(l.waiting) == 0 {
			continue
		}
		ready := l.ready
		if b := m.blocked[l.waiting[0].Op]; b.After(ready) {
			ready = b
		}
		if !ok || ready.Before(at) {
			at, ok = ready, true
		}
	}
	return at, ok
}

func (m *memory) incident(n incident.Number) incident.Incident {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.incidents[n]
}

// waiting is the keys that wait in a lane.
func (m *memory) waiting(name string) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var keys []string
	if l := m.lanes[name]; l != nil {
		for _, n := range l.waiting {
			keys = append(keys, n.Key)
		}
	}
	return keys
}

// put queues notices as some commit would have.
func (m *memory) put(i incident.Incident, notices ...incident.Notice) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.incidents[i.Number] = i
	for _, n := range notices {
		m.queue(n)
	}
}

var (
	_ incident.Store   = (*memory)(nil)
	_ outbox.Lanes     = (*memory)(nil)
	_ outbox.Incidents = (*incident.Service)(nil)
)

// slack is where deliveries end up: it keeps what was applied, by notice.
type slack struct {
	mu      sync.Mutex
	posted  map[string]int
	calls   []outbox.Delivery
	answers []error // to the next calls; nil = it works
	meet    func(ctx context.Context, d outbox.Delivery) (handled bool, r incident.Receipt, err error)
}

func (s *slack) Send(ctx context.Context, d outbox.Delivery) (incident.Receipt, error) {
	s.mu.Lock()
	s.calls = append(s.calls, d)
	meet := s.meet
	var answer error
	if len(s.answers) > 0 {
		answer, s.answers = s.answers[0], s.answers[1:]
	}
	s.mu.Unlock()
	if meet != nil {
		if handled, r, err := meet(ctx, d); handled {
			return r, err
		}
	}
	if answer != nil {
		return incident.Receipt{}, answer
	}
	return s.apply(d), nil
}

// apply does what the delivery asks for, unless an unsure one finds it done.
func (s *slack) apply(d outbox.Delivery) incident.Receipt {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !d.InDoubt || s.posted[d.Notice.Key] == 0 {
		s.posted[d.Notice.Key]++
	}
	r := incident.Receipt{Channel: d.To.Channel, TS: "1700000000.000100"}
	switch d.Notice.Op {
	case incident.OpOpen:
		r.Channel, r.Name = "C0INCIDENT", "inc-1"
	case incident.OpExpand, incident.OpInvite:
		r.Users = slices.Collect(d.Notice.To.People.Users.All())
	}
	return r
}

// sent is the keys of all calls, in order.
func (s *slack) sent() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var keys []string
	for _, d := range s.calls {
		keys = append(keys, d.Notice.Key)
	}
	return keys
}

// call is the n-th call.
func (s *slack) call(n int) outbox.Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[n]
}
