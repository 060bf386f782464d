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
