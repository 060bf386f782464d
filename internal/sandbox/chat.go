package sandbox

import (
	"fmt"
	"net/url"
	"strings"
)

const longestEdit = 4_000 // characters of an edited text; Slack refuses what is longer

// postMessage posts as the bot into a channel, a direct message, or to a user.
func postMessage(w *Workspace, c *call) (object, error) {
	ch, err := w.postTo(c)
	if err != nil {
		return nil, err
	}
	m, err := w.compose(ch, said(c))
	if err != nil {
		return nil, err
	}
	if err := w.space(ch); err != nil {
		return nil, err
	}
	w.open(ch)
	w.post(ch, m)
	return object{"channel": ch.ID, "ts": m.TS, "message": m.wire(ch, true)}, nil
}

// postTo finds where the bot may post: its channels, public ones by
// chat:write.public, and people, whose direct message may not be open yet.
func (w *Workspace) postTo(c *call) (*Channel, error) {
	name := c.args.text("channel")
	u := w.user(name)
	ch := w.state.channel(name)
	if ch == nil {
		ch = w.state.named(strings.TrimPrefix(name, "#"))
	}
	switch {
	case w.app.Messages == tabOff && (u != nil || ch != nil && ch.IM != ""):
		return nil, refuse("messages_tab_disabled")
	case u != nil && !u.IsBot:
		return w.im(u.ID), nil
	case ch == nil || !ch.seenBy(BotUser):
		return nil, refuse("channel_not_found")
	case ch.Archived:
		return nil, refuse("is_archived")
	case !ch.has(BotUser) && !w.app.granted("chat:write.public"):
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

// direct is the bot's direct message with a person, opened when there is none.
func (w *Workspace) direct(user string) *Channel {
	ch := w.im(user)
	w.open(ch)
	return ch
}

// im is that direct message as it is, or would be.
func (w *Workspace) im(user string) *Channel {
	if ch := w.state.im(user); ch != nil {
		return ch
	}
	return &Channel{
		ID: w.state.newID("D"), IM: user, Private: true, Creator: BotUser,
		Created: w.Now().Unix(), Members: []string{user, BotUser},
	}
}

// open makes sure that a channel is there.
func (w *Workspace) open(ch *Channel) {
	if w.state.channel(ch.ID) == nil {
		w.state.Channels = append(w.state.Channels, ch)
	}
}

// post stores a message and tells the bot of it.
func (w *Workspace) post(ch *Channel, m *Message) {
	m.TS = w.state.stamp(w.Now())
	ch.Messages = append(ch.Messages, m)
	w.tellMessage(ch, m)
}

// updateMessage edits what the bot wrote.
func updateMessage(w *Workspace, c *call) (object, error) {
	ch, m, err := w.own(c, "cant_update_message")
	if err != nil {
		return nil, err
	}
	if ch.Archived {
		return nil, refuse("is_inactive")
	}
	if len([]rune(c.args.text("text"))) > longestEdit {
		return nil, refuse("msg_too_long")
	}
	next, err := w.compose(ch, said(c))
	if err != nil {
		return nil, err
	}
	before := m.wire(ch, true)
	if c.args.has("text") || c.args.has("markdown_text") {
		m.Text = next.Text
	}
	if c.args.has("blocks") || c.args.has("text") || c.args.has("markdown_text") { // a new text alone takes the blocks away
		m.Blocks = next.Blocks
	}
	if c.args.has("attachments") {
		m.Attachments = next.Attachments
	}
	if next.Metadata != nil {
		m.Metadata = next.Metadata
	}
	m.Edited = &edit{User: BotUser, TS: w.state.stamp(w.Now())}
	w.tellChanged(ch, m, before)
	return object{"channel": ch.ID, "ts": m.TS, "text": m.Text, "message": m.wire(ch, true)}, nil
}

func deleteMessage(w *Workspace, c *call) (object, error) {
	ch, m, err := w.own(c, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	w.remove(ch, m)
	return object{"channel": ch.ID, "ts": m.TS}, nil
}

// own finds a message of the bot's, by channel and ts.
func (w *Workspace) own(c *call, notMine string) (*Channel, *Message, error) {
	ch, err := w.channel(c, "channel")
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

// remove takes a message, and its pin, out of its channel.
func (w *Workspace) remove(ch *Channel, m *Message) {
	ch.Messages = without(ch.Messages, m)
	ch.Ephemerals = without(ch.Ephemerals, m)
	for i, p := range ch.Pins {
		if p.TS == m.TS {
			ch.Pins = append(ch.Pins[:i:i], ch.Pins[i+1:]...)
			break
		}
	}
	w.tellDeleted(ch, m)
}

func without(all []*Message, m *Message) []*Message {
	for i, other := range all {
		if other == m {
			return append(all[:i:i], all[i+1:]...)
		}
	}
	return all
}

// postEphemeral shows a message to one member of a channel.
func postEphemeral(w *Workspace, c *call) (object, error) {
	ch, err := w.channel(c, "channel")
	if err != nil {
		return nil, err
	}
	user := c.args.text("user")
	switch {
	case ch.Archived:
		return nil, refuse("is_archived")
	case ch.IM != "" && w.app.Messages == tabOff:
		return nil, refuse("messages_tab_disabled")
	case !ch.has(BotUser) && !w.app.granted("chat:write.public"):
		return nil, refuse("not_in_channel")
	case !ch.has(user):
		return nil, refuse("user_not_in_channel")
	}
	m, err := w.compose(ch, said(c))
	if err != nil {
		return nil, err
	}
	w.whisper(ch, user, m)
	return object{"message_ts": m.TS}, nil
}

// whisper stores a message that only user sees.
func (w *Workspace) whisper(ch *Channel, user string, m *Message) {
	m.TS = w.state.stamp(w.Now())
	m.EphemeralTo = user
	ch.Ephemerals = append(ch.Ephemerals, m)
}

func permalink(w *Workspace, c *call) (object, error) {
	ch, err := w.channel(c, "channel")
	if err != nil {
		return nil, err
	}
	m := ch.message(c.args.text("message_ts"))
	if m == nil {
		return nil, refuse("message_not_found")
	}
	link := fmt.Sprintf("%s/archives/%s/p%s", w.URL(), ch.ID, strings.Replace(m.TS, ".", "", 1))
	if m.ThreadTS != "" {
		link += "?" + url.Values{"thread_ts": {m.ThreadTS}, "cid": {ch.ID}}.Encode()
	}
	return object{"channel": ch.ID, "permalink": link}, nil
}
