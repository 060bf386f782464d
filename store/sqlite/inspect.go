package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"muster/internal/incident"
)

// schemaVersion is what this code reads and writes, kept in user_version.
const schemaVersion = 3

// applicationID marks a file as Muster's: "MSTR".
const applicationID = 0x4d535452

//go:embed schema.sql
var tables string

//go:embed identity.sql
var schemaOfIdentity string

//go:embed lanes.sql
var schemaOfLanes string

var schema = schemaOfIdentity + tables + schemaOfLanes

var (
	errForeign = errors.New("it is not a Muster database: name another file")
	errDamaged = errors.New("it is damaged: restore it, with its -wal file, from a backup; it was left as it is")
)

func errNewer(version int) error {
	return fmt.Errorf("it was written by a newer Muster (schema %d; this one knows up to %d): run that version, or newer", version, schemaVersion)
}

// inspect refuses a file by its header, before SQLite has touched it
// (sqlite.org/fileformat2.html#the_database_header). One that is not there is
// made, for its owner's eyes only; SQLite gives its -wal file the same mode.
func inspect(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	header := make([]byte, 100)
	n, err := io.ReadFull(f, header)
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return nil // new
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return err
	case n < len(header), !bytes.HasPrefix(header, []byte("SQLite format 3\x00")):
		return errForeign
	}
	version, id := binary.BigEndian.Uint32(header[60:]), binary.BigEndian.Uint32(header[68:])
	switch {
	case id == applicationID && version > schemaVersion:
		return errNewer(int(version))
	case id != applicationID && id != 0:
		return errForeign
	}
	return nil
}

// prepare brings an opened file to the present schema, and frees what a dead
// process held. What waits is in doubt: the file may come from a backup.
func prepare(ctx context.Context, t *tx, workspace string) error {
	c := t.conn
	var version, id, tables int
	var health string
	for _, q := range []struct {
		sql string
		to  any
	}{
		{`PRAGMA quick_check(1)`, &health},
		{`PRAGMA user_version`, &version},
		{`PRAGMA application_id`, &id},
		{`SELECT count(*) FROM sqlite_schema`, &tables},
	} {
		if err := c.QueryRowContext(ctx, q.sql).Scan(q.to); err != nil {
			return err
		}
	}
	switch {
	case health != "ok":
		return fmt.Errorf("%w (%s)", errDamaged, health)
	case id != applicationID && (tables > 0 || id != 0):
		return errForeign
	case version > schemaVersion:
		return errNewer(version)
	}
	if err := execute(ctx, c, `PRAGMA journal_mode = WAL`); err != nil {
		return err
	}
	var err error
	switch version {
	case 0:
		err = t.within(ctx, func() error {
			return execute(ctx, c, fmt.Sprintf("%s; PRAGMA application_id = %d", schema, applicationID))
		})
	case 1:
		err = t.within(ctx, func() error { return t.upgrade(ctx) })
	case 2:
		err = t.within(ctx, func() error { return t.identify(ctx) })
	}
	if err != nil {
		return err
	}
	if err := t.belong(ctx, workspace); err != nil {
		return err
	}
	return execute(ctx, c, `BEGIN IMMEDIATE;
		UPDATE timers SET due = at, fence = 0 WHERE fence <> 0;
		UPDATE lanes SET ready = 0, fence = 0, in_doubt = 1 WHERE fence <> 0;
		UPDATE counters SET value = (SELECT value FROM counters WHERE name = 'fence') WHERE name = 'epoch';
		COMMIT`)
}

// within brings the file to the present schema in one transaction.
func (t *tx) within(ctx context.Context, change func() error) error {
	if err := execute(ctx, t.conn, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := change(); err != nil {
		return errors.Join(err, execute(ctx, t.conn, "ROLLBACK"))
	}
	return execute(ctx, t.conn, fmt.Sprintf("PRAGMA user_version = %d; COMMIT", schemaVersion))
}

// belong records whose the store is when it is opened for the first time, and
// refuses another workspace afterwards. "": whoever opens it, to copy it say.
func (t *tx) belong(ctx context.Context, workspace string) error {
	if _, err := t.conn.ExecContext(ctx, `INSERT INTO identity (id, workspace) SELECT ?, '' WHERE NOT EXISTS (SELECT 1 FROM identity)`,
		incident.NewID()); err != nil {
		return err
	}
	if _, err := t.conn.ExecContext(ctx, `UPDATE identity SET workspace = ? WHERE workspace = ''`, workspace); err != nil {
		return err
	}
	var owner string
	if err := t.conn.QueryRowContext(ctx, `SELECT workspace FROM identity`).Scan(&owner); err != nil {
		return err
	}
	if workspace != "" && owner != workspace {
		return fmt.Errorf("it holds the incidents of the workspace %s, and this is %s: use that workspace's tokens, or name another file", owner, workspace)
	}
	return nil
}

// diagnose tells damage from other failures.
func diagnose(err error) error {
	var said *sqlite.Error
	if errors.As(err, &said) && (said.Code()&0xff == sqlite3.SQLITE_CORRUPT || said.Code()&0xff == sqlite3.SQLITE_NOTADB) {
		return fmt.Errorf("%w (%w)", errDamaged, err)
	}
	return err
}

func execute(ctx context.Context, c *sql.Conn, script string) error {
	_, err := c.ExecContext(ctx, script)
	return err
}
