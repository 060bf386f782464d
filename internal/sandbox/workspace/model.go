package workspace

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Object is a JSON object as clients sent it or will receive it.
type Object = map[string]any

// state is the workspace as it is kept across restarts.
type state struct {
	Offset    time.Duration           `json:"offset"`    // the clock's lead over real time
	LastStamp int64                   `json:"last_ts"`   // µs of the newest ts handed out
	LastID    int64                   `json:"last_id"`   // newest number used in an ID
	Added     []User                  `json:"users"`     // beside those of a fresh workspace
	Channels  []*Channel              `json:"channels"`  // in order of creation
	Homes     map[string]*View        `json:"homes"`     // App Home by user
	Responses map[string]*responseURL `json:"responses"` // response URLs by their secret part

	Read map[string]map[string]string `json:"read"` // ts of the last message that a person has read, by person and channel
}

// Team is the workspace's identity.
type Team struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Domain string `json:"domain"`
}

// User is a member of the workspace: a person, or the bot.
type User struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	RealName string `json:"real_name"`
	Title    string `json:"title,omitempty"`
	Email    string `json:"email,omitempty"`
	TZ       string `json:"tz,omitempty"` // such as "Europe/Paris"; "" = UTC
	IsBot    bool   `json:"is_bot"`
	Guest    bool   `json:"is_restricted,omitempty"`
	Team     string `json:"team_id,omitempty"` // another organization's, who is here in shared channels; "" = this one
}

// TeamID returns the team that a user belongs to.
func (u *User) TeamID() string {
	if u.Team != "" {
		return u.Team
	}
	return TeamID
}

// Group is a user group.
type Group struct {
	ID     string   `json:"id"`
	Handle string   `json:"handle"`
	Name   string   `json:"name"`
	Users  []string `json:"users"`
}

// Channel is a public or private channel, or a direct message with the bot.
type Channel struct {
	ID         string      `json:"id"`
	Name       string      `json:"name"`
	Private    bool        `json:"is_private"`
	Archived   bool        `json:"is_archived"`
	IM         string      `json:"user,omitempty"` // the person whose direct message it is
	Creator    string      `json:"creator"`
	Created    int64       `json:"created"`
	Updated    int64       `json:"updated,omitempty"` // its name, topic, purpose or state, in milliseconds; 0 = never
	Topic      channelText `json:"topic"`
	Purpose    channelText `json:"purpose"`
	Members    []string    `json:"members"`
	Pins       []Pin       `json:"pins"`
	Bookmarks  []Bookmark  `json:"bookmarks"`
	Previous   []string    `json:"previous_names,omitempty"`
	Messages   []*Message  `json:"messages"` // oldest first, replies in threads included
	Ephemerals []*Message  `json:"-"`        // as in Slack, lost when the workspace restarts
}

type channelText struct {
	Value   string `json:"value"`
	Creator string `json:"creator"`
	LastSet int64  `json:"last_set"`
}

// Pin is a message that is pinned to a channel.
type Pin struct {
	TS string `json:"ts"`
	By string `json:"by"`
	At int64  `json:"at"`
}

// Bookmark is a link over a channel's messages.
type Bookmark struct {
	ID      string `json:"id"`
	Channel string `json:"channel_id"`
	Title   string `json:"title"`
	Link    string `json:"link"`
	Emoji   string `json:"emoji"`
	Type    string `json:"type"`
	Created int64  `json:"date_created"`
}

// Message is one message, as stored; wire gives the form the Web API answers.
type Message struct {
	TS          string     `json:"ts"`
	Subtype     string     `json:"subtype,omitempty"`
	User        string     `json:"user"`
	BotID       string     `json:"bot_id,omitempty"`
	BotName     string     `json:"bot_name,omitempty"`
	ClientID    string     `json:"client_msg_id,omitempty"` // that a person's client gave it
	Text        string     `json:"text"`
	Blocks      []Object   `json:"blocks,omitempty"`
	Attachments []any      `json:"attachments,omitempty"`
	Metadata    Object     `json:"metadata,omitempty"`
	ThreadTS    string     `json:"thread_ts,omitempty"`
	Broadcast   bool       `json:"broadcast,omitempty"`
	Edited      *edit      `json:"edited,omitempty"`
	Reactions   []Reaction `json:"reactions,omitempty"`
	EphemeralTo string     `json:"ephemeral_to,omitempty"`
}

type edit struct {
	User string `json:"user"`
	TS   string `json:"ts"`
}

// Reaction is those of one emoji to a message.
type Reaction struct {
	Name  string   `json:"name"`
	Users []string `json:"users"`
	Count int      `json:"count"`
}

// View is a modal or an App Home that a person has before them.
type View struct {
	ID       string            `json:"id"`
	User     string            `json:"user"`
	Hash     string            `json:"hash"`
	Root     string            `json:"root_view_id"`
	Previous string            `json:"previous_view_id,omitempty"`
	Body     Object            `json:"view"`             // type, title, blocks … as the bot gave them
	Values   Values            `json:"values,omitempty"` // what the person has entered so far
	Errors   map[string]string `json:"errors,omitempty"` // by block, from the last submission
}

// HasMember reports whether user is in the channel.
func (c *Channel) HasMember(user string) bool { return slices.Contains(c.Members, user) }

// VisibleTo reports whether user may know that the channel exists.
func (c *Channel) VisibleTo(user string) bool {
	return c.HasMember(user) || !c.Private && c.IM == ""
}

// Kind returns the channel's type as Slack's scopes and events name it.
func (c *Channel) Kind() string {
	switch {
	case c.IM != "":
		return "im"
	case c.Private:
		return "group"
	default:
		return "channel"
	}
}

// Message returns the message of that ts that everybody in the channel sees, or nil.
func (c *Channel) Message(ts string) *Message {
	for _, m := range c.Messages {
		if m.TS == ts {
			return m
		}
	}
	return nil
}

// VisibleMessage finds a message that user can see, ephemeral ones included.
func (c *Channel) VisibleMessage(ts, user string) *Message {
	if m := c.Message(ts); m != nil {
		return m
	}
	for _, m := range c.Ephemerals {
		if m.TS == ts && m.EphemeralTo == user {
			return m
		}
	}
	return nil
}

// StartsThread reports whether a thread begins, or could, at the message ts.
func (c *Channel) StartsThread(ts string) bool {
	m := c.Message(ts)
	return m != nil && m.ThreadTS == ""
}

// Replies returns the replies to the message ts, oldest first.
func (c *Channel) Replies(ts string) []*Message {
	var found []*Message
	for _, m := range c.Messages {
		if m.ThreadTS == ts && m.TS != ts {
			found = append(found, m)
		}
	}
	return found
}

// Pinned reports whether the message ts is pinned.
func (c *Channel) Pinned(ts string) bool {
	return slices.ContainsFunc(c.Pins, func(p Pin) bool { return p.TS == ts })
}

// Channel returns the channel of that ID, or nil.
func (s *state) Channel(id string) *Channel {
	for _, c := range s.Channels {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// ChannelNamed returns the channel of that name, or nil.
func (s *state) ChannelNamed(name string) *Channel {
	for _, c := range s.Channels {
		if c.IM == "" && c.Name == name {
			return c
		}
	}
	return nil
}

// FindDM returns the bot's direct message with a person if it is open, or nil.
func (s *state) FindDM(user string) *Channel {
	for _, c := range s.Channels {
		if c.IM == user {
			return c
		}
	}
	return nil
}

// NewID returns an ID of Slack's look that was never given before.
func (s *state) NewID(prefix string) string {
	s.LastID++
	return fmt.Sprintf("%s0%09s", prefix, strings.ToUpper(strconv.FormatInt(s.LastID, 36)))
}

// nextTS returns the ts of something that happens now: unique and increasing.
func (s *state) nextTS(now time.Time) string {
	s.LastStamp = max(now.UnixMicro(), s.LastStamp+1)
	return fmt.Sprintf("%d.%06d", s.LastStamp/1e6, s.LastStamp%1e6)
}

// Values are what a person entered, as Slack's state.values holds it: by
// block_id, then action_id.
type Values map[string]map[string]Object

// Set sets the entry of one element.
func (v Values) Set(block, action string, entry Object) {
	if v[block] == nil {
		v[block] = map[string]Object{}
	}
	v[block][action] = entry
}

// Clone returns a copy that can be changed.
func (v Values) Clone() Values {
	c := make(Values, len(v))
	for block, actions := range v {
		c[block] = maps.Clone(actions)
	}
	return c
}

// FindChannel finds a channel by ID, name or #name.
func (s *state) FindChannel(name string) *Channel {
	if ch := s.Channel(name); ch != nil {
		return ch
	}
	return s.ChannelNamed(strings.TrimPrefix(name, "#"))
}
