package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/store"
	"muster/store/sqlite"
	"muster/store/storetest"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// filled is a file that holds an incident with a timer, a notice and a little
// more than one page of timeline.
func filled(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "muster.db")
	s := reopen(t, path)
	for n := 1; n <= 100; n++ {
		if err := s.Commit(t.Context(), commit(n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// commit is the nth of one incident: an entry, a notice and a timer.
func commit(n int) incident.Commit {
	return incident.Commit{
		Key: fmt.Sprintf("key-%d", n), At: start,
		Changes: []incident.Change{{
			After:   incident.Incident{Number: 1, Version: n, Status: incident.Investigating, Entries: n},
			Summary: incident.Summary{Number: 1, Status: incident.Investigating, Changed: start},
			Entries: []incident.Entry{{Seq: n, At: start, Facts: map[string]string{"text": strings.Repeat("what happened ", 50)}}},
			Notices: []notice.Notice{{Key: fmt.Sprintf("n%d", n), Subject: incident.Number(1).Subject(), Lane: "a", Op: notice.OpPost, At: start}},
			Timers:  []incident.Timer{{Number: 1, Name: incident.TimerUpdate, At: start, Gen: n}},
		}},
	}
}

func reopen(t *testing.T, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(path, "T1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestReopenFreesWhatTheDeadProcessHeld(t *testing.T) {
	path := filled(t)
	s := reopen(t, path)
	lease, _, err := s.Take(t.Context(), start, time.Hour, notice.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	claims, err := s.ClaimDue(t.Context(), start, time.Hour, 10)
	if err != nil || len(claims) != 1 {
		t.Fatal(claims, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = reopen(t, path)
	again, ok, err := s.Take(t.Context(), start, time.Hour, notice.Limits{})
	if err != nil || !ok || again.Notice.Key != lease.Notice.Key || !again.InDoubt || again.Tries != 1 {
		t.Fatalf("the notice in doubt is %+v %v %v", again, ok, err)
	}
	if err := s.Pop(t.Context(), lease); !errors.Is(err, incident.ErrLost) {
		t.Fatalf("the dead process's lease still holds: %v", err)
	}
	if n, err := s.Settle(t.Context(), claims...); n != 0 || err != nil {
		t.Fatalf("the dead process's claim still holds: %d %v", n, err)
	}
	claims, err = s.ClaimDue(t.Context(), start, time.Hour, 10)
	if err != nil || len(claims) != 1 || claims[0].Timer.Gen != 100 {
		t.Fatal(claims, err)
	}
}

func TestOpenRefusesASecondProcess(t *testing.T) {
	path := filled(t)
	reopen(t, path)
	_, err := sqlite.Open(path, "T1")
	says(t, err, "another process has it open", "stop that one first")
}

func TestOpenRefusesAndLeavesAlone(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(t *testing.T, path string)
		says  []string
	}{
		{"a text file", func(t *testing.T, path string) {
			write(t, path, []byte("severity: P0\n"))
		}, []string{"not a Muster database"}},
		{"a long text file", func(t *testing.T, path string) {
			write(t, path, bytes.Repeat([]byte("severity: P0\n"), 1000))
		}, []string{"not a Muster database"}},
		{"another program's database", func(t *testing.T, path string) {
			_ = os.Remove(path)
			execute(t, path, `CREATE TABLE bookmarks (url TEXT)`)
		}, []string{"not a Muster database"}},
		{"a newer Muster's", func(t *testing.T, path string) {
			execute(t, path, `PRAGMA user_version = 99`)
		}, []string{"written by a newer Muster", "schema 99"}},
		{"a damaged page", func(t *testing.T, path string) {
			b := read(t, path)
			copy(b[len(b)/2:], bytes.Repeat([]byte{0xA5}, 3*4096))
			write(t, path, b)
		}, []string{"damaged", "restore"}},
		{"a file cut short", func(t *testing.T, path string) {
			write(t, path, read(t, path)[:3*4096])
		}, []string{"damaged", "restore"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filled(t)
			test.spoil(t, path)
			before := read(t, path)
			_, err := sqlite.Open(path, "T1")
			says(t, err, append(test.says, path)...)
			if !bytes.Equal(read(t, path), before) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestOpenTakesAnEmptyFileAndOddNames(t *testing.T) {
	path := filepath.Join(t.TempDir(), "what? 100% #1.db")
	write(t, path, nil)
	s := reopen(t, path)
	if err := s.Commit(t.Context(), commit(1)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		t.Fatal("the data went into another file", err)
	}
}

func TestTheFileIsForItsOwnerOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "muster.db")
	reopen(t, path)
	for _, name := range []string{path, path + "-wal"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode&0o077 != 0 {
			t.Errorf("%s has mode %o", name, mode)
		}
	}
}

func TestOpen_OtherNameOfAFileInUse_IsRefused(t *testing.T) {
	path := filled(t)
	reopen(t, path)
	for what, link := range map[string]func(from, to string) error{"symlink": os.Symlink, "hard link": os.Link} {
		other := filepath.Join(t.TempDir(), "other.db")
		if err := link(path, other); err != nil {
			t.Fatal(err)
		}
		if _, err := sqlite.Open(other, "T1"); err == nil || !strings.Contains(err.Error(), "another process has it open") {
			t.Errorf("through a %s: %v", what, err)
		}
	}
}

func TestOpen_OtherWorkspace_IsRefusedNamingBoth(t *testing.T) {
	path := filled(t)
	before := content(t, path)
	_, err := sqlite.Open(path, "T2")
	says(t, err, "T1", "T2", path)
	if !bytes.Equal(content(t, path), before) {
		t.Error("the file was changed")
	}
	reopen(t, path)
}

func TestReplacedFile_EachCall_SaysSo(t *testing.T) {
	another := filled(t)
	for what, harm := range map[string]func(path string) error{
		"removed":               os.Remove,
		"its log removed":       func(path string) error { return os.Remove(path + "-wal") },
		"replaced":              func(path string) error { return os.Rename(another, path) },
		"its directory renamed": func(path string) error { return os.Rename(filepath.Dir(path), filepath.Dir(path)+"-away") },
	} {
		t.Run(what, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "muster.db")
			s := reopen(t, path)
			if err := s.Commit(t.Context(), commit(1)); err != nil {
				t.Fatal(err)
			}
			if err := harm(path); err != nil {
				t.Fatal(err)
			}
			if err := s.Commit(t.Context(), commit(2)); !errors.Is(err, store.ErrReplaced) {
				t.Errorf("the first commit: %v", err)
			}
			storetest.ExpectReplaced(t, s)
		})
	}
}

func TestFile_MovedAwayAndBack_IsUsedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "muster.db")
	s := reopen(t, path)
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(t.Context(), commit(1)); !errors.Is(err, store.ErrReplaced) {
		t.Errorf("away: %v", err)
	}
	if err := os.Rename(path+".away", path); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(t.Context(), commit(1)); err != nil {
		t.Errorf("back: %v", err)
	}
}

func TestKeysAreForgottenAfterTwoDays(t *testing.T) {
	s := reopen(t, filepath.Join(t.TempDir(), "muster.db"))
	n := 0
	burst := func(at time.Time) {
		for range 300 { // enough for one that tidies up
			n++
			c := commit(n)
			c.At = at
			if err := s.Commit(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
	}
	known := func() bool {
		_, repeated, err := s.Load(t.Context(), incident.Ref{Number: 1}, "key-1", incident.Want{})
		if err != nil {
			t.Fatal(err)
		}
		return repeated
	}
	burst(start)
	burst(start.Add(47 * time.Hour))
	if !known() {
		t.Error("a key was forgotten within two days")
	}
	burst(start.Add(49 * time.Hour))
	if known() {
		t.Error("a key is kept for ever")
	}
}

func TestClosedStoreIsUnavailable(t *testing.T) {
	s := reopen(t, filled(t))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatalf("a second Close: %v", err)
	}
	if err := s.Commit(t.Context(), commit(101)); !errors.Is(err, incident.ErrUnavailable) {
		t.Errorf("commit: %v", err)
	}
	if _, _, err := s.Load(context.Background(), incident.Ref{}, "", incident.Want{}); !errors.Is(err, incident.ErrUnavailable) {
		t.Errorf("load: %v", err)
	}
	if err := s.Ping(t.Context()); !errors.Is(err, incident.ErrUnavailable) {
		t.Errorf("ping: %v", err)
	}
}

func says(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("it was opened")
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not say %q", err, w)
		}
	}
}

func execute(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
