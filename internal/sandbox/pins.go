package sandbox

import (
	"net/url"
	"slices"
)

const (
	maxPins      = 100
	maxBookmarks = 100
)

// itemMessage finds the message that a pin or a reaction is for.
func (a *api) itemMessage(c *call) (*Channel, *Message, error) {
	ch, err := a.channel(c, "channel")
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

func addPin(a *api, c *call) (object, error) {
	ch, m, err := a.itemMessage(c)
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
	a.ws.pin(ch, m, BotUser)
	return object{}, nil
}

func removePin(a *api, c *call) (object, error) {
	ch, m, err := a.itemMessage(c)
	if err != nil {
		return nil, err
	}
	if !ch.pinned(m.TS) {
		return nil, refuse("no_pin")
	}
	a.ws.unpin(ch, m, BotUser)
	return object{}, nil
}

func listPins(a *api, c *call) (object, error) {
	ch, err := a.channel(c, "channel")
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

func addReaction(a *api, c *call) (object, error) {
	ch, m, err := a.itemMessage(c)
	if err != nil {
		return nil, err
	}
	name := c.args.text("name")
	switch {
	case !emojiName.MatchString(name):
		return nil, refuse("invalid_name")
	case ch.Archived:
		return nil, refuse("is_archived")
	case !a.ws.react(ch, m, BotUser, name):
		return nil, refuse("already_reacted")
	}
	return object{}, nil
}

func addBookmark(a *api, c *call) (object, error) {
	ch, err := a.channel(c, "channel_id")
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
	return object{"bookmark": a.ws.addBookmark(ch, c.args.text("title"), c.args.text("link"), c.args.text("emoji"))}, nil
}

func listBookmarks(a *api, c *call) (object, error) {
	ch, err := a.channel(c, "channel_id")
	if err != nil {
		return nil, err
	}
	return object{"bookmarks": orEmpty(ch.Bookmarks)}, nil
}
