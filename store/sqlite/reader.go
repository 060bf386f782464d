package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
)

// reader is the pool that reads, as long as the file is in its place. It prepares
// each text once: to parse one costs SQLite more than to run it.
type reader struct {
	*sql.DB
	location *location
	prepared sync.Map // text to *sql.Stmt
}

// newReader prepares what is asked for within transactions, since who has one
// must not wait for a second connection: all of them may be taken by others who
// do the same.
func newReader(db *sql.DB, l *location, within ...string) (*reader, error) {
	r := &reader{DB: db, location: l}
	for _, text := range within {
		if _, err := r.statement(context.Background(), text); err != nil {
			return r, err
		}
	}
	return r, nil
}

// statement returns the prepared text.
func (r *reader) statement(ctx context.Context, text string) (*sql.Stmt, error) {
	if known, ok := r.prepared.Load(text); ok {
		return known.(*sql.Stmt), nil
	}
	stmt, err := r.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	if first, known := r.prepared.LoadOrStore(text, stmt); known { // another call was faster
		return first.(*sql.Stmt), stmt.Close()
	}
	return stmt, nil
}

// QueryContext runs a query by its prepared statement.
func (r *reader) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	if err := r.location.checkLately(); err != nil {
		return nil, err
	}
	stmt, err := r.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

// view is a transaction that reads: all it sees is of one moment.
type view struct {
	*sql.Tx
	from *reader
}

func (r *reader) view(ctx context.Context) (view, error) {
	if err := r.location.checkLately(); err != nil {
		return view{}, err
	}
	tx, err := r.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	return view{tx, r}, err
}

// QueryContext runs a query by its prepared statement.
func (v view) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	known, ok := v.from.prepared.Load(text)
	if !ok {
		return nil, fmt.Errorf("not prepared: %s", text)
	}
	return v.StmtContext(ctx, known.(*sql.Stmt)).QueryContext(ctx, args...)
}

// querier runs queries, within a transaction or without.
type querier interface {
	QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error)
}

// list reads all rows of a query.
func list[T any](ctx context.Context, q querier, scan func(*sql.Rows) (T, error), text string, args ...any) (all []T, err error) {
	rows, err := q.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, unavailable(err)
	}
	defer rows.Close()
	for rows.Next() {
		v, err := scan(rows)
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

// first reads the first row of a query; found is false if there is none.
func first(ctx context.Context, q querier, text string, args []any, to ...any) (found bool, err error) {
	rows, err := q.QueryContext(ctx, text, args...)
	if err != nil {
		return false, unavailable(err)
	}
	defer rows.Close()
	if rows.Next() {
		found, err = true, rows.Scan(to...)
	}
	if err == nil {
		err = rows.Err()
	}
	if err != nil {
		return false, unavailable(err)
	}
	return found, nil
}
