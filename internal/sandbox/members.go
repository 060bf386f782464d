package sandbox

// maxInvited is how many users one call may invite.
const maxInvited = 100

func listMembers(a *api, c *call) (object, error) {
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

func joinChannel(a *api, c *call) (object, error) {
	ch, err := a.channel(c, "channel")
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
	a.ws.join(ch, BotUser, "")
	o["channel"] = ch.slackJSON(BotUser)
	return o, nil
}

func leaveChannel(a *api, c *call) (object, error) {
	ch, err := a.channel(c, "channel")
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
	a.ws.leave(ch, BotUser)
	return object{}, nil
}

// inviteUsers adds people to a channel. One who cannot be added sinks the whole
// call, unless force is set; then the others come in and the answer names those
// left out.
func inviteUsers(a *api, c *call) (object, error) {
	ch, err := a.joinedChannel(c, "is_archived")
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
		return nil, &refusal{Code: first, Extra: object{"errors": failed}}
	}
	for _, id := range fine {
		if !ch.hasMember(id) { // named twice
			a.ws.join(ch, id, BotUser)
		}
	}
	o := object{"channel": ch.slackJSON(BotUser)}
	if len(failed) > 0 {
		o["errors"] = failed
	}
	return o, nil
}

func (a *api) cannotInvite(ch *Channel, id string) string {
	switch {
	case id == BotUser:
		return "cant_invite_self"
	case a.ws.user(id) == nil:
		return "user_not_found"
	case ch.hasMember(id):
		return "already_in_channel"
	}
	return ""
}
