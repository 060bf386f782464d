package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"muster/internal/incident"
	"muster/store"
)

// Store is the SQLite driver of [store.Store].
type Store struct {
	reads *reader
	write *writer
	lock  *os.File
}

var _ store.Store = (*Store)(nil)

// Open opens the file at path, and makes it if there is none. A file that is
// damaged, written by a newer Muster or not Muster's at all is refused and left
// as it is.
func Open(path string) (_ *Store, err error) {
	path, err = filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("open store %s: %w", path, err), s.Close())
		}
	}()
	if s.lock, err = exclusive(path + ".lock"); err != nil {
		return nil, err
	}
	if err = inspect(path); err != nil {
		return nil, err
	}
	writes, err := connect(path, 1, "synchronous(FULL)", "foreign_keys(1)")
	if err != nil {
		return nil, err
	}
	if s.write, err = newWriter(writes); err != nil {
		return nil, err
	}
	reads, err := connect(path, 4, "query_only(1)")
	if err != nil {
		return nil, err
	}
	s.reads, err = newReader(reads, selectRef, selectNext, selectHead, selectParts, selectListed)
	return s, err
}

// connect opens a pool. Nothing waits for another process's lock: there is
// none, and a checkpoint is over soon.
func connect(path string, conns int, pragmas ...string) (*sql.DB, error) {
	q := url.Values{"_pragma": append([]string{"busy_timeout(5000)"}, pragmas...)}
	dsn := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: q.Encode()}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// exclusive makes sure that no other process has the store.
func exclusive(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lock(f); err != nil {
		return nil, errors.Join(fmt.Errorf(
			"another process has it open (%w): stop that one first, or use Redis to run more than one", err), f.Close())
	}
	return f, nil
}

// Close answers what is waiting, and frees the file.
func (s *Store) Close() error {
	var errs []error
	if s.write != nil {
		errs = append(errs, s.write.close())
	}
	if s.reads != nil {
		errs = append(errs, s.reads.Close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
		s.lock = nil
	}
	return errors.Join(errs...)
}

// unavailable says that nothing was written, and why.
func unavailable(err error) error {
	return fmt.Errorf("%w: %w", incident.ErrUnavailable, err)
}
