package slack_test

import (
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"muster/internal/notice"
	"muster/internal/outbox"
	"muster/internal/policy"
	"muster/internal/sender/slack"
	"muster/internal/slackid"
)

// leads is the delivery of an op to a group and somebody who is named.
func leads(op notice.Op) outbox.Delivery {
	d := delivery(op)
	d.People = policy.NewPeople([]slackid.User{"U0ANA"}, []slackid.Group{"S0LEADS"})
	return d
}

func TestGroup_LookedUp_IsRememberedForAMinuteAndForAnHourWhereSlackDoesNotTell(t *testing.T) {
	const lost, limit, trouble = "no_such_subteam", "ratelimited", "internal_error"
	for name, c := range map[string]struct {
		after   time.Duration
		answer  string // to the second look-up
		members []slackid.User
		calls   int
	}{
		"within the minute":               {59 * time.Second, "", []slackid.User{"U0ANA", "U0OLD"}, 1},
		"after it":                        {61 * time.Second, "", []slackid.User{"U0ANA", "U0NEW"}, 2},
		"limited within the hour":         {59 * time.Minute, limit, []slackid.User{"U0ANA", "U0OLD"}, 2},
		"in trouble within the hour":      {59 * time.Minute, trouble, []slackid.User{"U0ANA", "U0OLD"}, 2},
		"limited after it":                {61 * time.Minute, limit, nil, 2},
		"deleted within the hour":         {59 * time.Minute, lost, []slackid.User{"U0ANA"}, 2},
		"the clock was set back":          {-59 * time.Second, "", []slackid.User{"U0ANA", "U0OLD"}, 1},
		"the clock was set back by a lot": {-24 * time.Hour, "", []slackid.User{"U0ANA", "U0NEW"}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t)
			now := time.Unix(1_700_000_000, 0)
			client := slack.New(slack.Options{Token: token, APIURL: w.server.URL + "/api/", Now: func() time.Time { return now }})
			t.Cleanup(client.Close)
			w.methods["usergroups.users.list"] = members(map[string][]string{"S0LEADS": {"U0OLD"}})
			if _, err := client.Send(t.Context(), leads(notice.OpExpand)); err != nil {
				t.Fatal(err)
			}
			now = now.Add(c.after)
			w.meanwhile(func() {
				w.methods["usergroups.users.list"] = members(map[string][]string{"S0LEADS": {"U0NEW"}})
				if c.answer != "" {
					w.methods["usergroups.users.list"] = refuse(c.answer)
				}
			})
			got, err := client.Send(t.Context(), leads(notice.OpExpand))
			if !slices.Equal(got.Users, c.members) || (err == nil) != (c.members != nil) {
				t.Errorf("users %v, want %v; error %v", got.Users, c.members, err)
			}
			if n := len(w.forms("usergroups.users.list")); n != c.calls {
				t.Errorf("looked up %d times, want %d", n, c.calls)
			}
		})
	}
}

func TestGroup_ManyAtOnce_IsLookedUpOnce(t *testing.T) {
	w := newWorkspace(t)
	w.methods["usergroups.users.list"] = members(map[string][]string{"S0LEADS": {"U0TECH"}})
	client := w.client()
	var sending sync.WaitGroup
	for range 20 {
		sending.Go(func() {
			if got, err := client.Send(t.Context(), leads(notice.OpExpand)); err != nil || len(got.Users) != 2 {
				t.Errorf("users %v, error %v", got.Users, err)
			}
		})
	}
	sending.Wait()
	if n := len(w.forms("usergroups.users.list")); n != 1 {
		t.Errorf("looked up %d times", n)
	}
}

func TestInvite_GroupIsNotToldNow_InvitesTheOthersAtOnce(t *testing.T) {
	for _, answer := range []string{"ratelimited", "internal_error"} {
		g := &guests{joined: map[string]bool{}}
		w := newWorkspace(t)
		w.methods["conversations.invite"] = g.invite
		w.methods["usergroups.users.list"] = func(form url.Values) object {
			if form.Get("usergroup") == "S0LEADS" {
				return object{"ok": false, "error": answer}
			}
			return object{"ok": true, "users": []string{"U0EVA"}}
		}
		d := leads(notice.OpInvite)
		d.People = d.People.Union(policy.NewPeople(nil, []slackid.Group{"S0OTHER"}))
		client := w.client()
		_, err := client.Send(t.Context(), d)
		_ = wantVerdict[*outbox.RetryLater](t, err)
		w.meanwhile(func() {
			if !g.joined["U0ANA"] || !g.joined["U0EVA"] || len(g.joined) != 2 {
				t.Errorf("%s: joined %v", answer, g.joined)
			}
			w.methods["usergroups.users.list"] = members(map[string][]string{"S0LEADS": {"U0TECH"}, "S0OTHER": {"U0EVA"}})
		})
		got, err := client.Send(t.Context(), d)
		if err != nil || len(got.Users) != 3 || len(got.Refused) != 0 || !g.joined["U0TECH"] {
			t.Errorf("%s: receipt %+v, error %v, joined %v", answer, got, err, g.joined)
		}
	}
}

// Slack limits each method by itself: an op waits in all lanes only where its own is
// limited.
func TestSend_OtherMethodIsLimited_HoldsOnlyItsLane(t *testing.T) {
	direct := delivery(notice.OpPost)
	direct.To = outbox.Destination{User: "U0ANA"}
	doubted := func(op notice.Op) outbox.Delivery {
		d := delivery(op)
		d.InDoubt, d.Channel.Names = true, []string{"inc-1-search"}
		return d
	}
	for method, d := range map[string]outbox.Delivery{
		"conversations.open":    direct,
		"conversations.history": doubted(notice.OpPost),
		"conversations.join":    doubted(notice.OpPost),
		"users.conversations":   doubted(notice.OpOpen),
		"usergroups.users.list": leads(notice.OpExpand),
	} {
		w := newWorkspace(t)
		w.methods["conversations.history"] = refuse("not_in_channel")
		w.methods[method] = refuse("ratelimited")
		_, err := w.client().Send(t.Context(), d)
		if v := wantVerdict[*outbox.RetryLater](t, err); v.Op || v.After <= 0 {
			t.Errorf("%s: %+v", method, v)
		}
	}
}
