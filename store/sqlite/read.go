package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"muster/internal/incident"
	"muster/store"
)

// Load reads the incident that ref means, or that key was committed to.
func (s *Store) Load(ctx context.Context, ref incident.Ref, key string) (i incident.Incident, repeated bool, err error) {
	tx, err := s.reads.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // one view of key and incident
	if err != nil {
		return i, false, unavailable(err)
	}
	defer func() { _ = tx.Rollback() }()

	var n sql.Null[incident.Number]
	err = tx.QueryRowContext(ctx, `SELECT (SELECT number FROM keys WHERE key = ?)`, key).Scan(&n)
	if err != nil {
		return i, false, fmt.Errorf("load: %w", unavailable(err))
	}
	switch {
	case n.Valid:
		i, err = body(tx.QueryRowContext(ctx, `SELECT body FROM incidents WHERE number = ?`, n.V))
	case ref.Number != 0:
		i, err = body(tx.QueryRowContext(ctx, `SELECT body FROM incidents WHERE number = ?`, ref.Number))
	case ref.Channel != "":
		i, err = body(tx.QueryRowContext(ctx, `SELECT body FROM channels JOIN incidents USING (number) WHERE channel = ?`, ref.Channel))
	default:
		err = tx.QueryRowContext(ctx, `SELECT coalesce(max(number), 0) + 1 FROM incidents`).Scan(&i.Number)
	}
	if err != nil {
		return incident.Incident{}, false, fmt.Errorf("load: %w", err)
	}
	return i, n.Valid, nil
}

func body(row *sql.Row) (incident.Incident, error) {
	var b []byte
	switch err := row.Scan(&b); {
	case errors.Is(err, sql.ErrNoRows):
		return incident.Incident{}, incident.ErrNotFound
	case err != nil:
		return incident.Incident{}, unavailable(err)
	}
	return store.DecodeIncident(b)
}

// Find lists incidents, the newest first.
func (s *Store) Find(ctx context.Context, q incident.Query) ([]incident.Incident, error) {
	query := `SELECT body FROM incidents ORDER BY number DESC LIMIT ?`
	if q.Open {
		query = `SELECT body FROM incidents WHERE open ORDER BY number DESC LIMIT ?`
	}
	limit := q.Limit
	if limit == 0 {
		limit = math.MaxInt32
	}
	found, err := list(ctx, s.reads, store.DecodeIncident, query, limit)
	if err != nil {
		return nil, fmt.Errorf("find incidents: %w", err)
	}
	return found, nil
}

// Timeline is all entries of an incident, oldest first.
func (s *Store) Timeline(ctx context.Context, n incident.Number) ([]incident.Entry, error) {
	entries, err := list(ctx, s.reads, store.DecodeEntry, `SELECT body FROM entries WHERE number = ? ORDER BY seq`, n)
	if err == nil && len(entries) == 0 {
		err = incident.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("timeline of %s: %w", n, err)
	}
	return entries, nil
}

// list reads a column of bodies.
func list[T any](ctx context.Context, db *sql.DB, decode func([]byte) (T, error), query string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, unavailable(err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		var b []byte
		if err := rows.Scan(&b); err != nil {
			return nil, unavailable(err)
		}
		v, err := decode(b)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	if err := rows.Err(); err != nil {
		return nil, unavailable(err)
	}
	return all, nil
}

// Next is the timer or the lane that wants attention first.
func (s *Store) Next(ctx context.Context) (d store.Due, ok bool, err error) {
	var at int64
	err = s.reads.QueryRowContext(ctx, `SELECT at, number, kind FROM (
		SELECT * FROM (SELECT due AS at, number, kind FROM timers ORDER BY due LIMIT 1)
		UNION ALL SELECT min(ready), 0, '' FROM lanes WHERE priority = 0
		UNION ALL SELECT min(ready), 0, '' FROM lanes WHERE priority = 1
		UNION ALL SELECT min(ready), 0, '' FROM lanes WHERE priority = 2
		UNION ALL SELECT min(ready), 0, '' FROM lanes WHERE priority = 3)
		WHERE at IS NOT NULL ORDER BY at, kind = '' LIMIT 1`).Scan(&at, &d.Number, &d.Kind)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return store.Due{}, false, nil
	case err != nil:
		return store.Due{}, false, fmt.Errorf("what is next: %w", unavailable(err))
	}
	d.At = store.Moment(at)
	return d, true, nil
}
