package slack_test

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"muster/internal/notice"
	"muster/internal/outbox"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// channels is a workspace's channels; created ones are the bot's.
type channels struct {
	list  []object
	posts map[string][]object // by the channel's ID
}

func (c *channels) create(form url.Values) object {
	for _, have := range c.list {
		if have["name"] == form.Get("name") {
			return object{"ok": false, "error": "name_taken"}
		}
	}
	made := object{
		"id": fmt.Sprintf("C0NEW%d", len(c.list)), "name": form.Get("name"), "creator": botU,
		"created": declared.Unix() + 1, "is_private": form.Get("is_private") == "true",
	}
	c.list = append(c.list, made)
	return object{"ok": true, "channel": made}
}

// of lists the bot's channels, one a page.
func (c *channels) of(form url.Values) object {
	var at int
	_, _ = fmt.Sscan(form.Get("cursor"), &at)
	private := form.Get("types") == "private_channel"
	page, next := []object{}, ""
	if at < len(c.list) {
		if have := c.list[at]; (have["is_private"] == true) == private {
			page = append(page, have)
		}
		next = fmt.Sprint(at + 1)
	}
	return object{"ok": true, "channels": page, "response_metadata": object{"next_cursor": next}}
}

func taken(names ...string) *channels {
	c := &channels{}
	for n, name := range names {
		c.list = append(c.list, object{"id": fmt.Sprintf("C0OLD%d", n), "name": name, "creator": "U0ANA", "created": declared.Unix() + 1})
	}
	return c
}

func (w *workspace) with(c *channels) *workspace {
	w.methods["conversations.create"], w.methods["users.conversations"] = c.create, c.of
	w.methods["conversations.history"] = func(form url.Values) object { return object{"ok": true, "messages": c.posts[form.Get("channel")]} }
	return w
}

func TestOpen_NameTaken_TakesTheNext(t *testing.T) {
	for want, c := range map[string]*channels{
		"inc-7-payments-down":   taken(),
		"inc-7-payments-down-2": taken("inc-7-payments-down"),
		"inc-7-payments-down-3": taken("inc-7-payments-down", "inc-7-payments-down-2"),
	} {
		w := newWorkspace(t).with(c)
		got, err := w.client().Send(t.Context(), delivery(notice.OpOpen))
		if err != nil || got.Name != want || !strings.HasPrefix(string(got.Channel), "C0NEW") {
			t.Errorf("%s: receipt %+v, error %v", want, got, err)
		}
		if n := len(w.forms("users.conversations")); n != 0 {
			t.Errorf("listed channels %d times without a doubt", n)
		}
	}
}

func TestOpen_AllNamesTaken_IsRefused(t *testing.T) {
	w := newWorkspace(t)
	w.methods["conversations.create"] = refuse("name_taken")
	_, err := w.client().Send(t.Context(), delivery(notice.OpOpen))
	v := wantVerdict[*outbox.Refused](t, err)
	if n := len(w.forms("conversations.create")); n != 10 || !strings.Contains(v.Reason, "inc-7-payments-down") {
		t.Errorf("%d tries, reason %q", n, v.Reason)
	}
}

// What stops an attempt between two names stops it there, not from the first again.
func TestOpen_LimitedBetweenNames_ContinuesWhereItStopped(t *testing.T) {
	c := taken("inc-7-payments-down", "inc-7-payments-down-2")
	w := newWorkspace(t).with(c)
	calls := 0
	w.methods["conversations.create"] = func(form url.Values) object {
		if calls++; calls == 3 {
			return object{"ok": false, "error": "ratelimited"}
		}
		return c.create(form)
	}
	client := w.client()
	_, err := client.Send(t.Context(), delivery(notice.OpOpen))
	_ = wantVerdict[*outbox.RetryLater](t, err)
	got, err := client.Send(t.Context(), delivery(notice.OpOpen))
	if err != nil || got.Name != "inc-7-payments-down-3" {
		t.Errorf("receipt %+v, error %v", got, err)
	}
	if n := len(w.forms("conversations.create")); n != 4 {
		t.Errorf("%d tries", n)
	}
}

func TestOpen_PrivateChannel_IsPrivate(t *testing.T) {
	c := &channels{}
	w := newWorkspace(t).with(c)
	d := delivery(notice.OpOpen)
	d.Channel = outbox.NewChannel{Names: names("inc-7-private"), Private: true, Since: declared}
	got, err := w.client().Send(t.Context(), d)
	if err != nil || got.Name != "inc-7-private" || c.list[0]["is_private"] != true {
		t.Errorf("receipt %+v, error %v, channel %v", got, err, c.list[0])
	}
}

func TestOpen_ReplyLost_FindsTheChannel(t *testing.T) {
	for _, private := range []bool{false, true} {
		c := taken("inc-7-payments-down")
		w := newWorkspace(t).with(c)
		client := w.client()
		d := delivery(notice.OpOpen)
		d.Channel.Private = private
		w.next(dropsReply(func(form url.Values) object {
			form.Set("name", form.Get("name")+"-2") // the first was taken
			return c.create(form)
		}))
		_, err := client.Send(t.Context(), d)
		_ = wantVerdict[*outbox.Unknown](t, err)
		d.InDoubt = true
		got, err := client.Send(t.Context(), d)
		if err != nil || got.Channel != "C0NEW1" || len(c.list) != 2 {
			t.Errorf("private %t: receipt %+v, error %v, %d channels", private, got, err, len(c.list))
		}
	}
}

func TestOpen_InDoubt_AdoptsNoOtherChannel(t *testing.T) {
	c := taken("inc-7-payments-down") // somebody else's
	c.list = append(c.list, object{   // ours, but of an earlier life
		"id": "C0EARLIER", "name": "inc-7-payments-down-2", "creator": botU, "created": declared.Unix() - 2*3600,
	})
	w := newWorkspace(t).with(c)
	d := delivery(notice.OpOpen)
	d.InDoubt = true
	got, err := w.client().Send(t.Context(), d)
	if err != nil || got.Name != "inc-7-payments-down-3" {
		t.Errorf("receipt %+v, error %v", got, err)
	}
}

// A store that was lost leaves channels behind, of the same number and name, and
// of just now. One that Muster has used for another incident is left alone; one of
// this incident, or that was never used, is the one in doubt.
func TestOpen_InDoubt_AdoptsOnlyTheIncidentsOwn(t *testing.T) {
	said := func(who, bot string, payload object) []object {
		return []object{
			{"ts": "1700000003.000000", "user": "U0ANA", "text": "hm"},
			{"ts": "1700000002.000000", "user": who, "bot_id": bot, "metadata": object{"event_type": "muster_notice", "event_payload": payload}},
		}
	}
	for name, tt := range map[string]struct {
		posts []object
		want  slackid.Channel
	}{
		"never used":               {nil, "C0LEFT"},
		"this incident's":          {said(botU, botB, object{"key": "k", "incident": "7th"}), "C0LEFT"},
		"another incident's":       {said(botU, botB, object{"key": "k", "incident": "another 7th"}), "C0NEW1"},
		"of nobody knows which":    {said(botU, botB, object{"key": "k"}), "C0NEW1"},
		"another app speaks there": {said("U0OTHER", "B0OTHER", object{"key": "k", "incident": "another 7th"}), "C0LEFT"},
	} {
		t.Run(name, func(t *testing.T) {
			c := &channels{posts: map[string][]object{"C0LEFT": tt.posts}, list: []object{
				{"id": "C0LEFT", "name": "inc-7-payments-down", "creator": botU, "created": declared.Unix() - 60},
			}}
			d := delivery(notice.OpOpen)
			d.InDoubt = true
			got, err := newWorkspace(t).with(c).client().Send(t.Context(), d)
			if err != nil || got.Channel != tt.want {
				t.Errorf("receipt %+v, error %v; want %s", got, err, tt.want)
			}
		})
	}
}

// guests answers conversations.invite: all or nobody, as Slack without force.
type guests struct {
	bad     map[string]string // user to code
	silent  bool              // names nobody
	joined  map[string]bool
	largest int
}

func (g *guests) invite(form url.Values) object {
	users := strings.Split(form.Get("users"), ",")
	g.largest = max(g.largest, len(users))
	var wrong []object
	first := ""
	for _, u := range users {
		if c, ok := g.bad[u]; ok {
			wrong = append(wrong, object{"user": u, "ok": false, "error": c})
			first = c
		}
	}
	if len(wrong) > 0 {
		answer := object{"ok": false, "error": first}
		if !g.silent {
			answer["errors"] = wrong
		}
		return answer
	}
	for _, u := range users {
		g.joined[u] = true
	}
	return object{"ok": true, "channel": object{"id": "C0INC"}}
}

func members(groups map[string][]string) method {
	return func(form url.Values) object {
		users, ok := groups[form.Get("usergroup")]
		if !ok {
			return object{"ok": false, "error": "no_such_subteam"}
		}
		return object{"ok": true, "users": users}
	}
}

func TestInvite_SomeCannotBe_InvitesTheOthers(t *testing.T) {
	for _, silent := range []bool{false, true} {
		g := &guests{silent: silent, joined: map[string]bool{}, bad: map[string]string{
			"U0GONE": "user_not_found", "U0THERE": "already_in_channel", "U0GUEST": "user_is_restricted",
		}}
		w := newWorkspace(t)
		w.methods["conversations.invite"] = g.invite
		w.methods["usergroups.users.list"] = members(map[string][]string{
			"S0LEADS": {"U0TECH", "U0ANA", botU, "U0THERE"}, "S0EMPTY": {},
		})
		d := delivery(notice.OpInvite)
		d.People = policy.NewPeople(
			[]slackid.User{"U0ANA", "U0GONE", "U0GUEST", "U0BEN", "U0EVA"},
			[]slackid.Group{"S0LEADS", "S0LOST", "S0EMPTY"},
		)
		got, err := w.client().Send(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		if joined := slices.Sorted(maps.Keys(g.joined)); !slices.Equal(joined, []string{"U0ANA", "U0BEN", "U0EVA", "U0TECH"}) {
			t.Errorf("silent %t: joined %v", silent, joined)
		}
		if len(got.Users) != 7 || slices.Contains(got.Users, botU) {
			t.Errorf("silent %t: users %v", silent, got.Users)
		}
		want := map[slackid.User]string{
			"U0GONE": "Slack doesn't know this user", "U0GUEST": "guests can't join",
			"S0LOST": "Slack doesn't know this user group", "S0EMPTY": "the user group is empty",
		}
		if !maps.Equal(got.Refused, want) {
			t.Errorf("silent %t: refused %v", silent, got.Refused)
		}
	}
}

func TestInvite_Many_TakesAHundredAtATime(t *testing.T) {
	g := &guests{joined: map[string]bool{}}
	w := newWorkspace(t)
	w.methods["conversations.invite"] = g.invite
	d := delivery(notice.OpInvite)
	for n := range 250 {
		d.People = d.People.With(slackid.User(fmt.Sprintf("U%03d", n)))
	}
	if _, err := w.client().Send(t.Context(), d); err != nil || len(g.joined) != 250 || g.largest != 100 {
		t.Errorf("error %v, %d joined, at most %d at once", err, len(g.joined), g.largest)
	}
}

func TestInvite_ChannelFails_FailsWhole(t *testing.T) {
	w := newWorkspace(t)
	w.methods["conversations.invite"] = refuse("is_archived")
	d := delivery(notice.OpInvite)
	d.People = policy.NewPeople([]slackid.User{"U0ANA", "U0BEN"}, nil)
	_, err := w.client().Send(t.Context(), d)
	if v := wantVerdict[*outbox.Refused](t, err); v.Reason != "the channel is archived" {
		t.Errorf("reason %q", v.Reason)
	}
	if n := len(w.forms("conversations.invite")); n != 1 {
		t.Errorf("%d calls", n)
	}
}

func TestInvite_Nobody_CallsNobody(t *testing.T) {
	w := newWorkspace(t)
	got, err := w.client().Send(t.Context(), delivery(notice.OpInvite))
	if err != nil || len(got.Users) != 0 || len(w.calls) != 0 {
		t.Errorf("receipt %+v, error %v, %d calls", got, err, len(w.calls))
	}
}

func TestExpand_Groups_FindsTheirMembers(t *testing.T) {
	w := newWorkspace(t)
	w.methods["usergroups.users.list"] = members(map[string][]string{"S0LEADS": {"U0TECH", "U0ANA"}})
	d := delivery(notice.OpExpand)
	d.People = policy.NewPeople([]slackid.User{"U0ANA"}, []slackid.Group{"S0LEADS"})
	got, err := w.client().Send(t.Context(), d)
	if err != nil || !slices.Equal(got.Users, []slackid.User{"U0ANA", "U0TECH"}) {
		t.Errorf("users %v, error %v", got.Users, err)
	}
	d.People = policy.NewPeople(nil, []slackid.Group{"S0LOST"})
	got, err = w.client().Send(t.Context(), d)
	want := map[slackid.User]string{"S0LOST": "Slack doesn't know this user group"}
	if err != nil || len(got.Users) != 0 || !maps.Equal(got.Refused, want) {
		t.Errorf("of nobody: receipt %+v, error %v", got, err)
	}
}

// Who is invited beside a level's people does not count as one of them.
func TestInvite_WithOthers_TellsOnlyOfThePeople(t *testing.T) {
	g := &guests{joined: map[string]bool{}, bad: map[string]string{"U0EVA": "user_disabled"}}
	w := newWorkspace(t)
	w.methods["conversations.invite"] = g.invite
	w.methods["usergroups.users.list"] = members(map[string][]string{"S0EMPTY": {}})
	d := delivery(notice.OpInvite)
	d.People = policy.NewPeople(nil, []slackid.Group{"S0EMPTY"})
	d.Also = slackid.NewSet[slackid.User]("U0ANA", "U0EVA")
	got, err := w.client().Send(t.Context(), d)
	if err != nil || len(got.Users) != 0 || !g.joined["U0ANA"] {
		t.Errorf("receipt %+v, error %v, joined %v", got, err, g.joined)
	}
	want := map[slackid.User]string{"S0EMPTY": "the user group is empty", "U0EVA": "the account is deactivated"}
	if !maps.Equal(got.Refused, want) {
		t.Errorf("refused %v", got.Refused)
	}
}
