package store_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/notice"
	"muster/store"
	"muster/store/redis"
	"muster/store/redis/redistest"
	"muster/store/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// copied is a store on both ends of a copy.
type copied interface {
	store.Store
	store.Source
	store.Sink
}

func openSQLite(t *testing.T) copied {
	t.Helper()
	return openSQLiteAt(t, filepath.Join(t.TempDir(), "muster.db"))
}

func openSQLiteAt(t *testing.T, path string) copied {
	t.Helper()
	s, err := sqlite.Open(path, "T1")
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

func openRedis(t *testing.T, url, workspace string) copied {
	t.Helper()
	s, err := redis.Open(t.Context(), url, workspace, zap.NewNop())
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// From one store to the other and back, nothing is lost and nothing added.
func TestCopyThereAndBack(t *testing.T) {
	now := time.Now().UTC().Truncate(time.Millisecond) // Redis forgets keys by its own clock
	url, workspace := redistest.Start(t), "T[1]*"
	first, second, third := openSQLite(t), openRedis(t, url, workspace), openSQLite(t)
	fill(t, first, now)
	counts, err := store.Copy(t.Context(), first, second)
	must(t, err)
	want := map[string]int{"incidents": 3, "channels": 2, "keys": 5, "timers": 3, "lanes": 3, "gates": 4, "slots": 3}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Error(diff)
	}
	openRedis(t, url, workspace) // what is whole can be opened
	counts, err = store.Copy(t.Context(), second, third)
	must(t, err)
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Error(diff)
	}
	original := records(t, first)
	for name, s := range map[string]copied{"redis": second, "sqlite": third} {
		if diff := cmp.Diff(original, records(t, s), roughly); diff != "" {
			t.Errorf("%s: -original +copy\n%s", name, diff)
		}
		goesOn(t, s, now)
		if _, err := store.Copy(t.Context(), first, s); !errors.Is(err, store.ErrNotEmpty) {
			t.Errorf("%s: a second copy: %v", name, err)
		}
	}
}

// fill leaves something of everything in a store: claimed, leased, held, merged.
func fill(t *testing.T, s store.Store, now time.Time) {
	ctx := t.Context()
	commit := func(n incident.Number, v int, i incident.Incident, notices ...notice.Notice) {
		i.Number, i.Version, i.Entries, i.Title = n, v, v, "<T> ü"
		i.Texts = map[incident.Topic]int{incident.TopicProgress: v}
		must(t, s.Commit(ctx, incident.Commit{
			Key: fmt.Sprintf("key %d %d", n, v), At: now,
			Changes: []incident.Change{{
				After: i, Notices: notices, Summary: i.Summary(incidenttest.Policy(), now),
				Entries: []incident.Entry{{Seq: v, At: now, Facts: map[string]string{"text": "what happened"}}},
				Parts:   []incident.Part{{Kind: "task", ID: fmt.Sprint(v), Body: []byte(`{"<":1}`)}, {Kind: "undo", ID: "1", Body: []byte(`2`)}},
				Timers:  []incident.Timer{{Number: n, Name: incident.TimerUpdate, At: now.Add(time.Duration(n) * time.Minute), Gen: v}},
			}},
		}))
	}
	take := func() notice.Lease {
		l, ok, err := s.Take(ctx, now, time.Hour, notice.Limits{
			Destination: notice.Rate{Every: time.Hour, Burst: 1},
			Ops:         map[notice.Op]notice.Rate{notice.OpPost: {Every: time.Second, Burst: 9}},
		})
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		return l
	}
	commit(1, 1, incident.Incident{Status: incident.Investigating}, post("held", "h1", "", notice.High))
	must(t, s.Release(ctx, take(), notice.Retry{NotBefore: now.Add(time.Minute), InDoubt: true, Op: notice.OpPin}))
	commit(1, 2, incident.Incident{Status: incident.Resolved, Channel: "C1"}, post("leased", "l1", "card", notice.Normal))
	take()
	commit(2, 1, incident.Incident{Status: incident.Investigating, Channel: "C2"},
		post("leased", "l2", "card", notice.Urgent), post("waiting", "w1", "", notice.Normal))
	commit(3, 1, incident.Incident{Status: incident.Monitoring}, post("waiting", "w2", "card", notice.Bulk))
	if claims, err := s.ClaimDue(ctx, now.Add(time.Minute), time.Hour, 10); err != nil || len(claims) != 1 {
		t.Fatal(claims, err)
	}
	for _, job := range []string{"daily", "weekly"} {
		_, _, err := s.ClaimSlot(ctx, job, now)
		must(t, err)
	}
	must(t, s.Commit(ctx, incident.Commit{Key: "of no incident", At: now, Slot: &incident.Slot{Job: "hourly", At: now}}))
}

func post(lane, key, merge string, p notice.Priority) notice.Notice {
	return notice.Notice{Key: key, Subject: incident.Number(1).Subject(), Lane: lane, Op: notice.OpPost, Merge: merge, Priority: p}
}

// goesOn uses a copy where the original stopped.
func goesOn(t *testing.T, s store.Store, now time.Time) {
	t.Helper()
	ctx := t.Context()
	if i, repeated, err := s.Load(ctx, incident.Ref{}, "key 1 1", incident.Want{}); err != nil || !repeated || i.Version != 2 {
		t.Errorf("a remembered key: %+v %v %v", i, repeated, err)
	}
	all := incident.Want{Texts: true, Parts: []incident.PartKind{"task", "undo"}}
	if i, _, err := s.Load(ctx, incident.Ref{Channel: "C1"}, "", all); err != nil || i.Number != 1 ||
		len(i.Loaded.Entries) != 1 || len(i.Loaded.Parts["task"]) != 2 || len(i.Loaded.Parts["undo"]) != 1 {
		t.Errorf("what is beside the head: %+v %v", i.Loaded, err)
	}
	for _, q := range []incident.Query{{Open: true}, {Since: now}, {Limit: 2}} {
		if rows, err := s.Find(ctx, q); err != nil || len(rows) < 2 {
			t.Errorf("%+v finds %d, %v", q, len(rows), err)
		}
	}
	if i, _, err := s.Load(ctx, incident.Ref{}, "", incident.Want{}); err != nil || i.Number != 4 {
		t.Errorf("the next number: %+v %v", i, err)
	}
	if claims, err := s.ClaimDue(ctx, now.Add(time.Minute), time.Hour, 10); err != nil || len(claims) != 1 || claims[0].Timer.Gen != 2 {
		t.Errorf("the timer that was claimed: %+v %v", claims, err)
	}
	var order []string
	for range 4 {
		l, ok, err := s.Take(ctx, now, time.Hour, notice.Limits{})
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		order = append(order, fmt.Sprintf("%s %v %d", l.Notice.Key, l.InDoubt, l.Tries))
		must(t, s.Pop(ctx, l))
	}
	if diff := cmp.Diff([]string{"l1 true 1", "l2 false 0", "w1 false 0", "w2 false 0"}, order); diff != "" {
		t.Error(diff)
	}
	l, ok, err := s.Take(ctx, now.Add(time.Minute), time.Hour, notice.Limits{})
	if err != nil || !ok || l.Notice.Key != "h1" || !l.InDoubt {
		t.Errorf("the lane that was held: %+v %v %v", l, ok, err)
	}
	if _, won, err := s.ClaimSlot(ctx, "daily", now); won || err != nil {
		t.Errorf("a slot that was won: %v %v", won, err)
	}
}

// records is everything in a store, in an order of its own.
func records(t *testing.T, s store.Source) []store.Record {
	t.Helper()
	var all []store.Record
	for r, err := range s.Export(t.Context()) {
		must(t, err)
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b store.Record) int {
		return strings.Compare(fmt.Sprintf("%T%v", a, a), fmt.Sprintf("%T%v", b, b))
	})
	return all
}

// roughly compares keys: Redis says how long each has to live, by its own clock.
var roughly = cmp.Comparer(func(a, b store.Key) bool {
	return a.Key == b.Key && a.Number == b.Number && a.Forget.Sub(b.Forget).Abs() < 5*time.Second
})

// A copy that fails leaves nothing that could be taken for a whole store.
func TestCopyThatFails(t *testing.T) {
	url := redistest.Start(t)
	source, broken := openSQLite(t), errors.New("the source broke")
	fill(t, source, time.Now().UTC().Truncate(time.Millisecond))

	sink := openSQLite(t)
	if _, err := store.Copy(t.Context(), half{source, broken}, sink); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if left := records(t, sink); len(left) != 0 {
		t.Errorf("sqlite: %d records are there", len(left))
	}
	if _, err := store.Copy(t.Context(), half{source, broken}, openRedis(t, url, "T1")); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	if _, err := redis.Open(t.Context(), url, "T1", zap.NewNop()); err == nil || !strings.Contains(err.Error(), "did not finish") {
		t.Errorf("redis: %v", err)
	}
}

// half is a source that breaks on the way.
type half struct {
	store.Source
	err error
}

func (h half) Export(t context.Context) iter.Seq2[store.Record, error] {
	return func(yield func(store.Record, error) bool) {
		given := 0
		for r, err := range h.Source.Export(t) {
			if given++; given == 6 {
				yield(nil, h.err)
				return
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
