package webapi

import (
	"muster/internal/sandbox/refusal"
	"muster/internal/sandbox/workspace"
)

// maxInvited is how many users one call may invite.
const maxInvited = 100

func listMembers(a *API, c *call) (object, error) {
	ch, err := a.channel(c, "channel")
	if err != nil {
		return nil, err
	}
	some, next, err := pageOf(c, ch.Members, c.args.number("limit"))
	if err != nil {
		return nil, err
	}
	return object{"members": some, "response_metadata": cursorMeta(next)}, nil
}

func joinChannel(a *API, c *call) (object, error) {
	ch, err := a.channel(c, "channel")
	switch {
	case err != nil:
		return nil, err
	case ch.Private:
		return nil, refusal.New("method_not_supported_for_channel_type")
	case ch.Archived:
		return nil, refusal.New("is_archived")
	}
	o := object{"channel": ch.SlackJSON(workspace.BotUser)}
	if ch.HasMember(workspace.BotUser) {
		o["warning"], o["response_metadata"] = "already_in_channel", object{"warnings": []string{"already_in_channel"}}
		return o, nil
	}
	a.ws.Join(ch, workspace.BotUser, "")
	o["channel"] = ch.SlackJSON(workspace.BotUser)
	return o, nil
}

func leaveChannel(a *API, c *call) (object, error) {
	ch, err := a.channel(c, "channel")
	switch {
	case err != nil:
		return nil, err
	case ch.IM != "":
		return nil, refusal.New("method_not_supported_for_channel_type")
	case ch.ID == workspace.General:
		return nil, refusal.New("cant_leave_general")
	case ch.Archived:
		return nil, refusal.New("is_archived")
	case !ch.HasMember(workspace.BotUser):
		return object{"not_in_channel": true}, nil
	case ch.Private && len(ch.Members) == 1:
		return nil, refusal.New("last_member")
	}
	a.ws.Leave(ch, workspace.BotUser)
	return object{}, nil
}

// inviteUsers adds people to a channel. One who cannot be added sinks the whole
// call, unless force is set; then the others come in and the answer names those
// left out.
func inviteUsers(a *API, c *call) (object, error) {
	ch, err := a.joinedChannel(c, "is_archived")
	if err != nil {
		return nil, err
	}
	users := split(c.args.text("users"))
	switch {
	case len(users) == 0:
		return nil, refusal.New("no_user")
	case len(users) > maxInvited:
		return nil, refusal.InvalidArguments("[ERROR] no more than 100 items allowed [json-pointer:/users]")
	}
	var (
		fine   []string
		failed []object
		first  string
	)
	for _, id := range users {
		code := a.cannotInvite(ch, id)
		if code == "" {
			fine = append(fine, id)
			continue
		}
		if first == "" {
			first = code
		}
		failed = append(failed, object{"user": id, "ok": false, "error": code})
	}
	if len(failed) > 0 && (len(fine) == 0 || !c.args.flag("force")) {
		return nil, &refusal.Error{Code: first, Extra: object{"errors": failed}}
	}
	for _, id := range fine {
		if !ch.HasMember(id) { // named twice
			a.ws.Join(ch, id, workspace.BotUser)
		}
	}
	o := object{"channel": ch.SlackJSON(workspace.BotUser)}
	if len(failed) > 0 {
		o["errors"] = failed
	}
	return o, nil
}

func (a *API) cannotInvite(ch *workspace.Channel, id string) string {
	switch {
	case id == workspace.BotUser:
		return "cant_invite_self"
	case a.ws.User(id) == nil:
		return "user_not_found"
	case ch.HasMember(id):
		return "already_in_channel"
	}
	return ""
}
