package slack_test

import (
	"net/url"
	"testing"

	"muster/internal/notice"
	"muster/internal/outbox"
)

// room returns how conversations.info answers of a channel.
func room(facts object) method {
	facts["id"] = "C0HOME"
	return func(url.Values) object { return object{"ok": true, "channel": facts} }
}

func fine(url.Values) object { return object{"ok": true} }

func TestArchive_WhateverSlackSays_IsSuccessOnceItIsArchived(t *testing.T) {
	for name, tc := range map[string]struct {
		archive, info method
		refused       string // why; "" = it is archived
	}{
		"archived":                    {archive: fine},
		"by hand before":              {archive: refuse("already_archived")},
		"by hand, and Muster is out":  {refuse("not_in_channel"), room(object{"is_archived": true}), ""},
		"Muster was put out":          {refuse("not_in_channel"), room(object{"is_archived": false}), "Muster isn't in the channel"},
		"out, and it cannot be seen":  {refuse("not_in_channel"), refuse("channel_not_found"), "Muster isn't in the channel"},
		"without the scope":           {archive: refuse("missing_scope"), refused: "Muster's Slack app is missing a scope"},
		"by the workspace's settings": {archive: refuse("restricted_action"), refused: "the workspace doesn't let Muster do this"},
		"everybody's channel":         {archive: refuse("cant_archive_general"), refused: "Slack doesn't allow archiving this channel"},
		"a required channel":          {archive: refuse("cant_archive_required"), refused: "everyone has to be in this channel, so Slack doesn't allow archiving it"},
	} {
		w := newWorkspace(t)
		w.methods["conversations.archive"] = tc.archive
		if tc.info != nil {
			w.methods["conversations.info"] = tc.info
		}
		_, err := w.client().Send(t.Context(), delivery(notice.OpArchive))
		switch {
		case tc.refused == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case tc.refused != "":
			if v := wantVerdict[*outbox.Refused](t, err); v.Reason != tc.refused {
				t.Errorf("%s: %q", name, v.Reason)
			}
		}
	}
}

func TestUnarchive_WhateverHappenedToIt_EndsInTheChannelOrSaysWhyNot(t *testing.T) {
	archived, out, in := room(object{"is_archived": true}), room(object{"is_member": false}), room(object{"is_member": true})
	for name, tc := range map[string]struct {
		info, unarchive method
		joined          int
		refused         string
	}{
		"in use":                   {info: in},
		"unarchived by a person":   {info: out, joined: 1},
		"Slack lets Muster":        {info: archived, unarchive: fine},
		"by a person at that":      {info: archived, unarchive: refuse("not_archived"), joined: 1},
		"Slack lets no bot":        {info: archived, unarchive: refuse("not_in_channel"), refused: "it's archived, and Slack doesn't let apps unarchive channels"},
		"the settings forbid it":   {info: archived, unarchive: refuse("restricted_action"), refused: "the workspace doesn't let Muster do this"},
		"without the scope":        {info: archived, unarchive: refuse("missing_scope"), refused: "Muster's Slack app is missing a scope"},
		"deleted, or out of sight": {info: refuse("channel_not_found"), refused: "the channel doesn't exist, or Muster isn't in it"},
	} {
		w := newWorkspace(t)
		w.methods["conversations.info"], w.methods["conversations.join"] = tc.info, fine
		if tc.unarchive != nil {
			w.methods["conversations.unarchive"] = tc.unarchive
		}
		_, err := w.client().Send(t.Context(), delivery(notice.OpUnarchive))
		switch {
		case tc.refused == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case tc.refused != "":
			if v := wantVerdict[*outbox.Refused](t, err); v.Reason != tc.refused {
				t.Errorf("%s: %q", name, v.Reason)
			}
		}
		if got := len(w.forms("conversations.join")); got != tc.joined {
			t.Errorf("%s: joined %d times", name, got)
		}
	}
}

func TestUnarchive_CannotJoin_IsRefused(t *testing.T) {
	w := newWorkspace(t)
	w.methods["conversations.info"], w.methods["conversations.join"] = room(object{}), refuse("missing_scope")
	_, err := w.client().Send(t.Context(), delivery(notice.OpUnarchive))
	_ = wantVerdict[*outbox.Refused](t, err)
}
