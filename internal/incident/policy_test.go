package incident_test

import (
	"strings"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/policy"
)

func TestNeedsPostMortem_PolicySaysOtherwise_IsFollowed(t *testing.T) {
	s := declared(t, policy.P3)
	s.policy.PostMortem = policy.PostMortem{When: map[policy.Severity]policy.When{policy.P3: policy.CustomerImpact}}
	s.pass(72 * time.Hour)
	s.do(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Resolve(c, incident.Resolution{Summary: "x"})
	})
	if need, why := s.i.NeedsPostMortem(s.policy, s.now); need {
		t.Errorf("one is needed: %s", why)
	}
	s.i.Resolution.CustomerImpact = true
	if need, why := s.i.NeedsPostMortem(s.policy, s.now); !need || why != "customers noticed this P3" {
		t.Errorf("%t: %s", need, why)
	}
	s.policy.PostMortem = policy.PostMortem{LongerThan: 24 * time.Hour}
	if need, why := s.i.NeedsPostMortem(s.policy, s.now); !need || why != "it lasted more than 1 d" {
		t.Errorf("%t: %s", need, why)
	}
}

func TestNotice_Priority_IsTheSeveritysUrgency(t *testing.T) {
	for urgency, want := range map[policy.Urgency]incident.Priority{
		policy.Urgent: incident.Urgent, policy.High: incident.High, policy.Normal: incident.Normal, "": incident.Normal,
	} {
		p := process()
		p.Severities[3].Urgency = urgency
		change, err := incident.Incident{Number: 7}.Declare(
			incident.Origin{By: ana, At: t0, Policy: p}, incident.Declaration{Title: "Typo", Severity: policy.P3})
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range change.Notices {
			if n.Priority != want {
				t.Errorf("%q: %s has the priority %d, want %d", urgency, n.Key, n.Priority, want)
			}
		}
	}
}

func TestSnooze_OutOfThePolicysBounds_IsRejected(t *testing.T) {
	s := declared(t, policy.P1)
	s.policy.Snooze = policy.Snooze{Min: 5 * time.Minute, Max: time.Hour, Default: 10 * time.Minute}
	for length, ok := range map[time.Duration]bool{
		5*time.Minute - time.Second: false, 5 * time.Minute: true, time.Hour: true, time.Hour + time.Second: false,
	} {
		_, err := s.i.Snooze(incident.Origin{By: ana, At: s.now, Policy: s.policy}, length)
		if (err == nil) != ok {
			t.Errorf("%s: %v", length, err)
		}
		if err != nil && !strings.Contains(err.Error(), "between 5 min and 1 h") {
			t.Errorf("%s: %v", length, err)
		}
	}
}

func TestDeclare_SeverityThatThePolicyDoesNotName_IsRejected(t *testing.T) {
	for _, s := range []policy.Severity{"", "P4", "p1"} {
		_, err := incident.Incident{Number: 7}.Declare(
			incident.Origin{By: ana, At: t0, Policy: process()}, incident.Declaration{Title: "Typo", Severity: s})
		if code(err) != "unknown_severity" || !strings.Contains(err.Error(), "`P0`, `P1`, `P2`, `P3`") {
			t.Errorf("%q: %v", s, err)
		}
	}
}
