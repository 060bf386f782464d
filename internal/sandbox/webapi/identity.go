package webapi

import (
	"muster/internal/sandbox/refusal"
	"muster/internal/sandbox/workspace"
)

func apiTest(_ *API, c *call) (object, error) {
	if code := c.args.text("error"); code != "" {
		return nil, &refusal.Error{Code: code, Extra: object{"args": c.args}}
	}
	return object{"args": c.args}, nil
}

func authTest(a *API, _ *call) (object, error) {
	return object{
		"url": a.ws.URL + "/", "team": workspace.OwnTeam.Name, "team_id": workspace.OwnTeam.ID, "user": a.ws.User(workspace.BotUser).Name,
		"user_id": workspace.BotUser, "bot_id": workspace.BotID, "is_enterprise_install": false,
	}, nil
}

func teamInfo(a *API, c *call) (object, error) {
	if id := c.args.text("team"); id != "" && id != workspace.OwnTeam.ID {
		return nil, refusal.New("team_not_found")
	}
	return object{"team": object{
		"id": workspace.OwnTeam.ID, "name": workspace.OwnTeam.Name, "domain": workspace.OwnTeam.Domain, "url": a.ws.URL + "/",
		"email_domain": "sandbox.example", "icon": object{},
	}}, nil
}

func botInfo(a *API, c *call) (object, error) {
	if c.args.text("bot") != workspace.BotID {
		return nil, refusal.New("bot_not_found")
	}
	return object{"bot": object{
		"id": workspace.BotID, "deleted": false, "name": a.ws.App.Name, "app_id": workspace.AppID, "user_id": workspace.BotUser, "icons": object{},
	}}, nil
}

func userInfo(a *API, c *call) (object, error) {
	u := a.ws.User(c.args.text("user"))
	if u == nil {
		return nil, refusal.New("user_not_found")
	}
	return object{"user": a.profile(u)}, nil
}

// profile hides the address from an app that may not read it.
func (a *API) profile(u *workspace.User) object {
	o := u.SlackJSON()
	if !a.ws.App.Granted("users:read.email") {
		delete(o["profile"].(object), "email")
	}
	return o
}

func listUsers(a *API, c *call) (object, error) {
	some, next, err := pageOf(c, a.ws.Users, c.args.number("limit"))
	if err != nil {
		return nil, err
	}
	members := make([]object, len(some))
	for i := range some {
		members[i] = a.profile(&some[i])
	}
	return object{"members": members, "cache_ts": a.ws.Now().Unix(), "response_metadata": cursorMeta(next)}, nil
}

func lookupByEmail(a *API, c *call) (object, error) {
	for i := range a.ws.Users {
		if u := &a.ws.Users[i]; u.Email != "" && u.Email == c.args.text("email") {
			return object{"user": a.profile(u)}, nil
		}
	}
	return nil, refusal.New("users_not_found")
}

func listGroups(a *API, c *call) (object, error) {
	all := make([]object, len(a.ws.Groups))
	for i := range a.ws.Groups {
		all[i] = a.ws.Groups[i].SlackJSON(c.args.flag("include_users"))
	}
	return object{"usergroups": all}, nil
}

func listGroupUsers(a *API, c *call) (object, error) {
	g := a.ws.Group(c.args.text("usergroup"))
	if g == nil {
		return nil, refusal.New("no_such_subteam")
	}
	return object{"users": g.Users}, nil
}
