package sqlite

import (
	"context"
	"fmt"
	"iter"

	"muster/internal/incident"
	"muster/store"
)

// Import takes everything into an empty store, in one transaction.
func (s *Store) Import(ctx context.Context, records iter.Seq2[store.Record, error]) error {
	err := s.write.do(ctx, func(t *tx) error {
		var incidents int
		if _, err := t.row(`SELECT (SELECT count(*) FROM incidents) + (SELECT count(*) FROM slots)`, nil, &incidents); err != nil {
			return err
		}
		if incidents > 0 {
			return store.ErrNotEmpty
		}
		for r, err := range records {
			if err != nil {
				return err
			}
			if err := t.keep(r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return nil
}

// keep keeps what another store held.
func (t *tx) keep(r store.Record) error {
	switch r := r.(type) {
	case store.History:
		return t.putHistory(r)
	case store.Channel:
		return t.change(`INSERT OR REPLACE INTO channels (channel, number) VALUES (?, ?)`, r.ID, r.Number)
	case store.Key:
		return t.change(`INSERT OR REPLACE INTO keys (key, number, at) VALUES (?, ?, ?)`,
			r.Key, r.Number, store.Millis(r.Forget.Add(-store.KeepKeys)))
	case store.Timer:
		at := store.Millis(r.At)
		return t.change(`INSERT OR REPLACE INTO timers (number, name, at, gen, due, fence) VALUES (?, ?, ?, ?, ?, 0)`,
			r.Number, r.Name, at, r.Gen, at)
	case store.Lane:
		return t.putLane(r)
	case store.Gate:
		return t.change(`INSERT OR REPLACE INTO gates (gate, until) VALUES (?, ?)`, r.Name, store.Millis(r.Until))
	case store.Slot:
		return t.change(`INSERT OR REPLACE INTO slots (job, slot) VALUES (?, ?)`, r.Job, store.Millis(r.Last))
	}
	return fmt.Errorf("a record of type %T", r)
}

func (t *tx) change(query string, args ...any) error {
	_, err := t.exec(query, args...)
	return err
}

func (t *tx) putHistory(h store.History) error {
	c, err := store.EncodeChange(incident.Change{After: h.Incident, Summary: h.Summary, Entries: h.Entries, Parts: h.Parts})
	if err != nil {
		return err
	}
	return t.put(c)
}

// putLane keeps a lane behind those that were kept before it.
func (t *tx) putLane(l store.Lane) error {
	for _, n := range l.Notices {
		b, err := store.EncodeNotice(n)
		if err != nil {
			return err
		}
		if err := t.append(n, b); err != nil {
			return err
		}
	}
	if err := t.change(`UPDATE lanes SET in_doubt = ?, tries = ? WHERE lane = ?`, l.InDoubt, l.Tries, l.Name); err != nil || l.Ready.IsZero() {
		return err
	}
	return t.postpone(lane{name: l.Name, line: lineOf(l.Name, l.Notices[0].Op)}, store.Millis(l.Ready))
}
