package sandbox

func openView(a *api, c *call) (object, error) {
	t, err := a.ws.triggers.find(c.args.text("trigger_id"))
	if err != nil {
		return nil, err
	}
	body, err := a.readView(c, "modal", nil)
	if err != nil {
		return nil, err
	}
	t.used = true
	return object{"view": a.ws.views.open(t.user, body).slackJSON()}, nil
}

func pushView(a *api, c *call) (object, error) {
	t, err := a.ws.triggers.find(c.args.text("trigger_id"))
	if err != nil {
		return nil, err
	}
	body, err := a.readView(c, "modal", nil)
	if err != nil {
		return nil, err
	}
	v, err := a.ws.views.push(t.user, body)
	if err != nil {
		return nil, err
	}
	t.used = true
	return object{"view": v.slackJSON()}, nil
}

func updateView(a *api, c *call) (object, error) {
	var v *View
	switch id, external := c.args.text("view_id"), c.args.text("external_id"); {
	case id != "":
		v = a.ws.views.byID(id)
	case external != "":
		v = a.ws.views.byExternalID(external)
	default:
		return nil, invalidArguments("[ERROR] missing required field: view_id")
	}
	if v == nil {
		return nil, refuse("not_found")
	}
	if hash := c.args.text("hash"); hash != "" && hash != v.Hash {
		return nil, refuse("hash_conflict")
	}
	kind, _ := v.Body["type"].(string)
	body, err := a.readView(c, kind, v)
	if err != nil {
		return nil, err
	}
	v.replace(body)
	return object{"view": v.slackJSON()}, nil
}

func publishView(a *api, c *call) (object, error) {
	user := c.args.text("user_id")
	if a.ws.user(user) == nil {
		return nil, invalidArguments("[ERROR] invalid `user_id` [json-pointer:/user_id]")
	}
	if !a.ws.app.Home {
		return nil, refuse("not_enabled")
	}
	v := a.ws.views.homeOf(user)
	if hash := c.args.text("hash"); v != nil && hash != "" && hash != v.Hash {
		return nil, refuse("hash_conflict")
	}
	body, err := a.readView(c, "home", v)
	if err != nil {
		return nil, err
	}
	return object{"view": a.ws.views.publishHome(user, body).slackJSON()}, nil
}

// readView checks the view argument; now is the view that it will replace.
func (a *api) readView(c *call, kind string, now *View) (object, error) {
	var body object
	if c.args.decode("view", &body) != nil || body == nil {
		return nil, invalidArguments("[ERROR] must be a valid view [json-pointer:/view]")
	}
	return a.ws.views.check(body, kind, now)
}
