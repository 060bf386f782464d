package server

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"

	"muster/internal/sandbox/control"
	"muster/internal/sandbox/workspace"
)

func (a *userActions) sendMessage(_ context.Context, t control.Post) (object, error) {
	a.ws.Lock()
	defer a.ws.Unlock()
	u, err := actor(a.ws, t.User)
	if err != nil {
		return nil, err
	}
	ch, err := writableChannel(a.ws, u, t.Channel)
	if err != nil {
		return nil, err
	}
	if t.Text == "" {
		return nil, wrongf("no_text", "add a text")
	}
	if t.Thread != "" && !ch.StartsThread(t.Thread) {
		return nil, missingf("thread_not_found", "no thread begins at %q", t.Thread)
	}
	m := &workspace.Message{User: u.ID, Text: a.ws.ComposerText(u, t.Text, false), ThreadTS: t.Thread, ClientID: newClientID()}
	a.ws.Post(ch, m)
	a.ws.MarkDirty()
	return object{"ok": true, "channel": ch.ID, "ts": m.TS}, nil
}

// newClientID returns an ID as Slack's clients give each message.
func newClientID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])                      // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80 // a random UUID
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// markedMessage finds the message that a person reacts to or pins.
func (a *userActions) markedMessage(m control.Mark) (*workspace.User, *workspace.Channel, *workspace.Message, error) {
	u, err := actor(a.ws, m.User)
	if err != nil {
		return nil, nil, nil, err
	}
	ch, err := actableChannel(a.ws, u, m.Channel)
	if err != nil {
		return nil, nil, nil, err
	}
	found := ch.Message(m.TS)
	if found == nil {
		return nil, nil, nil, missingf("message_not_found", "no message %q in that channel", m.TS)
	}
	a.ws.MarkDirty()
	return u, ch, found, nil
}

func (a *userActions) markReaction(_ context.Context, given control.Reaction) (object, error) {
	a.ws.Lock()
	defer a.ws.Unlock()
	u, ch, m, err := a.markedMessage(control.Mark(given))
	if err != nil {
		return nil, err
	}
	if !workspace.EmojiName.MatchString(given.Name) {
		return nil, wrongf("invalid_name", "name must be an emoji's name without colons, such as \"eyes\"")
	}
	switch {
	case given.Remove && !a.ws.Unreact(ch, m, u.ID, given.Name):
		return nil, wrongf("no_reaction", "%s hasn't reacted with that", u.Name)
	case !given.Remove && !a.ws.React(ch, m, u.ID, given.Name):
		return nil, wrongf("already_reacted", "%s has already reacted with that", u.Name)
	}
	return object{"ok": true}, nil
}

func (a *userActions) markPin(_ context.Context, given control.Pin) (object, error) {
	a.ws.Lock()
	defer a.ws.Unlock()
	u, ch, m, err := a.markedMessage(control.Mark(given))
	if err != nil {
		return nil, err
	}
	switch {
	case given.Remove && !ch.Pinned(m.TS):
		return nil, wrongf("no_pin", "that message isn't pinned")
	case given.Remove:
		a.ws.Unpin(ch, m, u.ID)
	case ch.Pinned(m.TS):
		return nil, wrongf("already_pinned", "that message is already pinned")
	default:
		a.ws.Pin(ch, m, u.ID)
	}
	return object{"ok": true}, nil
}

// useShortcut uses a global shortcut, or one on a message.
func (a *userActions) useShortcut(_ context.Context, c control.Shortcut) (object, error) {
	payload, err := a.shortcutPayload(c)
	if err != nil {
		return nil, err
	}
	return a.sendInteraction(payload), nil
}

func (a *userActions) shortcutPayload(c control.Shortcut) (object, error) {
	a.ws.Lock()
	defer a.ws.Unlock()
	u, err := actor(a.ws, c.User)
	if err != nil {
		return nil, err
	}
	s, ok := a.ws.App.Shortcut(c.Callback)
	if !ok {
		return nil, missingf("unknown_shortcut", "the app has no shortcut %q", c.Callback)
	}
	if s.Type == "global" {
		payload := a.interactionPayload("shortcut", u)
		payload["callback_id"], payload["action_ts"] = s.Callback, a.ws.NewTS()
		return payload, nil
	}
	_, ch, m, err := a.markedMessage(control.Mark{User: c.User, Channel: c.Channel, TS: c.TS})
	if err != nil {
		return nil, err
	}
	payload := a.interactionPayload("message_action", u)
	maps.Copy(payload, a.messageContext(u, ch, m))
	payload["callback_id"], payload["action_ts"], payload["message_ts"] = s.Callback, a.ws.NewTS(), m.TS
	return payload, nil
}

// openHome opens the app's Home tab.
func (a *userActions) openHome(_ context.Context, v control.Home) (object, error) {
	a.ws.Lock()
	defer a.ws.Unlock()
	u, err := actor(a.ws, v.User)
	if err != nil {
		return nil, err
	}
	if !a.ws.App.Home {
		return nil, wrongf("not_enabled", "the app's manifest has no Home tab")
	}
	a.ws.OpenHome(u)
	return object{"ok": true}, nil
}

// closeView closes the modal on top, or all of them; the bot hears of those that
// asked for it.
func (a *userActions) closeView(_ context.Context, c control.Close) (object, error) {
	payloads, err := a.closeViews(c)
	if err != nil {
		return nil, err
	}
	for _, payload := range payloads {
		if _, ms, err := a.hub.SendAndWait("interactive", payload); err != nil {
			return failedAnswer(err, ms), nil
		}
	}
	return object{"ok": true}, nil
}

func (a *userActions) closeViews(c control.Close) ([]object, error) {
	a.ws.Lock()
	defer a.ws.Unlock()
	u, v, err := a.topView(c.User, c.View)
	if err != nil {
		return nil, err
	}
	gone := []*workspace.View{v}
	if c.All || v.Flag("clear_on_close") {
		gone = a.ws.Views.Stack(u.ID)
	}
	var payloads []object
	for _, v := range gone {
		a.ws.Views.Pop(v)
		if v.Flag("notify_on_close") {
			payload := a.interactionPayload("view_closed", u)
			delete(payload, "trigger_id")
			payload["view"], payload["is_cleared"] = v.SlackJSON(), len(gone) > 1
			payloads = append(payloads, payload)
		}
	}
	return payloads, nil
}

// markRead notes that a person has read all that is in a channel.
func (a *userActions) markRead(_ context.Context, e control.Read) (object, error) {
	a.ws.Lock()
	defer a.ws.Unlock()
	u, err := actor(a.ws, e.User)
	if err != nil {
		return nil, err
	}
	ch, err := visibleChannel(a.ws, u, e.Channel)
	if err != nil {
		return nil, err
	}
	a.ws.MarkRead(u, ch)
	return object{"ok": true}, nil
}
