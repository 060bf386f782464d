package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"

	"muster/internal/incident"
	"muster/store"
)

// Store is the SQLite driver of [store.Store].
type Store struct {
	reads    *reader
	write    *writer
	location *location
}

var _ store.Store = (*Store)(nil)

// Open opens the file at path for a workspace, and makes it if there is none. A
// file that is damaged, written by a newer Muster, another workspace's or not
// Muster's at all is refused and left as it is.
func Open(path, workspace string) (_ *Store, err error) {
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
	if s.location, err = occupy(path); err != nil {
		return nil, err
	}
	if err = inspect(path); err != nil {
		return nil, err
	}
	writes, err := connect(path, 1, "synchronous(FULL)", "foreign_keys(1)")
	if err != nil {
		return nil, err
	}
	if s.write, err = newWriter(writes, s.location, workspace); err != nil {
		return nil, err
	}
	if err = s.location.opened(); err != nil {
		return nil, err
	}
	reads, err := connect(path, 4, "query_only(1)")
	if err != nil {
		return nil, err
	}
	s.reads, err = newReader(reads, s.location, selectRef, selectNext, selectHead, selectParts, selectListed)
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

// Close answers what is waiting, and frees the file.
func (s *Store) Close() error {
	var errs []error
	if s.write != nil {
		errs = append(errs, s.write.close())
	}
	if s.reads != nil {
		errs = append(errs, s.reads.Close())
	}
	if s.location != nil {
		errs = append(errs, s.location.leave())
	}
	return errors.Join(errs...)
}

// unavailable says that nothing was written, and why.
func unavailable(err error) error {
	return fmt.Errorf("%w: %w", incident.ErrUnavailable, err)
}
