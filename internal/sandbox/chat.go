package sandbox

import (
	"fmt"
	"net/url"
	"strings"
)

const maxEditLength = 4_000 // characters of an edited text; Slack refuses what is longer

// postMessage posts as the bot into a channel, a direct message, or to a user.
func postMessage(w *Workspace, c *call) (object, error) {
	ch, err := w.postTo(c)
	if err != nil {
		return nil, err
	}
	m, err := w.compose(ch, callContent(c))
	if err != nil {
		return nil, err
	}
	if err := w.admitPost(ch); err != nil {
		return nil, err
	}
	w.addChannel(ch)
	w.post(ch, m)
	return object{"channel": ch.ID, "ts": m.TS, "message": m.slackJSON(ch, true)}, nil
}

// postTo finds where the bot may post: its channels, public ones by
// chat:write.public, and people, whose direct message may not be open yet.
func (w *Workspace) postTo(c *call) (*Channel, error) {
	name := c.args.text("channel")
	u := w.user(name)
	ch := w.state.channel(name)
	if ch == nil {
		ch = w.state.channelNamed(strings.TrimPrefix(name, "#"))
	}
	switch {
	case w.app.Messages == tabOff && (u != nil || ch != nil && ch.IM != ""):
		return nil, refuse("messages_tab_disabled")
	case u != nil && !u.IsBot:
		return w.dmWith(u.ID), nil
	case ch == nil || !ch.visibleTo(BotUser):
		return nil, refuse("channel_not_found")
	case ch.Archived:
		return nil, refuse("is_archived")
	case !ch.hasMember(BotUser) && !w.app.granted("chat:write.public"):
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

// openDM returns the bot's direct message with a person, opened when there is none.
func (w *Workspace) openDM(user string) *Channel {
	ch := w.dmWith(user)
	w.addChannel(ch)
	return ch
}

// dmWith returns that direct message as it is, or would be.
func (w *Workspace) dmWith(user string) *Channel {
	if ch := w.state.dmWith(user); ch != nil {
		return ch
	}
	return &Channel{
		ID: w.state.newID("D"), IM: user, Private: true, Creator: BotUser,
		Created: w.Now().Unix(), Members: []string{user, BotUser},
	}
}

// addChannel makes sure that a channel is there.
func (w *Workspace) addChannel(ch *Channel) {
	if w.state.channel(ch.ID) == nil {
		w.state.Channels = append(w.state.Channels, ch)
	}
}

// post stores a message and tells the bot of it.
func (w *Workspace) post(ch *Channel, m *Message) {
	m.TS = w.state.newTS(w.Now())
	ch.Messages = append(ch.Messages, m)
	w.emitMessage(ch, m)
}

// updateMessage edits what the bot wrote.
func updateMessage(w *Workspace, c *call) (object, error) {
	ch, m, err := w.botMessage(c, "cant_update_message")
	if err != nil {
		return nil, err
	}
	if ch.Archived {
		return nil, refuse("is_inactive")
	}
	if len([]rune(c.args.text("text"))) > maxEditLength {
		return nil, refuse("msg_too_long")
	}
	next, err := w.compose(ch, callContent(c))
	if err != nil {
		return nil, err
	}
	before := m.slackJSON(ch, true)
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
	m.Edited = &edit{User: BotUser, TS: w.state.newTS(w.Now())}
	w.emitChanged(ch, m, before)
	return object{"channel": ch.ID, "ts": m.TS, "text": m.Text, "message": m.slackJSON(ch, true)}, nil
}

func deleteMessage(w *Workspace, c *call) (object, error) {
	ch, m, err := w.botMessage(c, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	w.deleteMessage(ch, m)
	return object{"channel": ch.ID, "ts": m.TS}, nil
}

// botMessage finds a message of the bot's, by channel and ts.
func (w *Workspace) botMessage(c *call, notMine string) (*Channel, *Message, error) {
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

// deleteMessage takes a message, and its pin, out of its channel.
func (w *Workspace) deleteMessage(ch *Channel, m *Message) {
	ch.Messages = without(ch.Messages, m)
	ch.Ephemerals = without(ch.Ephemerals, m)
	for i, p := range ch.Pins {
		if p.TS == m.TS {
			ch.Pins = append(ch.Pins[:i:i], ch.Pins[i+1:]...)
			break
		}
	}
	w.emitDeleted(ch, m)
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
	case !ch.hasMember(BotUser) && !w.app.granted("chat:write.public"):
		return nil, refuse("not_in_channel")
	case !ch.hasMember(user):
		return nil, refuse("user_not_in_channel")
	}
	m, err := w.compose(ch, callContent(c))
	if err != nil {
		return nil, err
	}
	w.postEphemeral(ch, user, m)
	return object{"message_ts": m.TS}, nil
}

// postEphemeral stores a message that only user sees.
func (w *Workspace) postEphemeral(ch *Channel, user string, m *Message) {
	m.TS = w.state.newTS(w.Now())
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
