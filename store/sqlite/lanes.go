package sqlite

import (
	"context"
	"fmt"
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/store"
)

// queue appends a notice to its lane, unless one that waits there serves for it.
func (t *tx) queue(n notice.Notice, body []byte, at int64) error {
	if n.Merge != "" {
		if merged, err := t.merges(n); err != nil || merged {
			return err
		}
	}
	return t.append(n, body, at)
}

// append puts a notice at its lane's end. A lane that begins with it is ready
// at that moment.
func (t *tx) append(n notice.Notice, body []byte, at int64) error {
	if _, err := t.exec(`INSERT INTO lanes (lane, priority, ready, taken, fence, in_doubt, tries) VALUES (?, ?, ?, 0, 0, 0, 0)
		ON CONFLICT DO UPDATE SET priority = min(priority, excluded.priority)`, n.Lane, n.Priority, at); err != nil {
		return err
	}
	_, err := t.exec(`INSERT INTO notices (lane, seq, key, op, merge, priority, body)
		VALUES (?1, (SELECT coalesce(max(seq), 0) + 1 FROM notices WHERE lane = ?1), ?2, ?3, ?4, ?5, ?6)`,
		n.Lane, n.Key, n.Op, n.Merge, n.Priority, body)
	return err
}

// merges reports whether a notice that is not being delivered serves for n too.
func (t *tx) merges(n notice.Notice) (bool, error) {
	var waiting, head, fence int64
	found, err := t.row(`SELECT max(n.seq), (SELECT min(seq) FROM notices WHERE lane = ?1), l.fence
		FROM notices n JOIN lanes l USING (lane) WHERE n.lane = ?1 AND n.merge = ?2 AND n.merge <> '' GROUP BY n.lane`,
		[]any{n.Lane, n.Merge}, &waiting, &head, &fence)
	leased := fence != 0 && waiting == head
	return found && !leased, err
}

// lane is one row of lanes with its head.
type lane struct {
	name    string
	fence   int64
	inDoubt int64
	tries   int
	seq     int64
	op      notice.Op
	body    []byte
}

// Take leases the head of the most urgent lane that is ready.
func (s *Store) Take(ctx context.Context, now time.Time, lease time.Duration, limits notice.Limits) (notice.Lease, bool, error) {
	var l notice.Lease
	var taken bool
	var unreadable error
	err := s.write.do(ctx, func(t *tx) error {
		head, found, err := t.next(store.Millis(now), limits)
		if err != nil || !found {
			return err
		}
		if l, unreadable, err = t.lease(head, now, now.Add(lease)); unreadable != nil {
			return t.postpone(head.name, store.Millis(now.Add(time.Minute))) // the other lanes go on
		}
		taken = true
		return err
	})
	if err == nil {
		err = unreadable
	}
	if err != nil {
		return notice.Lease{}, false, fmt.Errorf("take a notice: %w", err)
	}
	return l, taken, nil
}

// next returns the first lane that may go on now. Those before it which a limit
// postpones are not ready until it lets them.
func (t *tx) next(now int64, limits notice.Limits) (head lane, found bool, err error) {
	g := gates{tx: t, now: now, limits: limits}
	for priority := range notice.Priorities {
		for {
			head, found, err = t.ready(priority, now)
			if err != nil {
				return lane{}, false, err
			}
			if !found {
				break
			}
			opens, err := g.opens(head)
			if err != nil {
				return lane{}, false, err
			}
			if opens <= now {
				return head, true, g.pass(head)
			}
			if err := t.postpone(head.name, opens); err != nil {
				return lane{}, false, err
			}
		}
	}
	return lane{}, false, nil
}

// ready returns the lane of a priority that has been ready the longest. The
// priority is added to 0 because SQLite prepares a statement again, at several
// times the cost of running it, whenever a parameter that stands alone after an
// equals sign changes: it may suggest another plan.
func (t *tx) ready(priority int, now int64) (l lane, found bool, err error) {
	found, err = t.row(`SELECT l.lane, l.fence, l.in_doubt, l.tries, n.seq, n.op, n.body
		FROM lanes l JOIN notices n ON n.lane = l.lane AND n.seq = (SELECT min(seq) FROM notices WHERE lane = l.lane)
		WHERE l.priority = 0 + ? AND l.ready <= ? ORDER BY l.ready, l.lane LIMIT 1`,
		[]any{priority, now}, &l.name, &l.fence, &l.inDoubt, &l.tries, &l.seq, &l.op, &l.body)
	return l, found, err
}

func (t *tx) postpone(lane string, until int64) error {
	_, err := t.exec(`UPDATE lanes SET ready = ? WHERE lane = ?`, until, lane)
	return err
}

// lease leases a lane's head. A head that cannot be read, such as one of a newer
// version's, is left as it is.
func (t *tx) lease(head lane, now, until time.Time) (_ notice.Lease, unreadable, err error) {
	n, unreadable := store.DecodeNotice(head.body)
	if unreadable != nil {
		return notice.Lease{}, unreadable, nil
	}
	fence, err := t.fence()
	if err != nil {
		return notice.Lease{}, nil, err
	}
	if head.fence != 0 { // whoever had it may have sent it until a moment ago
		head.inDoubt = store.Doubt(true, time.Time{})
	}
	l := notice.Lease{Notice: n, Fence: fence, Until: store.Moment(store.Millis(until)), Tries: head.tries}
	l.InDoubt, l.Doubted = store.DoubtOf(head.inDoubt)
	_, err = t.exec(`UPDATE lanes SET ready = ?, taken = ?, fence = ?, in_doubt = ?, tries = tries + 1 WHERE lane = ?`,
		store.Millis(until), store.Millis(now), fence, head.inDoubt, head.name)
	return l, nil, err
}

// isLeased reports whether a lease is the last one of its lane.
func (t *tx) isLeased(l notice.Lease) (bool, error) {
	var key string
	found, err := t.row(`SELECT n.key FROM lanes l JOIN notices n USING (lane)
		WHERE l.lane = ? AND l.fence = ? AND l.fence <> 0 ORDER BY n.seq LIMIT 1`, []any{l.Notice.Lane, l.Fence}, &key)
	return found && key == l.Notice.Key, err
}

// settle does something with a lane whose lease is still the last one.
func (s *Store) settle(ctx context.Context, l notice.Lease, do func(*tx) error) error {
	return s.write.do(ctx, func(t *tx) error {
		if ok, err := t.isLeased(l); err != nil || !ok {
			return either(err, incident.ErrLost)
		}
		return do(t)
	})
}

// Release gives a lease back for another try.
func (s *Store) Release(ctx context.Context, l notice.Lease, r notice.Retry) error {
	err := s.settle(ctx, l, func(t *tx) error {
		if r.Op != "" {
			if err := t.block(r.Op, store.Millis(r.NotBefore)); err != nil {
				return err
			}
		}
		_, err := t.exec(`UPDATE lanes SET ready = ?, fence = 0, in_doubt = ? WHERE lane = ?`,
			store.Millis(r.NotBefore), store.Doubt(r.InDoubt, r.Doubted), l.Notice.Lane)
		return err
	})
	if err != nil {
		return fmt.Errorf("release notice %s: %w", l.Notice.Key, err)
	}
	return nil
}

// Pop removes a leased head for good.
func (s *Store) Pop(ctx context.Context, l notice.Lease) error {
	if err := s.settle(ctx, l, func(t *tx) error { return t.pop(l.Notice.Lane) }); err != nil {
		return fmt.Errorf("pop notice %s: %w", l.Notice.Key, err)
	}
	return nil
}

// popSent removes the notice whose delivery the commit records.
func (t *tx) popSent(c incident.Commit) error {
	if c.Sent == nil {
		return nil
	}
	return t.pop(c.Sent.Notice.Lane)
}

// pop removes a lane's head. The next one is ready since the head was taken, so
// that the lanes of one priority take turns.
func (t *tx) pop(lane string) error {
	if _, err := t.exec(`DELETE FROM notices
		WHERE lane = ?1 AND seq = (SELECT min(seq) FROM notices WHERE lane = ?1)`, lane); err != nil {
		return err
	}
	var priority *int
	if _, err := t.row(`SELECT min(priority) FROM notices WHERE lane = ?`, []any{lane}, &priority); err != nil {
		return err
	}
	if priority == nil {
		_, err := t.exec(`DELETE FROM lanes WHERE lane = ?`, lane)
		return err
	}
	_, err := t.exec(`UPDATE lanes SET ready = taken, fence = 0, in_doubt = 0, tries = 0, priority = ? WHERE lane = ?`, *priority, lane)
	return err
}
