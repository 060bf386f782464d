package sandboxtest

import (
	"encoding/json"
	"strings"
	"time"
)

// State is the workspace as its operator sees it.
type State struct {
	Version  int64     `json:"version"`
	Now      time.Time `json:"now"`
	Users    []User    `json:"users"`
	Channels []Channel `json:"channels"`
	Sockets  int       `json:"sockets"`
	Views    []View    `json:"views"`
	Faults   []Fault   `json:"faults"`
	Tokens   struct {
		Bot string `json:"bot"`
		App string `json:"app"`
	} `json:"tokens"`
}

// User is a member of the workspace.
type User struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	RealName string `json:"real_name"`
	IsBot    bool   `json:"is_bot"`
}

// Channel is a channel or a direct message.
type Channel struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Private  bool     `json:"is_private"`
	Archived bool     `json:"is_archived"`
	IM       string   `json:"user"` // whose direct message it is
	Topic    string   `json:"topic"`
	Purpose  string   `json:"purpose"`
	Members  []string `json:"members"` // user IDs
	Pins     []struct {
		TS string `json:"ts"`
	} `json:"pins"`
	Bookmarks []struct {
		Title string `json:"title"`
		Link  string `json:"link"`
	} `json:"bookmarks"`
}

// Message is one message of a channel.
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
	Edited      *struct {
		TS string `json:"ts"`
	} `json:"edited"`
	Metadata struct {
		Type    string         `json:"event_type"`
		Payload map[string]any `json:"event_payload"`
	} `json:"metadata"`
	Reactions []struct {
		Name  string   `json:"name"`
		Users []string `json:"users"`
	} `json:"reactions"`
}

// Content returns all that a message says: its text, and the texts in its blocks.
func (m Message) Content() string {
	return strings.Join(append([]string{m.Text}, texts(m.Blocks)...), "\n")
}

// Says reports whether the message contains all parts.
func (m Message) Says(parts ...string) bool {
	content := m.Content()
	for _, p := range parts {
		if !strings.Contains(content, p) {
			return false
		}
	}
	return true
}

// Has reports whether the message offers an element with that action_id.
func (m Message) Has(action string) bool { return offers(m.Blocks, action) }

// system tells Slack's own lines ("joined", "set the topic") from messages.
func (m Message) system() bool { return strings.HasPrefix(m.Subtype, "channel_") }

// View is a modal, or App Home, that somebody has before them.
type View struct {
	ID     string            `json:"id"`
	User   string            `json:"user"`
	Type   string            `json:"type"`
	Errors map[string]string `json:"errors"`
	Body   struct {
		CallbackID      string                                     `json:"callback_id"`
		PrivateMetadata string                                     `json:"private_metadata"`
		Hash            string                                     `json:"hash"`
		Title           struct{ Text string }                      `json:"title"`
		Blocks          []map[string]any                           `json:"blocks"`
		State           struct{ Values map[string]map[string]any } `json:"state"`
	} `json:"view"`
}

// Content returns all that a view says.
func (v View) Content() string {
	return strings.Join(append([]string{v.Body.Title.Text}, texts(v.Body.Blocks)...), "\n")
}

// Ack is how a deed went.
type Ack struct {
	OK       bool              `json:"ok"`
	Error    string            `json:"error"`
	Detail   string            `json:"detail"`
	MS       float64           `json:"ack_ms"`
	Response json.RawMessage   `json:"response"`        // a command's answer
	Action   string            `json:"response_action"` // a submission's answer
	Errors   map[string]string `json:"errors"`          // by block
}

// Text returns all that a command's answer says.
func (a Ack) Text() string {
	var m Message
	if len(a.Response) == 0 || json.Unmarshal(a.Response, &m) != nil {
		return ""
	}
	return m.Content()
}

// Entry is one piece of traffic.
type Entry struct {
	N        int64           `json:"n"`
	At       time.Time       `json:"at"`
	Kind     string          `json:"kind"`
	Name     string          `json:"name"`
	OK       bool            `json:"ok"`
	Error    string          `json:"error"`
	Messages []string        `json:"messages"` // what is wrong in particular
	MS       float64         `json:"ms"`
	Fault    string          `json:"fault"` // what went wrong on request
	Detail   json.RawMessage `json:"detail"`
}

// Due is what comes due at a moment of the workspace's clock.
type Due struct {
	At   time.Time
	What string
}

// texts collects the texts anywhere in blocks, in reading order of lists.
func texts(v any) []string {
	var all []string
	switch v := v.(type) {
	case []map[string]any:
		for _, item := range v {
			all = append(all, texts(item)...)
		}
	case []any:
		for _, item := range v {
			all = append(all, texts(item)...)
		}
	case map[string]any:
		if s, ok := v["text"].(string); ok {
			all = append(all, s)
		}
		for _, key := range []string{
			"text", "title", "label", "hint", "fields", "element", "elements", "accessory", "placeholder",
			"options", "option_groups", "description", "initial_option",
		} {
			if _, isText := v[key].(string); !isText {
				all = append(all, texts(v[key])...)
			}
		}
	}
	return all
}

// offers reports whether an element with that action_id is anywhere in blocks.
func offers(blocks []map[string]any, action string) bool {
	for _, b := range blocks {
		for _, e := range elements(b) {
			if e["action_id"] == action {
				return true
			}
		}
	}
	return false
}

func elements(block map[string]any) []map[string]any {
	var all []map[string]any
	for _, key := range []string{"element", "accessory"} {
		if e, ok := block[key].(map[string]any); ok {
			all = append(all, e)
		}
	}
	list, _ := block["elements"].([]any)
	for _, item := range list {
		if e, ok := item.(map[string]any); ok {
			all = append(all, e)
		}
	}
	return all
}
