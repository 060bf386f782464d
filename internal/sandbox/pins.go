package sandbox

import (
	"net/url"
	"regexp"
	"slices"
)

const (
	maxPins      = 100
	maxBookmarks = 100
)

var emojiName = regexp.MustCompile(`^[a-z0-9_+'-]+(::skin-tone-[2-6])?$`)

// itemMessage finds the message that a pin or a reaction is for.
func (w *Workspace) itemMessage(c *call) (*Channel, *Message, error) {
	ch, err := w.channel(c, "channel")
	if err != nil {
		return nil, nil, err
	}
	ts := c.args.text("timestamp")
	if ts == "" {
		return nil, nil, refuse("no_item_specified")
	}
	m := ch.message(ts)
	if m == nil {
		return nil, nil, refuse("message_not_found")
	}
	return ch, m, nil
}

func addPin(w *Workspace, c *call) (object, error) {
	ch, m, err := w.itemMessage(c)
	switch {
	case err != nil:
		return nil, err
	case !ch.hasMember(BotUser):
		return nil, refuse("not_in_channel")
	case ch.Archived:
		return nil, refuse("restricted_action")
	case ch.pinned(m.TS):
		return nil, refuse("already_pinned")
	case m.Subtype != "":
		return nil, refuse("not_pinnable")
	case len(ch.Pins) >= maxPins:
		return nil, refuse("too_many_pins")
	}
	w.pin(ch, m, BotUser)
	return object{}, nil
}

func (w *Workspace) pin(ch *Channel, m *Message, by string) {
	ch.Pins = append(ch.Pins, pin{TS: m.TS, By: by, At: w.Now().Unix()})
	w.emitPin("pin_added", ch, m, by)
}

func (w *Workspace) unpin(ch *Channel, m *Message, by string) {
	ch.Pins = slices.DeleteFunc(slices.Clone(ch.Pins), func(p pin) bool { return p.TS == m.TS })
	w.emitPin("pin_removed", ch, m, by)
}

func removePin(w *Workspace, c *call) (object, error) {
	ch, m, err := w.itemMessage(c)
	if err != nil {
		return nil, err
	}
	if !ch.pinned(m.TS) {
		return nil, refuse("no_pin")
	}
	w.unpin(ch, m, BotUser)
	return object{}, nil
}

func listPins(w *Workspace, c *call) (object, error) {
	ch, err := w.channel(c, "channel")
	if err != nil {
		return nil, err
	}
	items := []object{}
	for _, p := range slices.Backward(ch.Pins) {
		if m := ch.message(p.TS); m != nil {
			items = append(items, object{
				"type": "message", "channel": ch.ID, "created": p.At, "created_by": p.By, "message": m.slackJSON(ch, true),
			})
		}
	}
	return object{"items": items}, nil
}

func addReaction(w *Workspace, c *call) (object, error) {
	ch, m, err := w.itemMessage(c)
	if err != nil {
		return nil, err
	}
	name := c.args.text("name")
	switch {
	case !emojiName.MatchString(name):
		return nil, refuse("invalid_name")
	case ch.Archived:
		return nil, refuse("is_archived")
	case !w.react(ch, m, BotUser, name):
		return nil, refuse("already_reacted")
	}
	return object{}, nil
}

// react adds a reaction, and reports whether it was not there before.
func (w *Workspace) react(ch *Channel, m *Message, user, name string) bool {
	i := slices.IndexFunc(m.Reactions, func(r reaction) bool { return r.Name == name })
	if i < 0 {
		m.Reactions = append(m.Reactions, reaction{Name: name})
		i = len(m.Reactions) - 1
	}
	r := &m.Reactions[i]
	if slices.Contains(r.Users, user) {
		return false
	}
	r.Users = append(r.Users, user)
	r.Count = len(r.Users)
	w.emitReaction("reaction_added", ch, m, user, name)
	return true
}

// unreact takes a reaction back, and reports whether it was there.
func (w *Workspace) unreact(ch *Channel, m *Message, user, name string) bool {
	i := slices.IndexFunc(m.Reactions, func(r reaction) bool { return r.Name == name && slices.Contains(r.Users, user) })
	if i < 0 {
		return false
	}
	r := &m.Reactions[i]
	r.Users = slices.DeleteFunc(r.Users, func(id string) bool { return id == user })
	r.Count = len(r.Users)
	if r.Count == 0 {
		m.Reactions = slices.Delete(m.Reactions, i, i+1)
	}
	w.emitReaction("reaction_removed", ch, m, user, name)
	return true
}

func addBookmark(w *Workspace, c *call) (object, error) {
	ch, err := w.channel(c, "channel_id")
	if err != nil {
		return nil, err
	}
	link, bad := url.Parse(c.args.text("link"))
	switch {
	case !ch.hasMember(BotUser):
		return nil, refuse("channel_not_found")
	case ch.Archived:
		return nil, refuse("permission_denied")
	case c.args.text("type") != "link":
		return nil, refuse("invalid_bookmark_type")
	case bad != nil || link.Host == "" || link.Scheme != "http" && link.Scheme != "https":
		return nil, refuse("invalid_link")
	case len(ch.Bookmarks) >= maxBookmarks:
		return nil, refuse("too_many_bookmarks")
	}
	b := bookmark{
		ID: w.state.newID("Bk"), Channel: ch.ID, Title: c.args.text("title"), Link: c.args.text("link"),
		Emoji: c.args.text("emoji"), Type: "link", Created: w.Now().Unix(),
	}
	ch.Bookmarks = append(ch.Bookmarks, b)
	return object{"bookmark": b}, nil
}

func listBookmarks(w *Workspace, c *call) (object, error) {
	ch, err := w.channel(c, "channel_id")
	if err != nil {
		return nil, err
	}
	return object{"bookmarks": orEmpty(ch.Bookmarks)}, nil
}
