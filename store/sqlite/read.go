package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"muster/internal/incident"
	"muster/store"
)

// What a Load asks for.
const (
	selectRef    = `SELECT (SELECT number FROM keys WHERE key = ?), (SELECT number FROM channels WHERE channel = ?)`
	selectNext   = `SELECT coalesce(max(number), 0) + 1 FROM incidents`
	selectHead   = `SELECT head, cited FROM incidents WHERE number = ?`
	selectParts  = `SELECT id, body FROM parts WHERE number = ? AND kind = ? ORDER BY id`
	selectListed = `SELECT body FROM entries WHERE number = ?1 AND seq IN
		(SELECT value FROM json_each(?2) UNION SELECT value FROM json_each(?3))`
)

// Load reads the incident that ref means, or that key was committed to, with
// what is wanted beside its head.
func (s *Store) Load(ctx context.Context, ref incident.Ref, key string, want incident.Want) (inc incident.Incident, repeated bool, err error) {
	v, err := s.reads.view(ctx)
	if err != nil {
		return inc, false, unavailable(err)
	}
	defer func() { _ = v.Rollback() }()
	l := loader{ctx, v}
	if repeated, err = l.find(&ref, key); err == nil {
		inc, err = l.load(ref.Number, repeated, want)
	}
	if err != nil {
		return incident.Incident{}, false, fmt.Errorf("load: %w", err)
	}
	return inc, repeated, nil
}

// loader is one Load.
type loader struct {
	ctx  context.Context
	view view
}

// find makes ref the number of the incident that is meant, 0 for a new one.
func (l loader) find(ref *incident.Ref, key string) (repeated bool, err error) {
	var committed, ours sql.Null[incident.Number]
	_, err = first(l.ctx, l.view, selectRef, []any{key, ref.Channel}, &committed, &ours)
	switch {
	case err != nil:
		return false, err
	case committed.Valid:
		ref.Number = committed.V
	case ref.Number == 0 && ref.Channel != "":
		if ref.Number = ours.V; !ours.Valid {
			return false, incident.ErrNotFound
		}
	}
	return committed.Valid, nil
}

func (l loader) load(n incident.Number, repeated bool, want incident.Want) (inc incident.Incident, err error) {
	if n == 0 {
		if !repeated {
			_, err = first(l.ctx, l.view, selectNext, nil, &inc.Number)
		}
		return inc, err
	}
	var head []byte
	var cited string
	if found, err := first(l.ctx, l.view, selectHead, []any{n}, &head, &cited); err != nil || !found {
		return inc, either(err, incident.ErrNotFound)
	}
	if inc, err = store.DecodeHead(head); err != nil {
		return inc, err
	}
	if !want.Texts {
		cited = "[]"
	}
	if inc.Loaded.Parts, err = l.parts(n, want.Parts); err != nil {
		return inc, err
	}
	if want.Texts || len(want.Entries) > 0 {
		inc.Loaded.Entries, err = l.entries(n, cited, array(want.Entries))
	}
	return inc, err
}

// parts reads the parts of some kinds, nil if none are wanted.
func (l loader) parts(n incident.Number, kinds []incident.PartKind) (map[incident.PartKind][]incident.Part, error) {
	if len(kinds) == 0 {
		return nil, nil
	}
	all := map[incident.PartKind][]incident.Part{}
	for _, kind := range kinds {
		parts, err := list(l.ctx, l.view, func(rows *sql.Rows) (incident.Part, error) {
			p := incident.Part{Kind: kind}
			err := rows.Scan(&p.ID, (*[]byte)(&p.Body))
			return p, err
		}, selectParts, n, kind)
		if err != nil {
			return nil, err
		}
		all[kind] = append([]incident.Part{}, parts...) // a wanted kind is never nil
	}
	return all, nil
}

// entries reads the timeline entries of two lists of numbers.
func (l loader) entries(n incident.Number, cited, wanted string) (map[int]incident.Entry, error) {
	found, err := list(l.ctx, l.view, entry, selectListed, n, cited, wanted)
	all := map[int]incident.Entry{}
	for _, e := range found {
		all[e.Seq] = e
	}
	return all, err
}

// Find lists incidents.
func (s *Store) Find(ctx context.Context, q incident.Query) ([]incident.Summary, error) {
	where, order, args := []string{"TRUE"}, "number DESC", []any{}
	from := "incidents"
	if q.Open {
		where, order = append(where, "open"), "rank, number"
	}
	if !q.Since.IsZero() {
		where, args = append(where, "changed >= ?"), append(args, store.Millis(q.Since))
		if !q.Open { // rather than all of the history
			from += " INDEXED BY incidents_changed"
		}
	}
	switch {
	case q.After == nil:
	case q.Open:
		where, args = append(where, "(rank, number) > (?, ?)"), append(args, q.After.Rank, q.After.Number)
	default:
		where, args = append(where, "number < ?"), append(args, q.After.Number)
	}
	limit := q.Limit
	if limit == 0 {
		limit = -1
	}
	query := fmt.Sprintf(`SELECT row FROM %s WHERE %s ORDER BY %s LIMIT ?`, from, strings.Join(where, " AND "), order)
	found, err := list(ctx, s.reads, summary, query, append(args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("find incidents: %w", err)
	}
	return found, nil
}

// Timeline returns all entries of an incident, oldest first.
func (s *Store) Timeline(ctx context.Context, n incident.Number) ([]incident.Entry, error) {
	entries, err := list(ctx, s.reads, entry, `SELECT body FROM entries WHERE number = ? ORDER BY seq`, n)
	if err == nil && len(entries) == 0 {
		err = incident.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("timeline of %s: %w", n, err)
	}
	return entries, nil
}

// body reads a column of bodies.
func body[T any](decode func([]byte) (T, error)) func(*sql.Rows) (T, error) {
	return func(rows *sql.Rows) (v T, err error) {
		var b []byte
		if err := rows.Scan(&b); err != nil {
			return v, unavailable(err)
		}
		return decode(b)
	}
}

var (
	entry   = body(store.DecodeEntry)
	summary = body(store.DecodeSummary)
)

// nextQuery finds the first timer, the first lane that is away, and for each op
// with a line when that may go on: now, which is the latest moment that was seen,
// unless it is known to wait.
const nextQuery = `WITH RECURSIVE ops(op) AS (
		SELECT min(op) FROM lines
		UNION ALL SELECT (SELECT min(op) FROM lines WHERE op > ops.op) FROM ops WHERE ops.op IS NOT NULL)
	SELECT at, number, name FROM (
		SELECT * FROM (SELECT due AS at, number, name FROM timers ORDER BY due LIMIT 1)
		UNION ALL SELECT min(ready), 0, '' FROM lanes WHERE away
		UNION ALL SELECT max(
			(SELECT value FROM counters WHERE name = 'clock'),
			(SELECT min(opens) FROM lines WHERE lines.op = ops.op),
			coalesce((SELECT until FROM gates WHERE gate = 'opens:op:' || ops.op), 0)), 0, '' FROM ops WHERE op IS NOT NULL)
	WHERE at IS NOT NULL ORDER BY at, name = '' LIMIT 1`

// Next returns the timer or the lane that wants attention first.
func (s *Store) Next(ctx context.Context) (d store.Due, ok bool, err error) {
	var at int64
	ok, err = first(ctx, s.reads, nextQuery, nil, &at, &d.Number, &d.Name)
	if err != nil {
		return store.Due{}, false, fmt.Errorf("what is next: %w", err)
	}
	if !ok {
		return store.Due{}, false, nil
	}
	d.At = store.Moment(at)
	return d, true, nil
}
