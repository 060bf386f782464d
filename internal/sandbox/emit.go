package sandbox

import (
	"maps"
	"strings"
)

// tell.go: which events the bot hears of, and their shapes.

// emit sends an event that the app subscribes to, of a channel that the bot is
// in; ch is nil for events of no channel.
func (w *Workspace) emit(subscription string, ch *Channel, event object) {
	if !w.app.hears(subscription) || ch != nil && !ch.hasMember(BotUser) {
		return
	}
	now := w.Now()
	if event["event_ts"] == nil {
		event["event_ts"] = w.state.newTS(now)
	}
	w.events.add(object{
		"token": "sandbox", "team_id": TeamID, "api_app_id": AppID, "type": "event_callback",
		"event": event, "event_id": w.state.newID("Ev"), "event_time": now.Unix(),
		"is_ext_shared_channel": false, "event_context": "4-" + secret(8),
		"authorizations": []object{{
			"enterprise_id": nil, "team_id": TeamID, "user_id": BotUser, "is_bot": true, "is_enterprise_install": false,
		}},
	})
}

// messageEvents are the subscriptions for messages, by a channel's kind.
var messageEvents = map[string]string{"channel": "message.channels", "group": "message.groups", "im": "message.im"}

func (w *Workspace) emitMessage(ch *Channel, m *Message) {
	event := m.slackJSON(ch, true)
	maps.Copy(event, object{"channel": ch.ID, "channel_type": ch.kind(), "event_ts": m.TS})
	w.emit(messageEvents[ch.kind()], ch, event)
	if m.BotID == "" && m.Subtype == "" && strings.Contains(m.Text, "<@"+BotUser) && ch.IM == "" {
		mention := maps.Clone(event)
		mention["type"] = "app_mention"
		delete(mention, "channel_type")
		w.emit("app_mention", ch, mention)
	}
}

func (w *Workspace) emitChanged(ch *Channel, m *Message, before object) {
	w.emit(messageEvents[ch.kind()], ch, object{
		"type": "message", "subtype": "message_changed", "hidden": true, "channel": ch.ID,
		"channel_type": ch.kind(), "ts": w.state.newTS(w.Now()), "message": m.slackJSON(ch, true), "previous_message": before,
	})
}

func (w *Workspace) emitDeleted(ch *Channel, m *Message) {
	if m.EphemeralTo != "" {
		return
	}
	w.emit(messageEvents[ch.kind()], ch, object{
		"type": "message", "subtype": "message_deleted", "hidden": true, "channel": ch.ID, "channel_type": ch.kind(),
		"ts": w.state.newTS(w.Now()), "deleted_ts": m.TS, "previous_message": m.slackJSON(ch, true),
	})
}

func (w *Workspace) emitJoined(ch *Channel, user, by string) {
	event := object{
		"type": "member_joined_channel", "user": user, "channel": ch.ID, "channel_type": "C", "team": TeamID,
	}
	if ch.Private {
		event["channel_type"] = "G"
	}
	if by != "" {
		event["inviter"] = by
	}
	w.emit("member_joined_channel", ch, event)
}

func (w *Workspace) emitReaction(kind string, ch *Channel, m *Message, user, name string) {
	w.emit(kind, ch, object{
		"type": kind, "user": user, "reaction": name, "item_user": m.User,
		"item": object{"type": "message", "channel": ch.ID, "ts": m.TS},
	})
}

func (w *Workspace) emitPin(kind string, ch *Channel, m *Message, by string) {
	w.emit(kind, ch, object{
		"type": kind, "user": by, "channel_id": ch.ID, "item_user": m.User,
		"pin_count": len(ch.Pins), "has_pins": len(ch.Pins) > 0,
		"item": object{
			"type": "message", "channel": ch.ID, "created": w.Now().Unix(), "created_by": by, "message": m.slackJSON(ch, true),
		},
	})
}

func (w *Workspace) emitArchived(ch *Channel, by string) {
	kind := "channel_archive"
	if ch.Private {
		kind = "group_archive"
	}
	w.emit(kind, ch, object{"type": kind, "channel": ch.ID, "user": by})
}

func (w *Workspace) emitRenamed(ch *Channel) {
	kind := "channel_rename"
	if ch.Private {
		kind = "group_rename"
	}
	w.emit(kind, ch, object{
		"type": kind, "channel": object{"id": ch.ID, "name": ch.Name, "created": ch.Created},
	})
}

func (w *Workspace) emitHomeOpened(user string, ch *Channel, view *View) {
	event := object{"type": "app_home_opened", "user": user, "channel": ch.ID, "tab": "home"}
	if view != nil {
		event["view"] = view.slackJSON()
	}
	w.emit("app_home_opened", nil, event)
}
