package socketmode

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"muster/internal/slackjson"
)

// decode returns what a message brings, as slack-go's types.
func decode(raw []byte) (e socketmode.Event, err error) {
	e.Request = &socketmode.Request{}
	if err := json.Unmarshal(raw, e.Request); err != nil {
		return e, fmt.Errorf("decode the envelope: %w", err)
	}
	e.Type = socketmode.EventType(e.Request.Type)
	switch payload := e.Request.Payload; e.Type {
	case socketmode.EventTypeHello, socketmode.EventTypeDisconnect:
	case socketmode.EventTypeSlashCommand:
		e.Data, err = decodeAs[slack.SlashCommand](command, payload)
	case socketmode.EventTypeInteractive:
		e.Data, err = decodeAs[slack.InteractionCallback](interaction, payload)
	case socketmode.EventTypeEventsAPI:
		cut, _ := event.Cut(payload)
		e.Data, err = slackevents.ParseEvent(cut, slackevents.OptionNoVerifyToken())
	default:
		err = fmt.Errorf("unknown type %q", e.Type)
	}
	return e, err
}

// event is what is read of what happened in the workspace.
var event = slackjson.Object{
	"type": slackjson.Text, "team_id": slackjson.Text, "api_app_id": slackjson.Text, "event_id": slackjson.Text,
	"event": slackjson.Object{
		"type": slackjson.Text, "channel": slackjson.Text, "old_channel_id": slackjson.Text, "new_channel_id": slackjson.Text,
	}.Cut,
}

// command is what is read of a command.
var command = slackjson.Object{
	"api_app_id": slackjson.Text, "channel_id": slackjson.Text, "command": slackjson.Text, "response_url": slackjson.Text,
	"team_id": slackjson.Text, "text": slackjson.Text, "trigger_id": slackjson.Text, "user_id": slackjson.Text,
}

// interaction is what is read of a press of a button, a form or a shortcut. The
// message beside a button may hold anything, and is not.
var interaction = func() slackjson.Object {
	id := slackjson.Object{"id": slackjson.Text}
	option := slackjson.Object{"value": slackjson.Text}
	action := slackjson.Object{
		"type": slackjson.Text, "action_id": slackjson.Text, "block_id": slackjson.Text, "value": slackjson.Text,
		"selected_option": option.Cut, "selected_options": slackjson.List(option.Cut),
		"selected_user": slackjson.Text, "selected_users": slackjson.List(slackjson.Text),
	}
	view := slackjson.Object{
		"id": slackjson.Text, "callback_id": slackjson.Text, "private_metadata": slackjson.Text, "app_installed_team_id": slackjson.Text,
		"blocks": slackjson.List(slackjson.Object{"type": slackjson.Text, "block_id": slackjson.Text}.Cut),
		"state":  slackjson.Object{"values": slackjson.Each(slackjson.Each(action.Cut))}.Cut,
	}
	return slackjson.Object{
		"type": slackjson.Text, "api_app_id": slackjson.Text, "callback_id": slackjson.Text,
		"response_url": slackjson.Text, "trigger_id": slackjson.Text, "team": id.Cut, "channel": id.Cut,
		"user":    slackjson.Object{"id": slackjson.Text, "team_id": slackjson.Text}.Cut,
		"actions": slackjson.List(action.Cut), "view": view.Cut,
	}
}()

// decodeAs decodes what is read of a payload.
func decodeAs[T any](read slackjson.Object, payload []byte) (v T, err error) {
	cut, ok := read.Cut(payload)
	if !ok {
		return v, errors.New("the payload is no object")
	}
	err = json.Unmarshal(cut, &v)
	return v, err
}
