package incident_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
)

func TestRef_Value_IsReadBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want := incident.Ref{
			Number: incident.Number(rapid.IntRange(1, 1<<31-1).Draw(rt, "number")),
			ID:     rapid.StringMatching(`[a-z2-7]{16}`).Draw(rt, "id"),
		}
		if got, ok := incident.ParseRef(want.Value()); got != want || !ok {
			rt.Errorf("%+v became %+v", want, got)
		}
	})
}

func TestRef_WithoutID_IsNotRead(t *testing.T) {
	for _, value := range []string{"", "7", "INC-7", "7.", ".k2v5", "k2v5", "0.k2v5"} {
		if r, ok := incident.ParseRef(value); ok {
			t.Errorf("%q means %+v", value, r)
		}
	}
	var in struct{ Incident incident.Ref }
	if err := json.Unmarshal([]byte(`{"Incident":7}`), &in); err == nil {
		t.Error("a bare number is read")
	}
}

func TestNewID_GivenOften_IsNeverTheSame(t *testing.T) {
	seen := map[string]bool{}
	for range 10_000 {
		id := incident.NewID()
		if len(id) != 16 || seen[id] {
			t.Fatalf("%q, after %d", id, len(seen))
		}
		seen[id] = true
	}
}

// What Slack sends back names an incident that may have been in another store.
func TestService_RefOfAnotherStore_ChangesAndShowsNothing(t *testing.T) {
	s, _ := service(incidenttest.NewStore())
	first, err := s.Do(t.Context(), incident.Request{Key: "declare", By: incidenttest.Ana}, declare("one", true))
	if err != nil || first.Incident.ID == "" {
		t.Fatal(first, err)
	}
	ours := first.Incident.Ref()
	for what, tc := range map[string]struct {
		ref  incident.Ref
		by   string
		code string
	}{
		"ours":                           {ours, "ana", ""},
		"ours, of somebody outside":      {ours, "ben", "not_found"},
		"another's":                      {incident.Ref{Number: 1, ID: "another"}, "ana", "replaced"},
		"another's, of somebody outside": {incident.Ref{Number: 1, ID: "another"}, "ben", "replaced"},
		"a number that is not given yet": {incident.Ref{Number: 2, ID: "another"}, "ana", "replaced"},
	} {
		by := incidenttest.Ana
		if tc.by == "ben" {
			by = incidenttest.Ben
		}
		_, err := s.Get(t.Context(), by, "", tc.ref)
		if incidenttest.Code(err) != tc.code || tc.code == "" && err != nil {
			t.Errorf("%s, read: %v", what, err)
		}
		_, err = s.Do(t.Context(), incident.Request{Key: what, By: by, Ref: tc.ref}, func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
			return inc.Cancel(o, "a test")
		})
		if incidenttest.Code(err) != tc.code || tc.code == "" && err != nil {
			t.Errorf("%s, changed: %v", what, err)
		}
		if tc.code == "" { // the others find it as it was
			if _, err := s.Do(t.Context(), incident.Request{Key: "again", By: by, Ref: ours}, reopen); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// watched is a store that tells which notices it is given.
type watched struct {
	*incidenttest.Store
	queued func(key string)
}

func (w watched) Commit(ctx context.Context, c incident.Commit) error {
	for _, n := range c.Queued() {
		w.queued(n.Key)
	}
	return w.Store.Commit(ctx, c)
}

func TestService_StoreBegunAnew_GivesNoKeyAgain(t *testing.T) {
	seen := map[string]bool{}
	for range 3 {
		m := incidenttest.NewStore()
		s, _ := service(m)
		s.Store = watched{m, func(key string) {
			if seen[key] {
				t.Errorf("the key %s comes again", key)
			}
			seen[key] = true
		}}
		if _, err := s.Do(t.Context(), incident.Request{Key: "declare", By: incidenttest.Ana}, declare("one", false)); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) < 9 {
		t.Errorf("only %d keys were seen", len(seen))
	}
}

func TestService_ClockGoesBack_DatesNothingBeforeWhatItFollows(t *testing.T) {
	s, _ := service(incidenttest.NewStore())
	now := incidenttest.Start
	s.Now = func() time.Time { return now }
	declared, err := s.Do(t.Context(), incident.Request{Key: "declare", By: incidenttest.Ana}, declare("one", false))
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(-time.Hour)
	acked, err := s.Do(t.Context(), incident.Request{Key: "ack", By: incidenttest.Ana, Ref: declared.Incident.Ref()}, incident.Incident.Acknowledge)
	if err != nil {
		t.Fatal(err)
	}
	if e := acked.Entries[0]; e.At.Before(incidenttest.Start) || e.Facts["after"] != "0s" {
		t.Errorf("recorded %+v", e)
	}
}
