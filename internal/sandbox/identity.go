package sandbox

// people.go: the identity of the team, its users, user groups and the bot.

func apiTest(_ *Workspace, c *call) (object, error) {
	if code := c.args.text("error"); code != "" {
		return nil, &refusal{Code: code, Extra: object{"args": object{"error": code}}}
	}
	return object{"args": object{}}, nil
}

func authTest(w *Workspace, _ *call) (object, error) {
	return object{
		"url": w.URL() + "/", "team": team.Name, "team_id": team.ID, "user": w.user(BotUser).Name,
		"user_id": BotUser, "bot_id": BotID, "is_enterprise_install": false,
	}, nil
}

func teamInfo(w *Workspace, c *call) (object, error) {
	if id := c.args.text("team"); id != "" && id != team.ID {
		return nil, refuse("team_not_found")
	}
	return object{"team": object{
		"id": team.ID, "name": team.Name, "domain": team.Domain, "url": w.URL() + "/",
		"email_domain": "sandbox.example", "icon": object{},
	}}, nil
}

func botInfo(w *Workspace, c *call) (object, error) {
	if c.args.text("bot") != BotID {
		return nil, refuse("bot_not_found")
	}
	return object{"bot": object{
		"id": BotID, "deleted": false, "name": w.app.Name, "app_id": AppID, "user_id": BotUser, "icons": object{},
	}}, nil
}

func userInfo(w *Workspace, c *call) (object, error) {
	u := w.user(c.args.text("user"))
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return object{"user": w.profile(u)}, nil
}

// profile hides the address from an app that may not read it.
func (w *Workspace) profile(u *User) object {
	o := u.slackJSON()
	if !w.app.granted("users:read.email") {
		delete(o["profile"].(object), "email")
	}
	return o
}

func listUsers(w *Workspace, c *call) (object, error) {
	some, next, err := pageOf(c, w.users, c.args.number("limit"))
	if err != nil {
		return nil, err
	}
	members := make([]object, len(some))
	for i := range some {
		members[i] = w.profile(&some[i])
	}
	return object{"members": members, "cache_ts": w.Now().Unix(), "response_metadata": cursorMeta(next)}, nil
}

func lookupByEmail(w *Workspace, c *call) (object, error) {
	for i := range w.users {
		if u := &w.users[i]; u.Email != "" && u.Email == c.args.text("email") {
			return object{"user": w.profile(u)}, nil
		}
	}
	return nil, refuse("users_not_found")
}

func listGroups(w *Workspace, c *call) (object, error) {
	all := make([]object, len(w.groups))
	for i := range w.groups {
		all[i] = w.groups[i].slackJSON(c.args.flag("include_users"))
	}
	return object{"usergroups": all}, nil
}

func listGroupUsers(w *Workspace, c *call) (object, error) {
	g := w.group(c.args.text("usergroup"))
	if g == nil {
		return nil, refuse("no_such_subteam")
	}
	return object{"users": g.Users}, nil
}
