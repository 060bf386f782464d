package webapi

import (
	"fmt"
	"net/url"
	"strings"

	"muster/internal/sandbox/refusal"
	"muster/internal/sandbox/workspace"
)

const maxEditLength = 4_000 // characters of an edited text; Slack refuses what is longer

// postMessage posts as the bot into a channel, a direct message, or to a user.
func postMessage(a *API, c *call) (object, error) {
	ch, err := a.postTo(c)
	if err != nil {
		return nil, err
	}
	m, err := a.ws.Compose(ch, callContent(c))
	if err != nil {
		return nil, err
	}
	if err := a.admitPost(ch); err != nil {
		return nil, err
	}
	a.ws.AddChannel(ch)
	a.ws.Post(ch, m)
	return object{"channel": ch.ID, "ts": m.TS, "message": m.SlackJSON(ch, true)}, nil
}

// postTo finds where the bot may post: its channels, public ones by
// chat:write.public, and people, whose direct message may not be open yet.
func (a *API) postTo(c *call) (*workspace.Channel, error) {
	name := c.args.text("channel")
	u := a.ws.User(name)
	ch := a.ws.Channel(name)
	if ch == nil {
		ch = a.ws.ChannelNamed(strings.TrimPrefix(name, "#"))
	}
	switch {
	case a.ws.App.Messages == workspace.TabOff && (u != nil || ch != nil && ch.IM != ""):
		return nil, refusal.New("messages_tab_disabled")
	case u != nil && !u.IsBot:
		return a.ws.DMWith(u.ID), nil
	case ch == nil || !ch.VisibleTo(workspace.BotUser):
		return nil, refusal.New("channel_not_found")
	case ch.Archived:
		return nil, refusal.New("is_archived")
	case !ch.HasMember(workspace.BotUser) && !a.ws.App.Granted("chat:write.public"):
		return nil, refusal.New("not_in_channel")
	}
	return ch, nil
}

// updateMessage edits what the bot wrote.
func updateMessage(a *API, c *call) (object, error) {
	ch, m, err := a.botMessage(c, "cant_update_message")
	if err != nil {
		return nil, err
	}
	if ch.Archived {
		return nil, refusal.New("is_inactive")
	}
	if len([]rune(c.args.text("text"))) > maxEditLength {
		return nil, refusal.New("msg_too_long")
	}
	next, err := a.ws.Compose(ch, callContent(c))
	if err != nil {
		return nil, err
	}
	text := c.args.has("text") || c.args.has("markdown_text")
	a.ws.EditMessage(ch, m, func(m *workspace.Message) {
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
	return object{"channel": ch.ID, "ts": m.TS, "text": m.Text, "message": m.SlackJSON(ch, true)}, nil
}

func deleteMessage(a *API, c *call) (object, error) {
	ch, m, err := a.botMessage(c, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	a.ws.DeleteMessage(ch, m)
	return object{"channel": ch.ID, "ts": m.TS}, nil
}

// botMessage finds a message of the bot's, by channel and ts.
func (a *API) botMessage(c *call, notMine string) (*workspace.Channel, *workspace.Message, error) {
	ch, err := a.channel(c, "channel")
	if err != nil {
		return nil, nil, err
	}
	m := ch.Message(c.args.text("ts"))
	if m == nil {
		return nil, nil, refusal.New("message_not_found")
	}
	if m.BotID != workspace.BotID || m.Subtype != "" {
		return nil, nil, refusal.New(notMine)
	}
	return ch, m, nil
}

// postEphemeral shows a message to one member of a channel.
func postEphemeral(a *API, c *call) (object, error) {
	ch, err := a.channel(c, "channel")
	if err != nil {
		return nil, err
	}
	user := c.args.text("user")
	switch {
	case ch.Archived:
		return nil, refusal.New("is_archived")
	case ch.IM != "" && a.ws.App.Messages == workspace.TabOff:
		return nil, refusal.New("messages_tab_disabled")
	case !ch.HasMember(workspace.BotUser) && !a.ws.App.Granted("chat:write.public"):
		return nil, refusal.New("not_in_channel")
	case !ch.HasMember(user):
		return nil, refusal.New("user_not_in_channel")
	}
	m, err := a.ws.Compose(ch, callContent(c))
	if err != nil {
		return nil, err
	}
	a.ws.PostEphemeral(ch, user, m)
	return object{"message_ts": m.TS}, nil
}

func permalink(a *API, c *call) (object, error) {
	ch, err := a.channel(c, "channel")
	if err != nil {
		return nil, err
	}
	m := ch.Message(c.args.text("message_ts"))
	if m == nil {
		return nil, refusal.New("message_not_found")
	}
	link := fmt.Sprintf("%s/archives/%s/p%s", a.ws.URL, ch.ID, strings.Replace(m.TS, ".", "", 1))
	if m.ThreadTS != "" {
		link += "?" + url.Values{"thread_ts": {m.ThreadTS}, "cid": {ch.ID}}.Encode()
	}
	return object{"channel": ch.ID, "permalink": link}, nil
}

// callContent returns the content of a call. JSON that cannot be read stands as a text, which
// is refused like any other value that is no array.
func callContent(c *call) workspace.Content {
	read := func(name string) any {
		var v any
		if c.args.decode(name, &v) != nil {
			return c.args[name]
		}
		return v
	}
	return workspace.Content{
		Text: c.args.text("text"), Blocks: read("blocks"), Attachments: read("attachments"), Metadata: read("metadata"),
		Thread: c.args.text("thread_ts"), Broadcast: c.args.flag("reply_broadcast"), Parse: c.args.text("parse"),
		Markdown: c.args.text("markdown_text"),
	}
}
