package slackapi_test

import (
	"maps"
	"slices"
	"testing"

	"muster/internal/incident"
	"muster/internal/outbox"
	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
	local "muster/internal/sandbox/workspace"
	"muster/internal/slackapi"
)

// strict is a client of a strict workspace: one that refuses what Slack would.
func strict(t *testing.T) (*slackapi.Client, *sandbox.Server) {
	t.Helper()
	w := sandboxtest.Serve(t, sandbox.Options{})
	c := slackapi.New(slackapi.Options{Token: w.BotToken(), APIURL: w.URL() + "/api/", Renderer: words{}})
	t.Cleanup(c.Close)
	return c, w
}

// TestAStrictWorkspaceTakesEveryAct goes the way of an incident, each act twice
// where an earlier attempt may be in doubt.
func TestAStrictWorkspaceTakesEveryAct(t *testing.T) {
	for name, private := range map[string]bool{"public": false, "private": true} {
		t.Run(name, func(t *testing.T) {
			c, w := strict(t)
			i := subject()
			i.Private, i.Channel, i.Declared.At = private, "", w.Now()
			do := func(act incident.Act, to incident.Destination, unsure bool, people incident.People) incident.Receipt {
				t.Helper()
				r, err := c.Send(t.Context(), outbox.Delivery{
					Notice: incident.Notice{
						Key: "INC-7." + string(act) + string(to.Channel), Number: 7, Act: act,
						Template: incident.TemplateCard, At: w.Now(), To: incident.Target{People: people},
					},
					Incident: i, To: to, Unsure: unsure,
				})
				if err != nil {
					t.Fatalf("%s: %v", act, err)
				}
				return r
			}
			opened := do(incident.ActOpen, incident.Destination{}, false, incident.People{})
			if again := do(incident.ActOpen, incident.Destination{}, true, incident.People{}); again.Channel != opened.Channel {
				t.Errorf("opened %s, then found %s", opened.Channel, again.Channel)
			}
			home := incident.Destination{Channel: opened.Channel}
			i.Channel = opened.Channel
			posted := do(incident.ActPost, home, false, incident.People{})
			if again := do(incident.ActPost, home, true, incident.People{}); again.TS != posted.TS {
				t.Errorf("posted %s, then found %s", posted.TS, again.TS)
			}
			i.Card = incident.Message{Channel: posted.Channel, TS: posted.TS}
			i.Title = "Payments are back"
			for range 2 {
				do(incident.ActEdit, home, false, incident.People{})
				do(incident.ActTopic, home, false, incident.People{})
				do(incident.ActPin, home, false, incident.People{})
			}
			do(incident.ActPost, incident.Destination{User: sandboxUser}, true, incident.People{})
			do(incident.ActPost, incident.Destination{Channel: local.General}, true, incident.People{})
			people := incident.People{
				Users:  []incident.UserID{sandboxUser, "U0NOBODY01", local.BotUser},
				Groups: []incident.GroupID{local.LeadsL2, "S0NOBODY01"},
			}
			for range 2 {
				got := do(incident.ActInvite, home, false, people)
				if refused := slices.Sorted(maps.Keys(got.Refused)); !slices.Equal(refused, []incident.UserID{"S0NOBODY01", "U0NOBODY01"}) {
					t.Errorf("refused %v", got.Refused)
				}
			}
			if got := do(incident.ActExpand, home, false, people); len(got.Users) != 4 {
				t.Errorf("users %v", got.Users)
			}
		})
	}
}

const sandboxUser = incident.UserID("U0ONCALL01")
