package sqlite

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"

	"muster/internal/incident"
	"muster/internal/notice"
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
	return t.putLanes(ctx, "v1", upgrade.Notice)
}

// identify brings a file of schema 2 to the present one: the incidents get IDs, and
// each subject gets lanes of its own.
func (t *tx) identify(ctx context.Context) error {
	if err := execute(ctx, t.conn, schemaOfIdentity); err != nil {
		return err
	}
	if err := t.identifyIncidents(ctx); err != nil {
		return err
	}
	return t.moveLanes(ctx)
}

func (t *tx) identifyIncidents(ctx context.Context) error {
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

// moveLanes takes over the lanes of before each subject had its own.
func (t *tx) moveLanes(ctx context.Context) error {
	if err := execute(ctx, t.conn, `DROP INDEX lanes_ready; DROP INDEX notices_priority; DROP INDEX notices_merge;
		ALTER TABLE lanes RENAME TO v2_lanes; ALTER TABLE notices RENAME TO v2_notices; `+schemaOfLanes); err != nil {
		return err
	}
	return t.putLanes(ctx, "v2", store.DecodeNotice)
}

// putLanes takes over the lanes that were set aside, in the order in which they
// were ready, and drops their tables. What waits is in doubt, as at every start.
func (t *tx) putLanes(ctx context.Context, aside string, decode func([]byte) (notice.Notice, error)) error {
	type row struct {
		lane         string
		ready, tries int64
		body         []byte
	}
	rows, err := list(ctx, t.conn, func(r *sql.Rows) (n row, err error) {
		err = r.Scan(&n.lane, &n.ready, &n.tries, &n.body)
		return n, err
	}, fmt.Sprintf(`SELECT lane, iif(fence, taken, ready), tries, body FROM %[1]s_lanes JOIN %[1]s_notices USING (lane)
		ORDER BY iif(fence, taken, ready), lane, seq`, aside))
	if err != nil {
		return err
	}
	tried := map[string]bool{}
	for _, r := range rows {
		n, err := decode(r.body)
		if err != nil {
			return err
		}
		n = upgrade.Lane(n)
		b, err := store.EncodeNotice(n)
		if err != nil {
			return err
		}
		if err := t.append(n, b); err != nil {
			return err
		}
		if tried[r.lane] { // behind its head
			continue
		}
		tried[r.lane] = true
		if err := t.change(`UPDATE lanes SET tries = ? WHERE lane = ?`, r.tries, n.Lane); err != nil {
			return err
		}
		if err := t.postpone(lane{name: n.Lane, line: lineOf(n.Lane, n.Op)}, r.ready); err != nil {
			return err
		}
	}
	return execute(ctx, t.conn, fmt.Sprintf(`DROP TABLE %[1]s_notices; DROP TABLE %[1]s_lanes`, aside))
}

// scanned reads a column as it is.
func scanned[T any](rows *sql.Rows) (v T, err error) {
	err = rows.Scan(&v)
	return v, err
}
