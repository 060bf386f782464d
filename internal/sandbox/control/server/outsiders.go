package server

import (
	"context"
	"regexp"

	"muster/internal/sandbox/control"
	"muster/internal/sandbox/socketmode"
	"muster/internal/sandbox/workspace"
)

var handle = regexp.MustCompile(`^[a-z0-9._-]{1,21}$`)

// addUser adds somebody to the workspace. Members come into the channel for all,
// guests and people of other organizations into those to which they are invited.
func (a *userActions) addUser(_ context.Context, given control.AddUser) (object, error) {
	u := workspace.User{Name: given.Name, RealName: given.RealName, Email: given.Name + "@sandbox.example"}
	if u.RealName == "" {
		u.RealName = u.Name
	}
	switch given.Account {
	case "", "member":
	case "guest":
		u.Guest = true
	case "external":
		u.Team, u.Email = workspace.Partner, given.Name+"@partner.example"
	default:
		return nil, wrongf("bad_account", "account is %q; it has to be member, guest or external", given.Account)
	}
	a.ws.Lock()
	defer a.ws.Unlock()
	switch {
	case !handle.MatchString(u.Name):
		return nil, wrongf("bad_name", "name has to be a handle: up to 21 of a-z, 0-9, dot, hyphen and underscore")
	case a.ws.FindUser(u.Name) != nil:
		return nil, wrongf("name_taken", "there is a user %q already", u.Name)
	}
	added := a.ws.AddUser(u)
	if general := a.ws.Channel(workspace.General); !u.Guest && u.Team == "" {
		a.ws.Join(general, added.ID, "")
	}
	return object{"ok": true, "user": added.ID}, nil
}

// sendEnvelope sends the bot a payload as it stands.
func (a *userActions) sendEnvelope(_ context.Context, e control.Envelope) (object, error) {
	switch e.Type {
	case "slash_commands", "interactive", "events_api":
	default:
		return nil, wrongf("bad_type", "type is %q; it has to be slash_commands, interactive or events_api", e.Type)
	}
	answer, ms, err := a.hub.SendAndWait(e.Type, e.Payload)
	if err != nil {
		return failedAnswer(err, ms), nil
	}
	return object{"ok": true, "ack_ms": ms, "response": socketmode.AckPayload(answer)}, nil
}
