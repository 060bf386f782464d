package sandbox

import (
	"fmt"
	"net/url"
	"strings"

	"muster/internal/sandbox/blockkit"
)

const (
	longestText = 40_000 // characters of a posted text; Slack cuts what is longer
	longestEdit = 4_000  // characters of an edited text; Slack refuses what is longer
	mostBlocks  = 13_200 // characters in all blocks together
	mostAttach  = 100
)

// postMessage posts as the bot into a channel, a direct message, or to a user.
func postMessage(w *Workspace, c *call) (object, error) {
	ch, err := w.postTo(c)
	if err != nil {
		return nil, err
	}
	m, err := w.compose(c)
	if err != nil {
		return nil, err
	}
	if m.ThreadTS, err = thread(c, ch); err != nil {
		return nil, err
	}
	m.Broadcast = m.ThreadTS != "" && c.args.flag("reply_broadcast")
	w.post(ch, m)
	return object{"channel": ch.ID, "ts": m.TS, "message": m.wire(ch, true)}, nil
}

// thread is the thread that a message is meant for, if any.
func thread(c *call, ch *Channel) (string, error) {
	ts := c.args.text("thread_ts")
	if parent := ch.message(ts); ts != "" && (parent == nil || parent.ThreadTS != "") {
		return "", refuse("cannot_reply_to_message")
	}
	return ts, nil
}

// postTo finds where the bot may post: its channels, public ones by
// chat:write.public, and people, whose direct message it opens.
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
		return w.direct(u.ID), nil
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
	if ch := w.state.im(user); ch != nil {
		return ch
	}
	ch := &Channel{
		ID: w.state.newID("D"), IM: user, Private: true, Creator: BotUser,
		Created: w.Now().Unix(), Members: []string{user, BotUser},
	}
	w.state.Channels = append(w.state.Channels, ch)
	return ch
}

// compose checks a message's content and makes a bot's message of it.
func (w *Workspace) compose(c *call) (*Message, error) {
	m := &Message{User: BotUser, BotID: BotID, Text: c.args.text("text")}
	if markdown := c.args.text("markdown_text"); markdown != "" {
		if m.Text != "" || c.args.has("blocks") {
			return nil, refuse("markdown_text_conflict")
		}
		m.Text = markdown
	}
	m.Text = cutText(m.Text)
	if c.args.text("parse") != "none" {
		m.Text = linked(m.Text)
	}
	var err error
	if m.Blocks, err = w.readBlocks(c); err != nil {
		return nil, err
	}
	if m.Attachments, err = readAttachments(c); err != nil {
		return nil, err
	}
	if strings.TrimSpace(m.Text) == "" && len(m.Blocks) == 0 && len(m.Attachments) == 0 {
		return nil, refuse("no_text")
	}
	m.Metadata, err = readMetadata(c)
	return m, err
}

// cutText is a posted text as far as Slack keeps it.
func cutText(text string) string {
	if runes := []rune(text); len(runes) > longestText {
		return string(runes[:longestText])
	}
	return text
}

// readAttachments checks attachments, and the blocks in them.
func readAttachments(c *call) ([]any, error) {
	var all []any
	if c.args.decode("attachments", &all) != nil {
		return nil, invalid("[ERROR] must be an array [json-pointer:/attachments]")
	}
	if len(all) > mostAttach {
		return nil, refuse("too_many_attachments")
	}
	for n, item := range all {
		at := fmt.Sprintf("/attachments/%d", n)
		a, ok := item.(object)
		if !ok {
			return nil, invalid("[ERROR] must provide an object [json-pointer:" + at + "]")
		}
		list, ok := a["blocks"].([]any)
		if !ok && a["blocks"] != nil {
			return nil, refuse("invalid_blocks_format")
		}
		if problems := blockkit.Message(list); len(problems) > 0 {
			for i := range problems {
				problems[i].Pointer = at + problems[i].Pointer
			}
			return nil, blockFailure(c, problems)
		}
	}
	return all, nil
}

// readBlocks checks a message's blocks and names those that came without an ID.
func (w *Workspace) readBlocks(c *call) ([]object, error) {
	var raw any
	if c.args.decode("blocks", &raw) != nil {
		return nil, refuse("invalid_blocks_format")
	}
	if raw == nil {
		return nil, nil
	}
	list, ok := raw.([]any)
	if !ok {
		return nil, refuse("invalid_blocks_format")
	}
	if problems := blockkit.Message(list); len(problems) > 0 {
		return nil, blockFailure(c, problems)
	}
	if blockkit.Size(list) > mostBlocks && c.method.may("msg_blocks_too_long") {
		return nil, refuse("msg_blocks_too_long")
	}
	return w.nameBlocks(list), nil
}

// blockFailure is how chat methods report bad blocks.
func blockFailure(c *call, problems []blockkit.Problem) error {
	code := "invalid_blocks"
	texts := make([]string, len(problems))
	messages := make([]string, len(problems))
	for i, p := range problems {
		texts[i] = p.String()
		messages[i] = "[ERROR] " + p.String()
		if p.Text == blockkit.OnlyOneTable && c.method.may("invalid_attachments") { // Slack keeps tables as attachments
			code = "invalid_attachments"
		}
	}
	return &failure{Code: code, Messages: messages, Extra: object{"errors": texts}}
}

// readMetadata checks metadata: an event_type and an event_payload, no more.
func readMetadata(c *call) (object, error) {
	var v any
	if c.args.decode("metadata", &v) != nil {
		return nil, refuseIf(c, "invalid_metadata_format")
	}
	if v == nil {
		return nil, nil
	}
	o, ok := v.(object)
	if !ok {
		return nil, refuseIf(c, "invalid_metadata_format")
	}
	kind, _ := o["event_type"].(string)
	_, payload := o["event_payload"].(object)
	if kind == "" || !payload {
		return nil, refuseIf(c, "invalid_metadata_schema")
	}
	return object{"event_type": kind, "event_payload": o["event_payload"]}, nil
}

// refuseIf gives a code where the method has it, and invalid_arguments elsewhere.
func refuseIf(c *call, code string) error {
	if c.method.may(code) {
		return refuse(code)
	}
	return invalid("[ERROR] " + code)
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
	next, err := w.compose(c)
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
	m, err := w.compose(c)
	if err != nil {
		return nil, err
	}
	if m.ThreadTS, err = thread(c, ch); err != nil {
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
