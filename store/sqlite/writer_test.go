package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"muster/internal/incident"
)

func testStore(t *testing.T) *Store {
	s, err := Open(filepath.Join(t.TempDir(), "muster.db"), "T1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// busy keeps the writer at work until it is freed, so that what is enqueued
// meanwhile becomes one group.
func busy(t *testing.T, s *Store) (free func()) {
	begun, end, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- s.write.do(context.Background(), func(*tx) error {
			close(begun)
			<-end
			return nil
		})
	}()
	<-begun
	return func() {
		close(end)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func slot(job string) func(*tx) error {
	return func(t *tx) error {
		_, err := t.exec(`INSERT INTO slots (job, slot) VALUES (?, 1)`, job)
		return err
	}
}

func (s *Store) hasSlot(t *testing.T, job string) bool {
	var n int
	if err := s.reads.QueryRow(`SELECT count(*) FROM slots WHERE job = ?`, job).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n > 0
}

// A kill shows what the kernel has; only these show what the disk has.
func TestWhatIsWrittenIsSynced(t *testing.T) {
	s := testStore(t)
	for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1"} {
		var got string
		err := s.write.do(t.Context(), func(t *tx) error {
			_, err := t.row("PRAGMA "+pragma, nil, &got)
			return err
		})
		if err != nil || got != want {
			t.Errorf("%s is %q (%v)", pragma, got, err)
		}
	}
}

func TestOneThatFailsTakesNothingWithIt(t *testing.T) {
	s := testStore(t)
	failure := errors.New("after it had written")
	jobs := []struct {
		job  string
		do   func(*tx) error
		want error
	}{
		{"first", slot("first"), nil},
		{"bad", func(t *tx) error { return errors.Join(slot("bad")(t), failure) }, failure},
		{"second", slot("second"), nil},
		{"refused", func(*tx) error { return incident.ErrStale }, incident.ErrStale},
		{"again", func(t *tx) error { return errors.Join(slot("again")(t), slot("again")(t)) }, incident.ErrUnavailable},
		{"third", slot("third"), nil},
	}
	var group []*write
	for _, j := range jobs {
		group = append(group, &write{ctx: t.Context(), do: j.do, err: make(chan error, 1)})
	}
	free := busy(t, s)
	for _, job := range group {
		if err := s.write.enqueue(job); err != nil {
			t.Fatal(err)
		}
	}
	free()
	for n, j := range jobs {
		if err := <-group[n].err; !errors.Is(err, j.want) || j.want == nil && err != nil {
			t.Errorf("%s: answered %v, want %v", j.job, err, j.want)
		}
		if has := s.hasSlot(t, j.job); has != (j.want == nil) {
			t.Errorf("%s: written is %v", j.job, has)
		}
	}
}

func TestGivenUpWhileWaitingIsNotWritten(t *testing.T) {
	s := testStore(t)
	free := busy(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	answered := make(chan error)
	go func() { answered <- s.write.do(ctx, slot("given up")) }()
	cancel()
	if err := <-answered; !errors.Is(err, incident.ErrUnavailable) {
		t.Errorf("answered %v", err)
	}
	free()
	if err := s.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s.hasSlot(t, "given up") {
		t.Error("it was written all the same")
	}
}

func TestGivenUpWhileBeingWrittenIsInDoubt(t *testing.T) {
	s := testStore(t)
	ctx, cancel := context.WithCancel(t.Context())
	end := make(chan struct{})
	err := s.write.do(ctx, func(t *tx) error {
		cancel()
		<-end
		return slot("in doubt")(t)
	})
	close(end)
	if !errors.Is(err, context.Canceled) || errors.Is(err, incident.ErrUnavailable) {
		t.Errorf("answered %v", err)
	}
}

func TestCloseAnswersWhatWaits(t *testing.T) {
	s := testStore(t)
	free := busy(t, s)
	var group []*write
	for _, job := range []string{"a", "b", "c"} {
		w := &write{ctx: t.Context(), do: slot(job), err: make(chan error, 1)}
		group = append(group, w)
		if err := s.write.enqueue(w); err != nil {
			t.Fatal(err)
		}
	}
	closed := make(chan error)
	go func() { closed <- s.Close() }()
	free()
	for _, w := range group {
		if err := <-w.err; err != nil {
			t.Error(err)
		}
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
}
