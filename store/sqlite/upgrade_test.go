package sqlite_test

import (
	"bytes"
	"database/sql"
	"path/filepath"
	"testing"

	"muster/internal/incident"
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
