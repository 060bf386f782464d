package scheduler_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap/zaptest"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/notice"
	"muster/scheduler"
)

// nine is the first slot after t0.
var nine = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// replicas is several schedulers on one store, with the same job.
type replicas struct {
	t     *testing.T
	store *incidenttest.Store
	now   time.Time
	all   []*scheduler.Scheduler
	mu    sync.Mutex
	runs  []run // that were committed
}

// run is a slot and the one before it.
type run struct{ slot, last time.Time }

func newReplicas(t *testing.T, n int) *replicas {
	r := &replicas{t: t, store: incidenttest.NewStore(), now: t0}
	for range n {
		r.all = append(r.all, r.start())
	}
	return r
}

// start returns one more replica, which has not ticked yet.
func (r *replicas) start() *scheduler.Scheduler {
	r.t.Helper()
	daily, err := scheduler.NewDaily(9*time.Hour, time.UTC)
	if err != nil {
		r.t.Fatal(err)
	}
	job := scheduler.Job{Name: "report", Schedule: daily, Run: r.run}
	return scheduler.New(r.store, &incidents{}, func() time.Time { return r.now }, zaptest.NewLogger(r.t), job)
}

func (r *replicas) run(ctx context.Context, slot, last time.Time) error {
	key := "slot report " + slot.Format(time.RFC3339)
	err := r.store.Commit(ctx, incident.Commit{
		Key: key, At: r.now, Slot: &incident.Slot{Job: "report", At: slot},
		Notices: []notice.Notice{{
			Key: key, Subject: notice.Subject{Kind: notice.Digest, ID: slot.Format(time.RFC3339)}, Lane: "channel:C0", Op: notice.OpPost,
			At: r.now,
		}},
	})
	if err == nil {
		r.mu.Lock()
		r.runs = append(r.runs, run{slot, last})
		r.mu.Unlock()
	}
	return err
}

// tick lets all replicas tick at once, and returns what was run since the last time.
func (r *replicas) tick(now time.Time) []run {
	r.t.Helper()
	r.now, r.runs = now, nil
	var all sync.WaitGroup
	for _, s := range r.all {
		all.Go(func() {
			if _, err := s.Tick(r.t.Context()); err != nil {
				r.t.Error(err)
			}
		})
	}
	all.Wait()
	return r.runs
}

func (r *replicas) expect(when string, got []run, want ...run) {
	r.t.Helper()
	if len(got) != len(want) {
		r.t.Fatalf("%s: ran %v, want %v", when, got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			r.t.Errorf("%s: ran %v, want %v", when, got, want)
		}
	}
}

func TestJob_SeveralReplicas_RunsEachSlotOnce(t *testing.T) {
	r := newReplicas(t, 5)
	before, day := nine.AddDate(0, 0, -1), nine.AddDate(0, 0, 1)
	r.expect("the first start ever", r.tick(t0))
	if last, err := r.store.LastSlot(t.Context(), "report"); err != nil || !last.Equal(before) {
		t.Errorf("the first start claimed %s (%v), want %s", last, err, before)
	}
	r.expect("a second too early", r.tick(nine.Add(-time.Second)))
	r.expect("in time", r.tick(nine), run{nine, before})
	r.expect("a second later", r.tick(nine.Add(time.Second)))
	r.expect("the next day", r.tick(day), run{day, nine})
	if waiting := len(r.store.Waiting()); waiting != 2 {
		t.Errorf("%d reports wait, want 2", waiting)
	}
}

func TestJob_AfterAnOutageOverSlots_RunsTheLatestOnly(t *testing.T) {
	r := newReplicas(t, 1)
	r.tick(t0)
	r.tick(nine)
	r.all = []*scheduler.Scheduler{r.start()}
	back, latest := nine.AddDate(0, 0, 3).Add(4*time.Hour), nine.AddDate(0, 0, 3)
	r.expect("back after three slots", r.tick(back), run{latest, nine})
	r.expect("after that", r.tick(back.Add(time.Second)))
}

func TestJob_CommitFails_IsTriedAgainAtTheNextTick(t *testing.T) {
	r := newReplicas(t, 1)
	r.tick(t0)
	away := errors.New("away")
	r.now = nine
	r.store.BeforeCommit(func() { r.store.Fail(away) })
	if _, err := r.all[0].Tick(t.Context()); !errors.Is(err, away) {
		t.Errorf("the tick answers %v, want %v", err, away)
	}
	r.store.Fail(nil)
	r.expect("the next tick", r.tick(nine.Add(time.Second)), run{nine, nine.AddDate(0, 0, -1)})
}

func TestNextJob_SaysWhichSlotComesNext(t *testing.T) {
	r := newReplicas(t, 1)
	if name, at := r.all[0].NextJob(); name != "report" || !at.Equal(nine) {
		t.Errorf("next is %q at %s, want the report at %s", name, at, nine)
	}
	none := scheduler.New(r.store, &incidents{}, time.Now, zaptest.NewLogger(t))
	if name, at := none.NextJob(); name != "" {
		t.Errorf("next is %q at %s without a job", name, at)
	}
}
