package sqlite_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/store/sqlite"
)

// ofSchema1 is a copy of the file that the program of schema 1 has written.
func ofSchema1(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "muster.db")
	write(t, path, read(t, "../upgrade/testdata/v1.db"))
	return path
}

func TestUpgrade_OpenedTwice_HappensOnce(t *testing.T) {
	path := ofSchema1(t)
	if err := reopen(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	if got := text(t, path, `SELECT user_version FROM pragma_user_version`); got != "3" {
		t.Errorf("the schema is %s, which an older program would not refuse", got)
	}
	if got := text(t, path, `SELECT count(*) FROM sqlite_schema WHERE name LIKE 'v1%'`); got != "0" {
		t.Errorf("%s tables of schema 1 are left", got)
	}
	if got := text(t, path, `SELECT count(*) FROM pragma_foreign_key_check`); got != "0" {
		t.Errorf("%s rows belong to nothing", got)
	}
	s := reopen(t, path)
	rows, err := s.Find(t.Context(), incident.Query{})
	if err != nil || len(rows) != 4 {
		t.Fatal(rows, err)
	}
	if _, err := s.Timeline(t.Context(), 1); err != nil {
		t.Error(err)
	}
	// A file that was upgraded has the same tables as a new one.
	fresh := filepath.Join(t.TempDir(), "new.db")
	if err := reopen(t, fresh).Close(); err != nil {
		t.Fatal(err)
	}
	const tables = `SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY type, name)`
	if upgraded, made := text(t, path, tables), text(t, fresh, tables); upgraded != made {
		t.Errorf("upgraded:\n%s\nnew:\n%s", upgraded, made)
	}
}

// Lanes of before each subject had its own keep what waits, in its order, in doubt.
func TestUpgrade_SharedLanes_KeepWhatWaits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "muster.db")
	if err := reopen(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	execute(t, path, `PRAGMA user_version = 2; DROP TABLE identity; DROP TABLE notices; DROP TABLE lanes; DROP TABLE lines; DROP TABLE passes; DELETE FROM counters WHERE name <> 'fence';
		CREATE TABLE lanes (lane TEXT PRIMARY KEY, priority INTEGER NOT NULL, ready INTEGER NOT NULL, taken INTEGER NOT NULL,
			fence INTEGER NOT NULL, in_doubt INTEGER NOT NULL, tries INTEGER NOT NULL) WITHOUT ROWID;
		CREATE INDEX lanes_ready ON lanes (priority, ready, lane);
		CREATE TABLE notices (lane TEXT NOT NULL REFERENCES lanes, seq INTEGER NOT NULL, key TEXT NOT NULL, op TEXT NOT NULL,
			merge TEXT NOT NULL, priority INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (lane, seq)) WITHOUT ROWID;
		CREATE INDEX notices_priority ON notices (lane, priority);
		CREATE INDEX notices_merge ON notices (lane, merge, seq) WHERE merge <> '';
		INSERT INTO lanes VALUES ('channel:C1', 2, 1000, 900, 7, 0, 3), ('incident:INC-2', 0, 2000, 0, 0, 0, 0);
		INSERT INTO notices VALUES
			('channel:C1', 4, 'k1', 'post', '', 2, '{"key":"k1","subject":"incident/1","lane":"channel:C1","op":"post","priority":2,"at":"2026-03-02T09:00:00Z"}'),
			('channel:C1', 5, 'k2', 'post', '', 2, '{"key":"k2","subject":"incident/2","lane":"channel:C1","op":"post","priority":2,"at":"2026-03-02T09:00:00Z"}'),
			('incident:INC-2', 1, 'k3', 'open', '', 0, '{"key":"k3","subject":"incident/2","lane":"incident:INC-2","op":"open","priority":0,"at":"2026-03-02T09:00:00Z"}')`)
	s := reopen(t, path)
	var got []string
	for {
		l, ok, err := s.Take(t.Context(), start, time.Minute, notice.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		got = append(got, fmt.Sprintf("%s in %s, in doubt: %v, tries: %d", l.Notice.Key, l.Notice.Lane, l.InDoubt, l.Tries))
		if err := s.Pop(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"k3 in incident:INC-2, in doubt: true, tries: 0",
		"k1 in channel:C1 incident/1, in doubt: true, tries: 3",
		"k2 in channel:C1 incident/2, in doubt: true, tries: 0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestUpgrade_ChangedTimeline_IsRefusedAndLeftAlone(t *testing.T) {
	path := ofSchema1(t)
	execute(t, path, `UPDATE entries SET body = replace(body, 'Closed', 'Erased') WHERE number = 1 AND seq = 17`)
	before := content(t, path)
	_, err := sqlite.Open(path, "T1")
	says(t, err, "INC-1", "entry 17 of its timeline is not as it was written")
	if !bytes.Equal(content(t, path), before) {
		t.Error("the file was changed")
	}
}

// content is what a file holds, without what SQLite notes about its journal.
func content(t *testing.T, path string) []byte {
	execute(t, path, `PRAGMA journal_mode = DELETE`)
	return read(t, path)[100:]
}

func text(t *testing.T, path, query string) (answer string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(query).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}
