package sandbox

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"muster/internal/sandbox/blockkit"
)

const (
	maxModals    = 3       // views in a modal's stack
	maxViewBytes = 250_000 // bytes of a view's JSON
	hashBytes    = 8
)

func openView(w *Workspace, c *call) (object, error) {
	t, err := w.findTrigger(c.args.text("trigger_id"))
	if err != nil {
		return nil, err
	}
	body, err := w.readView(c, "modal", nil)
	if err != nil {
		return nil, err
	}
	t.used = true
	v := w.newView(t.user, body)
	w.modals[t.user] = []*View{v}
	return object{"view": v.slackJSON()}, nil
}

func pushView(w *Workspace, c *call) (object, error) {
	t, err := w.findTrigger(c.args.text("trigger_id"))
	if err != nil {
		return nil, err
	}
	body, err := w.readView(c, "modal", nil)
	if err != nil {
		return nil, err
	}
	v, err := w.pushView(t.user, body)
	if err != nil {
		return nil, err
	}
	t.used = true
	return object{"view": v.slackJSON()}, nil
}

// pushView puts a view on top of what a person has open.
func (w *Workspace) pushView(user string, body object) (*View, error) {
	stack := w.modals[user]
	if len(stack) == 0 {
		return nil, refuse("not_found")
	}
	if len(stack) >= maxModals {
		return nil, refuse("push_limit_reached")
	}
	v := w.newView(user, body)
	v.Root, v.Previous = stack[0].ID, stack[len(stack)-1].ID
	w.modals[user] = append(stack, v)
	return v, nil
}

func updateView(w *Workspace, c *call) (object, error) {
	var v *View
	switch id, external := c.args.text("view_id"), c.args.text("external_id"); {
	case id != "":
		v = w.viewByID(id)
	case external != "":
		v = w.viewByExternalID(external)
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
	body, err := w.readView(c, kind, v)
	if err != nil {
		return nil, err
	}
	v.replace(body)
	return object{"view": v.slackJSON()}, nil
}

func publishView(w *Workspace, c *call) (object, error) {
	user := c.args.text("user_id")
	if w.user(user) == nil {
		return nil, invalidArguments("[ERROR] invalid `user_id` [json-pointer:/user_id]")
	}
	if !w.app.Home {
		return nil, refuse("not_enabled")
	}
	v := w.state.Homes[user]
	if hash := c.args.text("hash"); v != nil && hash != "" && hash != v.Hash {
		return nil, refuse("hash_conflict")
	}
	body, err := w.readView(c, "home", v)
	if err != nil {
		return nil, err
	}
	if v == nil {
		v = w.newView(user, body)
		w.state.Homes[user] = v
	} else {
		v.replace(body)
	}
	return object{"view": v.slackJSON()}, nil
}

func (w *Workspace) newView(user string, body object) *View {
	v := &View{ID: w.state.newID("V"), User: user, Body: body, Hash: secret(hashBytes), Values: values{}}
	v.Root = v.ID
	return v
}

// replace returns a view new content. What a person entered stays where block and
// action are still there, as in Slack.
func (v *View) replace(body object) {
	v.Body, v.Hash, v.Errors = body, secret(hashBytes), nil
	blocks := v.blocks()
	for block, actions := range v.Values {
		for action := range actions {
			if _, _, ok := findElement(blocks, block, action); !ok {
				delete(actions, action)
			}
		}
	}
}

// readView checks the view argument; now is the view that it will replace.
func (w *Workspace) readView(c *call, kind string, now *View) (object, error) {
	var body object
	if c.args.decode("view", &body) != nil || body == nil {
		return nil, invalidArguments("[ERROR] must be a valid view [json-pointer:/view]")
	}
	return w.checkView(body, kind, now)
}

// checkView checks a view's size, layout and external_id, and names its blocks.
func (w *Workspace) checkView(body object, kind string, now *View) (object, error) {
	var raw bytes.Buffer
	e := json.NewEncoder(&raw)
	e.SetEscapeHTML(false) // which would weigh & and < six times
	if e.Encode(body) != nil || raw.Len() > maxViewBytes {
		return nil, refuse("view_too_large")
	}
	if given, _ := body["type"].(string); given != kind {
		return nil, invalidArguments("[ERROR] must be of type " + kind + " [json-pointer:/view/type]")
	}
	if problems := blockkit.View(body); len(problems) > 0 {
		messages := make([]string, len(problems))
		for i, p := range problems {
			messages[i] = "[ERROR] " + p.String()
		}
		return nil, invalidArguments(messages...)
	}
	if id, _ := body["external_id"].(string); id != "" {
		if other := w.viewByExternalID(id); other != nil && other != now {
			return nil, refuse("duplicate_external_id")
		}
	}
	body = maps.Clone(body)
	list, _ := body["blocks"].([]any)
	body["blocks"] = toList(w.storeBlocks(list))
	return body, nil
}

// allViews lists every view that anybody has, open modals first.
func (w *Workspace) allViews() []*View {
	var all []*View
	for _, user := range slices.Sorted(maps.Keys(w.modals)) {
		all = append(all, w.modals[user]...)
	}
	for _, user := range slices.Sorted(maps.Keys(w.state.Homes)) {
		all = append(all, w.state.Homes[user])
	}
	return all
}

func (w *Workspace) viewByID(id string) *View {
	all := w.allViews()
	if i := slices.IndexFunc(all, func(v *View) bool { return v.ID == id }); i >= 0 {
		return all[i]
	}
	return nil
}

func (w *Workspace) viewByExternalID(id string) *View {
	all := w.allViews()
	if i := slices.IndexFunc(all, func(v *View) bool { return v.Body["external_id"] == id }); i >= 0 {
		return all[i]
	}
	return nil
}

// popView closes one modal view; the one below it shows again.
func (w *Workspace) popView(v *View) {
	w.modals[v.User] = slices.DeleteFunc(w.modals[v.User], func(o *View) bool { return o == v })
	if len(w.modals[v.User]) == 0 {
		delete(w.modals, v.User)
	}
}

func (v *View) blocks() []object {
	list, _ := v.Body["blocks"].([]any)
	return objects(list)
}

func (v *View) flag(name string) bool { b, _ := v.Body[name].(bool); return b }

// objects returns the JSON objects in a list.
func objects(list any) []object {
	items, _ := list.([]any)
	all := make([]object, 0, len(items))
	for _, item := range items {
		if o, ok := item.(object); ok {
			all = append(all, o)
		}
	}
	return all
}
