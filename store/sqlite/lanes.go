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
func (t *tx) queue(n notice.Notice, body []byte) error {
	if n.Merge != "" {
		if merged, err := t.merges(n); err != nil || merged {
			return err
		}
	}
	return t.append(n, body)
}

// append puts a notice at its lane's end. A lane that begins with it stands in
// line from that moment.
func (t *tx) append(n notice.Notice, body []byte) error {
	number, err := t.count()
	if err != nil {
		return err
	}
	line := lineOf(n.Lane, n.Op)
	var before int
	found, err := t.row(`SELECT priority, line FROM lanes WHERE lane = ?`, []any{n.Lane}, &before, &line)
	switch {
	case err != nil:
		return err
	case !found:
		err = t.change(`INSERT INTO lanes (lane, line, op, priority, turn, away, ready, fence, in_doubt, tries)
			VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0, 0)`, n.Lane, line, n.Op, n.Priority, number)
	case int(n.Priority) < before:
		err = t.change(`UPDATE lanes SET priority = ? WHERE lane = ?`, n.Priority, n.Lane)
	}
	if err != nil {
		return err
	}
	if err := t.change(`INSERT INTO notices (lane, seq, key, op, merge, priority, body) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		n.Lane, number, n.Key, n.Op, n.Merge, n.Priority, body); err != nil {
		return err
	}
	if found && int(n.Priority) >= before {
		return nil
	}
	return t.align(line)
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
	line    string
	fence   int64
	inDoubt int64
	tries   int
	seq     int64
	body    []byte
}

// Take leases the head of the first lane that may go on.
func (s *Store) Take(ctx context.Context, now time.Time, lease time.Duration, limits notice.Limits) (notice.Lease, bool, error) {
	var l notice.Lease
	var taken bool
	var unreadable error
	err := s.write.do(ctx, func(t *tx) error {
		head, found, err := t.next(now, limits)
		if err != nil || !found {
			return err
		}
		if l, unreadable, err = t.lease(head, now.Add(lease)); unreadable != nil {
			return t.postpone(head, store.Millis(now.Add(time.Minute))) // the other lanes go on
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

// next returns the first lane that may go on now, and counts it.
func (t *tx) next(now time.Time, limits notice.Limits) (head lane, found bool, err error) {
	if err := t.see(now); err != nil {
		return lane{}, false, err
	}
	g := gates{tx: t, now: store.Millis(now), limits: limits}
	if err := t.wake(g.now); err != nil {
		return lane{}, false, err
	}
	f, found, err := t.first(g)
	if err != nil || !found {
		return lane{}, false, err
	}
	if err := either(t.saw(g.now), g.pass(f)); err != nil {
		return lane{}, false, err
	}
	found, err = t.row(`SELECT l.lane, l.line, l.fence, l.in_doubt, l.tries, n.seq, n.body
		FROM lanes l JOIN notices n ON n.lane = l.lane AND n.seq = (SELECT min(seq) FROM notices WHERE lane = l.lane)
		WHERE l.line = ? AND NOT l.away ORDER BY l.priority, l.turn LIMIT 1`,
		[]any{f.line}, &head.name, &head.line, &head.fence, &head.inDoubt, &head.tries, &head.seq, &head.body)
	return head, found, err
}

// postpone takes a lane out of its line until a moment.
func (t *tx) postpone(l lane, until int64) error {
	if err := t.change(`UPDATE lanes SET away = 1, ready = ? WHERE lane = ?`, until, l.name); err != nil {
		return err
	}
	return t.align(l.line)
}

// lease leases a lane's head. A head that cannot be read, such as one of a newer
// version's, is left as it is.
func (t *tx) lease(head lane, until time.Time) (_ notice.Lease, unreadable, err error) {
	n, unreadable := store.DecodeNotice(head.body)
	if unreadable != nil {
		return notice.Lease{}, unreadable, nil
	}
	fence, err := t.count()
	if err != nil {
		return notice.Lease{}, nil, err
	}
	var epoch int64
	if _, err := t.row(`SELECT value FROM counters WHERE name = 'epoch'`, nil, &epoch); err != nil {
		return notice.Lease{}, nil, err
	}
	switch {
	case head.fence != 0: // whoever had it may have sent it until a moment ago
		head.inDoubt = store.Doubt(true, time.Time{})
	case head.inDoubt == 0 && head.seq <= epoch:
		head.inDoubt = store.Doubt(true, notice.LongAgo)
	}
	l := notice.Lease{Notice: n, Fence: fence, Until: store.Moment(store.Millis(until)), Tries: head.tries}
	l.InDoubt, l.Doubted = store.DoubtOf(head.inDoubt)
	if err := t.change(`UPDATE lanes SET fence = ?, in_doubt = ?, tries = tries + 1 WHERE lane = ?`, fence, head.inDoubt, head.name); err != nil {
		return notice.Lease{}, nil, err
	}
	return l, nil, t.postpone(head, store.Millis(until))
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
	if err := s.settle(ctx, l, func(t *tx) error { return t.release(l, r) }); err != nil {
		return fmt.Errorf("release notice %s: %w", l.Notice.Key, err)
	}
	return nil
}

func (t *tx) release(l notice.Lease, r notice.Retry) error {
	if !r.At.IsZero() {
		if err := either(t.see(r.At), t.saw(store.Millis(r.At))); err != nil {
			return err
		}
	}
	if r.Op != "" {
		if err := t.block(r.Op, store.Millis(r.NotBefore)); err != nil {
			return err
		}
	}
	if err := t.change(`UPDATE lanes SET fence = 0, in_doubt = ? WHERE lane = ?`, store.Doubt(r.InDoubt, r.Doubted), l.Notice.Lane); err != nil {
		return err
	}
	return t.postpone(lane{name: l.Notice.Lane, line: lineOf(l.Notice.Lane, l.Notice.Op)}, store.Millis(r.NotBefore))
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

// pop removes a lane's head. The next one waits since the head was taken, so
// that the lanes of one priority take turns.
func (t *tx) pop(lane string) error {
	if err := t.change(`DELETE FROM notices
		WHERE lane = ?1 AND seq = (SELECT min(seq) FROM notices WHERE lane = ?1)`, lane); err != nil {
		return err
	}
	var left string
	if _, err := t.row(`SELECT line FROM lanes WHERE lane = ?`, []any{lane}, &left); err != nil {
		return err
	}
	var op notice.Op
	found, err := t.row(`SELECT op FROM notices WHERE lane = ? ORDER BY seq LIMIT 1`, []any{lane}, &op)
	if err != nil {
		return err
	}
	if !found {
		return either(t.change(`DELETE FROM lanes WHERE lane = ?`, lane), t.align(left))
	}
	line := lineOf(lane, op)
	if err := t.change(`UPDATE lanes SET line = ?2, op = ?3, turn = fence, away = 0, fence = 0, in_doubt = 0, tries = 0,
		priority = (SELECT min(priority) FROM notices WHERE lane = ?1) WHERE lane = ?1`, lane, line, op); err != nil {
		return err
	}
	if left != line {
		if err := t.align(left); err != nil {
			return err
		}
	}
	return t.align(line)
}
