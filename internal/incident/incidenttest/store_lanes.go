package incidenttest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
)

// lane is what waits at one destination for one subject.
type lane struct {
	name    string
	waiting []waiting // the head first, also while it is leased
	turn    int64     // since when this head is the head: the lowest goes first
	away    bool      // leased or postponed, until ready
	ready   time.Time
	fence   int64 // of its last lease, 0 = none
	inDoubt bool
	doubted time.Time
	tries   int
}

// waiting is a notice with its number among all things that the store counts.
type waiting struct {
	notice.Notice
	number int64
}

// gates is what postpones deliveries.
type gates struct {
	clock    time.Time                 // the latest moment that was seen
	arrivals map[string]time.Time      // theoretical arrival time of what has a rate
	passed   map[notice.Op][]time.Time // when an op's last ones passed, the latest last
	blocked  map[notice.Op]time.Time   // until when an op is blocked
	opens    map[string]time.Time      // from when on an op or a destination lets its head through, as last seen
}

func newGates() gates {
	return gates{
		arrivals: map[string]time.Time{}, passed: map[notice.Op][]time.Time{},
		blocked: map[notice.Op]time.Time{}, opens: map[string]time.Time{},
	}
}

func (s *Store) count() int64 {
	s.fence++
	return s.fence
}

func (s *Store) queue(n notice.Notice, at time.Time) {
	s.clock = later(s.clock, at)
	l := s.lanes[n.Lane]
	if l == nil {
		l = &lane{name: n.Lane, turn: s.count()}
		s.lanes[n.Lane] = l
	}
	for i, other := range l.waiting {
		leased := i == 0 && l.fence != 0
		if n.Merge != "" && n.Merge == other.Merge && !leased {
			return
		}
	}
	l.waiting = append(l.waiting, waiting{n, s.count()})
}

// Waiting returns the notices that wait in all lanes, lane by lane.
func (s *Store) Waiting() []notice.Notice {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []notice.Notice
	for _, name := range slices.Sorted(maps.Keys(s.lanes)) {
		for _, w := range s.lanes[name].waiting {
			all = append(all, w.Notice)
		}
	}
	return all
}

// priority returns the most urgent priority of what waits in a lane.
func (l *lane) priority() notice.Priority {
	most := notice.Bulk
	for _, n := range l.waiting {
		most = min(most, n.Priority)
	}
	return most
}

func (l *lane) op() notice.Op { return l.waiting[0].Op }

// destination is what paces the lane's head beside its op, "" if nothing does.
func (l *lane) destination() string {
	if l.op() != notice.OpPost {
		return ""
	}
	return notice.Destination(l.name)
}

// Take implements [store.Store].
func (s *Store) Take(ctx context.Context, now time.Time, lease time.Duration, limits notice.Limits) (l notice.Lease, ok bool, err error) {
	err = s.locked(ctx, func() error {
		l, ok = s.take(now, lease, limits)
		return nil
	})
	return l, ok, err
}

func (s *Store) take(now time.Time, lease time.Duration, limits notice.Limits) (notice.Lease, bool) {
	s.see(now)
	for _, l := range s.lanes {
		l.away = l.away && l.ready.After(now)
	}
	shut := map[notice.Op]bool{}
	for _, l := range s.inOrder() {
		urgent, op, destination := l.priority() == notice.Urgent, l.op(), l.destination()
		if shut[op] || limits.UrgentOnly && !urgent || destination != "" && s.opens["to:"+destination].After(now) {
			continue
		}
		if opens := s.opOpens(op, limits.Ops[op], urgent); opens.After(now) {
			shut[op], s.opens["op:"+string(op)] = true, opens
			continue
		}
		if opens := s.paceOpens("to:"+destination, limits.Destination); destination != "" && opens.After(now) {
			s.opens["to:"+destination] = opens
			continue
		}
		s.clock = later(s.clock, now)
		s.pass(op, destination, limits, now)
		return l.lease(s.count(), now.Add(lease), s.epoch), true
	}
	return notice.Lease{}, false
}

func (l *lane) lease(fence int64, until time.Time, epoch int64) notice.Lease {
	switch {
	case l.fence != 0: // whoever had it may have sent it until a moment ago
		l.inDoubt, l.doubted = true, time.Time{}
	case !l.inDoubt && l.waiting[0].number <= epoch:
		l.inDoubt, l.doubted = true, notice.LongAgo
	}
	l.away, l.ready, l.fence = true, until, fence
	l.tries++
	return notice.Lease{
		Notice: l.waiting[0].Notice, Fence: fence, Until: until, InDoubt: l.inDoubt, Doubted: l.doubted, Tries: l.tries - 1,
	}
}

// opOpens returns from when on an op lets somebody through.
func (s *Store) opOpens(op notice.Op, r notice.Rate, urgent bool) time.Time {
	opens := s.blocked[op]
	if !urgent || r.Most == 0 {
		opens = later(opens, s.paceOpens("op:"+string(op), r))
	}
	if passed := s.passed[op]; r.Most > 0 && len(passed) >= r.Most {
		opens = later(opens, passed[len(passed)-r.Most].Add(r.Per))
	}
	return opens
}

// paceOpens returns from when on a cell of a rate has room.
func (s *Store) paceOpens(cell string, r notice.Rate) time.Time {
	if r.Every == 0 {
		return time.Time{}
	}
	return s.arrivals[cell].Add(-time.Duration(max(r.Burst, 1)-1) * r.Every)
}

// pass counts what is let through.
func (s *Store) pass(op notice.Op, destination string, limits notice.Limits, now time.Time) {
	cells := map[string]time.Duration{"op:" + string(op): limits.Ops[op].Every}
	if destination != "" {
		cells["to:"+destination] = limits.Destination.Every
	}
	for cell, every := range cells {
		if every > 0 {
			s.arrivals[cell] = later(s.arrivals[cell], now).Add(every)
		}
	}
	if limits.Ops[op].Most > 0 {
		s.passed[op] = append(s.passed[op], now)
	}
}

// see notices that the clock went back. All that is yet to come then comes as
// much earlier, so that nothing waits longer than it was asked to.
func (s *Store) see(now time.Time) {
	if s.clock.Sub(now) <= notice.ClockTolerance {
		return
	}
	by := s.clock.Sub(now)
	back := func(t time.Time) time.Time {
		if t.After(now) {
			return t.Add(-by)
		}
		return t
	}
	for _, l := range s.lanes {
		l.ready = back(l.ready)
	}
	for _, moments := range []map[string]time.Time{s.arrivals, s.opens} {
		for k, t := range moments {
			moments[k] = back(t)
		}
	}
	for op := range s.blocked {
		s.blocked[op] = back(s.blocked[op])
	}
	for _, passed := range s.passed {
		for i, t := range passed {
			passed[i] = t.Add(-by)
		}
	}
	s.clock = now
}

// inOrder returns the lanes that are neither leased nor postponed, the most
// urgent first, of those the one that has been waiting the longest.
func (s *Store) inOrder() []*lane {
	present := slices.DeleteFunc(slices.Collect(maps.Values(s.lanes)), func(l *lane) bool { return l.away })
	slices.SortFunc(present, func(a, b *lane) int {
		return cmp.Or(cmp.Compare(a.priority(), b.priority()), cmp.Compare(a.turn, b.turn))
	})
	return present
}

// attention returns when each lane wants it: at the latest moment that was seen,
// unless it is known to wait.
func (s *Store) attention() (all []time.Time) {
	for _, l := range s.lanes {
		if l.away {
			all = append(all, l.ready)
			continue
		}
		opens := later(s.opens["op:"+string(l.op())], s.opens["to:"+l.destination()])
		all = append(all, later(s.clock, opens))
	}
	return all
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// leased returns the lane that a lease is the last one of, nil if it was lost.
func (s *Store) leased(l notice.Lease) *lane {
	on := s.lanes[l.Notice.Lane]
	if on == nil || on.fence == 0 || on.fence != l.Fence || on.waiting[0].Key != l.Notice.Key {
		return nil
	}
	return on
}

// Release implements [store.Store].
func (s *Store) Release(ctx context.Context, l notice.Lease, r notice.Retry) error {
	return s.locked(ctx, func() error {
		on := s.leased(l)
		if on == nil {
			return incident.ErrLost
		}
		if !r.At.IsZero() {
			s.see(r.At)
			s.clock = later(s.clock, r.At)
		}
		on.away, on.ready, on.inDoubt, on.doubted, on.fence = true, r.NotBefore, r.InDoubt, r.Doubted, 0
		if r.Op != "" {
			s.blocked[r.Op] = later(s.blocked[r.Op], r.NotBefore)
		}
		return nil
	})
}

// Pop implements [store.Store].
func (s *Store) Pop(ctx context.Context, l notice.Lease) error {
	return s.locked(ctx, func() error { return s.pop(l) })
}

func (s *Store) pop(l notice.Lease) error {
	on := s.leased(l)
	if on == nil {
		return incident.ErrLost
	}
	on.waiting = on.waiting[1:]
	on.away, on.turn, on.fence, on.inDoubt, on.doubted, on.tries = false, on.fence, 0, false, time.Time{}, 0
	if len(on.waiting) == 0 {
		delete(s.lanes, on.name)
	}
	return nil
}

// Clock returns the latest moment that was seen, before the clock went back from it.
func (s *Store) Clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock
}

// Restart makes all that waits doubtful, as what comes back with a store is.
func (s *Store) Restart() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch = s.fence
}
