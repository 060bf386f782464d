package webapi

import (
	"slices"
	"strings"
	"unicode/utf8"

	"muster/internal/sandbox/refusal"
	"muster/internal/sandbox/workspace"
)

func createChannel(a *API, c *call) (object, error) {
	kind := "channel"
	if c.args.flag("is_private") {
		kind = "group"
	}
	if err := a.needScopeFor(c.method, kind); err != nil {
		return nil, err
	}
	name := c.args.text("name")
	if code := workspace.NameProblem(name); code != "" {
		return nil, refusal.New(code)
	}
	if a.ws.ChannelNamed(name) != nil { // an archived channel, or a hidden one, keeps its name
		return nil, refusal.New("name_taken")
	}
	ch := a.ws.CreateChannel(name, c.args.flag("is_private"), workspace.BotUser)
	return object{"channel": ch.SlackJSON(workspace.BotUser)}, nil
}

func channelInfo(a *API, c *call) (object, error) {
	ch, err := a.channel(c, "channel")
	if err != nil {
		return nil, err
	}
	o := ch.SlackJSON(workspace.BotUser)
	if c.args.flag("include_num_members") {
		o["num_members"] = len(ch.Members)
	}
	return object{"channel": o}, nil
}

func listChannels(a *API, c *call) (object, error) {
	return a.listFor(c, func(ch *workspace.Channel) bool { return ch.VisibleTo(workspace.BotUser) }, func(ch *workspace.Channel, o object) {
		if ch.IM == "" {
			o["num_members"] = len(ch.Members)
		}
	})
}

func userChannels(a *API, c *call) (object, error) {
	user := c.args.text("user")
	if user == "" {
		user = workspace.BotUser
	}
	return a.listFor(c, func(ch *workspace.Channel) bool { return ch.HasMember(user) && ch.VisibleTo(workspace.BotUser) }, func(_ *workspace.Channel, o object) {
		delete(o, "is_member")
	})
}

// kindOf maps the types argument's words to a channel's kind.
var kindOf = map[string]string{
	"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim",
}

// listFor lists the channels that want accepts, of the types asked for, each as
// this list of Slack's shows it.
func (a *API) listFor(c *call, want func(*workspace.Channel) bool, show func(*workspace.Channel, object)) (object, error) {
	types := c.args.text("types")
	if types == "" {
		types = "public_channel"
	}
	var kinds []string
	for t := range strings.SplitSeq(types, ",") {
		kind, ok := kindOf[strings.TrimSpace(t)]
		if !ok {
			return nil, refusal.New("invalid_types")
		}
		if err := a.needScopeFor(c.method, kind); err != nil {
			return nil, err
		}
		kinds = append(kinds, kind)
	}
	all := []object{}
	for _, ch := range a.ws.Channels {
		if want(ch) && slices.Contains(kinds, ch.Kind()) && !(ch.Archived && c.args.flag("exclude_archived")) {
			o := ch.SlackJSON(workspace.BotUser)
			show(ch, o)
			all = append(all, o)
		}
	}
	some, next, err := pageOf(c, all, c.args.number("limit"))
	if err != nil {
		return nil, err
	}
	return object{"channels": some, "response_metadata": cursorMeta(next)}, nil
}

// joinedChannel finds a channel that the bot is in and that still lives.
func (a *API) joinedChannel(c *call, archived string) (*workspace.Channel, error) {
	ch, err := a.channel(c, "channel")
	switch {
	case err != nil:
		return nil, err
	case ch.IM != "":
		return nil, refusal.New("method_not_supported_for_channel_type")
	case ch.Archived:
		return nil, refusal.New(archived)
	case !ch.HasMember(workspace.BotUser):
		return nil, refusal.New("not_in_channel")
	}
	return ch, nil
}

func setTopic(a *API, c *call) (object, error) {
	return a.setText(c, "topic", a.ws.SetTopic)
}

func setPurpose(a *API, c *call) (object, error) {
	return a.setText(c, "purpose", a.ws.SetPurpose)
}

func (a *API) setText(c *call, name string, set func(ch *workspace.Channel, text, by string)) (object, error) {
	ch, err := a.joinedChannel(c, "is_archived")
	if err != nil {
		return nil, err
	}
	text := c.args.text(name)
	if utf8.RuneCountInString(text) > workspace.MaxTopicLength {
		return nil, refusal.New("too_long")
	}
	set(ch, text, workspace.BotUser)
	return object{"channel": ch.SlackJSON(workspace.BotUser), name: text}, nil
}

func renameChannel(a *API, c *call) (object, error) {
	ch, err := a.joinedChannel(c, "is_archived")
	if err != nil {
		return nil, err
	}
	if ch.Creator != workspace.BotUser { // only who made it may, and admins
		return nil, refusal.New("not_authorized")
	}
	if code := a.ws.RenameChannel(ch, c.args.text("name"), workspace.BotUser); code != "" {
		return nil, refusal.New(code)
	}
	return object{"channel": ch.SlackJSON(workspace.BotUser)}, nil
}

func archiveChannel(a *API, c *call) (object, error) {
	ch, err := a.joinedChannel(c, "already_archived")
	if err != nil {
		return nil, err
	}
	if ch.ID == workspace.General {
		return nil, refusal.New("cant_archive_general")
	}
	a.ws.ArchiveChannel(ch, workspace.BotUser)
	return object{}, nil
}

// unarchiveChannel refuses every bot, as Slack does: "Bot tokens (xoxb-...) cannot
// currently be used to unarchive conversations." The code is not documented, but
// what they are answered (github.com/slack-go/slack/issues/1066).
func unarchiveChannel(a *API, c *call) (object, error) {
	ch, err := a.channel(c, "channel")
	if err != nil {
		return nil, err
	}
	if !ch.Archived {
		return nil, refusal.New("not_archived")
	}
	return nil, refusal.New("not_in_channel")
}

// openDirect opens, or finds, the bot's direct message with a person.
func openDirect(a *API, c *call) (object, error) {
	if err := a.needScopeFor(c.method, "im"); err != nil {
		return nil, err
	}
	if id := c.args.text("channel"); id != "" {
		ch := a.ws.Channel(id)
		if ch == nil || ch.IM == "" {
			return nil, refusal.New("channel_not_found")
		}
		return openedDM(c, ch, true), nil
	}
	users := split(c.args.text("users"))
	switch {
	case len(users) == 0:
		return nil, refusal.New("users_list_not_supplied")
	case len(users) > 1:
		return nil, refusal.New("method_not_supported_for_channel_type") // a group conversation
	}
	u := a.ws.User(users[0])
	if u == nil {
		return nil, refusal.New("user_not_found")
	}
	if u.IsBot {
		return nil, refusal.New("invalid_user_combination")
	}
	known := a.ws.FindDM(u.ID) != nil
	if !known && c.args.flag("prevent_creation") {
		return nil, refusal.New("channel_not_found")
	}
	return openedDM(c, a.ws.OpenDM(u.ID), known), nil
}

func openedDM(c *call, ch *workspace.Channel, known bool) object {
	o := object{"channel": object{"id": ch.ID}}
	if c.args.flag("return_im") {
		o["channel"] = ch.SlackJSON(workspace.BotUser)
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
