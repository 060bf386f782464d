package incident_test

import (
	"errors"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
)

const (
	ana = slackid.User("U0ANA")
	ben = slackid.User("U0BEN")
)

var t0 = time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC)

// process is the default policy, written out: the figures the tests stand on.
func process() policy.Policy {
	role := func(r policy.Role, name string, holder policy.People) policy.RolePolicy {
		return policy.RolePolicy{Role: r, Name: name, Holder: holder}
	}
	return policy.Policy{
		Announce: "C0INCIDENTS",
		PostMortem: policy.PostMortem{
			When:       map[policy.Severity]policy.When{policy.P0: policy.Always, policy.P1: policy.CustomerImpact},
			LongerThan: 4 * time.Hour,
		},
		Snooze: policy.Snooze{Min: time.Minute, Max: 24 * time.Hour, Default: 30 * time.Minute},
		Severities: []policy.SeverityPolicy{
			{
				Severity: policy.P0, Urgency: policy.Urgent, Name: "Critical", Response: 15 * time.Minute, Update: 30 * time.Minute,
				Escalate: []policy.Step{{To: 2}, {To: 3, After: time.Hour}},
			},
			{
				Severity: policy.P1, Urgency: policy.High, Name: "High", Response: time.Hour, Update: 2 * time.Hour,
				Escalate: []policy.Step{{To: 2, After: 2 * time.Hour}, {To: 3, After: 4 * time.Hour}},
			},
			{Severity: policy.P2, Urgency: policy.Normal, Name: "Medium", Response: 4 * time.Hour, Update: 2 * time.Hour},
			{Severity: policy.P3, Urgency: policy.Normal, Name: "Low", Response: 24 * time.Hour, Update: 2 * time.Hour},
		},
		Levels: []policy.LevelPolicy{
			{Name: "On-call engineer", Roles: []policy.Role{policy.OnCallEngineer}},
			{Name: "Senior engineer and tech lead", Roles: []policy.Role{"senior_engineer", "tech_lead"}},
			{Name: "Engineering manager", Roles: []policy.Role{"engineering_manager"}},
		},
		Roles: []policy.RolePolicy{
			role(policy.OnCallEngineer, "On-Call Engineer", policy.NewPeople(nil, []slackid.Group{"S0L1"})),
			role("senior_engineer", "Senior Engineer", policy.NewPeople([]slackid.User{"U0SENIOR"}, nil)),
			role("tech_lead", "Tech Lead", policy.NewPeople([]slackid.User{"U0LEAD", "U0SENIOR"}, nil)),
			role("engineering_manager", "Engineering Manager", policy.NewPeople([]slackid.User{"U0MGR"}, nil)),
		},
	}
}

// story drives one incident through its life and keeps what a store would keep.
type story struct {
	t        testing.TB
	policy   policy.Policy
	now      time.Time
	i        incident.Incident
	timeline []incident.Entry
	notices  []incident.Notice // of the last change
	armed    map[incident.TimerKind]incident.Timer
}

func declared(t testing.TB, s policy.Severity) *story {
	t.Helper()
	st := &story{
		t: t, policy: process(), now: t0,
		i: incident.Incident{Number: 7}, armed: map[incident.TimerKind]incident.Timer{},
	}
	st.must(st.by(ana, func(c incident.Origin) (incident.Change, error) {
		return st.i.Declare(c, incident.Declaration{Title: "Payments down", Severity: s})
	}))
	return st
}

func (s *story) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *story) by(u slackid.User, step func(incident.Origin) (incident.Change, error)) error {
	change, err := step(incident.Origin{By: u, At: s.now, Policy: s.policy})
	if err != nil {
		return err
	}
	s.i, s.notices = change.After, change.Notices
	s.timeline = append(s.timeline, change.Entries...)
	for _, timer := range change.Timers {
		if timer.At.IsZero() {
			delete(s.armed, timer.Kind)
		} else {
			s.armed[timer.Kind] = timer
		}
	}
	return nil
}

// do is one command by ana that has to succeed.
func (s *story) do(step func(incident.Incident, incident.Origin) (incident.Change, error)) {
	s.t.Helper()
	s.must(s.by(ana, func(c incident.Origin) (incident.Change, error) { return step(s.i, c) }))
}

// pass lets time go by, firing each timer at its moment.
func (s *story) pass(d time.Duration) {
	s.t.Helper()
	for target := s.now.Add(d); ; {
		next, ok := s.next()
		if !ok || next.At.After(target) {
			s.now = target
			return
		}
		s.now = next.At
		s.must(s.by(slackid.Muster, func(c incident.Origin) (incident.Change, error) {
			return s.i.Fire(c, next, incident.Outage{})
		}))
	}
}

func (s *story) next() (incident.Timer, bool) {
	var first incident.Timer
	for _, timer := range s.armed {
		if first.At.IsZero() || timer.At.Before(first.At) {
			first = timer
		}
	}
	return first, !first.At.IsZero()
}

// after is how long after the declaration a timer is armed, -1 if it is not.
func (s *story) after(k incident.TimerKind) time.Duration {
	timer, ok := s.armed[k]
	if !ok {
		return -1
	}
	return timer.At.Sub(t0)
}

func (s *story) told(t incident.Template) int {
	n := 0
	for _, notice := range s.notices {
		if notice.Template == t && notice.Op != incident.OpEdit {
			n++
		}
	}
	return n
}

func (s *story) count(k incident.EntryKind) int {
	n := 0
	for _, e := range s.timeline {
		if e.Kind == k {
			n++
		}
	}
	return n
}

func code(err error) string {
	if r, ok := errors.AsType[*incident.Rejection](err); ok {
		return r.Code
	}
	return ""
}
