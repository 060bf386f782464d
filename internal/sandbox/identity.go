package sandbox

// people.go: the identity of the team, its users, user groups and the bot.

func apiTest(_ *api, c *call) (object, error) {
	if code := c.args.text("error"); code != "" {
		return nil, &refusal{Code: code, Extra: object{"args": object{"error": code}}}
	}
	return object{"args": object{}}, nil
}

func authTest(a *api, _ *call) (object, error) {
	return object{
		"url": a.ws.baseURL + "/", "team": team.Name, "team_id": team.ID, "user": a.ws.user(BotUser).Name,
		"user_id": BotUser, "bot_id": BotID, "is_enterprise_install": false,
	}, nil
}

func teamInfo(a *api, c *call) (object, error) {
	if id := c.args.text("team"); id != "" && id != team.ID {
		return nil, refuse("team_not_found")
	}
	return object{"team": object{
		"id": team.ID, "name": team.Name, "domain": team.Domain, "url": a.ws.baseURL + "/",
		"email_domain": "sandbox.example", "icon": object{},
	}}, nil
}

func botInfo(a *api, c *call) (object, error) {
	if c.args.text("bot") != BotID {
		return nil, refuse("bot_not_found")
	}
	return object{"bot": object{
		"id": BotID, "deleted": false, "name": a.ws.app.Name, "app_id": AppID, "user_id": BotUser, "icons": object{},
	}}, nil
}

func userInfo(a *api, c *call) (object, error) {
	u := a.ws.user(c.args.text("user"))
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return object{"user": a.profile(u)}, nil
}

// profile hides the address from an app that may not read it.
func (a *api) profile(u *User) object {
	o := u.slackJSON()
	if !a.ws.app.granted("users:read.email") {
		delete(o["profile"].(object), "email")
	}
	return o
}

func listUsers(a *api, c *call) (object, error) {
	some, next, err := pageOf(c, a.ws.users, c.args.number("limit"))
	if err != nil {
		return nil, err
	}
	members := make([]object, len(some))
	for i := range some {
		members[i] = a.profile(&some[i])
	}
	return object{"members": members, "cache_ts": a.ws.Now().Unix(), "response_metadata": cursorMeta(next)}, nil
}

func lookupByEmail(a *api, c *call) (object, error) {
	for i := range a.ws.users {
		if u := &a.ws.users[i]; u.Email != "" && u.Email == c.args.text("email") {
			return object{"user": a.profile(u)}, nil
		}
	}
	return nil, refuse("users_not_found")
}

func listGroups(a *api, c *call) (object, error) {
	all := make([]object, len(a.ws.groups))
	for i := range a.ws.groups {
		all[i] = a.ws.groups[i].slackJSON(c.args.flag("include_users"))
	}
	return object{"usergroups": all}, nil
}

func listGroupUsers(a *api, c *call) (object, error) {
	g := a.ws.group(c.args.text("usergroup"))
	if g == nil {
		return nil, refuse("no_such_subteam")
	}
	return object{"users": g.Users}, nil
}
