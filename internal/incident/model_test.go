package incident_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// TestAnySequence: whatever people and the clock do, in whatever order, the
// incident is valid, its chain verifies, and no timer is armed that its state
// forbids.
func TestAnySequence(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := incidenttest.Declared(t, rapid.SampledFrom([]policy.Severity{policy.P0, policy.P1, policy.P2, policy.P3}).Draw(rt, "severity"))
		undelivered := s.Notices
		text := rapid.StringN(0, 12, -1)
		user := rapid.SampledFrom([]slackid.User{incidenttest.Ana, incidenttest.Ben})
		by := func(step incident.Transition) {
			before := s.Incident.Version
			err := s.By(user.Draw(rt, "by"), step)
			switch {
			case err == nil && s.Incident.Version != before+1:
				rt.Fatalf("version went from %d to %d", before, s.Incident.Version)
			case err != nil && !errors.Is(err, incident.ErrNoChange) && incidenttest.Code(err) == "":
				rt.Fatalf("neither a change nor a rejection: %v", err)
			case err == nil:
				undelivered = append(undelivered, s.Notices...)
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
				by(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
					return i.Assign(c, incident.Assignment{Role: role, User: incidenttest.Ben})
				})
			},
			"escalate": func(*rapid.T) {
				by(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
					return i.Escalate(c, incident.Escalation{})
				})
			},
			"snooze": func(rt *rapid.T) {
				d := time.Duration(rapid.IntRange(0, 1500).Draw(rt, "minutes")) * time.Minute
				by(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
					return i.Snooze(c, incident.Pause{For: d})
				})
			},
			"resolve": func(*rapid.T) { by(resolve) },
			"reopen":  func(*rapid.T) { by(reopen) },
			"cancel": func(*rapid.T) {
				by(func(i incident.Incident, c incident.Origin) (incident.Change, error) { return i.Cancel(c, "a test") })
			},
			"merge": func(rt *rapid.T) {
				as := rapid.IntRange(0, 1).Draw(rt, "as") // the duplicate, or the one that goes on
				by(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
					both := []incident.Incident{i, other(t)}
					changes, err := incident.Merge(both[as], both[1-as], c)
					if err != nil {
						return incident.Change{}, err
					}
					return changes[as], nil
				})
			},
			"close": func(*rapid.T) { by(incident.Incident.Close) },
			"retry": func(*rapid.T) { by(incident.Incident.Retry) },
			"keep":  func(*rapid.T) { by(incident.Incident.Keep) },
			"days":  func(rt *rapid.T) { s.Pass(time.Duration(rapid.IntRange(1, 8).Draw(rt, "days")) * 24 * time.Hour) },
			"pass": func(rt *rapid.T) {
				s.Pass(time.Duration(rapid.IntRange(1, 300).Draw(rt, "minutes")) * time.Minute)
			},
			"set the clock back": func(rt *rapid.T) {
				s.Now = s.Now.Add(-time.Duration(rapid.IntRange(1, 300).Draw(rt, "minutes")) * time.Minute)
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
					return i.Delivered(c, n, notice.Receipt{Message: notice.Message{Channel: "C0NEW", TS: "1.000001"}, Users: []slackid.User{incidenttest.Ben}})
				})
			},
			"": func(rt *rapid.T) { check(rt, s) },
		})
	})
}

// check holds what is always true of an incident.
func check(t *rapid.T, s *incidenttest.Scenario) {
	i := s.Incident
	if err := i.Verify(s.Timeline); err != nil {
		t.Fatal(err)
	}
	for n, e := range s.Timeline[1:] {
		if before := s.Timeline[n]; e.At.Before(before.At) || strings.HasPrefix(e.Facts["after"], "-") {
			t.Fatalf("entry %d is dated %s and says %v, after one of %s", e.Seq, e.At, e.Facts, before.At)
		}
	}
	if len(s.Timers) != len(i.Timers) {
		t.Fatalf("the store has %d timers, the incident %d", len(s.Timers), len(i.Timers))
	}
	for kind, timer := range i.Timers {
		switch {
		case s.Timers[kind].At != timer.At || s.Timers[kind].Gen != timer.Gen:
			t.Fatalf("timer %s: the store has %+v, the incident %+v", kind, s.Timers[kind], timer)
		case kind != incident.TimerArchive && !i.Status.Open():
			t.Fatalf("timer %s is armed while %s", kind, i.Status)
		case kind == incident.TimerRespond && !i.Acked.IsZero():
			t.Fatal("still watching for an acknowledgement that was given")
		case kind == incident.TimerEscalate && (i.Status.Mitigated() || i.Level >= s.Policy.Top() || i.Severity >= policy.P2):
			t.Fatalf("escalation armed for %s, %s, %s", i.Severity, i.Status, i.Level)
		case timer.At.Before(s.Now) && !timer.At.Equal(s.Now):
			t.Fatalf("timer %s was due at %s and is still armed at %s", kind, timer.At, s.Now)
		}
	}
	over := i.Status == incident.Closed || i.Status == incident.Cancelled
	if _, armed := i.Timers[incident.TimerArchive]; armed != (over && i.HasChannel() && !i.Archive.Ordered) {
		t.Fatalf("archiving is planned: %t, while %s, channel %q, %+v", armed, i.Status, i.Channel, i.Archive)
	}
	if i.Status.Open() {
		if _, ok := i.Timers[incident.TimerUpdate]; !ok {
			t.Fatal("open, but nobody will be reminded")
		}
	}
	_, watched := i.Timers[incident.TimerReach]
	for l, c := range i.Calls {
		unheard := !c.Reached && c.Nobody == "" && !c.Direct
		switch {
		case c.Reached && c.Nobody != "":
			t.Fatalf("%s was reached and has nobody: %+v", l, c)
		case i.Status.Open() && unheard && !watched:
			t.Fatalf("%s has not been reached, and nothing watches it: %+v", l, c)
		case l == i.Level && l < s.Policy.Top() && c.Nobody != "" && i.Status == incident.Investigating && i.Unmitigated.IsZero() && i.Resumed.IsZero():
			t.Fatalf("%s has nobody, and no other level was called: %+v", l, i.Calls)
		}
	}
	if i.Status.Open() == !i.Ended.IsZero() {
		t.Fatalf("%s with end %+v", i.Status, i.Ended)
	}
	if i.Level < 1 || i.Level > s.Policy.Top() || s.Policy.Severity(i.Severity).Severity == "" {
		t.Fatalf("level %d, severity %q", i.Level, i.Severity)
	}
	if !i.Acked.IsZero() && i.Lead() == "" {
		t.Fatal("acknowledged, but nobody is assigned")
	}
}
