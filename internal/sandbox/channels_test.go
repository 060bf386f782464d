package sandbox_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

// wants fails unless err is Slack's code, or nil for "".
func wants(t *testing.T, err error, code string) {
	t.Helper()
	got := ""
	if refusal, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		got = refusal.Err
	} else if err != nil {
		got = err.Error()
	}
	if got != code {
		t.Helper()
		t.Errorf("got %q, want %q", got, code)
	}
}

func TestChannel_Life_FollowsSlack(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	api := client(w)
	ws := sandboxtest.Dial(t, w.URL())
	ch, err := api.CreateConversation(slack.CreateConversationParams{ChannelName: "inc-1-payments"})
	wants(t, err, "")
	_, err = api.CreateConversation(slack.CreateConversationParams{ChannelName: "inc-1-payments"})
	wants(t, err, "name_taken")

	_, err = api.InviteUsersToConversation(ch.ID, ws.UserID("oncall"), ws.UserID("senior"))
	wants(t, err, "")
	_, err = api.InviteUsersToConversation(ch.ID, ws.UserID("oncall"), ws.UserID("ceo"))
	wants(t, err, "already_in_channel")
	_, err = api.ForceInviteUsersToConversation(ch.ID, ws.UserID("oncall"), "U0NOBODY01", ws.UserID("ceo"))
	wants(t, err, "")
	_, err = api.InviteUsersToConversation(ch.ID, workspace.BotUser)
	wants(t, err, "cant_invite_self")
	members, _, err := api.GetUsersInConversation(&slack.GetUsersInConversationParameters{ChannelID: ch.ID})
	wants(t, err, "")
	if got := strings.Join(members, " "); got != workspace.BotUser+" U0ONCALL01 U0SENIOR01 U0CEO00001" {
		t.Errorf("members: %s", got)
	}

	_, err = api.SetTopicOfConversation(ch.ID, strings.Repeat("t", 251))
	wants(t, err, "too_long")
	_, err = api.SetTopicOfConversation(ch.ID, "P1: payments down")
	wants(t, err, "")
	_, err = api.SetPurposeOfConversation(ch.ID, "INC-1")
	wants(t, err, "")
	_, err = api.AddBookmark(ch.ID, slack.AddBookmarkParameters{Title: "Runbook", Type: "link", Link: "https://example.com/r"})
	wants(t, err, "")
	_, err = api.AddBookmark(ch.ID, slack.AddBookmarkParameters{Title: "Runbook", Type: "link", Link: "ftp://example.com"})
	wants(t, err, "invalid_link")
	marks, err := api.ListBookmarks(ch.ID)
	wants(t, err, "")
	if len(marks) != 1 || ws.Channel("inc-1").Topic != "P1: payments down" {
		t.Errorf("bookmarks %v, topic %q", marks, ws.Channel("inc-1").Topic)
	}

	_, err = api.RenameConversation(ch.ID, "inc-1-fixed")
	wants(t, err, "")
	_, ts, err := api.PostMessage(ch.ID, slack.MsgOptionText("in time", false))
	wants(t, err, "")
	wants(t, api.ArchiveConversation(ch.ID), "")
	wants(t, api.ArchiveConversation(ch.ID), "already_archived")
	_, _, err = api.PostMessage(ch.ID, slack.MsgOptionText("late", false))
	wants(t, err, "is_archived")
	_, err = api.SetTopicOfConversation(ch.ID, "late")
	wants(t, err, "is_archived")
	_, err = api.InviteUsersToConversation(ch.ID, "U0CEO00001")
	wants(t, err, "is_archived")
	_, err = api.RenameConversation(ch.ID, "inc-1-late")
	wants(t, err, "is_archived")
	_, _, _, err = api.JoinConversation(ch.ID)
	wants(t, err, "is_archived")
	wants(t, api.AddPin(ch.ID, slack.NewRefToMessage(ch.ID, ts)), "restricted_action")
	wants(t, api.UnArchiveConversation(ch.ID), "not_in_channel") // as every bot
	if members := ws.Channel("inc-1-fixed").Members; len(members) != 0 {
		t.Errorf("an archived public channel keeps %v", members)
	}
	ws.Unarchive("ceo", ch.ID)
	wants(t, api.UnArchiveConversation(ch.ID), "not_archived")
	if members := ws.Channel("inc-1-fixed").Members; !slices.Equal(members, []string{"U0CEO00001"}) {
		t.Errorf("unarchived with %v", members)
	}
	_, _, _, err = api.JoinConversation(ch.ID)
	wants(t, err, "")
	wants(t, api.ArchiveConversation(workspace.General), "not_in_channel")
	_, _, _, err = api.JoinConversation(workspace.General)
	wants(t, err, "")
	wants(t, api.ArchiveConversation(workspace.General), "cant_archive_general")
	_, err = api.LeaveConversation(ch.ID)
	wants(t, err, "")
	_, err = api.SetTopicOfConversation(ch.ID, "x")
	wants(t, err, "not_in_channel")
}

func TestChannel_PrivateArchived_KeepsItsMembersWhoCanUnarchiveIt(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	api := client(w)
	ws := sandboxtest.Dial(t, w.URL())
	ws.Create("ceo", "board", true)
	ws.Invite("ceo", "muster", "board")
	ch := ws.Channel("board")
	wants(t, api.ArchiveConversation(ch.ID), "")
	wants(t, api.UnArchiveConversation(ch.ID), "not_in_channel") // as every bot
	ws.Unarchive("ceo", ch.ID)
	_, err := api.SetTopicOfConversation(ch.ID, "back")
	wants(t, err, "")
	if members := ws.Channel("board").Members; len(members) != 2 {
		t.Errorf("members %v", members)
	}
}

func TestChannel_Private_IsHiddenFromOutsiders(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	api := client(w)
	ws := sandboxtest.Dial(t, w.URL())
	ws.Create("ceo", "board", true)
	room := ws.Channel("board")
	_, err := api.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: room.ID})
	wants(t, err, "channel_not_found")
	_, _, err = api.PostMessage(room.ID, slack.MsgOptionText("x", false))
	wants(t, err, "channel_not_found")
	_, err = api.CreateConversation(slack.CreateConversationParams{ChannelName: "board"})
	wants(t, err, "name_taken")
	all, _, err := api.GetConversations(&slack.GetConversationsParameters{Types: []string{"public_channel", "private_channel"}})
	wants(t, err, "")
	for _, ch := range all {
		if ch.ID == room.ID {
			t.Error("the bot lists a private channel that it is not in")
		}
	}
	if _, err := ws.TryCommand("oncall", "board", "/incident"); err == nil || !strings.Contains(err.Error(), "403") {
		t.Errorf("somebody outside types in a private channel: %v", err)
	}
	ws.Invite("ceo", "muster", "board")
	_, err = api.GetConversationInfo(&slack.GetConversationInfoInput{ChannelID: room.ID})
	wants(t, err, "")
}

func TestHistory_PagesAndSpans_FollowSlack(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	api := client(w)
	var stamps []string
	for _, text := range []string{"a", "b", "c", "d", "e"} {
		_, ts, err := api.PostMessage(workspace.Incidents, slack.MsgOptionText(text, false), slack.MsgOptionMetadata(
			slack.SlackMetadata{EventType: "note", EventPayload: map[string]any{"key": text}}))
		wants(t, err, "")
		stamps = append(stamps, ts)
	}
	sandboxtest.Dial(t, w.URL()).Advance(time.Second) // five at once are the most
	_, _, err := api.PostMessage(workspace.Incidents, slack.MsgOptionText("reply", false), slack.MsgOptionTS(stamps[4]))
	wants(t, err, "")

	read := func(p slack.GetConversationHistoryParameters) (string, *slack.GetConversationHistoryResponse) {
		t.Helper()
		p.ChannelID = workspace.Incidents
		h, err := api.GetConversationHistory(&p)
		wants(t, err, "")
		var texts []string
		for _, m := range h.Messages {
			texts = append(texts, m.Text)
		}
		return strings.Join(texts, ""), h
	}
	got, h := read(slack.GetConversationHistoryParameters{Limit: 2, IncludeAllMetadata: true})
	if got != "ed" || !h.HasMore || h.Messages[0].Metadata.EventPayload["key"] != "e" || h.Messages[0].ReplyCount != 1 {
		t.Errorf("first page %q %+v", got, h)
	}
	got, h = read(slack.GetConversationHistoryParameters{Limit: 2, Cursor: h.ResponseMetaData.NextCursor})
	if got != "cb" || h.Messages[0].Metadata.EventType != "" {
		t.Errorf("second page %q %+v", got, h.Messages[0].Metadata)
	}
	if got, _ = read(slack.GetConversationHistoryParameters{Oldest: stamps[1], Latest: stamps[3]}); got != "c" {
		t.Errorf("exclusive span %q", got)
	}
	if got, _ = read(slack.GetConversationHistoryParameters{Oldest: stamps[1], Latest: stamps[3], Inclusive: true}); got != "dcb" {
		t.Errorf("inclusive span %q", got)
	}
	thread, _, _, err := api.GetConversationReplies(&slack.GetConversationRepliesParameters{
		ChannelID: workspace.Incidents, Timestamp: stamps[4],
	})
	wants(t, err, "")
	if len(thread) != 2 || thread[1].Text != "reply" {
		t.Errorf("thread %+v", thread)
	}
	_, err = api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: workspace.General})
	wants(t, err, "not_in_channel")
}

func TestMessage_EditPinReact_FollowSlack(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	api := client(w)
	ws := sandboxtest.Dial(t, w.URL())
	_, ts, err := api.PostMessage(workspace.Incidents, slack.MsgOptionText("one & <two>", false))
	wants(t, err, "")
	_, _, _, err = api.UpdateMessage(workspace.Incidents, ts, slack.MsgOptionText(strings.Repeat("x", 4001), false))
	wants(t, err, "msg_too_long")
	_, _, _, err = api.UpdateMessage(workspace.Incidents, ts, slack.MsgOptionText("two", false))
	wants(t, err, "")
	if m := ws.ExpectMessage("#incidents", "two"); m.Edited == nil || m.TS != ts {
		t.Errorf("not edited in place: %+v", m)
	}
	theirs := ws.Say("oncall", "#incidents", "mine")
	_, _, _, err = api.UpdateMessage(workspace.Incidents, theirs, slack.MsgOptionText("yours", false))
	wants(t, err, "cant_update_message")
	_, _, _, err = api.UpdateMessage(workspace.Incidents, "1.000000", slack.MsgOptionText("x", false))
	wants(t, err, "message_not_found")

	item := slack.NewRefToMessage(workspace.Incidents, ts)
	wants(t, api.AddPin(workspace.Incidents, item), "")
	wants(t, api.AddPin(workspace.Incidents, item), "already_pinned")
	pins, _, err := api.ListPins(workspace.Incidents)
	wants(t, err, "")
	if len(pins) != 1 || !ws.ExpectMessage("#incidents", "two").Pinned {
		t.Errorf("pins %v", pins)
	}
	wants(t, api.RemovePin(workspace.Incidents, item), "")
	wants(t, api.RemovePin(workspace.Incidents, item), "no_pin")
	wants(t, api.AddReaction("eyes", item), "")
	wants(t, api.AddReaction("eyes", item), "already_reacted")
	wants(t, api.AddReaction("Not An Emoji", item), "invalid_name")
	link, err := api.GetPermalink(&slack.PermalinkParameters{Channel: workspace.Incidents, Ts: ts})
	wants(t, err, "")
	if !strings.HasSuffix(link, "/archives/C0INCIDEN1/p"+strings.Replace(ts, ".", "", 1)) {
		t.Errorf("permalink %s", link)
	}
	_, err = api.PostEphemeral(workspace.Incidents, "U0ONCALL01", slack.MsgOptionText("psst", false))
	wants(t, err, "")
	_, err = api.PostEphemeral(workspace.Managers, "U0SUPPRT01", slack.MsgOptionText("psst", false))
	wants(t, err, "user_not_in_channel")
	ws.ExpectEphemeral("oncall", "#incidents", "psst")
	_, _, err = api.DeleteMessage(workspace.Incidents, ts)
	wants(t, err, "")
	ws.ExpectNoMessage("#incidents", "two")
}

func TestUsers_LookupsAndDMs_FollowSlack(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	api := client(w)
	ws := sandboxtest.Dial(t, w.URL())
	me, err := api.AuthTest()
	wants(t, err, "")
	if me.UserID != workspace.BotUser || me.BotID != workspace.BotID || me.TeamID != workspace.TeamID {
		t.Errorf("auth.test: %+v", me)
	}
	users, err := api.GetUsers()
	wants(t, err, "")
	if len(users) != len(workspace.People)+1 {
		t.Errorf("%d users", len(users))
	}
	_, err = api.GetUserInfo("U0NOBODY01")
	wants(t, err, "user_not_found")
	u, err := api.GetUserByEmail("techlead@sandbox.example")
	wants(t, err, "")
	if u.ID != "U0TECHLD01" {
		t.Errorf("by email: %+v", u)
	}
	members, err := api.GetUserGroupMembers(workspace.LeadsL2)
	wants(t, err, "")
	if strings.Join(members, " ") != "U0SENIOR01 U0TECHLD01" {
		t.Errorf("leads: %v", members)
	}
	_, err = api.GetUserGroupMembers("S0NOBODY01")
	wants(t, err, "no_such_subteam")

	dm, _, _, err := api.OpenConversation(&slack.OpenConversationParameters{Users: []string{"U0CEO00001"}})
	wants(t, err, "")
	_, _, err = api.PostMessage(dm.ID, slack.MsgOptionText("a digest", false))
	wants(t, err, "")
	to, _, err := api.PostMessage("U0CEO00001", slack.MsgOptionText("another", false))
	wants(t, err, "")
	if to != dm.ID || len(ws.MessagesFor("muster", "ceo")) != 2 {
		t.Errorf("posted to %s and %s", to, dm.ID)
	}
}

func TestClock_Advance_MovesTimestamps(t *testing.T) {
	dir := t.TempDir()
	w := sandboxtest.Serve(t, sandbox.Options{Data: dir})
	ws := sandboxtest.Dial(t, w.URL())
	before := ws.Now()
	ws.Say("oncall", "#general", "before")
	after := ws.Advance(90 * time.Minute)
	if d := after.Sub(before); d < 90*time.Minute || d > 91*time.Minute {
		t.Errorf("moved by %s", d)
	}
	ws.Say("oncall", "#general", "after")
	m := ws.Messages("#general")
	if m[0].TS >= m[1].TS || w.Now().Before(after) {
		t.Errorf("time went backwards: %v", m)
	}
	v, _ := raw(t, w, "POST", "api.test", "", "application/json", `{"error":"my_error"}`)
	if v["error"] != "my_error" {
		t.Errorf("api.test: %v", v)
	}
}
