package sandbox

import (
	"slices"
	"strings"
	"unicode/utf8"
)

func createChannel(a *api, c *call) (object, error) {
	kind := "channel"
	if c.args.flag("is_private") {
		kind = "group"
	}
	if err := a.needScopeFor(c.method, kind); err != nil {
		return nil, err
	}
	name := c.args.text("name")
	if code := nameProblem(name); code != "" {
		return nil, refuse(code)
	}
	if a.ws.channelNamed(name) != nil { // an archived channel, or a hidden one, keeps its name
		return nil, refuse("name_taken")
	}
	ch := a.ws.create(name, c.args.flag("is_private"), BotUser)
	return object{"channel": ch.slackJSON(BotUser)}, nil
}

func channelInfo(a *api, c *call) (object, error) {
	ch, err := a.channel(c, "channel")
	if err != nil {
		return nil, err
	}
	o := ch.slackJSON(BotUser)
	if !c.args.flag("include_num_members") {
		delete(o, "num_members")
	}
	return object{"channel": o}, nil
}

func listChannels(a *api, c *call) (object, error) {
	return a.listFor(c, func(ch *Channel) bool { return ch.visibleTo(BotUser) })
}

func userChannels(a *api, c *call) (object, error) {
	user := c.args.text("user")
	if user == "" {
		user = BotUser
	}
	return a.listFor(c, func(ch *Channel) bool { return ch.hasMember(user) && ch.visibleTo(BotUser) })
}

// kindOf maps the types argument's words to a channel's kind.
var kindOf = map[string]string{
	"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim",
}

// listFor lists the channels that want accepts, of the types asked for.
func (a *api) listFor(c *call, want func(*Channel) bool) (object, error) {
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
		if err := a.needScopeFor(c.method, kind); err != nil {
			return nil, err
		}
		kinds = append(kinds, kind)
	}
	all := []object{}
	for _, ch := range a.ws.Channels {
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
func (a *api) joinedChannel(c *call, archived string) (*Channel, error) {
	ch, err := a.channel(c, "channel")
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

func setTopic(a *api, c *call) (object, error) {
	return a.setText(c, "topic", a.ws.setTopic)
}

func setPurpose(a *api, c *call) (object, error) {
	return a.setText(c, "purpose", a.ws.setPurpose)
}

func (a *api) setText(c *call, name string, set func(ch *Channel, text, by string)) (object, error) {
	ch, err := a.joinedChannel(c, "is_archived")
	if err != nil {
		return nil, err
	}
	text := c.args.text(name)
	if utf8.RuneCountInString(text) > maxTopicLength {
		return nil, refuse("too_long")
	}
	set(ch, text, BotUser)
	return object{"channel": ch.slackJSON(BotUser), name: text}, nil
}

func renameChannel(a *api, c *call) (object, error) {
	ch, err := a.joinedChannel(c, "is_archived")
	if err != nil {
		return nil, err
	}
	if ch.Creator != BotUser { // only who made it may, and admins
		return nil, refuse("not_authorized")
	}
	if code := a.ws.rename(ch, c.args.text("name"), BotUser); code != "" {
		return nil, refuse(code)
	}
	return object{"channel": ch.slackJSON(BotUser)}, nil
}

func archiveChannel(a *api, c *call) (object, error) {
	ch, err := a.joinedChannel(c, "already_archived")
	if err != nil {
		return nil, err
	}
	if ch.ID == General {
		return nil, refuse("cant_archive_general")
	}
	a.ws.archive(ch, BotUser)
	return object{}, nil
}

func unarchiveChannel(a *api, c *call) (object, error) {
	ch, err := a.channel(c, "channel")
	if err != nil {
		return nil, err
	}
	if !ch.Archived {
		return nil, refuse("not_archived")
	}
	a.ws.unarchive(ch, BotUser)
	return object{}, nil
}

// openDirect opens, or finds, the bot's direct message with a person.
func openDirect(a *api, c *call) (object, error) {
	if err := a.needScopeFor(c.method, "im"); err != nil {
		return nil, err
	}
	if id := c.args.text("channel"); id != "" {
		ch := a.ws.channel(id)
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
	u := a.ws.user(users[0])
	if u == nil {
		return nil, refuse("user_not_found")
	}
	if u.IsBot {
		return nil, refuse("invalid_user_combination")
	}
	known := a.ws.findDM(u.ID) != nil
	if !known && c.args.flag("prevent_creation") {
		return nil, refuse("channel_not_found")
	}
	return openedDM(c, a.ws.openDM(u.ID), known), nil
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
