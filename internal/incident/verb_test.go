package incident_test

import (
	"slices"
	"testing"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/policy"
)

// Whatever an incident offers, its state allows; the moves of its status are
// those of the table.
func TestOffers_EveryStatus_AreWhatTheTableAllows(t *testing.T) {
	s := incidenttest.Declared(t, policy.P1)
	for _, status := range []incident.Status{
		incident.Investigating, incident.Identified, incident.Monitoring,
		incident.Resolved, incident.Closed, incident.Cancelled,
	} {
		s.Incident.Status = status
		offers := s.Incident.Offers(s.Policy)
		for _, v := range []incident.Verb{incident.VerbResolve, incident.VerbReopen, incident.VerbCancel, incident.VerbMerge, incident.VerbClose} {
			allowed := slices.ContainsFunc(incident.Edges(), func(e incident.Edge) bool { return e.Verb == v && e.From == status })
			if offers.Has(v) != allowed {
				t.Errorf("%s: offers %s: %t, allows it: %t", status, v, offers.Has(v), allowed)
			}
		}
		for _, v := range []incident.Verb{incident.VerbUpdate, incident.VerbSeverity, incident.VerbAssign, incident.VerbSnooze} {
			if offers.Has(v) != status.Open() {
				t.Errorf("%s: offers %s: %t", status, v, offers.Has(v))
			}
		}
	}
}

func TestOffers_AsItGoesOn_BeginWithTheNextStep(t *testing.T) {
	s := incidenttest.Declared(t, policy.P1)
	if o := s.Incident.Offers(s.Policy); o.Primary != incident.VerbAcknowledge || !o.Has(incident.VerbEscalate) || o.Has(incident.VerbRetry) {
		t.Errorf("new: %+v", o)
	}
	s.Do(incident.Incident.Acknowledge)
	s.Incident.Undelivered = 1
	if o := s.Incident.Offers(s.Policy); o.Primary != incident.VerbUpdate || o.Has(incident.VerbAcknowledge) || !o.Has(incident.VerbRetry) {
		t.Errorf("acknowledged: %+v", o)
	}
	s.Incident.Level = s.Policy.Top()
	if o := s.Incident.Offers(s.Policy); o.Has(incident.VerbEscalate) {
		t.Errorf("at the last level: %+v", o)
	}
}
