package webapi

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"go.uber.org/zap"

	"muster/internal/sandbox/workspace"
)

// Recorded answers of Slack show a channel's members, and whether the bot is one, in
// some methods and not in others.
func TestChannel_ByMethod_HasSlacksFields(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	of := func(method, key string, args ...string) object {
		t.Helper()
		answer := l.wants(l.call(method, args...), "")
		if key == "channels" {
			return workspace.Objects(answer["channels"])[0]
		}
		ch, _ := answer["channel"].(object)
		return ch
	}
	created := of("conversations.create", "channel", "name", "new")
	id, _ := created["id"].(string)
	for name, c := range map[string]struct {
		channel        object
		member, number bool
	}{
		"create":              {created, true, false},
		"invite":              {of("conversations.invite", "channel", "channel", id, "users", workspace.People[0].ID), true, false},
		"join":                {of("conversations.join", "channel", "channel", workspace.General), true, false},
		"info":                {of("conversations.info", "channel", "channel", id), true, false},
		"list":                {of("conversations.list", "channels"), true, true},
		"users.conversations": {of("users.conversations", "channels"), false, false},
	} {
		for key, want := range map[string]bool{"is_member": c.member, "num_members": c.number, "updated": true, "context_team_id": true, "shared_team_ids": true} {
			if _, there := c.channel[key]; there != want {
				t.Errorf("%s: %s is there: %v, want %v", name, key, there, want)
			}
		}
	}
}

func TestChannel_Changed_SaysWhen(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	l.call("conversations.join", "channel", workspace.General)
	updated := func() any {
		ch, _ := l.wants(l.call("conversations.info", "channel", workspace.General), "")["channel"].(object)
		return ch["updated"]
	}
	before := updated()
	l.wants(l.call("conversations.setTopic", "channel", workspace.General, "topic", "News"), "")
	if after := updated(); after == before || after != float64(l.Now().UnixMilli()) {
		t.Errorf("updated was %v and is %v", before, after)
	}
}

func TestUser_Info_HasSlacksFields(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	user, _ := l.wants(l.call("users.info", "user", workspace.People[0].ID), "")["user"].(object)
	profile, _ := user["profile"].(object)
	for _, key := range []string{"updated", "color", "is_primary_owner", "is_email_confirmed", "who_can_share_contact_card"} {
		if _, there := user[key]; !there {
			t.Errorf("the user has no %s", key)
		}
	}
	for _, key := range []string{"first_name", "last_name", "avatar_hash", "image_24", "image_72", "image_512", "status_emoji", "phone"} {
		if _, there := profile[key]; !there {
			t.Errorf("the profile has no %s", key)
		}
	}
	if profile["first_name"] != "Ada" || profile["last_name"] != "Park" {
		t.Errorf("named %v %v", profile["first_name"], profile["last_name"])
	}
}

func TestUserGroup_List_HasDates(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	group := workspace.Objects(l.wants(l.call("usergroups.list"), "")["usergroups"])[0]
	for _, key := range []string{"date_create", "date_update", "date_delete", "created_by", "updated_by", "deleted_by", "prefs"} {
		if _, there := group[key]; !there {
			t.Errorf("the group has no %s", key)
		}
	}
}

func TestMessage_OfBot_HasItsProfile(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	m, _ := l.wants(l.call("chat.postMessage", "channel", workspace.Incidents, "text", "x"), "")["message"].(object)
	profile, _ := m["bot_profile"].(object)
	if profile["id"] != workspace.BotID || profile["name"] != "Muster" || profile["team_id"] != workspace.TeamID {
		t.Errorf("the profile is %v", profile)
	}
}

func TestAPITest_AnyArgument_IsEchoed(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	args, _ := l.wants(l.call("api.test", "foo", "bar"), "")["args"].(object)
	if !maps.Equal(args, object{"foo": "bar"}) {
		t.Errorf("echoed %v", args)
	}
}

func TestUsersConversations_Tier_Is2(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	for range tiers[2] {
		l.wants(l.call("users.conversations"), "")
	}
	l.wants(l.call("users.conversations"), "ratelimited")
}

// Slack does not know what scopes a token has that it does not know.
func TestToken_Wrong_ShowsNoScopes(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	for token, want := range map[string]bool{"Bearer " + workspace.BotToken: true, "Bearer xoxb-nobody": false, "": false} {
		r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/api/pins.add", strings.NewReader(""))
		r.Header.Set("Authorization", token)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		h := l.api.testServe(r).Header()
		for _, name := range []string{"x-oauth-scopes", "x-accepted-oauth-scopes"} {
			if shown := slices.Contains(slices.Collect(maps.Keys(h)), http.CanonicalHeaderKey(name)); shown != want {
				t.Errorf("%q: %s is there: %v, want %v", token, name, shown, want)
			}
		}
	}
}
