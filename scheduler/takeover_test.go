package scheduler_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.uber.org/zap/zaptest"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/policy"
	"muster/scheduler"
)

// dying is a replica's incidents that hands nothing on, as if it had died with
// its claims.
type dying struct{ held []incident.Claim }

func (d *dying) Fire(_ context.Context, c incident.Claim, _ incident.Outage) error {
	d.held = append(d.held, c)
	return errors.New("killed")
}

func (d *dying) Rearm(context.Context) error { return nil }

func TestTick_ReplicaDiesWithItsClaims_AnotherFiresThemSoonAndOnce(t *testing.T) {
	store, now := incidenttest.NewStore(), t0
	clock := func() time.Time { return now }
	s := &incident.Service{Store: store, Policy: incidenttest.Policy(), Now: clock, Wake: func() {}}
	declared, err := s.Do(t.Context(), incident.Request{Key: "declare", By: incidenttest.Ana}, func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
		return inc.Declare(o, incident.Declaration{Title: "Payments down", Severity: policy.P0})
	})
	if err != nil {
		t.Fatal(err)
	}
	now = declared.Incident.Timers[incident.TimerRespond].At
	due := now
	dead := &dying{}
	tick := func(i scheduler.Incidents) {
		t.Helper()
		if _, err := scheduler.New(store, i, clock, zaptest.NewLogger(t)).Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	tick(dead)
	warned := func() incident.Incident {
		inc, err := s.Read(t.Context(), 1, incident.Want{})
		if err != nil {
			t.Fatal(err)
		}
		return inc
	}
	for !warned().Warned && now.Sub(due) < time.Minute {
		now = now.Add(time.Second)
		tick(s)
	}
	if late := now.Sub(due); late > 6*time.Second {
		t.Errorf("fired %s late", late)
	}
	version := warned().Version
	for _, c := range dead.held { // it was only slow, and comes late
		if err := s.Fire(t.Context(), c, incident.Outage{}); !errors.Is(err, incident.ErrLost) && !errors.Is(err, incident.ErrNoChange) {
			t.Errorf("the late replica is told %v", err)
		}
	}
	if got := warned().Version; got != version || len(dead.held) == 0 {
		t.Errorf("version %d became %d; the dead one had %d", version, got, len(dead.held))
	}
}
