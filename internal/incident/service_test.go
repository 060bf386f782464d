package incident_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// memory is a store of one map, with a way to let another writer in first.
type memory struct {
	mu             sync.Mutex
	byNo           map[incident.Number]incident.Incident
	keys           map[string]incident.Number
	before         func() // called once, before the next commit
	down           error
	loads, commits int
}

func newMemory() *memory {
	return &memory{byNo: map[incident.Number]incident.Incident{}, keys: map[string]incident.Number{}}
}

func (m *memory) Load(_ context.Context, ref incident.Ref, key string) (incident.Incident, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.loads++
	if m.down != nil {
		return incident.Incident{}, false, m.down
	}
	if n, ok := m.keys[key]; ok && key != "" {
		return m.byNo[n], true, nil
	}
	if ref == (incident.Ref{}) {
		return incident.Incident{Number: incident.Number(len(m.byNo) + 1)}, false, nil
	}
	for n, i := range m.byNo {
		if n == ref.Number || (ref.Number == 0 && i.Channel == ref.Channel) {
			return i, false, nil
		}
	}
	return incident.Incident{}, false, incident.ErrNotFound
}

func (m *memory) Find(context.Context, incident.Query) ([]incident.Incident, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []incident.Incident
	for _, i := range m.byNo {
		if i.Status.Open() {
			all = append(all, i)
		}
	}
	return all, m.down
}

func (m *memory) Timeline(context.Context, incident.Number) ([]incident.Entry, error) {
	return nil, nil
}

func (m *memory) Commit(_ context.Context, c incident.Commit) error {
	m.mu.Lock()
	first := m.before
	m.before = nil
	m.mu.Unlock()
	if first != nil {
		first()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.commits++
	if _, ok := m.keys[c.Key]; ok {
		return incident.ErrRepeated
	}
	if m.byNo[c.Change.After.Number].Version != c.Change.After.Version-1 {
		return incident.ErrStale
	}
	m.byNo[c.Change.After.Number] = c.Change.After
	m.keys[c.Key] = c.Change.After.Number
	return nil
}

func service(m *memory) (*incident.Service, *int) {
	woken := 0
	return &incident.Service{
		Store: m, Policy: process(), Now: func() time.Time { return t0 }, Wake: func() { woken++ },
	}, &woken
}

func declare(title string, private bool) incident.Transition {
	return func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Declare(c, incident.Declaration{Title: title, Severity: policy.P2, Private: private})
	}
}

func TestARepeatedRequestIsRecordedOnce(t *testing.T) {
	m := newMemory()
	s, woken := service(m)
	req := incident.Request{Key: "k", By: ana}
	first, err := s.Do(t.Context(), req, declare("one", false))
	if err != nil || first.Repeated {
		t.Fatal(first, err)
	}
	again, err := s.Do(t.Context(), req, declare("one", false))
	if err != nil || !again.Repeated || again.Incident.Number != first.Incident.Number {
		t.Errorf("the second time: %+v, %v", again, err)
	}
	if len(m.byNo) != 1 || *woken != 1 {
		t.Errorf("%d incidents, woken %d times", len(m.byNo), *woken)
	}
	ack := incident.Request{Key: "a", By: ana, Ref: incident.Ref{Number: 1}}
	for range 2 {
		if _, err := s.Do(t.Context(), ack, incident.Incident.Acknowledge); err != nil {
			t.Errorf("a redelivered acknowledgement is no mistake of the person: %v", err)
		}
	}
}

func TestAConflictIsRetriedOnTheNewState(t *testing.T) {
	m := newMemory()
	s, _ := service(m)
	for n, title := range []string{"one", "two"} {
		if n == 1 {
			m.before = func() {
				if _, err := s.Do(t.Context(), incident.Request{Key: "other", By: ben}, declare("other", false)); err != nil {
					t.Error(err)
				}
			}
		}
		got, err := s.Do(t.Context(), incident.Request{Key: title, By: ana}, declare(title, false))
		if want := incident.Number(2*n + 1); err != nil || got.Incident.Number != want {
			t.Errorf("%s: %v, %v; want number %d", title, got.Incident.Number, err, want)
		}
	}
	m.before = func() {
		if _, err := s.Do(t.Context(), incident.Request{Key: "first", By: ben, Ref: incident.Ref{Number: 1}}, incident.Incident.Acknowledge); err != nil {
			t.Error(err)
		}
	}
	_, err := s.Do(t.Context(), incident.Request{Key: "second", By: ana, Ref: incident.Ref{Number: 1}}, incident.Incident.Acknowledge)
	if code(err) != "already_acknowledged" {
		t.Errorf("the slower of two is told %v", err)
	}
}

func TestPrivateLooksLikeNothing(t *testing.T) {
	m := newMemory()
	s, _ := service(m)
	if _, err := s.Do(t.Context(), incident.Request{Key: "k", By: ana}, declare("leak", true)); err != nil {
		t.Fatal(err)
	}
	one, nine := incident.Ref{Number: 1}, incident.Ref{Number: 9}
	_, err := s.Get(t.Context(), ben, "C0GENERAL", one)
	_, missing := s.Get(t.Context(), ben, "C0GENERAL", nine)
	if code(err) != "not_found" || code(missing) != "not_found" {
		t.Errorf("private: %v, missing: %v", err, missing)
	}
	if _, err := s.Do(t.Context(), incident.Request{Key: "a", By: ben, Ref: one}, incident.Incident.Acknowledge); code(err) != "not_found" {
		t.Errorf("an outsider's command: %v", err)
	}
	for who, want := range map[slackid.User]int{ana: 1, ben: 0} {
		if all, err := s.List(t.Context(), who, "C0GENERAL"); err != nil || len(all) != want {
			t.Errorf("%s sees %d incidents, %v; want %d", who, len(all), err, want)
		}
	}
}

func TestTheStoreBeingAwayIsNoRejection(t *testing.T) {
	m := newMemory()
	m.down = incident.ErrUnavailable
	s, _ := service(m)
	_, err := s.Do(t.Context(), incident.Request{Key: "k", By: ana}, declare("one", false))
	if !errors.Is(err, incident.ErrUnavailable) || code(err) != "" {
		t.Errorf("got %v", err)
	}
}

// TestACommandCostsOneReadAndOneWrite, each of which is one round trip in both
// drivers.
func TestACommandCostsOneReadAndOneWrite(t *testing.T) {
	m := newMemory()
	s, _ := service(m)
	here := incident.Ref{Number: 1}
	for n, step := range []incident.Transition{
		declare("one", false), incident.Incident.Acknowledge, update("news", incident.Identified), severity(policy.P0), resolve, incident.Incident.Close,
	} {
		ref := here
		if n == 0 {
			ref = incident.Ref{}
		}
		m.loads, m.commits = 0, 0
		if _, err := s.Do(t.Context(), incident.Request{Key: fmt.Sprint(n), By: ana, Ref: ref}, step); err != nil {
			t.Fatal(err)
		}
		if m.loads != 1 || m.commits != 1 {
			t.Errorf("command %d: %d reads and %d writes", n, m.loads, m.commits)
		}
	}
}
