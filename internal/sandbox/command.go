package sandbox

import (
	"context"
	"encoding/json"
	"strings"
)

type typedCommand struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
	Command string `json:"command"`
	Text    string `json:"text"`
}

// typeCommand types a slash command and answers when the bot acknowledged it.
func (w *Workspace) typeCommand(_ context.Context, t typedCommand) (object, error) {
	if word, rest, ok := strings.Cut(t.Command, " "); ok && t.Text == "" {
		t.Command, t.Text = word, rest // typed as one line
	}
	u, ch, payload, err := w.commandPayload(t)
	if err != nil {
		return nil, err
	}
	answer, ms, err := w.hub.ask("slash_commands", payload)
	if err != nil {
		w.slackbot(ch, u, t.Command+" failed with the error \""+err.Error()+"\"")
		return failed(err, ms), nil
	}
	if err := w.commandReply(ch, u, answer); err != nil {
		w.objection("slash_commands", err, answer)
		w.slackbot(ch, u, t.Command+" failed with the error \""+err.Error()+"\"")
		return badAnswer(err, ms), nil
	}
	return object{"ok": true, "ack_ms": ms, "response": bare(answer)}, nil
}

func (w *Workspace) commandPayload(t typedCommand) (*User, *Channel, object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.actor(t.User)
	if err != nil {
		return nil, nil, nil, err
	}
	ch, err := w.composer(u, t.Channel)
	if err != nil {
		return nil, nil, nil, err
	}
	c, ok := w.app.command(t.Command)
	if !ok {
		var known []string
		for _, c := range w.app.Commands {
			known = append(known, c.Command)
		}
		return nil, nil, nil, missingf("unknown_command", "%q is not a command; the app has %s",
			t.Command, strings.Join(known, ", "))
	}
	text := strings.TrimSpace(t.Text)
	if c.Escape {
		text = w.typed(u, text, true)
	}
	return u, ch, object{
		"token": "sandbox", "team_id": TeamID, "team_domain": team.Domain, "channel_id": ch.ID,
		"channel_name": ch.label(), "user_id": u.ID, "user_name": u.Name, "command": t.Command, "text": text,
		"api_app_id": AppID, "is_enterprise_install": "false",
		"response_url": w.newResponse(ch, u.ID, ""), "trigger_id": w.newTrigger(u.ID),
	}, nil
}

// label is a channel's name as payloads give it.
func (c *Channel) label() string {
	switch {
	case c.IM != "":
		return "directmessage"
	case c.Private:
		return "privategroup"
	}
	return c.Name
}

// commandReply shows what an ack carries, or says what is wrong with it.
func (w *Workspace) commandReply(ch *Channel, u *User, answer json.RawMessage) error {
	if bare(answer) == nil {
		return nil
	}
	given, err := readReply(answer)
	if err != nil {
		return err
	}
	if given.Text == "" && given.Blocks == nil && given.Attachments == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dirty = true
	return w.say(ch, u.ID, given)
}

// slackbot tells a person, as Slack itself, that something failed.
func (w *Workspace) slackbot(ch *Channel, u *User, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.whisper(ch, u.ID, &Message{User: "USLACKBOT", Text: text})
}

// bare is an ack's payload, or nil where it says nothing: none, null, {} or "".
func bare(payload json.RawMessage) json.RawMessage {
	switch strings.TrimSpace(string(payload)) {
	case "", "null", "{}", `""`:
		return nil
	}
	return payload
}
