package sqlite

import (
	"context"
	"fmt"

	"muster/internal/incident"
	"muster/store"
)

// encoded is a commit with all that is kept of it, encoded before the writer's
// turn comes.
type encoded struct {
	incident.Commit
	body             []byte
	entries, notices [][]byte
}

func encode(c incident.Commit) (encoded, error) {
	e := encoded{Commit: c}
	if err := store.Check(c); err != nil {
		return e, err
	}
	var err error
	if e.body, err = store.EncodeIncident(c.Change.After); err != nil {
		return e, err
	}
	if e.entries, err = each(c.Change.Entries, store.EncodeEntry); err != nil {
		return e, err
	}
	e.notices, err = each(c.Change.Notices, store.EncodeNotice)
	return e, err
}

func each[T any](all []T, encode func(T) ([]byte, error)) ([][]byte, error) {
	bodies := make([][]byte, len(all))
	for n, v := range all {
		var err error
		if bodies[n], err = encode(v); err != nil {
			return nil, err
		}
	}
	return bodies, nil
}

// Commit writes all of c or nothing.
func (s *Store) Commit(ctx context.Context, c incident.Commit) error {
	e, err := encode(c)
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
		return fmt.Errorf("commit %s: %w", c.Change.After.Number, err)
	}
	return nil
}

// check finds what has come in between. It writes nothing.
func (t *tx) check(c incident.Commit) error {
	var number incident.Number
	if found, err := t.row(`SELECT number FROM keys WHERE key = ?`, []any{c.Key}, &number); err != nil || found {
		return either(err, incident.ErrRepeated)
	}
	if ok, err := t.follows(c.Change.After); err != nil || !ok {
		return either(err, incident.ErrStale)
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

// follows reports whether an incident is the next version of what is stored.
func (t *tx) follows(after incident.Incident) (bool, error) {
	var version int
	var last incident.Number
	found, err := t.row(`SELECT version FROM incidents WHERE number = ?`, []any{after.Number}, &version)
	if err != nil || found {
		return version == after.Version-1, err
	}
	_, err = t.row(`SELECT coalesce(max(number), 0) FROM incidents`, nil, &last)
	return after.Version == 1 && after.Number == last+1, err
}

// commit writes what has been checked.
func (t *tx) commit(e encoded) error {
	for _, write := range []func(encoded) error{
		t.putIncident, t.putEntries, t.putNotices, t.putTimers, t.settleFired, t.popSent, t.tidy,
	} {
		if err := write(e); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) putIncident(e encoded) error {
	i := e.Change.After
	if _, err := t.exec(`INSERT INTO incidents (number, version, open, body) VALUES (?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET version = excluded.version, open = excluded.open, body = excluded.body`,
		i.Number, i.Version, i.Status.Open(), e.body); err != nil {
		return err
	}
	if i.Channel != "" {
		if _, err := t.exec(`INSERT INTO channels (channel, number) VALUES (?, ?)
			ON CONFLICT DO UPDATE SET number = excluded.number`, i.Channel, i.Number); err != nil {
			return err
		}
	}
	_, err := t.exec(`INSERT INTO keys (key, number, at) VALUES (?, ?, ?)`, e.Key, i.Number, store.Millis(e.At))
	return err
}

func (t *tx) putEntries(e encoded) error {
	for n, entry := range e.Change.Entries {
		if _, err := t.exec(`INSERT INTO entries (number, seq, body) VALUES (?, ?, ?)`,
			e.Change.After.Number, entry.Seq, e.entries[n]); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) putNotices(e encoded) error {
	for n, notice := range e.Change.Notices {
		if err := t.queue(notice, e.notices[n], store.Millis(e.At)); err != nil {
			return err
		}
	}
	return nil
}

// tidyEvery is after how many commits what has expired is thrown away.
const tidyEvery = 256

func (t *tx) tidy(e encoded) error {
	if t.commits++; t.commits%tidyEvery != 0 {
		return nil
	}
	if _, err := t.exec(`DELETE FROM gates WHERE until <= ?`, store.Millis(e.At)); err != nil {
		return err
	}
	_, err := t.exec(`DELETE FROM keys WHERE key IN (SELECT key FROM keys WHERE at < ? ORDER BY at LIMIT ?)`,
		store.Millis(e.At.Add(-store.KeepKeys)), 4*tidyEvery)
	return err
}
