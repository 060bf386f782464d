package sandbox

import (
	"context"
	"maps"
	"slices"
)

// deeds.go: what people do besides commands, clicks and modals.

type messageRequest struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
	Text    string `json:"text"`
	Thread  string `json:"thread_ts"`
}

func (w *Workspace) sendMessage(_ context.Context, t messageRequest) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.actor(t.User)
	if err != nil {
		return nil, err
	}
	ch, err := w.writableChannel(u, t.Channel)
	if err != nil {
		return nil, err
	}
	if t.Text == "" {
		return nil, wrongf("no_text", "add a text")
	}
	if t.Thread != "" && !ch.startsThread(t.Thread) {
		return nil, missingf("thread_not_found", "no thread begins at %q", t.Thread)
	}
	m := &Message{User: u.ID, Text: w.composerText(u, t.Text, false), ThreadTS: t.Thread}
	w.post(ch, m)
	w.dirty = true
	return object{"ok": true, "channel": ch.ID, "ts": m.TS}, nil
}

type markRequest struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
	TS      string `json:"ts"`
	Name    string `json:"name"`
	Remove  bool   `json:"remove"` // take it back
}

// markedMessage finds the message that a person reacts to or pins.
func (w *Workspace) markedMessage(m markRequest) (*User, *Channel, *Message, error) {
	u, err := w.actor(m.User)
	if err != nil {
		return nil, nil, nil, err
	}
	ch, err := w.actableChannel(u, m.Channel)
	if err != nil {
		return nil, nil, nil, err
	}
	found := ch.message(m.TS)
	if found == nil {
		return nil, nil, nil, missingf("message_not_found", "no message %q in that channel", m.TS)
	}
	w.dirty = true
	return u, ch, found, nil
}

func (w *Workspace) markReaction(_ context.Context, given markRequest) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, ch, m, err := w.markedMessage(given)
	if err != nil {
		return nil, err
	}
	if !emojiName.MatchString(given.Name) {
		return nil, wrongf("invalid_name", "name must be an emoji's name without colons, such as \"eyes\"")
	}
	switch {
	case given.Remove && !w.unreact(ch, m, u.ID, given.Name):
		return nil, wrongf("no_reaction", "%s hasn't reacted with that", u.Name)
	case !given.Remove && !w.react(ch, m, u.ID, given.Name):
		return nil, wrongf("already_reacted", "%s has already reacted with that", u.Name)
	}
	return object{"ok": true}, nil
}

func (w *Workspace) markPin(_ context.Context, given markRequest) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, ch, m, err := w.markedMessage(given)
	if err != nil {
		return nil, err
	}
	switch {
	case given.Remove && !ch.pinned(m.TS):
		return nil, wrongf("no_pin", "that message isn't pinned")
	case given.Remove:
		w.unpin(ch, m, u.ID)
	case ch.pinned(m.TS):
		return nil, wrongf("already_pinned", "that message is already pinned")
	default:
		w.pin(ch, m, u.ID)
	}
	return object{"ok": true}, nil
}

type shortcutRequest struct {
	User     string `json:"user"`
	Callback string `json:"callback_id"`
	Channel  string `json:"channel"`
	TS       string `json:"ts"`
}

// useShortcut uses a global shortcut, or one on a message.
func (w *Workspace) useShortcut(_ context.Context, c shortcutRequest) (object, error) {
	payload, err := w.shortcutPayload(c)
	if err != nil {
		return nil, err
	}
	return w.sendInteraction(payload), nil
}

func (w *Workspace) shortcutPayload(c shortcutRequest) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.actor(c.User)
	if err != nil {
		return nil, err
	}
	s, ok := w.app.shortcut(c.Callback)
	if !ok {
		return nil, missingf("unknown_shortcut", "the app has no shortcut %q", c.Callback)
	}
	if s.Type == "global" {
		payload := w.interactionPayload("shortcut", u)
		payload["callback_id"], payload["action_ts"] = s.Callback, w.state.newTS(w.Now())
		return payload, nil
	}
	_, ch, m, err := w.markedMessage(markRequest{User: c.User, Channel: c.Channel, TS: c.TS})
	if err != nil {
		return nil, err
	}
	payload := w.interactionPayload("message_action", u)
	maps.Copy(payload, w.messageContext(u, ch, m))
	payload["callback_id"], payload["action_ts"], payload["message_ts"] = s.Callback, w.state.newTS(w.Now()), m.TS
	return payload, nil
}

type homeRequest struct {
	User string `json:"user"`
}

// openHome opens the app's Home tab.
func (w *Workspace) openHome(_ context.Context, v homeRequest) (object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.actor(v.User)
	if err != nil {
		return nil, err
	}
	if !w.app.Home {
		return nil, wrongf("not_enabled", "the app's manifest has no Home tab")
	}
	w.emitHomeOpened(u.ID, w.openDM(u.ID), w.state.Homes[u.ID])
	w.dirty = true
	return object{"ok": true}, nil
}

type closeRequest struct {
	User string `json:"user"`
	View string `json:"view_id"`
	All  bool   `json:"all"`
}

// closeView closes the modal on top, or all of them; the bot hears of those that
// asked for it.
func (w *Workspace) closeView(_ context.Context, c closeRequest) (object, error) {
	payloads, err := w.closeViews(c)
	if err != nil {
		return nil, err
	}
	for _, payload := range payloads {
		if _, ms, err := w.hub.sendAndWait("interactive", payload); err != nil {
			return failedAnswer(err, ms), nil
		}
	}
	return object{"ok": true}, nil
}

func (w *Workspace) closeViews(c closeRequest) ([]object, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, v, err := w.topView(c.User, c.View)
	if err != nil {
		return nil, err
	}
	gone := []*View{v}
	if c.All || v.flag("clear_on_close") {
		gone = slices.Clone(w.modals[u.ID])
	}
	var payloads []object
	for _, v := range gone {
		w.popView(v)
		if v.flag("notify_on_close") {
			payload := w.interactionPayload("view_closed", u)
			delete(payload, "trigger_id")
			payload["view"], payload["is_cleared"] = v.slackJSON(), len(gone) > 1
			payloads = append(payloads, payload)
		}
	}
	return payloads, nil
}
