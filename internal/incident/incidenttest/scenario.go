package incidenttest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// Number is the scenario's incident.
const Number incident.Number = 7

// Scenario takes one incident through its life, and keeps what a store would
// keep.
type Scenario struct {
	t        testing.TB
	Policy   policy.Policy
	Now      time.Time
	Incident incident.Incident // with all that can be loaded
	Timeline []incident.Entry
	Notices  []notice.Notice // of the last change
	Timers   map[incident.TimerName]incident.Timer
}

// New returns a scenario whose incident is not yet declared.
func New(t testing.TB) *Scenario {
	return &Scenario{
		t: t, Policy: Policy(), Now: Start,
		Incident: incident.Incident{Number: Number}, Timers: map[incident.TimerName]incident.Timer{},
	}
}

// Declared returns a scenario whose incident Ana has just declared.
func Declared(t testing.TB, s policy.Severity) *Scenario {
	t.Helper()
	return New(t).Declare(incident.Declaration{Title: "Payments down", Severity: s})
}

// Declare declares the incident by Ana.
func (s *Scenario) Declare(d incident.Declaration) *Scenario {
	s.t.Helper()
	s.Do(func(inc incident.Incident, o incident.Origin) (incident.Change, error) { return inc.Declare(o, d) })
	return s
}

// By makes one change by a user, unless it is refused.
func (s *Scenario) By(u slackid.User, step incident.Transition) error {
	o := incident.Origin{ID: fmt.Sprintf("o%d", s.Incident.Version+1), By: u, At: s.Now, Policy: s.Policy}
	change, err := step(s.Incident, o)
	if err != nil {
		return err
	}
	s.keep(change)
	return nil
}

// Do makes one change by Ana that has to succeed.
func (s *Scenario) Do(step incident.Transition) {
	s.t.Helper()
	s.Must(s.By(Ana, step))
}

// Must fails the test if err is one.
func (s *Scenario) Must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// keep does what a store does with a change.
func (s *Scenario) keep(c incident.Change) {
	before := s.Incident.Loaded.Parts
	s.Incident, s.Notices = c.After, c.Notices
	s.Timeline = append(s.Timeline, c.Entries...)
	s.Incident.Loaded = Load(before, c.Parts, s.Timeline)
	for _, timer := range c.Timers {
		if timer.At.IsZero() {
			delete(s.Timers, timer.Name)
		} else {
			s.Timers[timer.Name] = timer
		}
	}
}

// Pass lets time go by, firing each timer at its moment.
func (s *Scenario) Pass(d time.Duration) {
	s.t.Helper()
	for target := s.Now.Add(d); ; {
		next, ok := s.next()
		if !ok || next.At.After(target) {
			s.Now = target
			return
		}
		s.Now = next.At
		s.Must(s.By(slackid.Muster, func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
			return inc.Fire(o, next, incident.Outage{})
		}))
	}
}

func (s *Scenario) next() (incident.Timer, bool) {
	var first incident.Timer
	for _, timer := range s.Timers {
		if first.At.IsZero() || timer.At.Before(first.At) {
			first = timer
		}
	}
	return first, !first.At.IsZero()
}

// Due returns how long after the start a timer is due, -1 if it is not armed.
func (s *Scenario) Due(name incident.TimerName) time.Duration {
	timer, ok := s.Timers[name]
	if !ok {
		return -1
	}
	return timer.At.Sub(Start)
}

// Posted counts the last change's posts of a template.
func (s *Scenario) Posted(t notice.Template) int {
	n := 0
	for _, queued := range s.Notices {
		if queued.Template == t && queued.Op != notice.OpEdit {
			n++
		}
	}
	return n
}

// Count counts the timeline's entries of a kind.
func (s *Scenario) Count(k incident.EntryKind) int {
	n := 0
	for _, e := range s.Timeline {
		if e.Kind == k {
			n++
		}
	}
	return n
}

// Code returns a rejection's code, "" for any other error.
func Code(err error) string {
	if r, ok := errors.AsType[*incident.Rejection](err); ok {
		return r.Code
	}
	return ""
}
