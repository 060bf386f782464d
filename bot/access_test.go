package bot_test

import (
	"maps"
	"strings"
	"testing"

	"muster/internal/policy"
)

// onlyMembers is what a refusal begins with.
const onlyMembers = "Only members of this workspace can use Muster"

func TestAccess_Guest_IsRefusedUnlessConfigured(t *testing.T) {
	t.Parallel()
	for name, guests := range map[string]bool{"refused": false, "configured": true} {
		t.Run(name, func(t *testing.T) {
			onEachStore(t, func(t *testing.T, store string) {
				w := newWorldWith(t, store, func(p *policy.Policy) { p.Managers, p.Access.Guests = "", guests })
				w.AddUser("visitor", "guest")
				w.Invite(oncall, "visitor", "#general")
				answer := w.Command("visitor", "#general", "/incident declare P3 Odd errors")
				if says(answer, onlyMembers) == guests || says(answer, "INC-1") != guests {
					t.Errorf("the answer is %s", answer.Text())
				}
			})
		})
	}
}

// People of another organization see the buttons in a shared channel.
func TestAccess_ExternalPerson_IsRefusedUnlessConfigured(t *testing.T) {
	t.Parallel()
	for name, external := range map[string]bool{"refused": false, "configured": true} {
		t.Run(name, func(t *testing.T) {
			onEachStore(t, func(t *testing.T, store string) {
				w := newWorldWith(t, store, func(p *policy.Policy) { p.Managers, p.Access.External = "", external })
				c := w.declared(oncall, "P1 Payments down")
				w.ExpectMessage(c, "INC-1: P1 High")
				w.Await("the on-call engineer to be in", func() bool { return w.isMember(c, oncall) })
				w.AddUser("partner", "external")
				w.Invite(oncall, "partner", c)
				w.Click("partner", c, "incident_acknowledge")
				if external {
					w.ExpectMessage(c, "acknowledged")
					return
				}
				w.ExpectEphemeral("partner", c, onlyMembers)
				if status := w.Command(oncall, c, "/incident status"); says(status, "acknowledged after") {
					t.Errorf("it was acknowledged: %s", status.Text())
				}
			})
		})
	}
}

// An envelope that claims another team, app, command or sender does nothing.
func TestAccess_ForgedEnvelope_DoesNothing(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		right := map[string]any{
			"team_id": w.State().Team.ID, "api_app_id": "A0SANDBOX1", "command": "/incident", "text": "declare P3 Odd errors",
			"user_id": w.UserID(oncall), "channel_id": "C0GENERAL1", "trigger_id": "1.2.3",
		}
		for key, forged := range map[string]string{
			"team_id": "T0OTHER", "api_app_id": "A0OTHER", "command": "/deploy", "user_id": "U0MUSTER01",
		} {
			payload := maps.Clone(right)
			payload[key] = forged
			if answer := w.Envelope("slash_commands", payload); strings.Contains(answer.Text(), "INC-") || answer.Text() == "" {
				t.Errorf("%s=%s: the answer is %q", key, forged, answer.Text())
			}
		}
		if answer := w.Envelope("slash_commands", right); !says(answer, "INC-1") {
			t.Errorf("the genuine one: %q", answer.Text())
		}
	})
}
