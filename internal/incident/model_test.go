package incident_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// TestAnySequence: whatever people and the clock do, in whatever order, the
// incident is valid, its chain verifies, and no timer is armed that its state
// forbids.
func TestAnySequence(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := declared(t, rapid.SampledFrom([]policy.Severity{policy.P0, policy.P1, policy.P2, policy.P3}).Draw(rt, "severity"))
		undelivered := s.notices
		text := rapid.StringN(0, 12, -1)
		user := rapid.SampledFrom([]slackid.User{ana, ben})
		by := func(step func(incident.Incident, incident.Origin) (incident.Change, error)) {
			before := s.i.Version
			err := s.by(user.Draw(rt, "by"), func(c incident.Origin) (incident.Change, error) { return step(s.i, c) })
			switch {
			case err == nil && s.i.Version != before+1:
				rt.Fatalf("version went from %d to %d", before, s.i.Version)
			case err != nil && !errors.Is(err, incident.ErrNoChange) && code(err) == "":
				rt.Fatalf("neither a change nor a rejection: %v", err)
			case err == nil:
				undelivered = append(undelivered, s.notices...)
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"acknowledge": func(*rapid.T) { by(incident.Incident.Acknowledge) },
			"update": func(rt *rapid.T) {
				by(update(text.Draw(rt, "text"), rapid.SampledFrom([]incident.Status{
					"", incident.Investigating, incident.Identified, incident.Monitoring, incident.Resolved, incident.Closed,
				}).Draw(rt, "status")))
			},
			"severity": func(rt *rapid.T) {
				by(severity(rapid.SampledFrom([]policy.Severity{"", "P0", "P1", "P2", "P3", "P4"}).Draw(rt, "to")))
			},
			"assign": func(rt *rapid.T) {
				role := rapid.SampledFrom([]policy.Role{policy.OnCallEngineer, "tech_lead", "nobody"}).Draw(rt, "role")
				by(func(i incident.Incident, c incident.Origin) (incident.Change, error) { return i.Assign(c, role, ben) })
			},
			"escalate": func(*rapid.T) {
				by(func(i incident.Incident, c incident.Origin) (incident.Change, error) { return i.Escalate(c, 0, "") })
			},
			"snooze": func(rt *rapid.T) {
				d := time.Duration(rapid.IntRange(0, 1500).Draw(rt, "minutes")) * time.Minute
				by(func(i incident.Incident, c incident.Origin) (incident.Change, error) { return i.Snooze(c, d) })
			},
			"resolve": func(*rapid.T) { by(resolve) },
			"reopen":  func(*rapid.T) { by(reopen) },
			"cancel": func(*rapid.T) {
				by(func(i incident.Incident, c incident.Origin) (incident.Change, error) { return i.Cancel(c, "a test") })
			},
			"close": func(*rapid.T) { by(incident.Incident.Close) },
			"retry": func(*rapid.T) { by(incident.Incident.Retry) },
			"pass": func(rt *rapid.T) {
				s.pass(time.Duration(rapid.IntRange(1, 300).Draw(rt, "minutes")) * time.Minute)
			},
			"deliver": func(rt *rapid.T) {
				if len(undelivered) == 0 {
					return
				}
				n := undelivered[0]
				undelivered = undelivered[1:]
				if rapid.Bool().Draw(rt, "fails") {
					by(func(i incident.Incident, c incident.Origin) (incident.Change, error) { return i.Failed(c, n, "no") })
					return
				}
				by(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
					return i.Delivered(c, n, incident.Receipt{Channel: "C0NEW", TS: "1.000001", Users: []slackid.User{ben}})
				})
			},
			"": func(rt *rapid.T) { s.check(rt) },
		})
	})
}

// check holds what is always true of an incident.
func (s *story) check(t *rapid.T) {
	i := s.i
	if err := i.Verify(s.timeline); err != nil {
		t.Fatal(err)
	}
	if len(s.armed) != len(i.Timers) {
		t.Fatalf("the store has %d timers, the incident %d", len(s.armed), len(i.Timers))
	}
	for kind, timer := range i.Timers {
		switch {
		case s.armed[kind] != timer:
			t.Fatalf("timer %s: the store has %+v, the incident %+v", kind, s.armed[kind], timer)
		case !i.Status.Open():
			t.Fatalf("timer %s is armed while %s", kind, i.Status)
		case kind == incident.TimerRespond && !i.Acked.IsZero():
			t.Fatal("still watching for an acknowledgement that was given")
		case kind == incident.TimerEscalate && (i.Status.Mitigated() || i.Level >= s.policy.Top() || i.Severity >= policy.P2):
			t.Fatalf("escalation armed for %s, %s, %s", i.Severity, i.Status, i.Level)
		case timer.At.Before(s.now) && !timer.At.Equal(s.now):
			t.Fatalf("timer %s was due at %s and is still armed at %s", kind, timer.At, s.now)
		}
	}
	if i.Status.Open() {
		if _, ok := i.Timers[incident.TimerUpdate]; !ok {
			t.Fatal("open, but nobody will be reminded")
		}
	}
	if i.Status.Open() == !i.Ended.IsZero() {
		t.Fatalf("%s with end %+v", i.Status, i.Ended)
	}
	if i.Level < 1 || i.Level > s.policy.Top() || s.policy.Severity(i.Severity).Severity == "" {
		t.Fatalf("level %d, severity %q", i.Level, i.Severity)
	}
	if !i.Acked.IsZero() && i.Assigned() == "" {
		t.Fatal("acknowledged, but nobody is assigned")
	}
}
