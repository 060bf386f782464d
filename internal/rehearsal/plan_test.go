package rehearsal_test

import (
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/deploy"
	"muster/internal/policy"
	"muster/internal/rehearsal"
)

// TestPlan_UnfitPolicy_IsRefused: where people would act in another order than written, or at
// a moment that does not come, nothing is played, and it is said why.
func TestPlan_UnfitPolicy_IsRefused(t *testing.T) {
	const people = "people: {on_call_engineer: [U1], senior_engineer: [U1], tech_lead: [U1], engineering_manager: [U1]}\n"
	const steps = `title: A
severity: P0
steps:
  - {at: 0s, who: oncall, do: /incident declare P0 a}
  - {at: escalate L3, who: oncall, do: say a}
  - {at: + 1m, who: oncall, do: say b}
  - {at: 2h, who: oncall, do: say c, expect: [says: INC-1]}
`
	s, err := rehearsal.Parse("s.yaml", []byte(steps), known(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ config, want string }{
		"no such step": {
			people + "severities: {P0: {escalate: [{to: L2, after: 0s}]}}\n",
			`s.yaml:5:10: this configuration has no "escalate L3": P0 doesn't escalate to L3 automatically; give this step a fixed time` + "\n" +
				`s.yaml:6:10: this configuration has no "+ 1m": P0 doesn't escalate to L3 automatically; give this step a fixed time`,
		},
		"another order": {
			people + "severities: {P0: {escalate: [{to: L2, after: 0s}, {to: L3, after: 3h}]}}\n",
			`s.yaml:7:10: with this configuration "2h" is at 02:00, but the action before it is at 03:01; change one of the two times`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.Run(t.Context(), rehearsal.Options{Policy: processOf(t, test.config), Out: io.Discard})
			if err == nil {
				t.Fatal("it was played")
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCast_ForeignHolders_ArePlayedByTheWorkspace(t *testing.T) {
	players := processOf(t, string(deploy.SandboxConfig))
	own := processOf(t, `
roles: {dba: {name: Database administrator}, sre: {name: SRE}}
channels: {announce: C0G9QF9GW}
people:
  on_call_engineer: [S0615G0KT]
  senior_engineer: [U0SENIOR01X]
  tech_lead: [U0TECHLD01]
  engineering_manager: [U0CEO00001]
  dba: [U012AB3CD]
`)
	got, recast := rehearsal.StandIns(own, players)
	if diff := cmp.Diff([]policy.Role{"on_call_engineer", "senior_engineer", "dba"}, recast); diff != "" {
		t.Errorf("recast: %s", diff)
	}
	for role, like := range map[policy.Role]policy.Role{
		"on_call_engineer": "on_call_engineer", "senior_engineer": "senior_engineer", "dba": "tech_lead",
		"tech_lead": "tech_lead", "engineering_manager": "ceo",
	} {
		if diff := cmp.Diff(players.Role(like).Holder, got.Role(role).Holder); diff != "" {
			t.Errorf("%s: %s", role, diff)
		}
	}
	if !got.Role("sre").Holder.Empty() || !got.Role("legal").Holder.Empty() {
		t.Error("a role that nobody holds is played by somebody")
	}
	if got.Announce != players.Announce || own.Announce == got.Announce {
		t.Errorf("announced in %s", got.Announce)
	}
	if !own.Role("dba").Holder.Users.Has("U012AB3CD") {
		t.Error("the organisation's own policy was changed")
	}
}
