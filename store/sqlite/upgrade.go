package sqlite

import (
	"context"
	"database/sql"
	_ "embed"

	"muster/internal/incident"
	"muster/store"
	"muster/store/upgrade"
)

//go:embed upgrade.sql
var setAside string

//go:embed upgraded.sql
var takeOver string

// upgrade brings a file of schema 1 to the present one: the old tables are set
// aside, converted into the new ones, and dropped.
func (t *tx) upgrade(ctx context.Context) error {
	if err := execute(ctx, t.conn, setAside+schema); err != nil {
		return err
	}
	if err := t.upgradeIncidents(ctx); err != nil {
		return err
	}
	if err := execute(ctx, t.conn, takeOver); err != nil {
		return err
	}
	return t.upgradeNotices(ctx)
}

// identify brings a file of schema 2 to the present one: the incidents get IDs.
func (t *tx) identify(ctx context.Context) error {
	if err := execute(ctx, t.conn, identity); err != nil {
		return err
	}
	numbers, err := list(ctx, t.conn, scanned[incident.Number], `SELECT number FROM incidents`)
	if err != nil {
		return err
	}
	for _, n := range numbers {
		var head, row []byte
		if err := t.conn.QueryRowContext(ctx, `SELECT head, row FROM incidents WHERE number = ?`, n).Scan(&head, &row); err != nil {
			return err
		}
		if head, row, err = upgrade.Identified(head, row); err != nil {
			return err
		}
		if err := t.change(`UPDATE incidents SET head = ?, row = ? WHERE number = ?`, head, row, n); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) upgradeIncidents(ctx context.Context) error {
	numbers, err := list(ctx, t.conn, scanned[incident.Number], `SELECT number FROM v1_incidents ORDER BY number`)
	if err != nil {
		return err
	}
	for _, n := range numbers {
		var doc []byte
		if err := t.conn.QueryRowContext(ctx, `SELECT body FROM v1_incidents WHERE number = ?`, n).Scan(&doc); err != nil {
			return err
		}
		timeline, err := list(ctx, t.conn, scanned[[]byte], `SELECT body FROM v1_entries WHERE number = ? ORDER BY seq`, n)
		if err != nil {
			return err
		}
		h, err := upgrade.Incident(doc, timeline)
		if err != nil {
			return err
		}
		if err := t.putHistory(h); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) upgradeNotices(ctx context.Context) error {
	type row struct {
		lane string
		seq  int64
		body []byte
	}
	rows, err := list(ctx, t.conn, func(r *sql.Rows) (n row, err error) {
		err = r.Scan(&n.lane, &n.seq, &n.body)
		return n, err
	}, `SELECT lane, seq, body FROM notices`)
	if err != nil {
		return err
	}
	for _, r := range rows {
		n, err := upgrade.Notice(r.body)
		if err != nil {
			return err
		}
		b, err := store.EncodeNotice(n)
		if err != nil {
			return err
		}
		if err := t.change(`UPDATE notices SET body = ? WHERE lane = ? AND seq = ?`, b, r.lane, r.seq); err != nil {
			return err
		}
	}
	return nil
}

// scanned reads a column as it is.
func scanned[T any](rows *sql.Rows) (v T, err error) {
	err = rows.Scan(&v)
	return v, err
}
