package workspace

import (
	"maps"
	"strings"
	"time"
)

// events builds the events that the bot hears of, and publishes them.
type events struct {
	app     App
	now     func() time.Time
	state   *state
	publish func(Object)
}

// emit sends an event that the app subscribes to, of a channel that the bot is
// in; ch is nil for events of no channel.
func (e *events) emit(subscription string, ch *Channel, event Object) {
	if !e.app.hears(subscription) || ch != nil && !ch.HasMember(BotUser) {
		return
	}
	now := e.now()
	if event["event_ts"] == nil {
		event["event_ts"] = e.state.nextTS(now)
	}
	e.publish(Object{
		"token": "sandbox", "team_id": TeamID, "api_app_id": AppID, "type": "event_callback",
		"event": event, "event_id": e.state.NewID("Ev"), "event_time": now.Unix(),
		"is_ext_shared_channel": false, "event_context": "4-" + secret(8),
		"authorizations": []Object{{
			"enterprise_id": nil, "team_id": TeamID, "user_id": BotUser, "is_bot": true, "is_enterprise_install": false,
		}},
	})
}

// messageEvents are the subscriptions for messages, by a channel's kind.
var messageEvents = map[string]string{"channel": "message.channels", "group": "message.groups", "im": "message.im"}

func (e *events) message(ch *Channel, m *Message) {
	event := m.SlackJSON(ch, true)
	maps.Copy(event, Object{"channel": ch.ID, "channel_type": ch.Kind(), "event_ts": m.TS})
	e.emit(messageEvents[ch.Kind()], ch, event)
	if m.BotID == "" && m.Subtype == "" && strings.Contains(m.Text, "<@"+BotUser) && ch.IM == "" {
		mention := maps.Clone(event)
		mention["type"] = "app_mention"
		delete(mention, "channel_type")
		e.emit("app_mention", ch, mention)
	}
}

func (e *events) changed(ch *Channel, m *Message, before Object) {
	e.emit(messageEvents[ch.Kind()], ch, Object{
		"type": "message", "subtype": "message_changed", "hidden": true, "channel": ch.ID,
		"channel_type": ch.Kind(), "ts": e.state.nextTS(e.now()), "message": m.SlackJSON(ch, true), "previous_message": before,
	})
}

func (e *events) deleted(ch *Channel, m *Message) {
	if m.EphemeralTo != "" {
		return
	}
	e.emit(messageEvents[ch.Kind()], ch, Object{
		"type": "message", "subtype": "message_deleted", "hidden": true, "channel": ch.ID, "channel_type": ch.Kind(),
		"ts": e.state.nextTS(e.now()), "deleted_ts": m.TS, "previous_message": m.SlackJSON(ch, true),
	})
}

func (e *events) joined(ch *Channel, user, by string) {
	event := Object{
		"type": "member_joined_channel", "user": user, "channel": ch.ID, "channel_type": "C", "team": TeamID,
	}
	if ch.Private {
		event["channel_type"] = "G"
	}
	if by != "" {
		event["inviter"] = by
	}
	e.emit("member_joined_channel", ch, event)
}

func (e *events) reaction(kind string, ch *Channel, m *Message, user, name string) {
	e.emit(kind, ch, Object{
		"type": kind, "user": user, "reaction": name, "item_user": m.User,
		"item": Object{"type": "message", "channel": ch.ID, "ts": m.TS},
	})
}

func (e *events) pin(kind string, ch *Channel, m *Message, by string) {
	e.emit(kind, ch, Object{
		"type": kind, "user": by, "channel_id": ch.ID, "item_user": m.User,
		"pin_count": len(ch.Pins), "has_pins": len(ch.Pins) > 0,
		"item": Object{
			"type": "message", "channel": ch.ID, "created": e.now().Unix(), "created_by": by, "message": m.SlackJSON(ch, true),
		},
	})
}

// archived says that a channel is archived, or not any more: "archive" or "unarchive".
func (e *events) archived(what string, ch *Channel, by string) {
	kind := "channel_" + what
	if ch.Private {
		kind = "group_" + what
	}
	e.emit(kind, ch, Object{"type": kind, "channel": ch.ID, "user": by})
}

func (e *events) renamed(ch *Channel) {
	kind := "channel_rename"
	if ch.Private {
		kind = "group_rename"
	}
	e.emit(kind, ch, Object{
		"type": kind, "channel": Object{"id": ch.ID, "name": ch.Name, "created": ch.Created},
	})
}

func (e *events) homeOpened(user string, ch *Channel, view *View) {
	event := Object{"type": "app_home_opened", "user": user, "channel": ch.ID, "tab": "home"}
	if view != nil {
		event["view"] = view.SlackJSON()
	}
	e.emit("app_home_opened", nil, event)
}
