package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap/zaptest"

	"muster/internal/incident"
	"muster/scheduler"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var t0 = time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC)

// queue is a store's timers, kept simple.
type queue struct {
	mu      sync.Mutex
	due     []incident.Claim
	settled []incident.Claim
	slots   map[string]time.Time
	down    error
}

func (q *queue) ClaimDue(_ context.Context, now time.Time, _ time.Duration, limit int) ([]incident.Claim, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.down != nil {
		return nil, q.down
	}
	var out, rest []incident.Claim
	for _, c := range q.due {
		if !c.Timer.At.After(now) && len(out) < limit {
			out = append(out, c)
		} else {
			rest = append(rest, c)
		}
	}
	q.due = rest
	return out, nil
}

func (q *queue) Settle(_ context.Context, claims ...incident.Claim) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.settled = append(q.settled, claims...)
	return len(claims), nil
}

func (q *queue) ClaimSlot(_ context.Context, job string, slot time.Time) (time.Time, bool, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	last := q.slots[job]
	if !slot.After(last) {
		return last, false, nil
	}
	if q.slots == nil {
		q.slots = map[string]time.Time{}
	}
	q.slots[job] = slot
	return last, true, nil
}

func (q *queue) LastSlot(_ context.Context, job string) (time.Time, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.slots[job], nil
}

// incidents notes what was fired, and answers as told.
type incidents struct {
	mu      sync.Mutex
	fired   []incident.Number
	names   []incident.TimerName
	outages []incident.Outage
	answer  func(incident.Claim) error
	rearms  int
	failing error // of the next rearming
	each    chan struct{}
}

func (i *incidents) Fire(_ context.Context, c incident.Claim, o incident.Outage) error {
	i.mu.Lock()
	i.fired = append(i.fired, c.Timer.Number)
	i.names = append(i.names, c.Timer.Name)
	i.outages = append(i.outages, o)
	i.mu.Unlock()
	if i.each != nil {
		i.each <- struct{}{}
	}
	if i.answer != nil {
		return i.answer(c)
	}
	return nil
}

func (i *incidents) Rearm(context.Context) error {
	i.rearms++
	err := i.failing
	i.failing = nil
	return err
}

func TestTick_FirstOne_RearmsBeforeItFires(t *testing.T) {
	i := &incidents{failing: fmt.Errorf("away: %w", incident.ErrUnavailable)}
	q := &queue{due: claims(1, t0)}
	s := scheduler.New(q, i, func() time.Time { return t0 }, zaptest.NewLogger(t))
	if _, err := s.Tick(t.Context()); err == nil || len(i.fired) != 0 {
		t.Errorf("fired %v before the timers were rearmed, %v", i.fired, err)
	}
	for range 2 {
		if _, err := s.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if i.rearms != 2 || len(i.fired) != 1 {
		t.Errorf("rearmed %d times, want it until it succeeds; fired %v", i.rearms, i.fired)
	}
}

func TestTick_OneCannotBeRearmed_FiresAllTheSame(t *testing.T) {
	i := &incidents{failing: errors.New("INC-1 cannot be read")}
	s := scheduler.New(&queue{due: claims(2, t0)}, i, func() time.Time { return t0 }, zaptest.NewLogger(t))
	for range 2 {
		if _, err := s.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if i.rearms != 1 || len(i.fired) != 2 {
		t.Errorf("rearmed %d times, fired %v", i.rearms, i.fired)
	}
}

func claims(n int, at time.Time) []incident.Claim {
	out := make([]incident.Claim, n)
	for k := range out {
		out[k].Timer = incident.Timer{Number: incident.Number(k + 1), Name: incident.TimerUpdate, At: at}
	}
	return out
}

func TestTick_ManyDue_FiresAll(t *testing.T) {
	q, i := &queue{due: append(claims(250, t0), claims(3, t0.Add(time.Second))...)}, &incidents{}
	s := scheduler.New(q, i, func() time.Time { return t0 }, zaptest.NewLogger(t))
	n, err := s.Tick(t.Context())
	if err != nil || n != 250 || len(i.fired) != 250 || len(q.due) != 3 {
		t.Errorf("fired %d (%d), %d left, %v; want 250 and 3 left", n, len(i.fired), len(q.due), err)
	}
}

func TestTick_SomeFail_FiresTheOthers(t *testing.T) {
	q := &queue{due: claims(5, t0)}
	i := &incidents{answer: func(c incident.Claim) error {
		switch c.Timer.Number {
		case 1:
			panic("a bug")
		case 2:
			return errors.New("the store hiccups")
		case 3:
			return incident.ErrNoChange
		case 4:
			return incident.ErrLost
		}
		return nil
	}}
	s := scheduler.New(q, i, func() time.Time { return t0 }, zaptest.NewLogger(t))
	if n, err := s.Tick(t.Context()); n != 5 || err != nil {
		t.Errorf("tick: %d, %v", n, err)
	}
	if len(q.settled) != 1 || q.settled[0].Timer.Number != 3 {
		t.Errorf("settled %+v; want only the one with nothing to do: the others settle in their commit or come due again", q.settled)
	}
}

func TestTick_SeveralOfOneIncident_CallsPeopleFirst(t *testing.T) {
	q := &queue{}
	for _, name := range []incident.TimerName{"task:3", incident.TimerUpdate, incident.TimerRespond, "archive", incident.TimerEscalate} {
		q.due = append(q.due, incident.Claim{Timer: incident.Timer{Number: 1, Name: name, At: t0}})
	}
	q.due = append(q.due, incident.Claim{Timer: incident.Timer{Number: 1, Name: "archive", At: t0.Add(-time.Second)}})
	i := &incidents{}
	s := scheduler.New(q, i, func() time.Time { return t0 }, zaptest.NewLogger(t))
	if _, err := s.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []incident.TimerName{"archive", incident.TimerEscalate, incident.TimerRespond, incident.TimerUpdate, "task:3", "archive"}
	if !slices.Equal(i.names, want) {
		t.Errorf("fired %v, want %v", i.names, want)
	}
}

func TestTick_AfterAnOutage_NoticesItOnce(t *testing.T) {
	now := t0
	clock := func() time.Time { return now }
	q, i := &queue{}, &incidents{}
	tick := func(s *scheduler.Scheduler) incident.Outage {
		q.due = claims(1, now)
		if _, err := s.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		return i.outages[len(i.outages)-1]
	}
	first := scheduler.New(q, i, clock, zaptest.NewLogger(t))
	if o := tick(first); o != (incident.Outage{}) {
		t.Errorf("a first start is no outage: %+v", o)
	}
	now = now.Add(30 * time.Minute)
	if o := tick(first); o != (incident.Outage{}) {
		t.Errorf("a clock that was moved is no outage: %+v", o)
	}
	from := now
	now = now.Add(29 * time.Minute)
	second := scheduler.New(q, i, clock, zaptest.NewLogger(t))
	if o := tick(second); !o.From.Equal(from) || !o.To.Equal(now) {
		t.Errorf("outage %+v, want %s to %s", o, from, now)
	}
	third := scheduler.New(q, i, clock, zaptest.NewLogger(t))
	if o := tick(third); o != (incident.Outage{}) {
		t.Errorf("another replica was alive: %+v", o)
	}
	if o := tick(second); o == (incident.Outage{}) {
		t.Error("the outage is forgotten while what was due in it may still fire")
	}
	now = now.Add(-20 * time.Minute)
	if o := tick(second); o != (incident.Outage{}) {
		t.Errorf("the clock went back to before its end, yet it says %+v", o)
	}
}

func TestTick_StoreAway_IsAnError(t *testing.T) {
	q := &queue{down: incident.ErrUnavailable}
	s := scheduler.New(q, &incidents{}, time.Now, zaptest.NewLogger(t))
	if _, err := s.Tick(t.Context()); !errors.Is(err, incident.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

func TestRun_Started_TicksUntilItIsStopped(t *testing.T) {
	q, i := &queue{due: claims(1, t0)}, &incidents{each: make(chan struct{}, 1)}
	s := scheduler.New(q, i, func() time.Time { return t0 }, zaptest.NewLogger(t))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	<-i.each
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if !slices.Equal(i.fired, []incident.Number{1}) {
		t.Errorf("fired %v", i.fired)
	}
}
