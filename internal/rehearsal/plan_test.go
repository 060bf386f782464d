package rehearsal_test

import (
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/deploy"
	"muster/internal/policy"
	"muster/internal/rehearsal"
)

// TestUnfitPolicies: where people would act in another order than written, or at
// a moment that does not come, nothing is played, and it is said why.
func TestUnfitPolicies(t *testing.T) {
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
			`s.yaml:5:10: with this configuration there is no "escalate L3": P0 does not escalate to L3 by itself; give this step a time that does not depend on it` + "\n" +
				`s.yaml:6:10: with this configuration there is no "+ 1m": P0 does not escalate to L3 by itself; give this step a time that does not depend on it`,
		},
		"another order": {
			people + "severities: {P0: {escalate: [{to: L2, after: 0s}, {to: L3, after: 3h}]}}\n",
			`s.yaml:7:10: with this configuration "2h" is at 02:00, but what is done before it at 03:01; give one of the two another time`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.Play(t.Context(), rehearsal.Stage{Policy: process(t, test.config), Out: io.Discard})
			if err == nil {
				t.Fatal("it was played")
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCast(t *testing.T) {
	players := process(t, string(deploy.SandboxConfig))
	own := process(t, `
roles: {dba: {name: Database administrator}, sre: {name: SRE}}
channels: {announce: C0G9QF9GW}
people:
  on_call_engineer: [S0615G0KT]
  senior_engineer: [U0SENIOR01X]
  tech_lead: [U0TECHLD01]
  engineering_manager: [U0CEO00001]
  dba: [U012AB3CD]
`)
	got, recast := rehearsal.Cast(own, players)
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
