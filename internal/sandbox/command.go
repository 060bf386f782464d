package sandbox

import (
	"context"
	"encoding/json"
	"strings"
)

type commandRequest struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
	Command string `json:"command"`
	Text    string `json:"text"`
}

// runCommand types a slash command and answers when the bot acknowledged it.
func (w *Workspace) runCommand(_ context.Context, t commandRequest) (object, error) {
	if word, rest, ok := strings.Cut(t.Command, " "); ok && t.Text == "" {
		t.Command, t.Text = word, rest // typed as one line
	}
	u, ch, payload, err := w.commandPayload(t)
	if err != nil {
		return nil, err
	}
	answer, ms, err := w.hub.sendAndWait("slash_commands", payload)
	if err != nil {
		w.slackbot(ch, u, t.Command+" failed with the error \""+err.Error()+"\"")
		return failedAnswer(err, ms), nil
	}
	if err := w.commandReply(ch, u, answer); err != nil {
		w.reportBadAck("slash_commands", err, answer)
		w.slackbot(ch, u, t.Command+" failed with the error \""+err.Error()+"\"")
		return badAckAnswer(err, ms), nil
	}
	return object{"ok": true, "ack_ms": ms, "response": ackPayload(answer)}, nil
}

func (w *Workspace) commandPayload(t commandRequest) (*User, *Channel, object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.actor(t.User)
	if err != nil {
		return nil, nil, nil, err
	}
	ch, err := w.writableChannel(u, t.Channel)
	if err != nil {
		return nil, nil, nil, err
	}
	c, ok := w.app.command(t.Command)
	if !ok {
		var known []string
		for _, c := range w.app.Commands {
			known = append(known, c.Command)
		}
		return nil, nil, nil, missingf("unknown_command", "%q isn't a command; the app has %s",
			t.Command, strings.Join(known, ", "))
	}
	text := strings.TrimSpace(t.Text)
	if c.Escape {
		text = w.composerText(u, text, true)
	}
	return u, ch, object{
		"token": "sandbox", "team_id": TeamID, "team_domain": team.Domain, "channel_id": ch.ID,
		"channel_name": ch.label(), "user_id": u.ID, "user_name": u.Name, "command": t.Command, "text": text,
		"api_app_id": AppID, "is_enterprise_install": "false",
		"response_url": w.newResponseURL(ch, u.ID, ""), "trigger_id": w.newTrigger(u.ID),
	}, nil
}

// label returns a channel's name as payloads give it.
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
	if ackPayload(answer) == nil {
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
	return w.postReply(ch, u.ID, given)
}

// slackbot tells a person, as Slack itself, that something failed.
func (w *Workspace) slackbot(ch *Channel, u *User, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.postEphemeral(ch, u.ID, &Message{User: "USLACKBOT", Text: text})
}

// ackPayload returns an ack's payload, or nil where it says nothing: none, null, {} or "".
func ackPayload(payload json.RawMessage) json.RawMessage {
	switch strings.TrimSpace(string(payload)) {
	case "", "null", "{}", `""`:
		return nil
	}
	return payload
}
