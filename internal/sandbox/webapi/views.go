package webapi

import (
	"muster/internal/sandbox/refusal"
	"muster/internal/sandbox/workspace"
)

func openView(a *API, c *call) (object, error) {
	t, err := a.ws.Triggers.Find(c.args.text("trigger_id"))
	if err != nil {
		return nil, err
	}
	body, err := a.readView(c, "modal", nil)
	if err != nil {
		return nil, err
	}
	t.Used = true
	return object{"view": a.ws.Views.Open(t.User, body).SlackJSON()}, nil
}

func pushView(a *API, c *call) (object, error) {
	t, err := a.ws.Triggers.Find(c.args.text("trigger_id"))
	if err != nil {
		return nil, err
	}
	body, err := a.readView(c, "modal", nil)
	if err != nil {
		return nil, err
	}
	v, err := a.ws.Views.Push(t.User, body)
	if err != nil {
		return nil, err
	}
	t.Used = true
	return object{"view": v.SlackJSON()}, nil
}

func updateView(a *API, c *call) (object, error) {
	var v *workspace.View
	switch id, external := c.args.text("view_id"), c.args.text("external_id"); {
	case id != "":
		v = a.ws.Views.ByID(id)
	case external != "":
		v = a.ws.Views.ByExternalID(external)
	default:
		return nil, refusal.InvalidArguments("[ERROR] missing required field: view_id")
	}
	if v == nil {
		return nil, refusal.New("not_found")
	}
	if hash := c.args.text("hash"); hash != "" && hash != v.Hash {
		return nil, refusal.New("hash_conflict")
	}
	kind, _ := v.Body["type"].(string)
	body, err := a.readView(c, kind, v)
	if err != nil {
		return nil, err
	}
	v.Replace(body)
	return object{"view": v.SlackJSON()}, nil
}

func publishView(a *API, c *call) (object, error) {
	user := c.args.text("user_id")
	if a.ws.User(user) == nil {
		return nil, refusal.InvalidArguments("[ERROR] invalid `user_id` [json-pointer:/user_id]")
	}
	if !a.ws.App.Home {
		return nil, refusal.New("not_enabled")
	}
	v := a.ws.Views.HomeOf(user)
	if hash := c.args.text("hash"); v != nil && hash != "" && hash != v.Hash {
		return nil, refusal.New("hash_conflict")
	}
	body, err := a.readView(c, "home", v)
	if err != nil {
		return nil, err
	}
	return object{"view": a.ws.Views.PublishHome(user, body).SlackJSON()}, nil
}

// readView checks the view argument; now is the view that it will replace.
func (a *API) readView(c *call, kind string, now *workspace.View) (object, error) {
	var body object
	if c.args.decode("view", &body) != nil || body == nil {
		return nil, refusal.InvalidArguments("[ERROR] must be a valid view [json-pointer:/view]")
	}
	return a.ws.Views.Check(body, kind, now)
}
