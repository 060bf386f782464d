package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// groupSize is how many writes share a transaction at most.
const groupSize = 256

// writer is the one goroutine that writes.
type writer struct {
	db       *sql.DB
	tx       *tx
	location *location
	queue    chan *write

	mu     sync.RWMutex // held for reading while something is put into the queue
	closed bool
	done   chan struct{}
}

// write is one wish to write, all of it or nothing.
type write struct {
	ctx   context.Context
	do    func(*tx) error
	state atomic.Int32 // waiting until the writer begins, or whoever waits gives up
	err   chan error
}

const (
	waiting int32 = iota
	begun
	abandoned
)

// begin reports whether the job is still wanted.
func (j *write) begin() bool {
	if j.ctx.Err() != nil {
		j.giveUp()
	}
	j.state.CompareAndSwap(waiting, begun)
	return j.state.Load() == begun
}

// giveUp reports whether nothing of the job was or will be written.
func (j *write) giveUp() bool { return j.state.CompareAndSwap(waiting, abandoned) }

func newWriter(db *sql.DB, l *location, workspace string) (*writer, error) {
	ctx := context.Background()
	t := &tx{prepared: map[string]*sql.Stmt{}}
	var err error
	if t.conn, err = db.Conn(ctx); err == nil {
		if err = prepare(ctx, t, workspace); err != nil {
			err = errors.Join(err, t.close())
		}
	}
	if err != nil {
		return nil, errors.Join(diagnose(err), db.Close())
	}
	w := &writer{
		db: db, tx: t, location: l,
		queue: make(chan *write, groupSize), done: make(chan struct{}),
	}
	go w.run()
	return w, nil
}

// do has something written, and answers when it is on the disk.
func (w *writer) do(ctx context.Context, do func(*tx) error) error {
	job := &write{ctx: ctx, do: do, err: make(chan error, 1)}
	if err := w.enqueue(job); err != nil {
		return err
	}
	select {
	case err := <-job.err:
		return err
	case <-ctx.Done():
		if job.giveUp() || job.state.Load() == abandoned {
			return unavailable(ctx.Err())
		}
		return fmt.Errorf("gave up while it was being written: %w", ctx.Err())
	}
}

func (w *writer) enqueue(job *write) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return unavailable(errors.New("the store is closed"))
	}
	select {
	case w.queue <- job:
		return nil
	case <-job.ctx.Done():
		return unavailable(job.ctx.Err())
	}
}

// close answers what is in the queue, and stops.
func (w *writer) close() error {
	w.mu.Lock()
	already := w.closed
	w.closed = true
	w.mu.Unlock()
	if already {
		return nil
	}
	close(w.queue)
	<-w.done
	return errors.Join(w.tx.close(), w.db.Close())
}

func (w *writer) run() {
	defer close(w.done)
	for first := range w.queue {
		w.group(w.gather(first))
	}
}

// gather is all that can be written at once.
func (w *writer) gather(first *write) []*write {
	group := []*write{first}
	for len(group) < groupSize {
		select {
		case next, open := <-w.queue:
			if !open {
				return group
			}
			group = append(group, next)
		default:
			return group
		}
	}
	return group
}

// group writes them in one transaction. One that fails takes nothing with it:
// if it had written before it failed, which is rare, since checks come first,
// the others start again without it. If the file is not in its place any more,
// none of them is begun.
func (w *writer) group(jobs []*write) {
	if err := w.location.check(); err != nil {
		answer(jobs, err)
		return
	}
	for len(jobs) > 0 {
		if _, err := w.tx.exec(`BEGIN IMMEDIATE`); err != nil {
			answer(jobs, err)
			return
		}
		written, failed, err := w.each(jobs)
		if failed < 0 {
			answer(written, w.commit())
			return
		}
		_, undo := w.tx.exec(`ROLLBACK`)
		jobs[failed].err <- errors.Join(err, undo)
		jobs = append(written, jobs[failed+1:]...)
	}
}

// each does the jobs until one fails that had already written, which is the
// one at failed, else -1. Those that are to be answered later are written.
func (w *writer) each(jobs []*write) (written []*write, failed int, err error) {
	for n, job := range jobs {
		if !job.begin() {
			continue
		}
		w.tx.dirty = false
		err := job.do(w.tx)
		switch {
		case err == nil:
			written = append(written, job)
		case w.tx.dirty:
			return written, n, err
		default:
			job.err <- err
		}
	}
	return written, -1, nil
}

func (w *writer) commit() error {
	_, err := w.tx.exec(`COMMIT`)
	if err == nil {
		return nil
	}
	_, _ = w.tx.exec(`ROLLBACK`)
	if isRefusal(err) {
		return fmt.Errorf("commit to disk: %w", err)
	}
	return fmt.Errorf("commit to disk: %v", err) //nolint:errorlint // not ErrUnavailable: whether it is on the disk is unknown
}

func answer(jobs []*write, err error) {
	for _, job := range jobs {
		job.err <- err
	}
}

// tx is the writer's connection with a transaction open.
type tx struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
	dirty    bool // something was written since it was last false
	commits  int  // since the start; now and then one tidies up
}

// exec runs a statement and tells how many rows it changed.
func (t *tx) exec(query string, args ...any) (int64, error) {
	stmt, err := t.statement(query)
	if err != nil {
		return 0, err
	}
	t.dirty = true
	r, err := stmt.Exec(args...)
	if err != nil {
		return 0, unavailable(err) // whatever was written is undone
	}
	return r.RowsAffected()
}

// row runs a query of one row; found is false if there is none.
func (t *tx) row(query string, args []any, to ...any) (found bool, err error) {
	stmt, err := t.statement(query)
	if err != nil {
		return false, err
	}
	switch err := stmt.QueryRow(args...).Scan(to...); {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, unavailable(err)
	}
	return true, nil
}

// statement prepares each text once.
func (t *tx) statement(query string) (*sql.Stmt, error) {
	if stmt, ok := t.prepared[query]; ok {
		return stmt, nil
	}
	stmt, err := t.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, unavailable(err)
	}
	t.prepared[query] = stmt
	return stmt, nil
}

func (t *tx) close() error {
	var errs []error
	for _, stmt := range t.prepared {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(append(errs, t.conn.Close())...)
}
