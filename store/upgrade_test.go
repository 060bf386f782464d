package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/notice"
	"muster/internal/slackid"
	"muster/store"
	"muster/store/redis/redistest"
)

// The program of schema 1 has written the same incidents' lives into both
// stores of upgrade/testdata. Both come out the same, and go on.
func TestUpgrade(t *testing.T) {
	url := redistest.Start(t)
	redistest.Replay(t, url, "upgrade/testdata/v1.jsonl")
	stores := map[string]copied{"redis": openRedis(t, url, "T1"), "sqlite": openSQLiteAt(t, fileOf(t, "v1.db"))}
	if diff := cmp.Diff(records(t, stores["sqlite"]), records(t, stores["redis"]), whenever); diff != "" {
		t.Errorf("-sqlite +redis\n%s", diff)
	}
	for name, s := range stores {
		t.Run(name, func(t *testing.T) {
			holdsLives(t, s)
			continues(t, s)
		})
	}
}

// The program of schema 2 has gone on with the same lives. Each incident gets an ID,
// and that in which it was upgraded from schema 1 would be the same.
func TestUpgrade_Schema2_GivesIDs(t *testing.T) {
	url := redistest.Start(t)
	redistest.Replay(t, url, "upgrade/testdata/v2.jsonl")
	stores := map[string]copied{"redis": openRedis(t, url, "T1"), "sqlite": openSQLiteAt(t, fileOf(t, "v2.db"))}
	if diff := cmp.Diff(records(t, stores["sqlite"]), records(t, stores["redis"]), whenever); diff != "" {
		t.Errorf("-sqlite +redis\n%s", diff)
	}
	first := openSQLiteAt(t, fileOf(t, "v1.db"))
	for name, s := range stores {
		t.Run(name, func(t *testing.T) {
			rows, err := s.Find(t.Context(), incident.Query{})
			must(t, err)
			if len(rows) != 5 || rows[0].Title != `Says "changed":"x" <&>` {
				t.Fatalf("%+v", rows)
			}
			seen := map[string]bool{}
			for _, row := range rows {
				inc := loadAll(t, s, row.Number)
				timeline, err := s.Timeline(t.Context(), row.Number)
				must(t, err)
				must(t, inc.Verify(timeline))
				if inc.ID == "" || inc.ID != row.ID || seen[inc.ID] {
					t.Errorf("%s has the ID %q, its row %q", row.Number, inc.ID, row.ID)
				}
				seen[inc.ID] = true
				if row.Number < 5 && loadAll(t, first, row.Number).ID != inc.ID {
					t.Errorf("%s got another ID from schema 1", row.Number)
				}
			}
			continues(t, s)
		})
	}
}

// whenever compares keys: the Redis that was replayed remembers them from now on.
var whenever = cmp.Comparer(func(a, b store.Key) bool { return a.Key == b.Key && a.Number == b.Number })

// fileOf is a copy of a file that an older program has written.
func fileOf(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("upgrade/testdata", name))
	must(t, err)
	path := filepath.Join(t.TempDir(), "muster.db")
	must(t, os.WriteFile(path, b, 0o600))
	return path
}

// holdsLives looks for what happened, in the way that it is kept now.
func holdsLives(t *testing.T, s store.Store) {
	rows, err := s.Find(t.Context(), incident.Query{})
	must(t, err)
	if len(rows) != 4 {
		t.Fatalf("%d incidents", len(rows))
	}
	for _, row := range rows {
		inc := loadAll(t, s, row.Number)
		timeline, err := s.Timeline(t.Context(), row.Number)
		must(t, err)
		if err := inc.Verify(timeline); err != nil {
			t.Error(err)
		}
		want := inc.Summary(incidenttest.Policy(), row.Changed)
		want.AckDue, want.UpdateSince = time.Time{}, time.Time{} // until the next commit
		if diff := cmp.Diff(want, row); diff != "" {
			t.Error(diff)
		}
	}
	first, second := loadAll(t, s, 1), loadAll(t, s, 2)
	eta, _ := first.ETA()
	for what, got := range map[string][2]string{
		"impact":     {first.Impact(), "EU only"},
		"progress":   {first.Progress(), `We roll back "r-7" <now>`},
		"eta":        {eta, "20 min"},
		"resolution": {first.Resolution().Summary, "Rolled back for good"},
		"new impact": {second.Impact(), "Search takes 5 s"},
		"last news":  {second.Progress(), "Still slow, but less"},
		"title":      {first.Title, "Payments <down> & out"},
	} {
		if got[0] != got[1] {
			t.Errorf("%s is %q, want %q", what, got[0], got[1])
		}
	}
	open, err := s.Find(t.Context(), incident.Query{Open: true})
	must(t, err)
	if len(open) != 2 || open[0].Number != 2 || open[1].Number != 4 {
		t.Errorf("open are %+v", open)
	}
	if slot, err := s.LastSlot(t.Context(), "alive"); err != nil || slot.IsZero() {
		t.Errorf("the last slot is %v, %v", slot, err)
	}
	if inc, repeated, err := s.Load(t.Context(), incident.Ref{}, "request-1", incident.Want{}); err != nil || !repeated || inc.Number != 1 {
		t.Errorf("a remembered key: %v %v %v", inc.Number, repeated, err)
	}
}

// continues lets people and Muster go on where they were.
func continues(t *testing.T, s store.Store) {
	ctx := t.Context()
	rows, err := s.Find(ctx, incident.Query{Limit: 1})
	must(t, err)
	now := rows[0].Changed.Add(26 * time.Hour)
	svc := &incident.Service{Store: s, Policy: incidenttest.Policy(), Now: func() time.Time { return now }, Wake: func() {}}
	before := loadAll(t, s, 2)
	letters, err := before.DeadLetters()
	if err != nil || len(letters) == 0 || len(letters) != before.Undelivered {
		t.Fatalf("%d of %d dead letters, %v", len(letters), before.Undelivered, err)
	}
	do := func(key string, n incident.Number, step incident.Transition) {
		t.Helper()
		_, err := svc.Do(ctx, incident.Request{Key: key, By: "U0ANA", Ref: incident.Ref{Number: n}, Parts: []incident.PartKind{incident.PartDeadLetter}}, step)
		must(t, err)
	}
	do("retry", 2, incident.Incident.Retry)
	do("ack", 4, incident.Incident.Acknowledge)
	after := loadAll(t, s, 2)
	if len(after.Loaded.Parts[incident.PartDeadLetter]) != 0 || after.Undelivered != 0 {
		t.Errorf("the dead letters that were retried are still there: %+v", after.Loaded.Parts)
	}
	claims, err := s.ClaimDue(ctx, now, time.Minute, 100)
	must(t, err)
	if len(claims) < 2 {
		t.Fatalf("%d timers are due", len(claims))
	}
	for _, c := range claims {
		if err := svc.Fire(ctx, c, incident.Outage{}); !errors.Is(err, incident.ErrNoChange) { // another's may have moved it
			must(t, err)
		}
	}
	var keys []string
	for {
		l, ok, err := s.Take(ctx, now, time.Minute, notice.Limits{})
		must(t, err)
		if !ok {
			break
		}
		n, known := incident.NumberOf(l.Notice.Subject)
		inc := loadAll(t, s, n)
		if _, there := inc.Loaded.Entries[l.Notice.Entry]; !known || l.Notice.Entry != 0 && !there {
			t.Errorf("%+v tells of nothing", l.Notice)
		}
		keys = append(keys, l.Notice.Key)
		must(t, s.Pop(ctx, l))
	}
	if len(keys) < 20 || len(slices.Compact(slices.Sorted(slices.Values(keys)))) != len(keys) {
		t.Errorf("delivered %q", keys)
	}
	for _, n := range []incident.Number{2, 4} {
		timeline, err := s.Timeline(ctx, n)
		must(t, err)
		must(t, loadAll(t, s, n).Verify(timeline))
	}
}

// loadAll reads an incident with everything beside its head.
func loadAll(t *testing.T, s store.Store, n incident.Number) incident.Incident {
	t.Helper()
	want := incident.Want{Texts: true, Parts: []incident.PartKind{incident.PartDeadLetter}}
	for seq := range 100 {
		want.Entries = append(want.Entries, seq)
	}
	inc, _, err := s.Load(t.Context(), incident.Ref{Number: n}, "", want)
	must(t, err)
	return inc
}

// A private incident of before is nobody else's now.
func TestUpgrade_PrivateIncident_StaysPrivate(t *testing.T) {
	s := openSQLiteAt(t, fileOf(t, "v1.db"))
	rows, err := s.Find(t.Context(), incident.Query{})
	must(t, err)
	leak := rows[slices.IndexFunc(rows, func(r incident.Summary) bool { return r.Private })]
	for who, want := range map[slackid.User]bool{"U0ANA": true, "U0STRANGER": false} {
		if leak.Sees(who, "C0GENERAL") != want {
			t.Errorf("%s sees it: %v", who, !want)
		}
	}
}
