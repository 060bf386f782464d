package webapi

import (
	"net/url"
	"slices"

	"muster/internal/sandbox/refusal"
	"muster/internal/sandbox/workspace"
)

const (
	maxPins      = 100
	maxBookmarks = 100
)

// itemMessage finds the message that a pin or a reaction is for.
func (a *API) itemMessage(c *call) (*workspace.Channel, *workspace.Message, error) {
	ch, err := a.channel(c, "channel")
	if err != nil {
		return nil, nil, err
	}
	ts := c.args.text("timestamp")
	if ts == "" {
		return nil, nil, refusal.New("no_item_specified")
	}
	m := ch.Message(ts)
	if m == nil {
		return nil, nil, refusal.New("message_not_found")
	}
	return ch, m, nil
}

func addPin(a *API, c *call) (object, error) {
	ch, m, err := a.itemMessage(c)
	switch {
	case err != nil:
		return nil, err
	case ch.Archived:
		return nil, refusal.New("restricted_action")
	case !ch.HasMember(workspace.BotUser):
		return nil, refusal.New("not_in_channel")
	case ch.Pinned(m.TS):
		return nil, refusal.New("already_pinned")
	case m.Subtype != "":
		return nil, refusal.New("not_pinnable")
	case len(ch.Pins) >= maxPins:
		return nil, refusal.New("too_many_pins")
	}
	a.ws.Pin(ch, m, workspace.BotUser)
	return object{}, nil
}

func removePin(a *API, c *call) (object, error) {
	ch, m, err := a.itemMessage(c)
	switch {
	case err != nil:
		return nil, err
	case ch.Archived:
		return nil, refusal.New("restricted_action")
	case !ch.Pinned(m.TS):
		return nil, refusal.New("no_pin")
	}
	a.ws.Unpin(ch, m, workspace.BotUser)
	return object{}, nil
}

func listPins(a *API, c *call) (object, error) {
	ch, err := a.channel(c, "channel")
	if err != nil {
		return nil, err
	}
	items := []object{}
	for _, p := range slices.Backward(ch.Pins) {
		if m := ch.Message(p.TS); m != nil {
			items = append(items, object{
				"type": "message", "channel": ch.ID, "created": p.At, "created_by": p.By, "message": m.SlackJSON(ch, true),
			})
		}
	}
	return object{"items": items}, nil
}

func addReaction(a *API, c *call) (object, error) {
	ch, m, err := a.itemMessage(c)
	if err != nil {
		return nil, err
	}
	name := c.args.text("name")
	switch {
	case !workspace.EmojiName.MatchString(name):
		return nil, refusal.New("invalid_name")
	case ch.Archived:
		return nil, refusal.New("is_archived")
	case !a.ws.React(ch, m, workspace.BotUser, name):
		return nil, refusal.New("already_reacted")
	}
	return object{}, nil
}

func addBookmark(a *API, c *call) (object, error) {
	ch, err := a.channel(c, "channel_id")
	if err != nil {
		return nil, err
	}
	link, bad := url.Parse(c.args.text("link"))
	switch {
	case ch.Archived:
		return nil, refusal.New("permission_denied")
	case !ch.HasMember(workspace.BotUser):
		return nil, refusal.New("channel_not_found")
	case c.args.text("type") != "link":
		return nil, refusal.New("invalid_bookmark_type")
	case bad != nil || link.Host == "" || link.Scheme != "http" && link.Scheme != "https":
		return nil, refusal.New("invalid_link")
	case len(ch.Bookmarks) >= maxBookmarks:
		return nil, refusal.New("too_many_bookmarks")
	}
	return object{"bookmark": a.ws.AddBookmark(ch, c.args.text("title"), c.args.text("link"), c.args.text("emoji"))}, nil
}

func listBookmarks(a *API, c *call) (object, error) {
	ch, err := a.channel(c, "channel_id")
	if err != nil {
		return nil, err
	}
	return object{"bookmarks": orEmpty(ch.Bookmarks)}, nil
}
