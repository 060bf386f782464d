package incident_test

import (
	"strings"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/notice"
	"muster/internal/policy"
)

func TestNeedsPostMortem_PolicySaysOtherwise_IsFollowed(t *testing.T) {
	s := incidenttest.Declared(t, policy.P3)
	s.Policy.PostMortem = policy.PostMortem{When: map[policy.Severity]policy.When{policy.P3: policy.CustomerImpact}}
	s.Pass(72 * time.Hour)
	s.Do(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Resolve(c, incident.Resolution{Summary: "x"})
	})
	if why := s.Incident.NeedsPostMortem(s.Policy, s.Now); why != "" {
		t.Errorf("one is needed: %s", why)
	}
	s.Incident.CustomerImpact = true
	if why := s.Incident.NeedsPostMortem(s.Policy, s.Now); why != incident.PostMortemCustomers {
		t.Error(why)
	}
	s.Policy.PostMortem = policy.PostMortem{LongerThan: 24 * time.Hour}
	if why := s.Incident.NeedsPostMortem(s.Policy, s.Now); why != incident.PostMortemDuration {
		t.Error(why)
	}
}

func TestNotice_Priority_IsTheSeveritysUrgency(t *testing.T) {
	for urgency, want := range map[policy.Urgency]notice.Priority{
		policy.Urgent: notice.Urgent, policy.High: notice.High, policy.Normal: notice.Normal, "": notice.Normal,
	} {
		p := incidenttest.Policy()
		p.Severities[3].Urgency = urgency
		change, err := incident.Incident{Number: 7}.Declare(
			incident.Origin{By: incidenttest.Ana, At: incidenttest.Start, Policy: p}, incident.Declaration{Title: "Typo", Severity: policy.P3})
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
	s := incidenttest.Declared(t, policy.P1)
	s.Policy.Snooze = policy.Snooze{Min: 5 * time.Minute, Max: time.Hour, Default: 10 * time.Minute}
	for length, ok := range map[time.Duration]bool{
		5*time.Minute - time.Second: false, 5 * time.Minute: true, time.Hour: true, time.Hour + time.Second: false,
	} {
		_, err := s.Incident.Snooze(incident.Origin{By: incidenttest.Ana, At: s.Now, Policy: s.Policy}, incident.Pause{For: length})
		if (err == nil) != ok {
			t.Errorf("%s: %v", length, err)
		}
		if err != nil && !strings.Contains(err.Error(), "min:5m0s") {
			t.Errorf("%s: %v", length, err)
		}
	}
}

func TestDeclare_SeverityThatThePolicyDoesNotName_IsRejected(t *testing.T) {
	for _, s := range []policy.Severity{"", "P4", "p1"} {
		_, err := incident.Incident{Number: 7}.Declare(
			incident.Origin{By: incidenttest.Ana, At: incidenttest.Start, Policy: incidenttest.Policy()}, incident.Declaration{Title: "Typo", Severity: s})
		if incidenttest.Code(err) != "unknown_severity" {
			t.Errorf("%q: %v", s, err)
		}
	}
}
