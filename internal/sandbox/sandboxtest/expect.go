package sandboxtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/internal/sandbox/control"
)

// State returns the whole workspace but the messages.
func (c *Client) State() State {
	c.tb.Helper()
	s, err := c.control.State(context.Background())
	c.must(err)
	return s
}

// Now returns the workspace's clock.
func (c *Client) Now() time.Time {
	c.tb.Helper()
	return c.clock().Now
}

// Next returns what comes due next, nil if nothing does.
func (c *Client) Next() *Due {
	c.tb.Helper()
	return c.clock().Next
}

// Messages returns all messages of a channel, oldest first, everybody's ephemeral
// ones included; what Slack itself notes (who joined, a new topic) is left out.
func (c *Client) Messages(channel string) []Message {
	c.tb.Helper()
	return c.MessagesFor(channel, "")
}

// MessagesFor returns the messages of a channel that user sees.
func (c *Client) MessagesFor(channel, user string) []Message {
	c.tb.Helper()
	all, err := c.control.Messages(context.Background(), channel, user)
	c.must(err)
	return slices.DeleteFunc(all, func(m Message) bool { return strings.HasPrefix(m.Subtype, "channel_") })
}

// Traffic returns all that passed between the workspace and the bot after entry n.
func (c *Client) Traffic(n int64) []Entry {
	c.tb.Helper()
	entries, err := c.control.Traffic(context.Background(), n)
	c.must(err)
	return entries
}

// Channel waits for a channel whose name begins with prefix.
func (c *Client) Channel(prefix string) Channel {
	c.tb.Helper()
	prefix = strings.TrimPrefix(prefix, "#")
	var found Channel
	var names []string
	ok := c.await(c.patience, func() bool {
		names = nil
		for _, ch := range c.State().Channels {
			if ch.IM == "" && strings.HasPrefix(ch.Name, prefix) {
				found = ch
				return true
			}
			names = append(names, ch.Name)
		}
		return false
	})
	if !ok {
		c.tb.Fatalf("no channel %s… appeared; there are: %s", prefix, strings.Join(names, ", "))
	}
	return found
}

// OpenView waits until user, a handle or an ID, has a modal open, and gives the one on top.
func (c *Client) OpenView(user string) View {
	c.tb.Helper()
	var found View
	ok := c.await(c.patience, func() bool {
		s := c.State()
		id := userID(s, user)
		for _, v := range s.Views {
			if v.User == id && v.Type == "modal" {
				found = v
			}
		}
		return found.ID != ""
	})
	if !ok {
		c.tb.Fatalf("%s has no modal open", user)
	}
	return found
}

// HasView reports whether user has a modal open at this moment.
func (c *Client) HasView(user string) bool {
	c.tb.Helper()
	s := c.State()
	for _, v := range s.Views {
		if v.User == userID(s, user) && v.Type == "modal" {
			return true
		}
	}
	return false
}

// UserID returns the ID behind a handle.
func (c *Client) UserID(handle string) string {
	c.tb.Helper()
	return userID(c.State(), handle)
}

// userID returns the ID behind a handle, or the ID itself.
func userID(s State, user string) string {
	for _, u := range s.Users {
		if u.Name == user {
			return u.ID
		}
	}
	return user
}

// ExpectMessage waits until a message of the channel, for all to see, contains
// the substring, and gives the newest such.
func (c *Client) ExpectMessage(channel, substring string) Message {
	c.tb.Helper()
	return c.expect(channel, substring, func(m Message) bool { return m.EphemeralTo == "" })
}

// ExpectEphemeral waits until a message that only user sees contains the substring.
func (c *Client) ExpectEphemeral(user, channel, substring string) Message {
	c.tb.Helper()
	id := c.UserID(user)
	return c.expect(channel, substring, func(m Message) bool { return m.EphemeralTo == id })
}

func (c *Client) expect(channel, substring string, fits func(Message) bool) Message {
	c.tb.Helper()
	var found Message
	ok := c.await(c.patience, func() bool {
		for _, m := range c.Messages(channel) {
			if fits(m) && m.Says(substring) {
				found = m
			}
		}
		return found.TS != ""
	})
	if !ok {
		c.tb.Fatalf("no message in %s said %q; there was:\n%s", channel, substring, c.dump(channel))
	}
	return found
}

// ExpectNoMessage fails when, at this moment, a message for all to see contains
// the substring.
func (c *Client) ExpectNoMessage(channel, substring string) {
	c.tb.Helper()
	if n := c.CountMessages(channel, substring); n > 0 {
		c.tb.Fatalf("%d messages in %s said %q; there was:\n%s", n, channel, substring, c.dump(channel))
	}
}

// CountMessages counts, at this moment, the messages for all to see that contain
// the substring.
func (c *Client) CountMessages(channel, substring string) int {
	c.tb.Helper()
	n := 0
	for _, m := range c.Messages(channel) {
		if m.EphemeralTo == "" && m.Says(substring) {
			n++
		}
	}
	return n
}

// dump returns a channel in plain words, for the log of a failed test.
func (c *Client) dump(channel string) string {
	c.tb.Helper()
	var b strings.Builder
	for _, m := range c.Messages(channel) {
		author := m.User
		if m.EphemeralTo != "" {
			author += " to " + m.EphemeralTo + " only"
		}
		text := strings.ReplaceAll(m.Content(), "\n", "\n    ")
		fmt.Fprintf(&b, "  %s %s: %s\n", m.TS, author, text)
	}
	if b.Len() == 0 {
		return "  (nothing)"
	}
	return b.String()
}

func (c *Client) clock() control.Clock {
	c.tb.Helper()
	clock, err := c.control.Clock(context.Background())
	c.must(err)
	return clock
}
