package control

import (
	"encoding/json"
	"time"
)

// State is everything in the workspace but the messages, as its operator sees it.
type State struct {
	Version     int64         `json:"version"`
	Now         time.Time     `json:"now"`
	Team        Team          `json:"team"`
	Users       []User        `json:"users"`
	Channels    []Channel     `json:"channels"`
	Groups      []Group       `json:"usergroups"`
	Sockets     int           `json:"sockets"` // that the bot has open
	Views       []View        `json:"views"`   // open modals first, the visible one of a person last
	Bot         Bot           `json:"bot"`
	Tokens      Tokens        `json:"tokens"`
	App         string        `json:"app"`
	HomeTab     bool          `json:"home_tab"`
	MessagesTab string        `json:"messages_tab"` // open, read_only or off
	Commands    []AppCommand  `json:"commands"`
	Shortcuts   []AppShortcut `json:"shortcuts"`
	Faults      []Fault       `json:"faults"`
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
	Team     string `json:"team_id,omitempty"` // of another organization; "" = this one
}

// Group is a user group. The interface gives it as the Web API does; these are the
// fields that its readers need.
type Group struct {
	ID     string   `json:"id"`
	Handle string   `json:"handle"`
	Name   string   `json:"name"`
	Users  []string `json:"users"`
}

// Channel is a channel, or a person's direct message with the bot.
type Channel struct {
	ID        string       `json:"id"`
	Name      string       `json:"name"`
	Private   bool         `json:"is_private"`
	Archived  bool         `json:"is_archived"`
	Direct    bool         `json:"is_im"`
	IM        string       `json:"user"` // the person whose direct message it is
	Creator   string       `json:"creator"`
	Topic     string       `json:"topic"`
	Purpose   string       `json:"purpose"`
	Members   []string     `json:"members"` // user IDs
	Pins      []ChannelPin `json:"pins"`
	Bookmarks []Bookmark   `json:"bookmarks"`
	Messages  int          `json:"messages"`
}

// ChannelPin is a message that is pinned to a channel.
type ChannelPin struct {
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

// Bot is the bot that the workspace has.
type Bot struct {
	User string `json:"user_id"`
	ID   string `json:"bot_id"`
	App  string `json:"app_id"`
}

// Tokens are what a bot needs to connect.
type Tokens struct {
	Bot string `json:"bot"`
	App string `json:"app"`
}

// AppCommand is a slash command of the app.
type AppCommand struct {
	Command string `json:"command"`
	About   string `json:"description"`
	Hint    string `json:"usage_hint"`
	Escape  bool   `json:"should_escape"`
}

// AppShortcut is a shortcut of the app.
type AppShortcut struct {
	Name     string `json:"name"`
	Type     string `json:"type"` // global or message
	Callback string `json:"callback_id"`
}

// Message is one message of a channel. The interface gives it as the Web API does,
// with who alone sees it and whether it is pinned; these are the fields that its
// readers need.
type Message struct {
	TS          string           `json:"ts"`
	Subtype     string           `json:"subtype"`
	User        string           `json:"user"`
	BotID       string           `json:"bot_id"`
	Text        string           `json:"text"`
	Blocks      []map[string]any `json:"blocks"`
	ThreadTS    string           `json:"thread_ts"`
	EphemeralTo string           `json:"ephemeral_to"`
	Pinned      bool             `json:"pinned"`
	Edited      *Edit            `json:"edited"`
	Metadata    Metadata         `json:"metadata"`
	Reactions   []Reactions      `json:"reactions"`
}

// Edit is when a message was edited last.
type Edit struct {
	TS string `json:"ts"`
}

// Metadata is what an app has attached to its message.
type Metadata struct {
	Type    string         `json:"event_type"`
	Payload map[string]any `json:"event_payload"`
}

// Reactions are those of one emoji to a message.
type Reactions struct {
	Name  string   `json:"name"`
	Users []string `json:"users"`
}

// View is a modal or an App Home that somebody has before them.
type View struct {
	ID     string            `json:"id"`
	User   string            `json:"user"`
	Type   string            `json:"type"` // modal or home
	Errors map[string]string `json:"errors"`
	Body   ViewBody          `json:"view"`
}

// ViewBody is a view as the Web API gives it, with the fields that readers need.
type ViewBody struct {
	CallbackID      string           `json:"callback_id"`
	PrivateMetadata string           `json:"private_metadata"`
	Hash            string           `json:"hash"`
	Title           Text             `json:"title"`
	Submit          *Text            `json:"submit"` // nil where there is nothing to submit
	Blocks          []map[string]any `json:"blocks"`
	State           struct {
		Values FieldValues `json:"values"`
	} `json:"state"`
}

// Text is a text object.
type Text struct {
	Text string `json:"text"`
}

// Ack is how an action went.
type Ack struct {
	OK       bool              `json:"ok"`
	Error    string            `json:"error"`
	Detail   string            `json:"detail"`
	MS       float64           `json:"ack_ms"`
	TS       string            `json:"ts"`              // of a message that was posted
	Response json.RawMessage   `json:"response"`        // a command's answer
	Action   string            `json:"response_action"` // a submission's answer
	Errors   map[string]string `json:"errors"`          // in a form, by block
}

// Entry is one piece of traffic, with a detail of type D.
type Entry[D any] struct {
	N      int64     `json:"n"`
	At     time.Time `json:"at"`   // by the workspace's clock
	Kind   string    `json:"kind"` // api, envelope, ack, response, socket
	Name   string    `json:"name"` // method, envelope type, socket event
	OK     bool      `json:"ok"`
	Error  string    `json:"error,omitempty"`
	MS     float64   `json:"ms"`              // real milliseconds it took
	Fault  string    `json:"fault,omitempty"` // the kind of fault that caused it
	Detail D         `json:"detail,omitempty"`

	Messages []string `json:"messages,omitempty"` // what is wrong in particular, in Slack's words
}

// Clock is the workspace's time, and what is due next.
type Clock struct {
	Now  time.Time `json:"now"`
	Next *Due      `json:"next"` // nil if nothing is due
}

// Due is something that will be done at a time.
type Due struct {
	At   time.Time `json:"at"`
	What string    `json:"what"` // in words for the page, such as "update reminder of INC-1"
}

// Fault is something that goes wrong on request.
type Fault struct {
	ID         string  `json:"id"`
	Kind       string  `json:"kind"`
	Method     string  `json:"method,omitempty"`   // of calls; "" is every method
	Envelope   string  `json:"envelope,omitempty"` // of envelopes; "" is every type
	Count      int     `json:"count"`              // how often it applies at most; 0 is until it is cleared
	Share      float64 `json:"share"`              // of what it could apply to
	Seed       uint64  `json:"seed"`               // decides which ones the share takes
	RetryAfter int     `json:"retry_after,omitempty"`
	Delay      string  `json:"delay,omitempty"`
	Applied    int     `json:"struck"` // how often it has applied
}
