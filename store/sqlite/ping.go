package sqlite

import (
	"context"
	"errors"
	"slices"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"muster/internal/incident"
)

// Ping reports whether the store can be written now. It writes what differs each
// time, since what stays the same needs no disk, and as much as a commit: a disk
// that is full often has room for a few bytes.
func (s *Store) Ping(ctx context.Context) error {
	return s.write.do(ctx, func(t *tx) error {
		_, err := t.exec(`INSERT INTO counters (name, value) VALUES ('ping', randomblob(?))
			ON CONFLICT DO UPDATE SET value = excluded.value`, incident.MaxHead)
		return err
	})
}

// refusals are SQLite's results that come before a commit's last frame is whole
// in the -wal file: nothing that was to be written counts then, also after a
// crash. A failure to sync is none of them: the frame is there, and may last.
var refusals = []int{
	sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_CANTOPEN,
	sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_CONSTRAINT,
	sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ,
	sqlite3.SQLITE_IOERR_LOCK, sqlite3.SQLITE_IOERR_NOMEM, sqlite3.SQLITE_IOERR_ACCESS,
	sqlite3.SQLITE_IOERR_SHMOPEN, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMLOCK, sqlite3.SQLITE_IOERR_SHMMAP,
}

// isRefusal reports whether an error of COMMIT surely means that nothing was written.
func isRefusal(err error) bool {
	said, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return false
	}
	// Of most results the low byte says enough; of a failure to read or write, only all of it.
	return slices.Contains(refusals, said.Code()) || slices.Contains(refusals, said.Code()&0xff)
}
