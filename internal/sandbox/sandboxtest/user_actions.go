package sandboxtest

import (
	"slices"
	"strings"
	"time"
)

// Command types a slash command, such as "/incident list"; the test fails when
// the bot does not acknowledge it.
func (c *Client) Command(user, channel, text string) Ack {
	c.tb.Helper()
	ack, err := c.TryCommand(user, channel, text)
	c.must(err)
	return c.mustSucceed(ack, text)
}

// TryCommand types a slash command that may fail.
func (c *Client) TryCommand(user, channel, text string) (Ack, error) {
	command, rest, _ := strings.Cut(text, " ")
	var ack Ack
	err := c.post(&ack, "command", map[string]string{
		"user": user, "channel": channel, "command": command, "text": rest,
	})
	return ack, err
}

func (c *Client) mustSucceed(ack Ack, what string) Ack {
	c.tb.Helper()
	if !ack.OK {
		c.tb.Fatalf("%s failed: %s %s %v", what, ack.Error, ack.Detail, ack.Errors)
	}
	return ack
}

// Click clicks the newest element with that action_id among the messages that
// user sees in a channel, once there is one.
func (c *Client) Click(user, channel, action string) Ack {
	c.tb.Helper()
	return c.Pick(user, channel, action, "")
}

// Pick returns Click for a menu: value is the option's value, or a user's ID.
func (c *Client) Pick(user, channel, action, value string) Ack {
	c.tb.Helper()
	var found Message
	ok := c.await(c.patience, func() bool {
		for _, m := range slices.Backward(c.MessagesFor(channel, user)) {
			if m.Has(action) {
				found = m
				return true
			}
		}
		return false
	})
	if !ok {
		c.tb.Fatalf("%s sees no %s in %s; there was:\n%s", user, action, channel, c.dump(channel))
	}
	return c.ClickMessage(user, channel, found.TS, action, value)
}

// ClickMessage clicks an element of one message; value is for menus.
func (c *Client) ClickMessage(user, channel, ts, action, value string) Ack {
	c.tb.Helper()
	var ack Ack
	c.must(c.post(&ack, "click", map[string]string{
		"user": user, "channel": channel, "ts": ts, "action_id": action, "value": value,
	}))
	return c.mustSucceed(ack, "click "+action)
}

// ClickView clicks an element of the view that user has open.
func (c *Client) ClickView(user, action, value string) Ack {
	c.tb.Helper()
	var ack Ack
	c.must(c.post(&ack, "click", map[string]string{
		"user": user, "view_id": c.OpenView(user).ID, "action_id": action, "value": value,
	}))
	return c.mustSucceed(ack, "click "+action)
}

// Fields are what a person enters in a modal, by block_id or action_id: a text,
// an option's value, a user's ID, or a list of these.
type Fields map[string]any

// Submit submits the modal that user has open; the test fails when the bot does
// not acknowledge it. Mistakes that come back are in the Ack.
func (c *Client) Submit(user string, fields Fields) Ack {
	c.tb.Helper()
	ack := c.TrySubmit(user, fields)
	if !ack.OK && len(ack.Errors) == 0 {
		c.mustSucceed(ack, "submit")
	}
	return ack
}

// TrySubmit submits the modal that user has open; it may fail.
func (c *Client) TrySubmit(user string, fields Fields) Ack {
	c.tb.Helper()
	v := c.OpenView(user)
	values := map[string]map[string]any{}
	for name, value := range fields {
		block, action := v.field(name)
		if block == "" {
			c.tb.Fatalf("the view %q has no field %q; it says:\n%s", v.Body.Title.Text, name, v.Content())
		}
		if values[block] == nil {
			values[block] = map[string]any{}
		}
		values[block][action] = value
	}
	var ack Ack
	c.must(c.post(&ack, "submit", map[string]any{"user": user, "view_id": v.ID, "values": values}))
	return ack
}

// field finds the element behind a block_id or an action_id.
func (v View) field(name string) (block, action string) {
	for _, b := range v.Body.Blocks {
		id, _ := b["block_id"].(string)
		for _, e := range elements(b) {
			a, _ := e["action_id"].(string)
			if id == name || a == name {
				return id, a
			}
		}
	}
	return "", ""
}

// CloseView closes the modal on top of what user has open.
func (c *Client) CloseView(user string) {
	c.tb.Helper()
	c.do("close", map[string]any{"user": user})
}

// Say posts a message as a person and returns its ts.
func (c *Client) Say(user, channel, text string) string {
	c.tb.Helper()
	return c.do("message", map[string]any{"user": user, "channel": channel, "text": text})
}

// Reply posts a message as a person into a thread and returns its ts.
func (c *Client) Reply(user, channel, thread, text string) string {
	c.tb.Helper()
	return c.do("message", map[string]any{"user": user, "channel": channel, "text": text, "thread_ts": thread})
}

// React adds a person's reaction.
func (c *Client) React(user, channel, ts, emoji string) {
	c.tb.Helper()
	c.do("reaction", map[string]any{"user": user, "channel": channel, "ts": ts, "name": emoji})
}

// Pin pins a message as a person.
func (c *Client) Pin(user, channel, ts string) {
	c.tb.Helper()
	c.do("pin", map[string]any{"user": user, "channel": channel, "ts": ts})
}

// Join lets a person into a public channel.
func (c *Client) Join(user, channel string) {
	c.tb.Helper()
	c.do("join", map[string]any{"user": user, "channel": channel})
}

// Invite lets one member bring in somebody else, the bot included.
func (c *Client) Invite(by, user, channel string) {
	c.tb.Helper()
	c.do("invite", map[string]any{"by": by, "user": user, "channel": channel})
}

// Create opens a channel as a person.
func (c *Client) Create(user, name string, private bool) {
	c.tb.Helper()
	c.do("create", map[string]any{"user": user, "name": name, "private": private})
}

// Archive archives a channel as a person.
func (c *Client) Archive(user, channel string) {
	c.tb.Helper()
	c.do("archive", map[string]any{"user": user, "channel": channel})
}

// Rename renames a channel as a person.
func (c *Client) Rename(user, channel, name string) {
	c.tb.Helper()
	c.do("rename", map[string]any{"user": user, "channel": channel, "name": name})
}

// Home opens the app's Home tab as a person.
func (c *Client) Home(user string) {
	c.tb.Helper()
	c.do("home", map[string]any{"user": user})
}

// Shortcut uses a global shortcut.
func (c *Client) Shortcut(user, callback string) {
	c.tb.Helper()
	c.do("shortcut", map[string]any{"user": user, "callback_id": callback})
}

// MessageShortcut uses a shortcut on a message.
func (c *Client) MessageShortcut(user, channel, ts, callback string) {
	c.tb.Helper()
	c.do("shortcut", map[string]any{"user": user, "channel": channel, "ts": ts, "callback_id": callback})
}

// Advance moves the clock, and returns when all that came due was handled and
// delivered.
func (c *Client) Advance(d time.Duration) time.Time {
	c.tb.Helper()
	var v struct{ Now time.Time }
	c.must(c.post(&v, "clock", map[string]string{"advance": d.String()}))
	return v.Now
}

// do does something that needs no answer but success, and a new message's ts.
func (c *Client) do(path string, body map[string]any) string {
	c.tb.Helper()
	var v struct {
		Ack
		TS string `json:"ts"`
	}
	c.must(c.post(&v, path, body))
	c.mustSucceed(v.Ack, path)
	return v.TS
}
