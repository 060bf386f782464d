package sandboxtest

import (
	"context"
	"slices"
	"strings"
	"time"

	"muster/internal/sandbox/control"
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
	return c.control.Do(context.Background(), control.Command{User: user, Channel: channel, Command: command, Text: rest}) //nolint:wrapcheck // the test sees what the interface says
}

// Click clicks the newest element with that action_id among the messages that
// user sees in a channel, once there is one.
func (c *Client) Click(user, channel, action string) Ack {
	c.tb.Helper()
	return c.Pick(user, channel, action, "")
}

// Pick returns Click for a menu: value is the option's value or how it begins, or
// a user's ID.
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
	return c.ClickMessage(user, channel, found.TS, action, option(found.Blocks, action, value))
}

// option returns the value of an element's option that begins so, for a test cannot
// know the IDs in it. Where none does, it returns what it was given.
func option(blocks []map[string]any, action, begins string) string {
	for _, b := range blocks {
		for _, e := range control.Elements(b) {
			options, _ := e["options"].([]any)
			for _, o := range options {
				one, _ := o.(map[string]any)
				value, _ := one["value"].(string)
				if e["action_id"] == action && strings.HasPrefix(value, begins) {
					return value
				}
			}
		}
	}
	return begins
}

// ClickMessage clicks an element of one message; value is for menus.
func (c *Client) ClickMessage(user, channel, ts, action, value string) Ack {
	c.tb.Helper()
	return c.do("click "+action, control.Click{User: user, Channel: channel, TS: ts, Action: action, Value: value})
}

// ClickView clicks an element of the view that user has open.
func (c *Client) ClickView(user, action, value string) Ack {
	c.tb.Helper()
	return c.do("click "+action, control.Click{User: user, View: c.OpenView(user).ID, Action: action, Value: value})
}

// Fields are what a person enters in a modal, by block_id or action_id: a text,
// an option's value or how it begins, a user's ID, or a list of values or IDs.
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
	values := control.FieldValues{}
	for name, value := range fields {
		block, action := fieldOf(v, name)
		if block == "" {
			c.tb.Fatalf("the view %q has no field %q; it says:\n%s", v.Body.Title.Text, name, v.Content())
		}
		if values[block] == nil {
			values[block] = map[string]any{}
		}
		if begins, ok := value.(string); ok {
			value = option(v.Body.Blocks, action, begins)
		}
		values[block][action] = value
	}
	return c.try(control.Submit{User: user, View: v.ID, Values: values})
}

// fieldOf finds the element behind a block_id or an action_id.
func fieldOf(v View, name string) (block, action string) {
	for _, b := range v.Body.Blocks {
		id, _ := b["block_id"].(string)
		for _, e := range control.Elements(b) {
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
	c.do("close", control.Close{User: user})
}

// Say posts a message as a person and returns its ts.
func (c *Client) Say(user, channel, text string) string {
	c.tb.Helper()
	return c.do("message", control.Post{User: user, Channel: channel, Text: text}).TS
}

// Reply posts a message as a person into a thread and returns its ts.
func (c *Client) Reply(user, channel, thread, text string) string {
	c.tb.Helper()
	return c.do("message", control.Post{User: user, Channel: channel, Text: text, Thread: thread}).TS
}

// React adds a person's reaction.
func (c *Client) React(user, channel, ts, emoji string) {
	c.tb.Helper()
	c.do("reaction", control.Reaction{User: user, Channel: channel, TS: ts, Name: emoji})
}

// Pin pins a message as a person.
func (c *Client) Pin(user, channel, ts string) {
	c.tb.Helper()
	c.do("pin", control.Pin{User: user, Channel: channel, TS: ts})
}

// Join lets a person into a public channel.
func (c *Client) Join(user, channel string) {
	c.tb.Helper()
	c.do("join", control.Join{User: user, Channel: channel})
}

// Invite lets one member bring in somebody else, the bot included.
func (c *Client) Invite(by, user, channel string) {
	c.tb.Helper()
	c.do("invite", control.Invite{By: by, User: user, Channel: channel})
}

// Create opens a channel as a person.
func (c *Client) Create(user, name string, private bool) {
	c.tb.Helper()
	c.do("create", control.Create{User: user, Name: name, Private: private})
}

// Archive archives a channel as a person.
func (c *Client) Archive(user, channel string) {
	c.tb.Helper()
	c.do("archive", control.Archive{User: user, Channel: channel})
}

// Unarchive unarchives a channel as a person.
func (c *Client) Unarchive(user, channel string) {
	c.tb.Helper()
	c.do("unarchive", control.Unarchive{User: user, Channel: channel})
}

// Rename renames a channel as a person.
func (c *Client) Rename(user, channel, name string) {
	c.tb.Helper()
	c.do("rename", control.Rename{User: user, Channel: channel, Name: name})
}

// Home opens the app's Home tab as a person.
func (c *Client) Home(user string) {
	c.tb.Helper()
	c.do("home", control.Home{User: user})
}

// Shortcut uses a global shortcut.
func (c *Client) Shortcut(user, callback string) {
	c.tb.Helper()
	c.do("shortcut", control.Shortcut{User: user, Callback: callback})
}

// MessageShortcut uses a shortcut on a message.
func (c *Client) MessageShortcut(user, channel, ts, callback string) {
	c.tb.Helper()
	c.do("shortcut", control.Shortcut{User: user, Callback: callback, Channel: channel, TS: ts})
}

// Advance moves the clock, and returns when all that came due was handled and
// delivered.
func (c *Client) Advance(d time.Duration) time.Time {
	c.tb.Helper()
	clock, err := c.control.Advance(context.Background(), d)
	c.must(err)
	return clock.Now
}

// AddUser adds somebody to the workspace: a member, a guest, or external. The ID is
// in the state.
func (c *Client) AddUser(name, account string) {
	c.tb.Helper()
	c.do("add "+name, control.AddUser{Name: name, Account: account})
}

// Envelope sends the bot a payload as it stands.
func (c *Client) Envelope(kind string, payload map[string]any) Ack {
	c.tb.Helper()
	return c.do("send "+kind, control.Envelope{Type: kind, Payload: payload})
}
