package incidenttest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"muster/internal/incident"
	"muster/store"
)

// timer is one that is armed.
type timer struct {
	incident.Timer
	due   time.Time // its moment, or while it is claimed the claim's end
	fence int64     // of its last claim, 0 = none
}

func (s *Store) set(t incident.Timer) {
	s.timers = slices.DeleteFunc(s.timers, func(old *timer) bool {
		return old.Number == t.Number && old.Name == t.Name
	})
	if !t.At.IsZero() {
		s.timers = append(s.timers, &timer{Timer: t, due: t.At})
	}
}

// ClaimDue implements [store.Store].
func (s *Store) ClaimDue(ctx context.Context, now time.Time, lease time.Duration, limit int) (claims []incident.Claim, err error) {
	err = s.locked(ctx, func() error {
		slices.SortStableFunc(s.timers, func(a, b *timer) int { return a.due.Compare(b.due) })
		s.fence++
		for _, t := range s.timers {
			if t.due.After(now) || len(claims) == limit {
				break
			}
			t.due, t.fence = now.Add(lease), s.fence
			claims = append(claims, incident.Claim{Timer: t.Timer, Fence: t.fence})
		}
		return nil
	})
	return claims, err
}

// claimed returns the timer that a claim is the last one of, nil if it was lost.
func (s *Store) claimed(c incident.Claim) *timer {
	for _, t := range s.timers {
		if t.Number == c.Timer.Number && t.Name == c.Timer.Name && t.fence == c.Fence && t.fence != 0 {
			return t
		}
	}
	return nil
}

// Settle implements [store.Store].
func (s *Store) Settle(ctx context.Context, claims ...incident.Claim) (settled int, err error) {
	err = s.locked(ctx, func() error {
		for _, c := range claims {
			settled += s.settle(c)
		}
		return nil
	})
	return settled, err
}

func (s *Store) settle(c incident.Claim) int {
	t := s.claimed(c)
	if t == nil {
		return 0
	}
	s.timers = slices.DeleteFunc(s.timers, func(other *timer) bool { return other == t })
	return 1
}

// ClaimSlot implements [store.Store].
func (s *Store) ClaimSlot(ctx context.Context, job string, slot time.Time) (last time.Time, won bool, err error) {
	err = s.locked(ctx, func() error {
		last = s.slots[job]
		if won = slot.After(last); won {
			s.slots[job] = slot
		}
		return nil
	})
	return last, won, err
}

// LastSlot implements [store.Store].
func (s *Store) LastSlot(ctx context.Context, job string) (last time.Time, err error) {
	err = s.locked(ctx, func() error {
		last = s.slots[job]
		return nil
	})
	return last, err
}

// Timers returns what is armed, the first to be due first.
func (s *Store) Timers() []incident.Timer {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []incident.Timer
	for _, t := range s.timers {
		all = append(all, t.Timer)
	}
	slices.SortFunc(all, func(a, b incident.Timer) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Number, b.Number), cmp.Compare(a.Name, b.Name))
	})
	return all
}

// Next implements [store.Store].
func (s *Store) Next(ctx context.Context) (d store.Due, ok bool, err error) {
	all, err := s.Dues(ctx)
	if err != nil || len(all) == 0 {
		return store.Due{}, false, err
	}
	return all[0], true, nil
}

// Dues returns all that may be called the next: whatever comes first, and of
// what comes at the same moment the timers.
func (s *Store) Dues(ctx context.Context) (all []store.Due, err error) {
	err = s.locked(ctx, func() error {
		for _, t := range s.timers {
			all = append(all, store.Due{At: t.due, Number: t.Number, Name: t.Name})
		}
		for _, at := range s.attention() {
			all = append(all, store.Due{At: at})
		}
		return nil
	})
	if len(all) == 0 {
		return nil, err
	}
	order := func(a, b store.Due) int {
		return cmp.Or(a.At.Compare(b.At), min(len(b.Name), 1)-min(len(a.Name), 1))
	}
	first := slices.MinFunc(all, order)
	return slices.DeleteFunc(all, func(d store.Due) bool { return order(d, first) != 0 }), err
}
