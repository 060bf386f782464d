package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"muster/store"
)

// location is where the store's file is. This process has it for itself, whatever
// names lead to it, and notices when they lead to another file or to none:
// SQLite itself would go on with what has no name any more.
type location struct {
	lock    *os.File
	files   map[string]os.FileInfo // as they were when the store was opened
	checked atomic.Int64           // when they were last seen in their place, in ms
}

// occupy makes sure that no other process has the file, and makes it if there is
// none, for its owner's eyes only.
func occupy(path string) (*location, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	target, err := filepath.EvalSymlinks(path)
	if err == nil && lockSuffix != "" {
		err = f.Close()
		if err == nil {
			f, err = os.OpenFile(target+lockSuffix, os.O_CREATE|os.O_RDWR, 0o600)
		}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if err := lock(f); err != nil {
		return nil, errors.Join(fmt.Errorf(
			"another process has it open (%w): stop that one first, or use Redis to run more than one", err), f.Close())
	}
	return &location{lock: f, files: map[string]os.FileInfo{path: nil, target + "-wal": nil}}, nil
}

// opened takes note of the files, now that SQLite has them open.
func (l *location) opened() error {
	for path := range l.files {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		l.files[path] = info
	}
	return nil
}

// check finds out whether the files are in their place.
func (l *location) check() error {
	for path, was := range l.files {
		is, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			err = fmt.Errorf("%w: %s is gone; put it back, or restart Muster to begin a new store", store.ErrReplaced, path)
		case err != nil:
			err = unavailable(err)
		case !os.SameFile(was, is):
			err = fmt.Errorf("%w: %s is another file now; restart Muster to use it", store.ErrReplaced, path)
		}
		if err != nil {
			l.checked.Store(0)
			return err
		}
	}
	l.checked.Store(time.Now().UnixMilli())
	return nil
}

// checkLately does the same once a second, for reads, of which there are many.
func (l *location) checkLately() error {
	if age := time.Now().UnixMilli() - l.checked.Load(); age >= 0 && age < 1000 {
		return nil
	}
	return l.check()
}

// leave lets another process have the file.
func (l *location) leave() error {
	if err := l.lock.Close(); !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}
