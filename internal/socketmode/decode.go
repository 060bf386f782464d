package socketmode

import (
	"encoding/json"
	"fmt"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
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
		e.Data, err = decodeAs[slack.SlashCommand](payload)
	case socketmode.EventTypeInteractive:
		e.Data, err = decodeAs[slack.InteractionCallback](payload)
	case socketmode.EventTypeEventsAPI:
		e.Data, err = slackevents.ParseEvent(payload, slackevents.OptionNoVerifyToken())
	default:
		err = fmt.Errorf("unknown type %q", e.Type)
	}
	return e, err
}

func decodeAs[T any](payload []byte) (v T, err error) {
	err = json.Unmarshal(payload, &v)
	return v, err
}
