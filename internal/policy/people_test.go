package policy_test

import (
	"encoding/json"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"muster/internal/policy"
	"muster/internal/slackid"
)

func anybody(t *rapid.T, label string) ([]slackid.User, []slackid.Group) {
	return rapid.SliceOfN(rapid.SampledFrom([]slackid.User{"U1", "U2", "U3"}), 0, 5).Draw(t, label+"'s users"),
		rapid.SliceOfN(rapid.SampledFrom([]slackid.Group{"S1", "S2", "S3"}), 0, 5).Draw(t, label+"'s groups")
}

func TestPeople_HoweverPutTogether_NamesEachOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		aUsers, aGroups := anybody(t, "a")
		bUsers, bGroups := anybody(t, "b")
		a, b := policy.NewPeople(aUsers, aGroups), policy.NewPeople(bUsers, bGroups)
		users, groups := slices.Concat(aUsers, bUsers), slices.Concat(aGroups, bGroups)
		want := policy.NewPeople(users, groups)
		if got := a.Union(b); !got.Equal(want) || !b.Union(a).Equal(want) || !got.Union(b).Equal(want) {
			t.Fatalf("%v and %v: %v, want %v", a, b, got, want)
		}
		if got := a.With(bUsers...); !got.Users.Equal(want.Users) || !got.Groups.Equal(a.Groups) {
			t.Fatalf("%v with %v: %v", a, bUsers, got)
		}
		if want.Empty() != (len(users) == 0 && len(groups) == 0) {
			t.Fatalf("%v: empty is %t", want, want.Empty())
		}
	})
}

func TestPeople_JSON_ComesBackTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := policy.NewPeople(anybody(t, "p"))
		b, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var back policy.People
		if err := json.Unmarshal(b, &back); err != nil || !back.Equal(p) {
			t.Fatalf("%s came back as %v: %v", b, back, err)
		}
	})
}

func TestHolders_SeveralRolesOfALevel_NamesEachOnce(t *testing.T) {
	p := policy.Policy{
		Levels: []policy.LevelPolicy{{Roles: []policy.Role{"senior", "lead", "nobody"}}},
		Roles: []policy.RolePolicy{
			{Role: "senior", Holder: policy.NewPeople([]slackid.User{"U2", "U1"}, []slackid.Group{"S1"})},
			{Role: "lead", Holder: policy.NewPeople([]slackid.User{"U3", "U1"}, []slackid.Group{"S1"})},
		},
	}
	want := policy.NewPeople([]slackid.User{"U1", "U2", "U3"}, []slackid.Group{"S1"})
	if got := p.Holders(1); !got.Equal(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := p.Holders(2); !got.Empty() {
		t.Errorf("a level that does not exist calls %v", got)
	}
}
