package server

import (
	"context"
	"encoding/json"
	"strings"

	"muster/internal/sandbox/control"
	"muster/internal/sandbox/socketmode"
	"muster/internal/sandbox/traffic"
	"muster/internal/sandbox/workspace"
)

// userActions are what people do in the workspace, by the control interface.
type userActions struct {
	ws      *workspace.Workspace
	hub     *socketmode.Hub
	traffic *traffic.Log
}

// runCommand types a slash command and answers when the bot acknowledged it.
func (a *userActions) runCommand(_ context.Context, t control.Command) (object, error) {
	if word, rest, ok := strings.Cut(t.Command, " "); ok && t.Text == "" {
		t.Command, t.Text = word, rest // typed as one line
	}
	u, ch, payload, err := a.commandPayload(t)
	if err != nil {
		return nil, err
	}
	answer, ms, err := a.hub.SendAndWait("slash_commands", payload)
	if err != nil {
		a.slackbot(ch, u, t.Command+" failed with the error \""+err.Error()+"\"")
		return failedAnswer(err, ms), nil
	}
	if err := a.commandReply(ch, u, answer); err != nil {
		a.reportBadAck("slash_commands", err, answer)
		a.slackbot(ch, u, t.Command+" failed with the error \""+err.Error()+"\"")
		return badAckAnswer(err, ms), nil
	}
	return object{"ok": true, "ack_ms": ms, "response": socketmode.AckPayload(answer)}, nil
}

func (a *userActions) commandPayload(t control.Command) (*workspace.User, *workspace.Channel, object, error) {
	a.ws.Lock()
	defer a.ws.Unlock()
	u, err := actor(a.ws, t.User)
	if err != nil {
		return nil, nil, nil, err
	}
	ch, err := writableChannel(a.ws, u, t.Channel)
	switch {
	case err != nil:
		return nil, nil, nil, err
	case u.Team != "":
		return nil, nil, nil, forbidf("external", "%s is from another organization, whom Slack lets use no slash command here", u.Name)
	}
	c, ok := a.ws.App.Command(t.Command)
	if !ok {
		var known []string
		for _, c := range a.ws.App.Commands {
			known = append(known, c.Command)
		}
		return nil, nil, nil, missingf("unknown_command", "%q isn't a command; the app has %s",
			t.Command, strings.Join(known, ", "))
	}
	text := strings.TrimSpace(t.Text)
	if c.Escape {
		text = a.ws.ComposerText(u, text, true)
	}
	return u, ch, object{
		"token": "sandbox", "team_id": workspace.TeamID, "team_domain": workspace.OwnTeam.Domain, "channel_id": ch.ID,
		"channel_name": ch.Label(), "user_id": u.ID, "user_name": u.Name, "command": t.Command, "text": text,
		"api_app_id": workspace.AppID, "is_enterprise_install": "false",
		"response_url": a.ws.NewResponseURL(ch, u.ID, ""), "trigger_id": a.ws.Triggers.Create(u.ID),
	}, nil
}

// commandReply shows what an ack carries, or says what is wrong with it.
func (a *userActions) commandReply(ch *workspace.Channel, u *workspace.User, answer json.RawMessage) error {
	if socketmode.AckPayload(answer) == nil {
		return nil
	}
	given, err := workspace.ReadReply(answer)
	if err != nil {
		return err
	}
	if given.Text == "" && given.Blocks == nil && given.Attachments == nil {
		return nil
	}
	a.ws.Lock()
	defer a.ws.Unlock()
	a.ws.MarkDirty()
	return a.ws.PostReply(ch, u.ID, given)
}

// slackbot says to a person, as Slack itself, that something failed.
func (a *userActions) slackbot(ch *workspace.Channel, u *workspace.User, text string) {
	a.ws.Lock()
	defer a.ws.Unlock()
	a.ws.PostEphemeral(ch, u.ID, &workspace.Message{User: "USLACKBOT", Text: text})
}
