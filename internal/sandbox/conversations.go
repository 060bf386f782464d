package sandbox

import (
	"slices"
	"strings"
	"unicode/utf8"
)

func createChannel(w *Workspace, c *call) (object, error) {
	kind := "channel"
	if c.args.flag("is_private") {
		kind = "group"
	}
	if err := w.needScopeFor(c.method, kind); err != nil {
		return nil, err
	}
	name := c.args.text("name")
	if code := nameProblem(name); code != "" {
		return nil, refuse(code)
	}
	if w.state.channelNamed(name) != nil { // an archived channel, or a hidden one, keeps its name
		return nil, refuse("name_taken")
	}
	ch := w.create(name, c.args.flag("is_private"), BotUser)
	return object{"channel": ch.slackJSON(BotUser)}, nil
}

// create opens a channel with its creator as the only member.
func (w *Workspace) create(name string, private bool, by string) *Channel {
	ch := &Channel{
		ID: w.state.newID("C"), Name: name, Private: private, Creator: by,
		Created: w.Now().Unix(), Members: []string{by},
	}
	w.state.Channels = append(w.state.Channels, ch)
	w.postSystemLine(ch, by, "channel_join", "<@"+by+"> has joined the channel")
	return ch
}

// postSystemLine adds one of the lines by which Slack records what happened to a channel.
func (w *Workspace) postSystemLine(ch *Channel, by, subtype, text string) {
	w.post(ch, &Message{User: by, Subtype: subtype, Text: text})
}

func channelInfo(w *Workspace, c *call) (object, error) {
	ch, err := w.channel(c, "channel")
	if err != nil {
		return nil, err
	}
	o := ch.slackJSON(BotUser)
	if !c.args.flag("include_num_members") {
		delete(o, "num_members")
	}
	return object{"channel": o}, nil
}

func listChannels(w *Workspace, c *call) (object, error) {
	return w.listFor(c, func(ch *Channel) bool { return ch.visibleTo(BotUser) })
}

func userChannels(w *Workspace, c *call) (object, error) {
	user := c.args.text("user")
	if user == "" {
		user = BotUser
	}
	return w.listFor(c, func(ch *Channel) bool { return ch.hasMember(user) && ch.visibleTo(BotUser) })
}

// kindOf maps the types argument's words to a channel's kind.
var kindOf = map[string]string{
	"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim",
}

// listFor lists the channels that want accepts, of the types asked for.
func (w *Workspace) listFor(c *call, want func(*Channel) bool) (object, error) {
	types := c.args.text("types")
	if types == "" {
		types = "public_channel"
	}
	var kinds []string
	for t := range strings.SplitSeq(types, ",") {
		kind, ok := kindOf[strings.TrimSpace(t)]
		if !ok {
			return nil, refuse("invalid_types")
		}
		if err := w.needScopeFor(c.method, kind); err != nil {
			return nil, err
		}
		kinds = append(kinds, kind)
	}
	all := []object{}
	for _, ch := range w.state.Channels {
		if want(ch) && slices.Contains(kinds, ch.kind()) && !(ch.Archived && c.args.flag("exclude_archived")) {
			all = append(all, ch.slackJSON(BotUser))
		}
	}
	some, next, err := pageOf(c, all, c.args.number("limit"))
	if err != nil {
		return nil, err
	}
	return object{"channels": some, "response_metadata": cursorMeta(next)}, nil
}

// joinedChannel finds a channel that the bot is in and that still lives.
func (w *Workspace) joinedChannel(c *call, archived string) (*Channel, error) {
	ch, err := w.channel(c, "channel")
	switch {
	case err != nil:
		return nil, err
	case ch.IM != "":
		return nil, refuse("method_not_supported_for_channel_type")
	case ch.Archived:
		return nil, refuse(archived)
	case !ch.hasMember(BotUser):
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

func setTopic(w *Workspace, c *call) (object, error) {
	return w.setText(c, "topic", func(ch *Channel) *channelText { return &ch.Topic })
}

func setPurpose(w *Workspace, c *call) (object, error) {
	return w.setText(c, "purpose", func(ch *Channel) *channelText { return &ch.Purpose })
}

func (w *Workspace) setText(c *call, what string, field func(*Channel) *channelText) (object, error) {
	ch, err := w.joinedChannel(c, "is_archived")
	if err != nil {
		return nil, err
	}
	text := c.args.text(what)
	if utf8.RuneCountInString(text) > maxTopicLength {
		return nil, refuse("too_long")
	}
	if n := field(ch); n.Value != text {
		*n = channelText{Value: text, Creator: BotUser, LastSet: w.Now().Unix()}
		w.postSystemLine(ch, BotUser, "channel_"+what, "set the channel "+what+": "+text)
	}
	return object{"channel": ch.slackJSON(BotUser), what: text}, nil
}

func renameChannel(w *Workspace, c *call) (object, error) {
	ch, err := w.joinedChannel(c, "is_archived")
	if err != nil {
		return nil, err
	}
	if ch.Creator != BotUser { // only who made it may, and admins
		return nil, refuse("not_authorized")
	}
	if code := w.rename(ch, c.args.text("name"), BotUser); code != "" {
		return nil, refuse(code)
	}
	return object{"channel": ch.slackJSON(BotUser)}, nil
}

// rename returns a channel a new name, or says by Slack's code why not.
func (w *Workspace) rename(ch *Channel, name, by string) string {
	if code := nameProblem(name); code != "" {
		return code
	}
	if other := w.state.channelNamed(name); other != nil && other != ch {
		return "name_taken"
	}
	ch.Previous = append(ch.Previous, ch.Name)
	w.postSystemLine(ch, by, "channel_name", "has renamed the channel from \""+ch.Name+"\" to \""+name+"\"")
	ch.Name = name
	w.emitRenamed(ch)
	return ""
}

func archiveChannel(w *Workspace, c *call) (object, error) {
	ch, err := w.joinedChannel(c, "already_archived")
	if err != nil {
		return nil, err
	}
	if ch.ID == General {
		return nil, refuse("cant_archive_general")
	}
	w.archive(ch, BotUser)
	return object{}, nil
}

func (w *Workspace) archive(ch *Channel, by string) {
	w.postSystemLine(ch, by, "channel_archive", "archived the channel")
	ch.Archived = true
	w.emitArchived(ch, by)
}

func unarchiveChannel(w *Workspace, c *call) (object, error) {
	ch, err := w.channel(c, "channel")
	if err != nil {
		return nil, err
	}
	if !ch.Archived {
		return nil, refuse("not_archived")
	}
	ch.Archived = false
	w.postSystemLine(ch, BotUser, "channel_unarchive", "unarchived the channel")
	return object{}, nil
}

// openDirect opens, or finds, the bot's direct message with a person.
func openDirect(w *Workspace, c *call) (object, error) {
	if err := w.needScopeFor(c.method, "im"); err != nil {
		return nil, err
	}
	if id := c.args.text("channel"); id != "" {
		ch := w.state.channel(id)
		if ch == nil || ch.IM == "" {
			return nil, refuse("channel_not_found")
		}
		return openedDM(c, ch, true), nil
	}
	users := split(c.args.text("users"))
	switch {
	case len(users) == 0:
		return nil, refuse("users_list_not_supplied")
	case len(users) > 1:
		return nil, refuse("method_not_supported_for_channel_type") // a group conversation
	}
	u := w.user(users[0])
	if u == nil {
		return nil, refuse("user_not_found")
	}
	if u.IsBot {
		return nil, refuse("invalid_user_combination")
	}
	known := w.state.dmWith(u.ID) != nil
	if !known && c.args.flag("prevent_creation") {
		return nil, refuse("channel_not_found")
	}
	return openedDM(c, w.openDM(u.ID), known), nil
}

func openedDM(c *call, ch *Channel, known bool) object {
	o := object{"channel": object{"id": ch.ID}}
	if c.args.flag("return_im") {
		o["channel"] = ch.slackJSON(BotUser)
	}
	if known {
		o["no_op"], o["already_open"] = true, true
	}
	return o
}

// split takes a comma-separated list apart, empty places left out.
func split(list string) []string {
	var parts []string
	for p := range strings.SplitSeq(list, ",") {
		if p = strings.TrimSpace(p); p != "" {
			parts = append(parts, p)
		}
	}
	return parts
}
