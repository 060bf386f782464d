package incident_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
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
	notices        func(key string) // sees what is queued; nil = nobody does
}

func newMemory() *memory {
	return &memory{byNo: map[incident.Number]incident.Incident{}, keys: map[string]incident.Number{}}
}

func (m *memory) Load(_ context.Context, ref incident.Ref, key string, _ incident.Want) (incident.Incident, bool, error) {
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

func (m *memory) Find(context.Context, incident.Query) ([]incident.Summary, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []incident.Summary
	for _, i := range m.byNo {
		if i.Status.Open() {
			all = append(all, i.Summary(incidenttest.Policy(), incidenttest.Start))
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
	for _, change := range c.Changes {
		if m.byNo[change.After.Number].Version != change.After.Version-1 {
			return incident.ErrStale
		}
	}
	for _, change := range c.Changes {
		m.byNo[change.After.Number] = change.After
	}
	m.keys[c.Key] = c.Number()
	for _, n := range c.Queued() {
		if m.notices != nil {
			m.notices(n.Key)
		}
	}
	return nil
}

func service(m *memory) (*incident.Service, *int) {
	woken := 0
	return &incident.Service{
		Store: m, Policy: incidenttest.Policy(), Now: func() time.Time { return incidenttest.Start }, Wake: func() { woken++ },
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
	req := incident.Request{Key: "k", By: incidenttest.Ana}
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
	ack := incident.Request{Key: "a", By: incidenttest.Ana, Ref: incident.Ref{Number: 1}}
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
				if _, err := s.Do(t.Context(), incident.Request{Key: "other", By: incidenttest.Ben}, declare("other", false)); err != nil {
					t.Error(err)
				}
			}
		}
		got, err := s.Do(t.Context(), incident.Request{Key: title, By: incidenttest.Ana}, declare(title, false))
		if want := incident.Number(2*n + 1); err != nil || got.Incident.Number != want {
			t.Errorf("%s: %v, %v; want number %d", title, got.Incident.Number, err, want)
		}
	}
	m.before = func() {
		if _, err := s.Do(t.Context(), incident.Request{Key: "first", By: incidenttest.Ben, Ref: incident.Ref{Number: 1}}, incident.Incident.Acknowledge); err != nil {
			t.Error(err)
		}
	}
	_, err := s.Do(t.Context(), incident.Request{Key: "second", By: incidenttest.Ana, Ref: incident.Ref{Number: 1}}, incident.Incident.Acknowledge)
	if incidenttest.Code(err) != "already_acknowledged" {
		t.Errorf("the slower of two is told %v", err)
	}
}

func TestPrivateLooksLikeNothing(t *testing.T) {
	m := newMemory()
	s, _ := service(m)
	if _, err := s.Do(t.Context(), incident.Request{Key: "k", By: incidenttest.Ana}, declare("leak", true)); err != nil {
		t.Fatal(err)
	}
	one, nine := incident.Ref{Number: 1}, incident.Ref{Number: 9}
	_, err := s.Get(t.Context(), incidenttest.Ben, "C0GENERAL", one)
	_, missing := s.Get(t.Context(), incidenttest.Ben, "C0GENERAL", nine)
	if incidenttest.Code(err) != "not_found" || incidenttest.Code(missing) != "not_found" {
		t.Errorf("private: %v, missing: %v", err, missing)
	}
	if _, err := s.Do(t.Context(), incident.Request{Key: "a", By: incidenttest.Ben, Ref: one}, incident.Incident.Acknowledge); incidenttest.Code(err) != "not_found" {
		t.Errorf("an outsider's command: %v", err)
	}
	for who, want := range map[slackid.User]int{incidenttest.Ana: 1, incidenttest.Ben: 0} {
		if all, err := s.List(t.Context(), who, "C0GENERAL"); err != nil || len(all) != want {
			t.Errorf("%s sees %d incidents, %v; want %d", who, len(all), err, want)
		}
	}
}

func TestTheStoreBeingAwayIsNoRejection(t *testing.T) {
	m := newMemory()
	m.down = incident.ErrUnavailable
	s, _ := service(m)
	_, err := s.Do(t.Context(), incident.Request{Key: "k", By: incidenttest.Ana}, declare("one", false))
	if !errors.Is(err, incident.ErrUnavailable) || incidenttest.Code(err) != "" {
		t.Errorf("got %v", err)
	}
}

func TestRead_MissingOrStoreAway_TellsTheTwoApart(t *testing.T) {
	m := newMemory()
	s, _ := service(m)
	if _, err := s.Do(t.Context(), incident.Request{Key: "k", By: incidenttest.Ana}, declare("leak", true)); err != nil {
		t.Fatal(err)
	}
	if inc, err := s.Read(t.Context(), 1, incident.Want{}); err != nil || inc.Title != "leak" {
		t.Errorf("Muster reads %q, %v", inc.Title, err)
	}
	if _, err := s.Read(t.Context(), 9, incident.Want{}); !errors.Is(err, incident.ErrNotFound) {
		t.Errorf("missing: %v", err)
	}
	m.down = errors.New("connection reset")
	if _, err := s.Read(t.Context(), 9, incident.Want{}); !errors.Is(err, incident.ErrUnavailable) || !errors.Is(err, m.down) {
		t.Errorf("away: %v", err)
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
		if _, err := s.Do(t.Context(), incident.Request{Key: fmt.Sprint(n), By: incidenttest.Ana, Ref: ref}, step); err != nil {
			t.Fatal(err)
		}
		if m.loads != 1 || m.commits != 1 {
			t.Errorf("command %d: %d reads and %d writes", n, m.loads, m.commits)
		}
	}
}

// two declares INC-1 by Ana and INC-2 by Ben.
func two(t *testing.T, s *incident.Service, private bool) {
	t.Helper()
	for _, by := range []slackid.User{incidenttest.Ana, incidenttest.Ben} {
		if _, err := s.Do(t.Context(), incident.Request{Key: string(by), By: by}, declare("Payments down", private)); err != nil {
			t.Fatal(err)
		}
	}
}

// mergeTwo merges INC-2 into INC-1.
func mergeTwo(t *testing.T, s *incident.Service, key string, by slackid.User) (incident.Result, error) {
	t.Helper()
	request := incident.Request{Key: key, By: by, Ref: incident.Ref{Number: 2}}
	return s.DoBoth(t.Context(), request, incident.Ref{Number: 1}, incident.Merge)
}

func TestDoBoth_OneCommit_ChangesBothOnce(t *testing.T) {
	m := newMemory()
	s, _ := service(m)
	two(t, s, false)
	m.commits = 0
	first, err := mergeTwo(t, s, "m", incidenttest.Ana)
	if err != nil || first.Incident.Number != 2 || len(first.Entries) != 1 || m.commits != 1 {
		t.Errorf("%+v, %v, in %d commits", first, err, m.commits)
	}
	if m.byNo[2].MergedInto.Number != 1 || len(m.byNo[1].Duplicates) != 1 {
		t.Errorf("not both were written: %+v", m.byNo)
	}
	again, err := mergeTwo(t, s, "m", incidenttest.Ana)
	if err != nil || !again.Repeated || again.Incident.Number != 2 || m.commits != 1 {
		t.Errorf("the second time: %+v, %v, in %d commits", again, err, m.commits)
	}
}

func TestDoBoth_ConflictOnEither_IsRetriedOnTheNewState(t *testing.T) {
	for _, other := range []incident.Number{1, 2} {
		m := newMemory()
		s, _ := service(m)
		two(t, s, false)
		m.before = func() {
			ack := incident.Request{Key: "first", By: incidenttest.Ben, Ref: incident.Ref{Number: other}}
			if _, err := s.Do(t.Context(), ack, incident.Incident.Acknowledge); err != nil {
				t.Error(err)
			}
		}
		if _, err := mergeTwo(t, s, "m", incidenttest.Ana); err != nil {
			t.Fatal(err)
		}
		if m.byNo[other].Acked.By != incidenttest.Ben || m.byNo[2].MergedInto.Number != 1 {
			t.Errorf("%s was acknowledged meanwhile: %+v", other, m.byNo[other])
		}
	}
}

func TestDoBoth_OneIsNotSeen_LooksLikeNothing(t *testing.T) {
	m := newMemory()
	s, _ := service(m)
	two(t, s, true)
	for _, by := range []slackid.User{incidenttest.Ana, incidenttest.Ben} {
		if _, err := mergeTwo(t, s, "m"+string(by), by); incidenttest.Code(err) != "not_found" {
			t.Errorf("%s is told %v", by, err)
		}
	}
	request := incident.Request{Key: "n", By: incidenttest.Ben, Ref: incident.Ref{Number: 2}}
	if _, err := s.DoBoth(t.Context(), request, incident.Ref{Number: 9}, incident.Merge); incidenttest.Code(err) != "not_found" {
		t.Errorf("one that is missing: %v", err)
	}
}
