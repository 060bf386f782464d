package incident_test

import (
	"slices"
	"testing"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
)

func TestDeclare_DeclarerHoldsARoleOfL1_IsInvitedOnce(t *testing.T) {
	p := process()
	p.Levels[0].Roles = []policy.Role{policy.OnCallEngineer}
	p.Roles[0].Holder = policy.NewPeople([]slackid.User{"U0SENIOR", "U0LEAD"}, nil) // not in the order of their IDs
	change, err := incident.Incident{Number: 7}.Declare(
		incident.Origin{By: "U0LEAD", At: t0, Policy: p}, incident.Declaration{Title: "Payments down", Severity: policy.P1})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(change.Notices, func(n incident.Notice) bool { return n.Op == incident.OpInvite })
	if i < 0 {
		t.Fatal("nobody is invited")
	}
	want := []slackid.User{"U0LEAD", "U0SENIOR"}
	if got := slices.Collect(change.Notices[i].To.People.Users.All()); !slices.Equal(got, want) {
		t.Errorf("invites %v, want %v", got, want)
	}
}
