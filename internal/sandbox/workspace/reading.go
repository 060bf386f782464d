package workspace

import (
	"cmp"
	"slices"
	"strings"
)

// UnreadMessages returns what me has not read in a channel that they are in: what others
// said there, replies within threads aside.
func (w *Workspace) UnreadMessages(ch *Channel, viewer *User) []*Message {
	if !ch.HasMember(viewer.ID) || ch.Archived {
		return nil
	}
	var unread []*Message
	read := w.Read[viewer.ID][ch.ID]
	for _, m := range slices.Backward(ch.Messages) {
		if m.TS <= read {
			break
		}
		if m.User != viewer.ID && (m.ThreadTS == "" || m.Broadcast) && !strings.HasPrefix(m.Subtype, "channel_") {
			unread = append(unread, m)
		}
	}
	return unread
}

// Mentions counts the messages that mention viewer, also with a group or with everybody.
func (w *Workspace) Mentions(viewer *User, messages []*Message) int {
	names := []string{"<@" + viewer.ID, "<!here", "<!channel", "<!everyone"}
	for _, g := range w.Groups {
		if slices.Contains(g.Users, viewer.ID) {
			names = append(names, "<!subteam^"+g.ID)
		}
	}
	n := 0
	for _, m := range messages {
		if slices.ContainsFunc(names, func(name string) bool { return contains(m.Text, name) || contains(m.Blocks, name) }) {
			n++
		}
	}
	return n
}

// contains reports whether a text, or one within blocks, has a part.
func contains(v any, part string) bool {
	within := func(inner any) bool { return contains(inner, part) }
	switch v := v.(type) {
	case string:
		return strings.Contains(v, part)
	case []any:
		return slices.ContainsFunc(v, within)
	case []Object:
		return slices.ContainsFunc(v, func(o Object) bool { return within(o) })
	case Object:
		for _, inner := range v {
			if within(inner) {
				return true
			}
		}
	}
	return false
}

// MarkRead notes that a person has read everything in a channel.
func (w *Workspace) MarkRead(u *User, ch *Channel) {
	if len(ch.Messages) == 0 {
		return
	}
	if w.Read[u.ID] == nil {
		w.Read[u.ID] = map[string]string{}
	}
	w.Read[u.ID][ch.ID] = ch.Messages[len(ch.Messages)-1].TS
	w.dirty = true
}

// Timeline returns what user sees in a channel, oldest first; without a user it is
// everything.
func (c *Channel) Timeline(user string) []*Message {
	all := slices.Clone(c.Messages)
	for _, m := range c.Ephemerals {
		if user == "" || m.EphemeralTo == user {
			all = append(all, m)
		}
	}
	slices.SortStableFunc(all, func(a, b *Message) int { return cmp.Compare(a.TS, b.TS) })
	return all
}
