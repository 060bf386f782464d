package slackid_test

import (
	"encoding/json"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"muster/internal/slackid"
)

// few are IDs that repeat often.
var few = rapid.SliceOfN(rapid.SampledFrom([]slackid.User{"U1", "U2", "U3", "W1", "W2"}), 0, 9)

func TestSet_AnyIDs_StaysSortedWithEachOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := few.Draw(t, "a"), few.Draw(t, "b")
		want := slices.Concat(a, b)
		slices.Sort(want)
		want = slices.Compact(want)
		for how, got := range map[string]slackid.Set[slackid.User]{
			"NewSet": slackid.NewSet(slices.Concat(b, a)...),
			"With":   slackid.NewSet(a...).With(b...),
			"Union":  slackid.NewSet(b...).Union(slackid.NewSet(a...)),
		} {
			if ids := slices.Collect(got.All()); !slices.Equal(ids, want) || got.Len() != len(want) {
				t.Fatalf("%s of %v and %v: %v, want %v", how, a, b, ids, want)
			}
			if got.IsZero() != (len(want) == 0) || !got.Equal(slackid.NewSet(want...)) {
				t.Fatalf("%s of %v and %v: not the set of %v", how, a, b, want)
			}
			for _, id := range []slackid.User{"U1", "U2", "U3", "W1", "W2", "W3"} {
				if got.Has(id) != slices.Contains(want, id) {
					t.Fatalf("%s of %v and %v: Has(%s) is %t", how, a, b, id, got.Has(id))
				}
			}
		}
	})
}

func TestSet_Without_LeavesWhatTheOtherLacks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := few.Draw(t, "a"), few.Draw(t, "b")
		s, other := slackid.NewSet(a...), slackid.NewSet(b...)
		got := s.Without(other)
		for _, id := range []slackid.User{"U1", "U2", "U3", "W1", "W2"} {
			if got.Has(id) != (s.Has(id) && !other.Has(id)) || !s.Equal(slackid.NewSet(a...)) {
				t.Fatalf("%v without %v: %v", a, b, got)
			}
		}
	})
}

func TestSet_With_LeavesTheOriginalAndItsCopiesAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		was, ids := few.Draw(t, "was"), few.Draw(t, "ids")
		s := slackid.NewSet(was...)
		one := s.With("U0")
		two := s.With(ids...)
		if one.Len() != s.Len()+1 || !one.Has("U0") || two.Has("U0") || !s.Equal(slackid.NewSet(was...)) {
			t.Fatalf("%v grew to %v and %v", s, one, two)
		}
	})
}

func TestSet_JSON_ComesBackTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := slackid.NewSet(few.Draw(t, "ids")...)
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var back slackid.Set[slackid.User]
		if err := json.Unmarshal(b, &back); err != nil || !back.Equal(s) {
			t.Fatalf("%s came back as %v: %v", b, back, err)
		}
	})
}

func TestSet_JSON_IsAListAndIsReadInAnyOrder(t *testing.T) {
	for given, want := range map[string]string{
		`null`:                  `[]`,
		`[]`:                    `[]`,
		`["U2","U1","U2"]`:      `["U1","U2"]`,
		`["W1","U9","U1","W1"]`: `["U1","U9","W1"]`,
	} {
		var s slackid.Set[slackid.User]
		if err := json.Unmarshal([]byte(given), &s); err != nil {
			t.Fatal(err)
		}
		if b, err := json.Marshal(s); err != nil || string(b) != want {
			t.Errorf("%s became %s, want %s (%v)", given, b, want, err)
		}
	}
}
