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
	fence, err := t.count()
	if err != nil {
		return nil, err
	}
	for n := range claims {
		claims[n].Fence = fence
		if _, err := t.exec(`UPDATE timers SET due = ?, fence = ? WHERE number = ? AND name = ?`,
			store.Millis(now.Add(lease)), fence, claims[n].Timer.Number, claims[n].Timer.Name); err != nil {
			return nil, err
		}
	}
	return claims, nil
}

func (t *tx) due(now time.Time, limit int) (claims []incident.Claim, err error) {
	stmt, err := t.statement(`SELECT number, name, at, gen FROM timers WHERE due <= ? ORDER BY due LIMIT ?`)
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
		if err := rows.Scan(&c.Timer.Number, &c.Timer.Name, &at, &c.Timer.Gen); err != nil {
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

// count returns a number higher than every one before.
func (t *tx) count() (number int64, err error) {
	_, err = t.row(`UPDATE counters SET value = value + 1 WHERE name = 'fence' RETURNING value`, nil, &number)
	return number, err
}

// isClaimed reports whether a claim is the last one of its timer.
func (t *tx) isClaimed(c incident.Claim) (bool, error) {
	var fence int64
	found, err := t.row(`SELECT fence FROM timers WHERE number = ? AND name = ?`, []any{c.Timer.Number, c.Timer.Name}, &fence)
	return found && fence == c.Fence && fence != 0, err
}

// Settle removes claimed timers.
func (s *Store) Settle(ctx context.Context, claims ...incident.Claim) (int, error) {
	settled := 0
	err := s.write.do(ctx, func(t *tx) error {
		settled = 0
		for _, c := range claims {
			n, err := t.exec(`DELETE FROM timers WHERE number = ? AND name = ? AND fence = ? AND fence <> 0`,
				c.Timer.Number, c.Timer.Name, c.Fence)
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
func (t *tx) putTimers(timers []incident.Timer) error {
	for _, timer := range timers {
		var err error
		if timer.At.IsZero() {
			_, err = t.exec(`DELETE FROM timers WHERE number = ? AND name = ?`, timer.Number, timer.Name)
		} else {
			at := store.Millis(timer.At)
			_, err = t.exec(`INSERT INTO timers (number, name, at, gen, due, fence) VALUES (?, ?, ?, ?, ?, 0)
				ON CONFLICT DO UPDATE SET at = excluded.at, gen = excluded.gen, due = excluded.due, fence = 0`,
				timer.Number, timer.Name, at, timer.Gen, at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// settleFired removes the timer that fired, unless the commit has set it anew:
// then it has lost the claim's fence.
func (t *tx) settleFired(c incident.Commit) error {
	if c.Fired == nil {
		return nil
	}
	_, err := t.exec(`DELETE FROM timers WHERE number = ? AND name = ? AND fence = ?`,
		c.Fired.Timer.Number, c.Fired.Timer.Name, c.Fired.Fence)
	return err
}

// ClaimSlot claims a job's slot.
func (s *Store) ClaimSlot(ctx context.Context, job string, slot time.Time) (last time.Time, won bool, err error) {
	err = s.write.do(ctx, func(t *tx) error {
		before, err := t.lastSlot(job)
		if err != nil {
			return err
		}
		last, won = store.Moment(before), store.Millis(slot) > before
		if !won {
			return nil
		}
		return t.putSlot(incident.Commit{Slot: &incident.Slot{Job: job, At: slot}})
	})
	if err != nil {
		return time.Time{}, false, fmt.Errorf("claim slot of %s: %w", job, err)
	}
	return last, won, nil
}

// lastSlot returns a job's latest slot, 0 for none.
func (t *tx) lastSlot(job string) (last int64, err error) {
	_, err = t.row(`SELECT slot FROM slots WHERE job = ?`, []any{job}, &last)
	return last, err
}

// putSlot claims the slot of a commit, if it has one.
func (t *tx) putSlot(c incident.Commit) error {
	if c.Slot == nil {
		return nil
	}
	return t.change(`INSERT INTO slots (job, slot) VALUES (?, ?) ON CONFLICT DO UPDATE SET slot = excluded.slot`,
		c.Slot.Job, store.Millis(c.Slot.At))
}

// LastSlot returns a job's latest slot.
func (s *Store) LastSlot(ctx context.Context, job string) (time.Time, error) {
	var last int64
	if _, err := first(ctx, s.reads, `SELECT slot FROM slots WHERE job = ?`, []any{job}, &last); err != nil {
		return time.Time{}, fmt.Errorf("last slot of %s: %w", job, err)
	}
	return store.Moment(last), nil
}
