package incident_test

import (
	"errors"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/slackid"
)

const (
	ana = slackid.User("U0ANA")
	ben = slackid.User("U0BEN")
)

var t0 = time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC)

// process is the default policy, written out: the figures the tests stand on.
func process() incident.Policy {
	role := func(r incident.Role, name string, holder incident.People) incident.RoleRules {
		return incident.RoleRules{Role: r, Name: name, Holder: holder}
	}
	return incident.Policy{
		Announce: "C0INCIDENTS",
		Severities: map[incident.Severity]incident.Rules{
			incident.P0: {
				Name: "Critical", Response: 15 * time.Minute, Update: 30 * time.Minute,
				Escalate: []incident.Step{{To: 2}, {To: 3, After: time.Hour}},
			},
			incident.P1: {
				Name: "High", Response: time.Hour, Update: 2 * time.Hour,
				Escalate: []incident.Step{{To: 2, After: 2 * time.Hour}, {To: 3, After: 4 * time.Hour}},
			},
			incident.P2: {Name: "Medium", Response: 4 * time.Hour, Update: 2 * time.Hour},
			incident.P3: {Name: "Low", Response: 24 * time.Hour, Update: 2 * time.Hour},
		},
		Levels: []incident.LevelRules{
			{Name: "On-call engineer", Roles: []incident.Role{incident.OnCallEngineer}},
			{Name: "Senior engineer and tech lead", Roles: []incident.Role{"senior_engineer", "tech_lead"}},
			{Name: "Engineering manager", Roles: []incident.Role{"engineering_manager"}},
		},
		Roles: []incident.RoleRules{
			role(incident.OnCallEngineer, "On-Call Engineer", incident.People{Groups: []slackid.Group{"S0L1"}}),
			role("senior_engineer", "Senior Engineer", incident.People{Users: []slackid.User{"U0SENIOR"}}),
			role("tech_lead", "Tech Lead", incident.People{Users: []slackid.User{"U0LEAD", "U0SENIOR"}}),
			role("engineering_manager", "Engineering Manager", incident.People{Users: []slackid.User{"U0MGR"}}),
		},
	}
}

// story drives one incident through its life and keeps what a store would keep.
type story struct {
	t        testing.TB
	policy   incident.Policy
	now      time.Time
	i        incident.Incident
	timeline []incident.Entry
	notices  []incident.Notice // of the last change
	armed    map[incident.TimerKind]incident.Timer
}

func declared(t testing.TB, s incident.Severity) *story {
	t.Helper()
	st := &story{
		t: t, policy: process(), now: t0,
		i: incident.Incident{Number: 7}, armed: map[incident.TimerKind]incident.Timer{},
	}
	st.must(st.by(ana, func(c incident.Cause) (incident.Change, error) {
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

func (s *story) by(u slackid.User, step func(incident.Cause) (incident.Change, error)) error {
	change, err := step(incident.Cause{By: u, At: s.now, Policy: s.policy})
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
func (s *story) do(step func(incident.Incident, incident.Cause) (incident.Change, error)) {
	s.t.Helper()
	s.must(s.by(ana, func(c incident.Cause) (incident.Change, error) { return step(s.i, c) }))
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
		s.must(s.by(slackid.Muster, func(c incident.Cause) (incident.Change, error) {
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
		if notice.Template == t && notice.Act != incident.ActEdit {
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
