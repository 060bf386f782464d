package incident_test

import (
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/policy"
)

func TestNeedsPostMortem_EverySeverityAndLength_SaysWhy(t *testing.T) {
	for name, c := range map[string]struct {
		severity  policy.Severity
		customers bool
		lasted    time.Duration
		cancelled bool
		want      incident.PostMortemReason
	}{
		"the worst":                {severity: policy.P0, want: incident.PostMortemSeverity},
		"P1":                       {severity: policy.P1},
		"P1 that customers saw":    {severity: policy.P1, customers: true, want: incident.PostMortemCustomers},
		"P2 that customers saw":    {severity: policy.P2, customers: true},
		"P3 of just 4 hours":       {severity: policy.P3, lasted: 4 * time.Hour},
		"P3 of more than 4 hours":  {severity: policy.P3, lasted: 4*time.Hour + time.Second, want: incident.PostMortemDuration},
		"a false alarm, the worst": {severity: policy.P0, cancelled: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := incidenttest.Declared(t, c.severity)
			s.Pass(c.lasted)
			s.Do(func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
				if c.cancelled {
					return inc.Cancel(o, "a test")
				}
				return inc.Resolve(o, incident.Resolution{Summary: "fixed", CustomerImpact: c.customers})
			})
			if got := s.Incident.NeedsPostMortem(s.Policy, s.Now.Add(24*time.Hour)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// A reopened incident, or one whose severity was lowered, keeps what was recorded.
func TestRecord_ReopenedOrLowered_KeepsWhatItHad(t *testing.T) {
	s := incidenttest.Declared(t, policy.P0)
	s.Do(severity(policy.P2))
	s.Pass(10 * time.Minute)
	s.Must(s.By(incidenttest.Ben, incident.Incident.Acknowledge))
	s.Pass(20 * time.Minute)
	s.Do(func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
		return inc.Resolve(o, incident.Resolution{Summary: "restarted", Cause: "a leak", CustomerImpact: true})
	})
	mitigated := s.Incident.Mitigated
	s.Pass(72 * time.Hour)
	s.Do(reopen)
	if open := s.Incident; open.FirstAck() != (incident.Stamp{By: incidenttest.Ben, At: incidenttest.Start.Add(10 * time.Minute)}) ||
		open.Resolution() != (incident.Resolution{Summary: "restarted", Cause: "a leak", CustomerImpact: true}) || open.Mitigated != mitigated {
		t.Errorf("reopened: first acknowledged %+v, %+v, mitigated %+v", open.FirstAck(), open.Resolution(), open.Mitigated)
	}
	s.Pass(30 * time.Minute)
	s.Do(resolve)
	inc := s.Incident
	if got := inc.Duration(s.Now.Add(time.Hour)); got != time.Hour {
		t.Errorf("it took %s of work, want 1h", got)
	}
	if r := inc.Resolution(); r.Summary != "rolled back" || r.Cause != "a leak" || !r.CustomerImpact {
		t.Errorf("resolved again: %+v", r)
	}
	if got := inc.NeedsPostMortem(s.Policy, s.Now); got != incident.PostMortemSeverity {
		t.Errorf("a P0 for a minute needs a post-mortem for %q", got)
	}
	row := inc.Summary(s.Policy, s.Now)
	if row.Acked != inc.FirstAck() || !row.AckDue.Equal(incidenttest.Start.Add(4*time.Hour)) || row.Lasted != time.Hour {
		t.Errorf("the row says acknowledged %+v, due %s, lasted %s", row.Acked, row.AckDue, row.Lasted)
	}
}

// A severity raised later does not make a late acknowledgement one in time.
func TestRecord_RaisedAfterALateAcknowledgement_IsStillLate(t *testing.T) {
	s := incidenttest.Declared(t, policy.P1)
	s.Pass(2 * time.Hour)
	s.Do(incident.Incident.Acknowledge)
	s.Do(severity(policy.P0))
	if row := s.Incident.Summary(s.Policy, s.Now); !row.AckDue.Equal(incidenttest.Start.Add(time.Hour)) {
		t.Errorf("due at %s, acknowledged at %s", row.AckDue, row.Acked.At)
	}
}

// What an older Muster stored is judged by what it says.
func TestRecord_StoredWithoutTheFields_IsSensible(t *testing.T) {
	at := incidenttest.Start
	inc := incident.Incident{
		Number: 7, Version: 3, Severity: policy.P1, Status: incident.Resolved, Declared: incident.Stamp{By: "U1", At: at},
		Acked: incident.Stamp{By: "U1", At: at}, Ended: incident.Stamp{By: "U1", At: at.Add(5 * time.Hour)}, Since: at,
	}
	p := incidenttest.Policy()
	if inc.Duration(at.Add(9*time.Hour)) != 5*time.Hour || inc.WorstSeverity() != policy.P1 || inc.FirstAck() != inc.Acked ||
		inc.NeedsPostMortem(p, at) != incident.PostMortemDuration || !inc.Summary(p, at).AckDue.Equal(at.Add(time.Hour)) {
		t.Errorf("%+v", inc.Summary(p, at))
	}
}

func TestETA_UpdateWithoutOne_StaysUntilReplacedOrCleared(t *testing.T) {
	s := incidenttest.Declared(t, policy.P1)
	say := func(r incident.Report) string {
		s.Pass(time.Minute)
		s.Do(func(inc incident.Incident, o incident.Origin) (incident.Change, error) { return inc.Update(o, r) })
		eta, _ := s.Incident.ETA()
		return eta
	}
	say(incident.Report{Text: "a", ETA: "an hour"})
	_, said := s.Incident.ETA()
	if got := say(incident.Report{Text: "b"}); got != "an hour" {
		t.Errorf("an update without one leaves %q", got)
	}
	if _, still := s.Incident.ETA(); still != said || said.At != incidenttest.Start.Add(time.Minute) {
		t.Errorf("it was said %+v, now %+v", said, still)
	}
	if got := say(incident.Report{Text: "c", ETA: "two hours"}); got != "two hours" {
		t.Errorf("replaced, it is %q", got)
	}
	if got := say(incident.Report{Text: "d", NoETA: true}); got != "" {
		t.Errorf("cleared, it is %q", got)
	}
	say(incident.Report{Text: "e", ETA: "soon"})
	s.Do(resolve)
	s.Do(reopen)
	if got, _ := s.Incident.ETA(); got != "" {
		t.Errorf("reopened, it is still %q", got)
	}
}
