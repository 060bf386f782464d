package slack_test

import (
	"maps"
	"slices"
	"testing"

	"muster/internal/notice"
	"muster/internal/outbox"
	"muster/internal/policy"
	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
	local "muster/internal/sandbox/workspace"
	"muster/internal/sender/slack"
	"muster/internal/slackid"
)

// strict is a client of a strict workspace: one that refuses what Slack would.
func strict(t *testing.T) (*slack.Client, *sandbox.Server) {
	t.Helper()
	w := sandboxtest.Serve(t, sandbox.Options{})
	c := slack.New(slack.Options{Token: w.BotToken(), APIURL: w.URL() + "/api/"})
	t.Cleanup(c.Close)
	return c, w
}

// TestSend_StrictWorkspace_TakesEveryOp goes the way of an incident, each op twice
// where an earlier attempt may be in doubt.
func TestSend_StrictWorkspace_TakesEveryOp(t *testing.T) {
	for name, private := range map[string]bool{"public": false, "private": true} {
		t.Run(name, func(t *testing.T) {
			c, w := strict(t)
			d := delivery("")
			d.Channel = outbox.NewChannel{Names: names("inc-7-" + name), Private: private, Since: w.Now()}
			do := func(op notice.Op, to outbox.Destination, inDoubt bool, people policy.People) notice.Receipt {
				t.Helper()
				d.Key, d.At, d.Op = "INC-7."+string(op)+string(to.Channel), w.Now(), op
				d.To, d.InDoubt, d.People = to, inDoubt, people
				r, err := c.Send(t.Context(), d)
				if err != nil {
					t.Fatalf("%s: %v", op, err)
				}
				return r
			}
			opened := do(notice.OpOpen, outbox.Destination{}, false, policy.People{})
			if again := do(notice.OpOpen, outbox.Destination{}, true, policy.People{}); again.Channel != opened.Channel {
				t.Errorf("opened %s, then found %s", opened.Channel, again.Channel)
			}
			home := outbox.Destination{Channel: opened.Channel}
			posted := do(notice.OpPost, home, false, policy.People{})
			if again := do(notice.OpPost, home, true, policy.People{}); again.TS != posted.TS {
				t.Errorf("posted %s, then found %s", posted.TS, again.TS)
			}
			d.Message, d.Content, d.Topic = posted.Message, content("Payments are back"), "Payments are back"
			for range 2 {
				do(notice.OpEdit, home, false, policy.People{})
				do(notice.OpTopic, home, false, policy.People{})
				do(notice.OpPin, home, false, policy.People{})
			}
			do(notice.OpPost, outbox.Destination{User: sandboxUser}, true, policy.People{})
			do(notice.OpPost, outbox.Destination{Channel: local.General}, true, policy.People{})
			people := policy.NewPeople(
				[]slackid.User{sandboxUser, "U0NOBODY01", local.BotUser},
				[]slackid.Group{local.LeadsL2, "S0NOBODY01"},
			)
			for range 2 {
				got := do(notice.OpInvite, home, false, people)
				if refused := slices.Sorted(maps.Keys(got.Refused)); !slices.Equal(refused, []slackid.User{"S0NOBODY01", "U0NOBODY01"}) {
					t.Errorf("refused %v", got.Refused)
				}
			}
			if got := do(notice.OpExpand, home, false, people); len(got.Users) != 4 {
				t.Errorf("users %v", got.Users)
			}
			for range 2 {
				do(notice.OpUnarchive, home, false, policy.People{}) // it is not archived
			}
			for range 2 {
				do(notice.OpArchive, home, false, policy.People{})
			}
			d.Op = notice.OpUnarchive
			_, err := c.Send(t.Context(), d)
			if v := wantVerdict[*outbox.Refused](t, err); v.Reason != "it's archived, and Slack doesn't let apps unarchive channels" {
				t.Errorf("refused because %q", v.Reason)
			}
			sandboxtest.Dial(t, w.URL()).Unarchive(string(sandboxUser), string(opened.Channel))
			for range 2 {
				do(notice.OpUnarchive, home, false, policy.People{})
			}
			do(notice.OpTopic, home, false, policy.People{}) // who is in it
		})
	}
}

const sandboxUser = slackid.User("U0ONCALL01")
