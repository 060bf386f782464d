package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"muster/internal/incident"
	"muster/store"
)

// Export gives everything, as it stands at one moment.
func (s *Store) Export(ctx context.Context) iter.Seq2[store.Record, error] {
	return func(yield func(store.Record, error) bool) {
		v, err := s.reads.view(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		defer func() { _ = v.Rollback() }()
		x := &export{ctx: ctx, tx: v.Tx, yield: yield}
		for _, part := range []func() error{x.histories, x.channels, x.keys, x.timers, x.lanes, x.gates, x.slots} {
			if err := part(); err != nil {
				yield(nil, fmt.Errorf("export: %w", err))
				return
			}
			if x.enough {
				return
			}
		}
	}
}

// export is one in the making.
type export struct {
	ctx    context.Context
	tx     *sql.Tx
	yield  func(store.Record, error) bool
	enough bool // whoever asked wants no more
}

func (x *export) give(r store.Record) { x.enough = x.enough || !x.yield(r, nil) }

// rows gives each row of a query to scan, until enough.
func (x *export) rows(query string, args []any, scan func(*sql.Rows) error) error {
	rows, err := x.tx.QueryContext(x.ctx, query, args...)
	if err != nil {
		return unavailable(err)
	}
	defer rows.Close()
	for rows.Next() && !x.enough {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (x *export) histories() error {
	return x.rows(`SELECT head, row FROM incidents ORDER BY number`, nil, func(r *sql.Rows) error {
		var head, row []byte
		if err := r.Scan(&head, &row); err != nil {
			return err
		}
		var h store.History
		var err error
		if h.Incident, err = store.DecodeHead(head); err != nil {
			return err
		}
		if h.Summary, err = store.DecodeSummary(row); err != nil {
			return err
		}
		if err = x.entries(&h); err != nil {
			return err
		}
		err = x.parts(&h)
		x.give(h)
		return err
	})
}

func (x *export) entries(h *store.History) error {
	return x.rows(`SELECT body FROM entries WHERE number = ? ORDER BY seq`, []any{h.Incident.Number}, func(r *sql.Rows) error {
		var b []byte
		if err := r.Scan(&b); err != nil {
			return err
		}
		e, err := store.DecodeEntry(b)
		h.Entries = append(h.Entries, e)
		return err
	})
}

func (x *export) parts(h *store.History) error {
	const query = `SELECT kind, id, body FROM parts WHERE number = ? ORDER BY kind, id`
	return x.rows(query, []any{h.Incident.Number}, func(r *sql.Rows) error {
		var p incident.Part
		err := r.Scan(&p.Kind, &p.ID, (*[]byte)(&p.Body))
		h.Parts = append(h.Parts, p)
		return err
	})
}

func (x *export) channels() error {
	return x.rows(`SELECT channel, number FROM channels`, nil, func(r *sql.Rows) error {
		var c store.Channel
		err := r.Scan(&c.ID, &c.Number)
		x.give(c)
		return err
	})
}

func (x *export) keys() error {
	return x.rows(`SELECT key, number, at FROM keys`, nil, func(r *sql.Rows) error {
		var k store.Key
		var at int64
		err := r.Scan(&k.Key, &k.Number, &at)
		k.Forget = store.Moment(at).Add(store.KeepKeys)
		x.give(k)
		return err
	})
}

func (x *export) timers() error {
	return x.rows(`SELECT number, name, at, gen FROM timers`, nil, func(r *sql.Rows) error {
		var t store.Timer
		var at int64
		err := r.Scan(&t.Number, &t.Name, &at, &t.Gen)
		t.At = store.Moment(at)
		x.give(t)
		return err
	})
}

func (x *export) lanes() error {
	const query = `SELECT lane, iif(away AND fence = 0, ready, 0), fence <> 0 OR in_doubt, tries FROM lanes ORDER BY turn`
	return x.rows(query, nil, func(r *sql.Rows) error {
		var l store.Lane
		var ready int64
		if err := r.Scan(&l.Name, &ready, &l.InDoubt, &l.Tries); err != nil {
			return err
		}
		l.Ready = store.Moment(ready)
		err := x.rows(`SELECT body FROM notices WHERE lane = ? ORDER BY seq`, []any{l.Name}, func(r *sql.Rows) error {
			var b []byte
			if err := r.Scan(&b); err != nil {
				return err
			}
			n, err := store.DecodeNotice(b)
			l.Notices = append(l.Notices, n)
			return err
		})
		x.give(l)
		return err
	})
}

func (x *export) gates() error {
	return x.rows(`SELECT gate, until FROM gates`, nil, func(r *sql.Rows) error {
		var g store.Gate
		var until int64
		err := r.Scan(&g.Name, &until)
		g.Until = store.Moment(until)
		x.give(g)
		return err
	})
}

func (x *export) slots() error {
	return x.rows(`SELECT job, slot FROM slots`, nil, func(r *sql.Rows) error {
		var s store.Slot
		var last int64
		err := r.Scan(&s.Job, &last)
		s.Last = store.Moment(last)
		x.give(s)
		return err
	})
}
