package sandbox

import "slices"

// maxInvited is how many users one call may invite.
const maxInvited = 100

func listMembers(w *Workspace, c *call) (object, error) {
	ch, err := w.channel(c, "channel")
	if err != nil {
		return nil, err
	}
	some, next, err := pageOf(c, ch.Members, c.args.number("limit"))
	if err != nil {
		return nil, err
	}
	return object{"members": some, "response_metadata": cursorMeta(next)}, nil
}

func joinChannel(w *Workspace, c *call) (object, error) {
	ch, err := w.channel(c, "channel")
	switch {
	case err != nil:
		return nil, err
	case ch.Private:
		return nil, refuse("method_not_supported_for_channel_type")
	case ch.Archived:
		return nil, refuse("is_archived")
	}
	o := object{"channel": ch.slackJSON(BotUser)}
	if ch.hasMember(BotUser) {
		o["warning"], o["response_metadata"] = "already_in_channel", object{"warnings": []string{"already_in_channel"}}
		return o, nil
	}
	w.join(ch, BotUser, "")
	o["channel"] = ch.slackJSON(BotUser)
	return o, nil
}

// join makes user a member; by is who invited, or "".
func (w *Workspace) join(ch *Channel, user, by string) {
	ch.Members = append(ch.Members, user)
	text := "<@" + user + "> has joined the channel"
	if by != "" {
		text = "<@" + user + "> was added to the channel by <@" + by + ">"
	}
	w.postSystemLine(ch, user, "channel_join", text)
	w.emitJoined(ch, user, by)
}

func leaveChannel(w *Workspace, c *call) (object, error) {
	ch, err := w.channel(c, "channel")
	switch {
	case err != nil:
		return nil, err
	case ch.IM != "":
		return nil, refuse("method_not_supported_for_channel_type")
	case ch.ID == General:
		return nil, refuse("cant_leave_general")
	case ch.Archived:
		return nil, refuse("is_archived")
	case !ch.hasMember(BotUser):
		return object{"not_in_channel": true}, nil
	case ch.Private && len(ch.Members) == 1:
		return nil, refuse("last_member")
	}
	w.postSystemLine(ch, BotUser, "channel_leave", "<@"+BotUser+"> has left the channel")
	ch.Members = slices.DeleteFunc(slices.Clone(ch.Members), func(id string) bool { return id == BotUser })
	return object{}, nil
}

// inviteUsers adds people to a channel. One who cannot be added sinks the whole
// call, unless force is set; then the others come in and the answer names those
// left out.
func inviteUsers(w *Workspace, c *call) (object, error) {
	ch, err := w.joinedChannel(c, "is_archived")
	if err != nil {
		return nil, err
	}
	users := split(c.args.text("users"))
	switch {
	case len(users) == 0:
		return nil, refuse("no_user")
	case len(users) > maxInvited:
		return nil, invalidArguments("[ERROR] no more than 100 items allowed [json-pointer:/users]")
	}
	var (
		fine   []string
		failed []object
		first  string
	)
	for _, id := range users {
		code := w.cannotInvite(ch, id)
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
		return nil, &refusal{Code: first, Extra: object{"errors": failed}}
	}
	for _, id := range fine {
		if !ch.hasMember(id) { // named twice
			w.join(ch, id, BotUser)
		}
	}
	o := object{"channel": ch.slackJSON(BotUser)}
	if len(failed) > 0 {
		o["errors"] = failed
	}
	return o, nil
}

func (w *Workspace) cannotInvite(ch *Channel, id string) string {
	switch {
	case id == BotUser:
		return "cant_invite_self"
	case w.user(id) == nil:
		return "user_not_found"
	case ch.hasMember(id):
		return "already_in_channel"
	}
	return ""
}
