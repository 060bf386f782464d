package sandbox

import (
	"fmt"
	"net/url"
	"strings"
)

const maxEditLength = 4_000 // characters of an edited text; Slack refuses what is longer

// postMessage posts as the bot into a channel, a direct message, or to a user.
func postMessage(a *api, c *call) (object, error) {
	ch, err := a.postTo(c)
	if err != nil {
		return nil, err
	}
	m, err := a.ws.compose(ch, callContent(c))
	if err != nil {
		return nil, err
	}
	if err := a.admitPost(ch); err != nil {
		return nil, err
	}
	a.ws.addChannel(ch)
	a.ws.post(ch, m)
	return object{"channel": ch.ID, "ts": m.TS, "message": m.slackJSON(ch, true)}, nil
}

// postTo finds where the bot may post: its channels, public ones by
// chat:write.public, and people, whose direct message may not be open yet.
func (a *api) postTo(c *call) (*Channel, error) {
	name := c.args.text("channel")
	u := a.ws.user(name)
	ch := a.ws.channel(name)
	if ch == nil {
		ch = a.ws.channelNamed(strings.TrimPrefix(name, "#"))
	}
	switch {
	case a.ws.app.Messages == tabOff && (u != nil || ch != nil && ch.IM != ""):
		return nil, refuse("messages_tab_disabled")
	case u != nil && !u.IsBot:
		return a.ws.dmWith(u.ID), nil
	case ch == nil || !ch.visibleTo(BotUser):
		return nil, refuse("channel_not_found")
	case ch.Archived:
		return nil, refuse("is_archived")
	case !ch.hasMember(BotUser) && !a.ws.app.granted("chat:write.public"):
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

// updateMessage edits what the bot wrote.
func updateMessage(a *api, c *call) (object, error) {
	ch, m, err := a.botMessage(c, "cant_update_message")
	if err != nil {
		return nil, err
	}
	if ch.Archived {
		return nil, refuse("is_inactive")
	}
	if len([]rune(c.args.text("text"))) > maxEditLength {
		return nil, refuse("msg_too_long")
	}
	next, err := a.ws.compose(ch, callContent(c))
	if err != nil {
		return nil, err
	}
	text := c.args.has("text") || c.args.has("markdown_text")
	a.ws.editMessage(ch, m, func(m *Message) {
		if text {
			m.Text = next.Text
		}
		if text || c.args.has("blocks") { // a new text alone takes the blocks away
			m.Blocks = next.Blocks
		}
		if c.args.has("attachments") {
			m.Attachments = next.Attachments
		}
		if next.Metadata != nil {
			m.Metadata = next.Metadata
		}
	})
	return object{"channel": ch.ID, "ts": m.TS, "text": m.Text, "message": m.slackJSON(ch, true)}, nil
}

func deleteMessage(a *api, c *call) (object, error) {
	ch, m, err := a.botMessage(c, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	a.ws.deleteMessage(ch, m)
	return object{"channel": ch.ID, "ts": m.TS}, nil
}

// botMessage finds a message of the bot's, by channel and ts.
func (a *api) botMessage(c *call, notMine string) (*Channel, *Message, error) {
	ch, err := a.channel(c, "channel")
	if err != nil {
		return nil, nil, err
	}
	m := ch.message(c.args.text("ts"))
	if m == nil {
		return nil, nil, refuse("message_not_found")
	}
	if m.BotID != BotID || m.Subtype != "" {
		return nil, nil, refuse(notMine)
	}
	return ch, m, nil
}

// postEphemeral shows a message to one member of a channel.
func postEphemeral(a *api, c *call) (object, error) {
	ch, err := a.channel(c, "channel")
	if err != nil {
		return nil, err
	}
	user := c.args.text("user")
	switch {
	case ch.Archived:
		return nil, refuse("is_archived")
	case ch.IM != "" && a.ws.app.Messages == tabOff:
		return nil, refuse("messages_tab_disabled")
	case !ch.hasMember(BotUser) && !a.ws.app.granted("chat:write.public"):
		return nil, refuse("not_in_channel")
	case !ch.hasMember(user):
		return nil, refuse("user_not_in_channel")
	}
	m, err := a.ws.compose(ch, callContent(c))
	if err != nil {
		return nil, err
	}
	a.ws.postEphemeral(ch, user, m)
	return object{"message_ts": m.TS}, nil
}

func permalink(a *api, c *call) (object, error) {
	ch, err := a.channel(c, "channel")
	if err != nil {
		return nil, err
	}
	m := ch.message(c.args.text("message_ts"))
	if m == nil {
		return nil, refuse("message_not_found")
	}
	link := fmt.Sprintf("%s/archives/%s/p%s", a.ws.baseURL, ch.ID, strings.Replace(m.TS, ".", "", 1))
	if m.ThreadTS != "" {
		link += "?" + url.Values{"thread_ts": {m.ThreadTS}, "cid": {ch.ID}}.Encode()
	}
	return object{"channel": ch.ID, "permalink": link}, nil
}

// callContent returns the content of a call. JSON that cannot be read stands as a text, which
// is refused like any other value that is no array.
func callContent(c *call) content {
	read := func(name string) any {
		var v any
		if c.args.decode(name, &v) != nil {
			return c.args[name]
		}
		return v
	}
	return content{
		Text: c.args.text("text"), Blocks: read("blocks"), Attachments: read("attachments"), Metadata: read("metadata"),
		Thread: c.args.text("thread_ts"), Broadcast: c.args.flag("reply_broadcast"), Parse: c.args.text("parse"),
		markdown: c.args.text("markdown_text"),
	}
}
