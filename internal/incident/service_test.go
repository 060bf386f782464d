package incident_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/policy"
	"muster/internal/slackid"
)

func service(m *incidenttest.Store) (*incident.Service, *int) {
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
	m := incidenttest.NewStore()
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
	all, err := m.Find(t.Context(), incident.Query{})
	if err != nil || len(all) != 1 || *woken != 1 {
		t.Errorf("%d incidents, %v, woken %d times", len(all), err, *woken)
	}
	ack := incident.Request{Key: "a", By: incidenttest.Ana, Ref: incident.Ref{Number: 1}}
	for range 2 {
		if _, err := s.Do(t.Context(), ack, incident.Incident.Acknowledge); err != nil {
			t.Errorf("a redelivered acknowledgement is no mistake of the person: %v", err)
		}
	}
}

func TestAConflictIsRetriedOnTheNewState(t *testing.T) {
	m := incidenttest.NewStore()
	s, _ := service(m)
	for n, title := range []string{"one", "two"} {
		if n == 1 {
			m.BeforeCommit(func() {
				if _, err := s.Do(t.Context(), incident.Request{Key: "other", By: incidenttest.Ben}, declare("other", false)); err != nil {
					t.Error(err)
				}
			})
		}
		got, err := s.Do(t.Context(), incident.Request{Key: title, By: incidenttest.Ana}, declare(title, false))
		if want := incident.Number(2*n + 1); err != nil || got.Incident.Number != want {
			t.Errorf("%s: %v, %v; want number %d", title, got.Incident.Number, err, want)
		}
	}
	m.BeforeCommit(func() {
		if _, err := s.Do(t.Context(), incident.Request{Key: "first", By: incidenttest.Ben, Ref: incident.Ref{Number: 1}}, incident.Incident.Acknowledge); err != nil {
			t.Error(err)
		}
	})
	_, err := s.Do(t.Context(), incident.Request{Key: "second", By: incidenttest.Ana, Ref: incident.Ref{Number: 1}}, incident.Incident.Acknowledge)
	if incidenttest.Code(err) != "already_acknowledged" {
		t.Errorf("the slower of two is told %v", err)
	}
}

func TestPrivateLooksLikeNothing(t *testing.T) {
	m := incidenttest.NewStore()
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
	m := incidenttest.NewStore()
	m.Fail(incident.ErrUnavailable)
	s, _ := service(m)
	_, err := s.Do(t.Context(), incident.Request{Key: "k", By: incidenttest.Ana}, declare("one", false))
	if !errors.Is(err, incident.ErrUnavailable) || incidenttest.Code(err) != "" {
		t.Errorf("got %v", err)
	}
}

func TestRead_MissingOrStoreAway_TellsTheTwoApart(t *testing.T) {
	m := incidenttest.NewStore()
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
	away := errors.New("connection reset")
	m.Fail(away)
	if _, err := s.Read(t.Context(), 9, incident.Want{}); !errors.Is(err, incident.ErrUnavailable) || !errors.Is(err, away) {
		t.Errorf("away: %v", err)
	}
}

// TestACommandCostsOneReadAndOneWrite, each of which is one round trip in both
// drivers.
func TestACommandCostsOneReadAndOneWrite(t *testing.T) {
	m := incidenttest.NewStore()
	s, _ := service(m)
	here := incident.Ref{Number: 1}
	for n, step := range []incident.Transition{
		declare("one", false), incident.Incident.Acknowledge, update("news", incident.Identified), severity(policy.P0), resolve, incident.Incident.Close,
	} {
		ref := here
		if n == 0 {
			ref = incident.Ref{}
		}
		m.Calls()
		if _, err := s.Do(t.Context(), incident.Request{Key: fmt.Sprint(n), By: incidenttest.Ana, Ref: ref}, step); err != nil {
			t.Fatal(err)
		}
		if calls := m.Calls(); calls != (incidenttest.Calls{Loads: 1, Commits: 1}) {
			t.Errorf("command %d: %+v", n, calls)
		}
	}
}

// head reads an incident.
func head(t *testing.T, m *incidenttest.Store, n incident.Number) incident.Incident {
	t.Helper()
	inc, _, err := m.Load(t.Context(), incident.Ref{Number: n}, "", incident.Want{})
	if err != nil {
		t.Fatal(err)
	}
	return inc
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

// always means the same other incident, whatever the first is.
func always(n incident.Number) func(incident.Incident) incident.Ref {
	return func(incident.Incident) incident.Ref { return incident.Ref{Number: n} }
}

// mergeTwo merges INC-2 into INC-1.
func mergeTwo(t *testing.T, s *incident.Service, key string, by slackid.User) (incident.Result, error) {
	t.Helper()
	request := incident.Request{Key: key, By: by, Ref: incident.Ref{Number: 2}}
	return s.DoBoth(t.Context(), request, always(1), incident.Merge)
}

func TestDoBoth_OneCommit_ChangesBothOnce(t *testing.T) {
	m := incidenttest.NewStore()
	s, _ := service(m)
	two(t, s, false)
	m.Calls()
	first, err := mergeTwo(t, s, "m", incidenttest.Ana)
	if err != nil || first.Incident.Number != 2 || len(first.Entries) != 1 {
		t.Errorf("%+v, %v", first, err)
	}
	if calls := m.Calls(); calls.Commits != 1 {
		t.Errorf("merged in %d commits", calls.Commits)
	}
	if into, merged := head(t, m, 1), head(t, m, 2); merged.MergedInto.Number != 1 || len(into.Duplicates) != 1 {
		t.Errorf("not both were written: %+v, %+v", into, merged)
	}
	m.Calls()
	again, err := mergeTwo(t, s, "m", incidenttest.Ana)
	if err != nil || !again.Repeated || again.Incident.Number != 2 {
		t.Errorf("the second time: %+v, %v", again, err)
	}
	if calls := m.Calls(); calls.Commits != 0 {
		t.Errorf("committed again, %d times", calls.Commits)
	}
}

// separateTwo reopens INC-2, and takes it off INC-1.
func separateTwo(t *testing.T, s *incident.Service, key string, by slackid.User) (incident.Result, error) {
	t.Helper()
	request := incident.Request{Key: key, By: by, Ref: incident.Ref{Number: 2}}
	into := func(inc incident.Incident) incident.Ref { return incident.Ref{Number: inc.MergedInto.Number} }
	return s.DoBoth(t.Context(), request, into, func(inc, into incident.Incident, o incident.Origin) ([]incident.Change, error) {
		return incident.Separate(inc, into, o, "not the same")
	})
}

func TestDoBoth_ReopeningADuplicate_ChangesBothWhoeverSeesIt(t *testing.T) {
	m := incidenttest.NewStore()
	s, _ := service(m)
	two(t, s, false)
	if _, err := mergeTwo(t, s, "m", incidenttest.Ana); err != nil {
		t.Fatal(err)
	}
	survivor := head(t, m, 1)
	survivor.Version++
	survivor.Private = true // Ben is not in it; INC-2 still has to come off
	survivor.Declared.By, survivor.Roles, survivor.Responders = incidenttest.Ana, nil, slackid.NewSet(incidenttest.Ana)
	hidden := incident.Change{After: survivor, Summary: survivor.Summary(incidenttest.Policy(), incidenttest.Start)}
	if err := m.Commit(t.Context(), incident.Commit{Key: "hide", Changes: []incident.Change{hidden}}); err != nil {
		t.Fatal(err)
	}
	m.Calls()
	_, err := separateTwo(t, s, "r", incidenttest.Ben)
	if calls := m.Calls(); err != nil || calls.Commits != 1 {
		t.Errorf("%v, in %d commits", err, calls.Commits)
	}
	if into, reopened := head(t, m, 1), head(t, m, 2); reopened.MergedInto.Number != 0 || len(into.Duplicates) != 0 {
		t.Errorf("not both were written: %+v, %+v", into, reopened)
	}
}

func TestDoBoth_ConflictOnEither_IsRetriedOnTheNewState(t *testing.T) {
	for _, other := range []incident.Number{1, 2} {
		m := incidenttest.NewStore()
		s, _ := service(m)
		two(t, s, false)
		m.BeforeCommit(func() {
			ack := incident.Request{Key: "first", By: incidenttest.Ben, Ref: incident.Ref{Number: other}}
			if _, err := s.Do(t.Context(), ack, incident.Incident.Acknowledge); err != nil {
				t.Error(err)
			}
		})
		if _, err := mergeTwo(t, s, "m", incidenttest.Ana); err != nil {
			t.Fatal(err)
		}
		if inc := head(t, m, other); inc.Acked.By != incidenttest.Ben || head(t, m, 2).MergedInto.Number != 1 {
			t.Errorf("%s was acknowledged meanwhile: %+v", other, inc)
		}
	}
}

func TestDoBoth_OneIsNotSeen_LooksLikeNothing(t *testing.T) {
	m := incidenttest.NewStore()
	s, _ := service(m)
	two(t, s, true)
	for _, by := range []slackid.User{incidenttest.Ana, incidenttest.Ben} {
		if _, err := mergeTwo(t, s, "m"+string(by), by); incidenttest.Code(err) != "not_found" {
			t.Errorf("%s is told %v", by, err)
		}
	}
	request := incident.Request{Key: "n", By: incidenttest.Ben, Ref: incident.Ref{Number: 2}}
	if _, err := s.DoBoth(t.Context(), request, always(9), incident.Merge); incidenttest.Code(err) != "not_found" {
		t.Errorf("one that is missing: %v", err)
	}
}

// unreadable is a store that cannot read one of its incidents.
type unreadable struct {
	*incidenttest.Store
	number incident.Number
	fail   func() error
}

func (u unreadable) Load(ctx context.Context, ref incident.Ref, key string, want incident.Want) (incident.Incident, bool, error) {
	if ref.Number == u.number {
		return incident.Incident{}, false, u.fail()
	}
	return u.Store.Load(ctx, ref, key, want)
}

func TestRearm_OneCannotBeRead_RearmsTheOthers(t *testing.T) {
	broken := errors.New("it was damaged")
	for name, fail := range map[string]func() error{"an error": func() error { return broken }, "a panic": func() error { panic(broken) }} {
		m := incidenttest.NewStore()
		s, _ := service(m)
		two(t, s, false)
		s.Store = unreadable{m, 1, fail}
		s.Policy.Severities[s.Policy.Rank(policy.P2)].Update += time.Hour
		if err := s.Rearm(t.Context()); err == nil || !strings.Contains(err.Error(), broken.Error()) || errors.Is(err, incident.ErrUnavailable) {
			t.Errorf("%s: got %v", name, err)
		}
		if inc := head(t, m, 2); inc.Version != 2 {
			t.Errorf("%s: INC-2 is at version %d, want it rearmed", name, inc.Version)
		}
	}
}
