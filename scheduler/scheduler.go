package scheduler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/robfig/cron/v3"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"muster/internal/incident"
)

// Queue is where the timers are.
type Queue interface {
	ClaimDue(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]incident.Claim, error)
	Settle(ctx context.Context, claims ...incident.Claim) (int, error)
	ClaimSlot(ctx context.Context, job string, slot time.Time) (last time.Time, won bool, err error)
	LastSlot(ctx context.Context, job string) (time.Time, error)
}

// Incidents is where fired timers go.
type Incidents interface {
	// Fire commits what follows from a timer, and its claim with it.
	// [incident.ErrNoChange]: nothing follows, and the claim is still held.
	Fire(ctx context.Context, c incident.Claim, o incident.Outage) error
	// Rearm brings all timers to the present policy. [incident.ErrUnavailable]: try
	// again; after any other error the rest has been done.
	Rearm(ctx context.Context) error
}

const (
	// lease is after how long the claim of a dead replica is free again. It may be
	// short: what follows from a timer is committed under the claim's fence, so that
	// of a slow replica and the one that took over only the second one's is recorded.
	lease    = 5 * time.Second
	batch    = 100
	parallel = 8
	tickMax  = 20 * time.Second
)

// Scheduler fires timers and runs jobs.
type Scheduler struct {
	queue     Queue
	incidents Incidents
	jobs      []*planned
	now       func() time.Time
	log       *zap.Logger

	ticking sync.Mutex // one tick at a time
	rearmed bool       // by a tick of this process
	alive   heartbeat
}

// New returns a scheduler; Run starts it.
func New(q Queue, i Incidents, now func() time.Time, log *zap.Logger, jobs ...Job) *Scheduler {
	s := &Scheduler{queue: q, incidents: i, now: now, log: log}
	for _, j := range jobs {
		s.jobs = append(s.jobs, &planned{Job: j})
	}
	return s
}

// Run ticks until ctx ends, and returns when the last tick is over.
func (s *Scheduler) Run(ctx context.Context) error {
	log := cron.PrintfLogger(zap.NewStdLog(s.log.Named("cron")))
	c := cron.New(cron.WithLogger(log), cron.WithChain(cron.Recover(log), cron.SkipIfStillRunning(cron.DiscardLogger)))
	_, err := c.AddFunc("@every 1s", func() {
		if _, err := s.Tick(context.WithoutCancel(ctx)); err != nil {
			s.log.Error("tick", zap.Error(err))
		}
	})
	if err != nil {
		return fmt.Errorf("schedule the tick: %w", err)
	}
	c.Start()
	<-ctx.Done()
	<-c.Stop().Done()
	return nil
}

// Tick fires all that is due now, runs the jobs whose slot has come, and reports
// how many timers were fired. It waits for a tick that is already running. The
// first one rearms all timers before it fires any, whose moment may have been an
// older configuration's.
func (s *Scheduler) Tick(ctx context.Context) (int, error) {
	s.ticking.Lock()
	defer s.ticking.Unlock()
	if !s.rearmed {
		switch err := s.incidents.Rearm(ctx); {
		case errors.Is(err, incident.ErrUnavailable):
			return 0, fmt.Errorf("rearm: %w", err)
		case err != nil: // those that failed keep the timers they have; the clock goes on for all
			s.log.Error("rearm", zap.Error(err))
		}
		s.rearmed = true
	}
	ctx, cancel := context.WithTimeout(ctx, tickMax)
	defer cancel()
	if err := s.alive.beat(ctx, s.queue, s.now()); err != nil {
		return 0, fmt.Errorf("heartbeat: %w", err)
	}
	fired := 0
	for {
		claims, err := s.queue.ClaimDue(ctx, s.now(), lease, batch)
		if err != nil {
			return fired, fmt.Errorf("claim: %w", err)
		}
		if err := s.fire(ctx, claims); err != nil {
			return fired, err
		}
		fired += len(claims)
		if len(claims) < batch {
			return fired, s.runJobs(ctx)
		}
	}
}

// order is that of what is due for one incident at once: who is called comes
// before what is asked of them, and whatever else there is after that.
var order = []incident.TimerName{incident.TimerEscalate, incident.TimerReach, incident.TimerRespond, incident.TimerUpdate}

func rank(name incident.TimerName) int {
	if i := slices.Index(order, name); i >= 0 {
		return i
	}
	return len(order)
}

// perIncident sorts claims into one list for each incident.
func perIncident(claims []incident.Claim) map[incident.Number][]incident.Claim {
	lists := map[incident.Number][]incident.Claim{}
	for _, c := range claims {
		lists[c.Timer.Number] = append(lists[c.Timer.Number], c)
	}
	for _, list := range lists {
		slices.SortStableFunc(list, func(a, b incident.Claim) int {
			return cmp.Or(a.Timer.At.Compare(b.Timer.At), rank(a.Timer.Name)-rank(b.Timer.Name))
		})
	}
	return lists
}

// fire handles claimed timers, incidents side by side. One that fails is due
// again when its lease ends; it does not keep the others from firing.
func (s *Scheduler) fire(ctx context.Context, claims []incident.Claim) error {
	var g errgroup.Group
	g.SetLimit(parallel)
	var mu sync.Mutex
	var done []incident.Claim // with nothing to commit
	for _, list := range perIncident(claims) {
		g.Go(func() error {
			for _, c := range list {
				switch err := s.fireOne(ctx, c); {
				case errors.Is(err, incident.ErrNoChange), errors.Is(err, incident.ErrNotFound):
					mu.Lock()
					done = append(done, c)
					mu.Unlock()
				case errors.Is(err, incident.ErrLost): // another replica has it by now
				case err != nil:
					s.log.Error("fire", zap.Stringer("incident", c.Timer.Number), zap.String("timer", string(c.Timer.Name)), zap.Error(err))
				}
			}
			return nil
		})
	}
	_ = g.Wait() // no function returns an error
	if len(done) == 0 {
		return nil
	}
	if _, err := s.queue.Settle(ctx, done...); err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	return nil
}

func (s *Scheduler) fireOne(ctx context.Context, c incident.Claim) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return s.incidents.Fire(ctx, c, s.alive.outage)
}
