package sandbox

import (
	"context"
	"maps"
	"slices"
)

type pressed struct {
	User    string  `json:"user"`
	Channel string  `json:"channel"`
	TS      string  `json:"ts"`
	View    string  `json:"view_id"`
	Block   string  `json:"block_id"`
	Action  string  `json:"action_id"`
	Value   any     `json:"value"`
	Values  typedIn `json:"values"` // what stands in a view's fields, which goes along
}

// click presses a button or picks from a menu, in a message or a view as it now is.
func (w *Workspace) click(_ context.Context, p pressed) (object, error) {
	payload, err := w.clickPayload(p)
	if err != nil {
		return nil, err
	}
	return w.interact(payload), nil
}

// interact sends what somebody did and tells how it went.
func (w *Workspace) interact(payload object) object {
	_, ms, err := w.hub.ask("interactive", payload)
	if err != nil {
		return failed(err, ms)
	}
	return object{"ok": true, "ack_ms": ms}
}

func (w *Workspace) clickPayload(p pressed) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dirty = true
	u, err := w.actor(p.User)
	switch {
	case err != nil:
		return nil, err
	case !w.app.Interactive:
		return nil, wrongf("not_interactive", "the app's manifest leaves settings.interactivity.is_enabled off, so it hears of no clicks")
	}
	if p.View != "" {
		return w.clickInView(u, p)
	}
	return w.clickInMessage(u, p)
}

func (w *Workspace) clickInMessage(u *User, p pressed) (object, error) {
	ch, err := w.place(u, p.Channel)
	if err != nil {
		return nil, err
	}
	m := ch.sent(p.TS, u.ID)
	if m == nil {
		return nil, missingf("message_not_found", "no message %q that %s sees in that channel", p.TS, u.Name)
	}
	where := placeOf(u, ch, m)
	if w.chosen[where] == nil {
		w.chosen[where] = values{}
	}
	action, err := w.act(m.layout(), w.chosen[where], p)
	if err != nil {
		return nil, err
	}
	payload := w.interaction("block_actions", u)
	container := object{
		"type": "message", "message_ts": m.TS, "channel_id": ch.ID, "is_ephemeral": m.EphemeralTo != "",
	}
	if id := m.attachment(action["block_id"]); id != nil {
		container["type"], container["attachment_id"], container["is_app_unfurl"] = "message_attachment", id, false
	}
	if m.ThreadTS != "" {
		container["thread_ts"] = m.ThreadTS
	}
	maps.Copy(payload, w.onMessage(u, ch, m))
	maps.Copy(payload, object{
		"container": container, "actions": []object{action}, "state": object{"values": held(m.layout(), w.chosen[where])},
	})
	return payload, nil
}

// placeOf is what chosen goes by: a person's menus in a message.
func placeOf(u *User, ch *Channel, m *Message) string { return u.ID + " " + ch.ID + " " + m.TS }

// onMessage is what payloads say of the message that somebody acted on.
func (w *Workspace) onMessage(u *User, ch *Channel, m *Message) object {
	o := object{
		"channel": object{"id": ch.ID, "name": ch.label()}, "response_url": w.newResponse(ch, u.ID, m.TS),
	}
	if m.EphemeralTo == "" { // Slack leaves out what only the reader has
		o["message"] = m.wire(ch, true)
	}
	return o
}

func (w *Workspace) clickInView(u *User, p pressed) (object, error) {
	v := w.view(p.View)
	if v == nil || v.User != u.ID {
		return nil, missingf("view_not_found", "%s has no view %q open", u.Name, p.View)
	}
	b, _, ok := findElement(v.blocks(), p.Block, p.Action)
	if dispatches, _ := b["dispatch_action"].(bool); ok && b["type"] == "input" && !dispatches {
		return nil, wrongf("not_dispatched", "%q is an input without dispatch_action: its value goes with submit", p.Action)
	}
	if err := w.fill(v, p.Values); err != nil {
		return nil, err
	}
	action, err := w.act(v.blocks(), v.Values, p)
	if err != nil {
		return nil, err
	}
	payload := w.interaction("block_actions", u)
	payload["container"] = object{"type": "view", "view_id": v.ID}
	payload["view"] = v.wire()
	payload["actions"] = []object{action}
	return payload, nil
}

// act finds the element, sets its value in entered, and describes the action.
func (w *Workspace) act(blocks []object, entered values, p pressed) (object, error) {
	b, e, ok := findElement(blocks, p.Block, p.Action)
	if !ok {
		return nil, missingf("action_not_found", "nothing there has the action_id %q; there are: %v", p.Action, actionsIn(blocks))
	}
	block, _ := b["block_id"].(string)
	action := object{
		"type": e["type"], "action_id": p.Action, "block_id": block, "action_ts": w.state.stamp(w.Now()),
	}
	if e["type"] == "button" {
		if p.Value != nil && p.Value != "" && p.Value != e["value"] {
			return nil, wrongf("bad_value", "the button's value is %v, not %v", e["value"], p.Value)
		}
		for _, key := range []string{"text", "value", "style", "url"} {
			if e[key] != nil {
				action[key] = e[key]
			}
		}
		return action, nil
	}
	entry, err := w.enter(e, p.Value)
	if err != nil {
		return nil, wrongf("bad_value", "%s: %v", p.Action, err)
	}
	if e["type"] != "overflow" {
		entered.set(block, p.Action, entry)
	}
	maps.Copy(action, entry)
	return action, nil
}

func actionsIn(blocks []object) []string {
	var all []string
	for _, b := range blocks {
		for _, e := range elements(b) {
			if id, _ := e["action_id"].(string); id != "" {
				all = append(all, id)
			}
		}
	}
	slices.Sort(all)
	return all
}

// interaction is what every interactive payload has in common.
func (w *Workspace) interaction(kind string, u *User) object {
	return object{
		"type": kind, "token": "sandbox", "api_app_id": AppID,
		"team":       object{"id": TeamID, "domain": team.Domain},
		"user":       object{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": TeamID},
		"enterprise": nil, "is_enterprise_install": false, "trigger_id": w.newTrigger(u.ID),
	}
}
