package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"muster/internal/incident"
	"muster/store"
)

// Commit writes all of c or nothing.
func (s *Store) Commit(ctx context.Context, c incident.Commit) error {
	e, err := store.Encode(c)
	if err != nil {
		return err
	}
	err = s.write.do(ctx, func(t *tx) error {
		if err := t.check(c); err != nil {
			return err
		}
		return t.commit(e)
	})
	if err != nil {
		return fmt.Errorf("commit %q: %w", c.Key, err)
	}
	return nil
}

// check finds what has come in between. It writes nothing.
func (t *tx) check(c incident.Commit) error {
	var number incident.Number
	if found, err := t.row(`SELECT number FROM keys WHERE key = ?`, []any{c.Key}, &number); err != nil || found {
		return either(err, incident.ErrRepeated)
	}
	if ok, err := t.follow(c.Changes); err != nil || !ok {
		return either(err, incident.ErrStale)
	}
	if c.Slot != nil {
		if last, err := t.lastSlot(c.Slot.Job); err != nil || store.Millis(c.Slot.At) <= last {
			return either(err, incident.ErrRepeated)
		}
	}
	if c.Fired != nil {
		if ok, err := t.isClaimed(*c.Fired); err != nil || !ok {
			return either(err, incident.ErrLost)
		}
	}
	if c.Sent != nil {
		if ok, err := t.isLeased(*c.Sent); err != nil || !ok {
			return either(err, incident.ErrLost)
		}
	}
	return nil
}

// either is the failure of a check, or what the check found.
func either(failed, found error) error {
	if failed != nil {
		return failed
	}
	return found
}

// follow reports whether each incident is the next version of what is stored.
// New ones have the next numbers, in their order.
func (t *tx) follow(changes []incident.Change) (bool, error) {
	next := incident.Number(0)
	for _, c := range changes {
		var version int
		found, err := t.row(`SELECT version FROM incidents WHERE number = ?`, []any{c.After.Number}, &version)
		if err == nil && !found && next == 0 {
			_, err = t.row(`SELECT coalesce(max(number), 0) + 1 FROM incidents`, nil, &next)
		}
		if err != nil || c.After.Version != version+1 || !found && c.After.Number != next {
			return false, err
		}
		if !found {
			next++
		}
	}
	return true, nil
}

// commit writes what has been checked.
func (t *tx) commit(e store.Encoded) error {
	for _, change := range e.Changes {
		if err := t.put(change); err != nil {
			return err
		}
	}
	for i, n := range e.Queued() {
		if err := t.queue(n, e.Notices[i]); err != nil {
			return err
		}
	}
	if len(e.Notices) > 0 {
		if err := t.saw(store.Millis(e.At)); err != nil {
			return err
		}
	}
	if err := t.change(`INSERT INTO keys (key, number, at) VALUES (?, ?, ?)`, e.Key, e.Number(), store.Millis(e.At)); err != nil {
		return err
	}
	for _, write := range []func(incident.Commit) error{t.putSlot, t.settleFired, t.popSent, t.tidy} {
		if err := write(e.Commit); err != nil {
			return err
		}
	}
	return nil
}

// put writes an incident and what is kept beside its head.
func (t *tx) put(c store.EncodedChange) error {
	for _, write := range []func(store.EncodedChange) error{t.putIncident, t.putEntries, t.putParts} {
		if err := write(c); err != nil {
			return err
		}
	}
	return t.putTimers(c.Timers)
}

func (t *tx) putIncident(c store.EncodedChange) error {
	inc := c.After
	if err := t.change(`INSERT INTO incidents (number, version, open, rank, changed, cited, row, head) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET version = excluded.version, open = excluded.open, rank = excluded.rank,
			changed = excluded.changed, cited = excluded.cited, row = excluded.row, head = excluded.head`,
		inc.Number, inc.Version, c.Summary.Status.Open(), c.Summary.Rank, store.Millis(c.Summary.Changed),
		array(inc.Cited()), c.Row, c.Head); err != nil {
		return err
	}
	if inc.Channel == "" {
		return nil
	}
	return t.change(`INSERT INTO channels (channel, number) VALUES (?, ?)
		ON CONFLICT DO UPDATE SET number = excluded.number`, inc.Channel, inc.Number)
}

// array writes numbers as SQLite's json_each reads them.
func array(numbers []int) string {
	b, err := json.Marshal(append([]int{}, numbers...)) // never null
	if err != nil {
		panic(err) // numbers only: cannot happen
	}
	return string(b)
}

func (t *tx) putEntries(c store.EncodedChange) error {
	for i, b := range c.Entries {
		if err := t.change(`INSERT INTO entries (number, seq, body) VALUES (?, ?, ?)`,
			c.After.Number, c.Change.Entries[i].Seq, b); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) putParts(c store.EncodedChange) error {
	for _, p := range c.Parts {
		var err error
		if len(p.Body) == 0 {
			err = t.change(`DELETE FROM parts WHERE number = ? AND kind = ? AND id = ?`, c.After.Number, p.Kind, p.ID)
		} else {
			err = t.change(`INSERT INTO parts (number, kind, id, body) VALUES (?, ?, ?, ?)
				ON CONFLICT DO UPDATE SET body = excluded.body`, c.After.Number, p.Kind, p.ID, []byte(p.Body))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// tidyEvery is after how many commits what has expired is thrown away.
const tidyEvery = 256

func (t *tx) tidy(c incident.Commit) error {
	if t.commits++; t.commits%tidyEvery != 0 {
		return nil
	}
	if _, err := t.exec(`DELETE FROM gates WHERE until <= ?`, store.Millis(c.At)); err != nil {
		return err
	}
	_, err := t.exec(`DELETE FROM keys WHERE key IN (SELECT key FROM keys WHERE at < ? ORDER BY at LIMIT ?)`,
		store.Millis(c.At.Add(-store.KeepKeys)), 4*tidyEvery)
	return err
}
