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

// lane is what waits for one destination.
type lane struct {
	name    string
	waiting []notice.Notice // the head first, also while it is leased
	ready   time.Time
	taken   time.Time
	fence   int64 // of its last lease, 0 = none
	inDoubt bool
	doubted time.Time
	tries   int
}

func (s *Store) queue(n notice.Notice, at time.Time) {
	l := s.lanes[n.Lane]
	if l == nil {
		l = &lane{name: n.Lane, ready: at}
		s.lanes[n.Lane] = l
	}
	for i, other := range l.waiting {
		leased := i == 0 && l.fence != 0
		if n.Merge != "" && n.Merge == other.Merge && !leased {
			return
		}
	}
	l.waiting = append(l.waiting, n)
}

// Waiting returns the notices that wait in all lanes, lane by lane.
func (s *Store) Waiting() []notice.Notice {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []notice.Notice
	for _, name := range slices.Sorted(maps.Keys(s.lanes)) {
		all = append(all, s.lanes[name].waiting...)
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

// Take implements [store.Store].
func (s *Store) Take(ctx context.Context, now time.Time, lease time.Duration, limits notice.Limits) (l notice.Lease, ok bool, err error) {
	err = s.locked(ctx, func() error {
		l, ok = s.take(now, lease, limits)
		return nil
	})
	return l, ok, err
}

func (s *Store) take(now time.Time, lease time.Duration, limits notice.Limits) (notice.Lease, bool) {
	for _, l := range s.inOrder() {
		if l.ready.After(now) {
			continue
		}
		rates := l.rates(limits)
		if opens := s.opens(l, rates, now); opens.After(now) {
			l.ready = opens
			continue
		}
		for what, r := range rates {
			s.arrivals[what] = later(s.arrival(what, r, now), now).Add(r.Every)
		}
		s.fence++
		if l.fence != 0 {
			l.inDoubt, l.doubted = true, time.Time{}
		}
		l.ready, l.taken, l.fence = now.Add(lease), now, s.fence
		l.tries++
		return notice.Lease{
			Notice: l.waiting[0], Fence: l.fence, Until: l.ready, InDoubt: l.inDoubt, Doubted: l.doubted, Tries: l.tries - 1,
		}, true
	}
	return notice.Lease{}, false
}

// rates returns the rates that a lane's head has to keep, by what they limit.
func (l *lane) rates(limits notice.Limits) map[string]notice.Rate {
	op := l.waiting[0].Op
	rates := map[string]notice.Rate{"op " + string(op): limits.Ops[op]}
	if op == notice.OpPost {
		rates["lane "+l.name] = limits.Lane
	}
	maps.DeleteFunc(rates, func(_ string, r notice.Rate) bool { return r.Every == 0 })
	return rates
}

// opens returns from when on nothing postpones a lane's head.
func (s *Store) opens(l *lane, rates map[string]notice.Rate, now time.Time) time.Time {
	opens := s.blocked[l.waiting[0].Op]
	for what, r := range rates {
		ahead := time.Duration(max(r.Burst, 1)-1) * r.Every
		opens = later(opens, s.arrival(what, r, now).Add(-ahead))
	}
	return opens
}

// arrival is never later than a full burst from now: a later one was written
// before the clock went back, or for a slower rate, and is corrected.
func (s *Store) arrival(what string, r notice.Rate, now time.Time) time.Time {
	if most := now.Add(time.Duration(max(r.Burst, 1)) * r.Every); s.arrivals[what].After(most) {
		s.arrivals[what] = most
	}
	return s.arrivals[what]
}

// inOrder returns the most urgent lane first, of those the longest ready.
func (s *Store) inOrder() []*lane {
	return slices.SortedFunc(maps.Values(s.lanes), func(a, b *lane) int {
		return cmp.Or(cmp.Compare(a.priority(), b.priority()), a.ready.Compare(b.ready), cmp.Compare(a.name, b.name))
	})
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
		on.ready, on.inDoubt, on.doubted, on.fence = r.NotBefore, r.InDoubt, r.Doubted, 0
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
	on.ready, on.fence, on.inDoubt, on.doubted, on.tries = on.taken, 0, false, time.Time{}, 0
	if len(on.waiting) == 0 {
		delete(s.lanes, on.name)
	}
	return nil
}
