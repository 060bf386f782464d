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
)

// schemaVersion is what this code reads and writes, kept in user_version.
const schemaVersion = 2

// applicationID marks a file as Muster's: "MSTR".
const applicationID = 0x4d535452

//go:embed schema.sql
var schemaOfRest string

//go:embed lanes.sql
var schemaOfLanes string

var schema = schemaOfRest + schemaOfLanes

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

// prepare brings an opened file to the present schema, and frees what
// a dead process held. What waits is in doubt: the file may come from a backup.
func prepare(ctx context.Context, t *tx) error {
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
	switch version {
	case 1:
		if err := t.upgrade(ctx); err != nil {
			return err
		}
	case 0:
		return execute(ctx, c, fmt.Sprintf("BEGIN IMMEDIATE; %s; PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
			schema, applicationID, schemaVersion))
	}
	if err := t.upgradeLanes(ctx); err != nil {
		return err
	}
	return execute(ctx, c, `BEGIN IMMEDIATE;
		UPDATE timers SET due = at, fence = 0 WHERE fence <> 0;
		UPDATE lanes SET ready = 0, fence = 0 WHERE fence <> 0;
		UPDATE counters SET value = (SELECT value FROM counters WHERE name = 'fence') WHERE name = 'epoch';
		COMMIT`)
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
