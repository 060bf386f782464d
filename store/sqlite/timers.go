package sqlite

import (
	"context"
	"fmt"
	"time"

	"muster/internal/incident"
	"muster/store"
)

// ClaimDue claims the timers that are due.
func (s *Store) ClaimDue(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]incident.Claim, error) {
	var claims []incident.Claim
	err := s.write.do(ctx, func(t *tx) (err error) {
		claims, err = t.claimDue(now, lease, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim timers: %w", err)
	}
	return claims, nil
}

func (t *tx) claimDue(now time.Time, lease time.Duration, limit int) ([]incident.Claim, error) {
	claims, err := t.due(now, limit)
	if err != nil || len(claims) == 0 {
		return nil, err
	}
	fence, err := t.fence()
	if err != nil {
		return nil, err
	}
	for n := range claims {
		claims[n].Fence = fence
		if _, err := t.exec(`UPDATE timers SET due = ?, fence = ? WHERE number = ? AND kind = ?`,
			store.Millis(now.Add(lease)), fence, claims[n].Timer.Number, claims[n].Timer.Kind); err != nil {
			return nil, err
		}
	}
	return claims, nil
}

func (t *tx) due(now time.Time, limit int) (claims []incident.Claim, err error) {
	stmt, err := t.statement(`SELECT number, kind, at, gen FROM timers WHERE due <= ? ORDER BY due LIMIT ?`)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.Query(store.Millis(now), limit)
	if err != nil {
		return nil, unavailable(err)
	}
	defer rows.Close()
	for rows.Next() {
		var c incident.Claim
		var at int64
		if err := rows.Scan(&c.Timer.Number, &c.Timer.Kind, &at, &c.Timer.Gen); err != nil {
			return nil, unavailable(err)
		}
		c.Timer.At = store.Moment(at)
		claims = append(claims, c)
	}
	if err := rows.Err(); err != nil {
		return nil, unavailable(err)
	}
	return claims, nil
}

// fence is a number higher than every one before.
func (t *tx) fence() (fence int64, err error) {
	_, err = t.row(`UPDATE counters SET value = value + 1 WHERE name = 'fence' RETURNING value`, nil, &fence)
	return fence, err
}

// holds reports whether a claim is the last one of its timer.
func (t *tx) isClaimed(c incident.Claim) (bool, error) {
	var fence int64
	found, err := t.row(`SELECT fence FROM timers WHERE number = ? AND kind = ?`, []any{c.Timer.Number, c.Timer.Kind}, &fence)
	return found && fence == c.Fence && fence != 0, err
}

// Settle removes claimed timers.
func (s *Store) Settle(ctx context.Context, claims ...incident.Claim) (int, error) {
	settled := 0
	err := s.write.do(ctx, func(t *tx) error {
		settled = 0
		for _, c := range claims {
			n, err := t.exec(`DELETE FROM timers WHERE number = ? AND kind = ? AND fence = ? AND fence <> 0`,
				c.Timer.Number, c.Timer.Kind, c.Fence)
			if err != nil {
				return err
			}
			settled += int(n)
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("settle timers: %w", err)
	}
	return settled, nil
}

// putTimers sets and clears a commit's timers. A timer that is set is nobody's.
func (t *tx) putTimers(e encoded) error {
	for _, timer := range e.Change.Timers {
		var err error
		if timer.At.IsZero() {
			_, err = t.exec(`DELETE FROM timers WHERE number = ? AND kind = ?`, timer.Number, timer.Kind)
		} else {
			at := store.Millis(timer.At)
			_, err = t.exec(`INSERT INTO timers (number, kind, at, gen, due, fence) VALUES (?, ?, ?, ?, ?, 0)
				ON CONFLICT DO UPDATE SET at = excluded.at, gen = excluded.gen, due = excluded.due, fence = 0`,
				timer.Number, timer.Kind, at, timer.Gen, at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// settleFired removes the timer that fired, unless the commit has set it anew:
// then it has lost the claim's fence.
func (t *tx) settleFired(e encoded) error {
	if e.Fired == nil {
		return nil
	}
	_, err := t.exec(`DELETE FROM timers WHERE number = ? AND kind = ? AND fence = ?`,
		e.Fired.Timer.Number, e.Fired.Timer.Kind, e.Fired.Fence)
	return err
}

// ClaimSlot claims a job's slot.
func (s *Store) ClaimSlot(ctx context.Context, job string, slot time.Time) (last time.Time, won bool, err error) {
	err = s.write.do(ctx, func(t *tx) error {
		var before int64
		if _, err := t.row(`SELECT slot FROM slots WHERE job = ?`, []any{job}, &before); err != nil {
			return err
		}
		last, won = store.Moment(before), store.Millis(slot) > before
		if !won {
			return nil
		}
		_, err := t.exec(`INSERT INTO slots (job, slot) VALUES (?, ?) ON CONFLICT DO UPDATE SET slot = excluded.slot`,
			job, store.Millis(slot))
		return err
	})
	if err != nil {
		return time.Time{}, false, fmt.Errorf("claim slot of %s: %w", job, err)
	}
	return last, won, nil
}
