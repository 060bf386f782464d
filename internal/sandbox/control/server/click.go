package server

import (
	"context"
	"maps"
	"slices"

	"muster/internal/sandbox/control"
	"muster/internal/sandbox/workspace"
)

// click presses a button or picks from a menu, in a message or a view as it now is.
func (a *userActions) click(_ context.Context, p control.Click) (object, error) {
	payload, err := a.clickPayload(p)
	if err != nil {
		return nil, err
	}
	return a.sendInteraction(payload), nil
}

// sendInteraction sends what somebody did, and returns how it went.
func (a *userActions) sendInteraction(payload object) object {
	_, ms, err := a.hub.SendAndWait("interactive", payload)
	if err != nil {
		return failedAnswer(err, ms)
	}
	return object{"ok": true, "ack_ms": ms}
}

func (a *userActions) clickPayload(p control.Click) (object, error) {
	a.ws.Lock()
	defer a.ws.Unlock()
	a.ws.MarkDirty()
	u, err := actor(a.ws, p.User)
	switch {
	case err != nil:
		return nil, err
	case !a.ws.App.Interactive:
		return nil, wrongf("not_interactive", "turn on settings.interactivity.is_enabled in the app's manifest to send it clicks")
	}
	if p.View != "" {
		return a.clickInView(u, p)
	}
	return a.clickInMessage(u, p)
}

func (a *userActions) clickInMessage(u *workspace.User, p control.Click) (object, error) {
	ch, err := actableChannel(a.ws, u, p.Channel)
	if err != nil {
		return nil, err
	}
	m := ch.VisibleMessage(p.TS, u.ID)
	if m == nil {
		return nil, missingf("message_not_found", "no message %q that %s sees in that channel", p.TS, u.Name)
	}
	menus := a.ws.MenusIn(u, ch, m)
	action, err := a.performAction(m.AllBlocks(), menus, p)
	if err != nil {
		return nil, err
	}
	a.ws.SetMenus(u, ch, m, menus)
	payload := a.interactionPayload("block_actions", u)
	container := object{
		"type": "message", "message_ts": m.TS, "channel_id": ch.ID, "is_ephemeral": m.EphemeralTo != "",
	}
	if id := m.AttachmentOf(action["block_id"]); id != nil {
		container["type"], container["attachment_id"], container["is_app_unfurl"] = "message_attachment", id, false
	}
	if m.ThreadTS != "" {
		container["thread_ts"] = m.ThreadTS
	}
	maps.Copy(payload, a.messageContext(u, ch, m))
	maps.Copy(payload, object{
		"container": container, "actions": []object{action}, "state": object{"values": workspace.ValuesOf(m.AllBlocks(), menus)},
	})
	return payload, nil
}

// messageContext returns what payloads say of the message that somebody acted on.
func (a *userActions) messageContext(u *workspace.User, ch *workspace.Channel, m *workspace.Message) object {
	o := object{
		"channel": object{"id": ch.ID, "name": ch.Label()}, "response_url": a.ws.NewResponseURL(ch, u.ID, m.TS),
	}
	if m.EphemeralTo == "" { // Slack leaves out what only the reader has
		o["message"] = m.SlackJSON(ch, true)
	}
	return o
}

func (a *userActions) clickInView(u *workspace.User, p control.Click) (object, error) {
	v := a.ws.Views.ByID(p.View)
	if v == nil || v.User != u.ID {
		return nil, missingf("view_not_found", "%s has no view %q open", u.Name, p.View)
	}
	b, _, ok := workspace.FindElement(v.Blocks(), p.Block, p.Action)
	if dispatches, _ := b["dispatch_action"].(bool); ok && b["type"] == "input" && !dispatches {
		return nil, wrongf("not_dispatched", "%q is an input without dispatch_action; its value is sent with submit", p.Action)
	}
	if err := a.fillFields(v, p.Values); err != nil {
		return nil, err
	}
	action, err := a.performAction(v.Blocks(), v.Values, p)
	if err != nil {
		return nil, err
	}
	payload := a.interactionPayload("block_actions", u)
	payload["container"] = object{"type": "view", "view_id": v.ID}
	payload["view"] = v.SlackJSON()
	payload["actions"] = []object{action}
	return payload, nil
}

// performAction finds the element, sets its value in entered, and describes the action.
func (a *userActions) performAction(blocks []object, entered workspace.Values, p control.Click) (object, error) {
	b, e, ok := workspace.FindElement(blocks, p.Block, p.Action)
	if !ok {
		return nil, missingf("action_not_found", "no element has the action_id %q; there are: %v", p.Action, actionsIn(blocks))
	}
	block, _ := b["block_id"].(string)
	action := object{
		"type": e["type"], "action_id": p.Action, "block_id": block, "action_ts": a.ws.NewTS(),
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
	entry, err := a.ws.ParseEntry(e, p.Value)
	if err != nil {
		return nil, wrongf("bad_value", "%s: %v", p.Action, err)
	}
	if e["type"] != "overflow" {
		entered.Set(block, p.Action, entry)
	}
	maps.Copy(action, entry)
	return action, nil
}

func actionsIn(blocks []object) []string {
	var all []string
	for _, b := range blocks {
		for _, e := range workspace.Elements(b) {
			if id, _ := e["action_id"].(string); id != "" {
				all = append(all, id)
			}
		}
	}
	slices.Sort(all)
	return all
}

// interactionPayload returns what every interactive payload has in common.
func (a *userActions) interactionPayload(kind string, u *workspace.User) object {
	return object{
		"type": kind, "token": "sandbox", "api_app_id": workspace.AppID,
		"team":       object{"id": workspace.TeamID, "domain": workspace.OwnTeam.Domain},
		"user":       object{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": u.TeamID()},
		"enterprise": nil, "is_enterprise_install": false, "trigger_id": a.ws.Triggers.Create(u.ID),
	}
}
