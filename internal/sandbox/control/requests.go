package control

// Request is something that a person does.
type Request interface {
	path() string // below /sandbox/v1/
}

// FieldValues are the values of a form's fields, by block_id, then action_id: a
// text, an option's value, a user's ID, or a list of these.
type FieldValues = map[string]map[string]any

// Command runs a slash command, such as "/incident" with the text "list".
type Command struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
	Command string `json:"command"`
	Text    string `json:"text"`
}

// AddUser adds somebody to the workspace.
type AddUser struct {
	Name     string `json:"name"`
	RealName string `json:"real_name,omitempty"`
	Account  string `json:"account,omitempty"` // member, guest, or external: of another organization, in shared channels
}

// Envelope sends the bot a payload as it stands, whoever it claims to come from.
type Envelope struct {
	Type    string         `json:"type"` // slash_commands, interactive or events_api
	Payload map[string]any `json:"payload"`
}

// Click presses a button or picks from a menu, in a message or in a view.
type Click struct {
	User    string      `json:"user"`
	Channel string      `json:"channel,omitempty"`
	TS      string      `json:"ts,omitempty"` // of the message
	View    string      `json:"view_id,omitempty"`
	Block   string      `json:"block_id,omitempty"`
	Action  string      `json:"action_id"`
	Value   any         `json:"value,omitempty"`  // of the option that is picked
	Values  FieldValues `json:"values,omitempty"` // of a view's fields, which go along
}

// Submit sends the modal that a person has open.
type Submit struct {
	User   string      `json:"user"`
	View   string      `json:"view_id,omitempty"` // "" is the one on top
	Values FieldValues `json:"values,omitempty"`
}

// Close closes the modal on top, or all of them.
type Close struct {
	User string `json:"user"`
	View string `json:"view_id,omitempty"`
	All  bool   `json:"all,omitempty"`
}

// Post posts a message, or a reply in a thread.
type Post struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
	Text    string `json:"text"`
	Thread  string `json:"thread_ts,omitempty"`
}

// Mark is what a person leaves at a message, or takes back.
type Mark struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
	TS      string `json:"ts"`
	Name    string `json:"name,omitempty"` // of a reaction's emoji, without colons
	Remove  bool   `json:"remove,omitempty"`
}

// Reaction adds a reaction, or removes it.
type Reaction Mark

// Pin pins a message, or unpins it.
type Pin Mark

// Shortcut uses a global shortcut, or one on a message.
type Shortcut struct {
	User     string `json:"user"`
	Callback string `json:"callback_id"`
	Channel  string `json:"channel,omitempty"`
	TS       string `json:"ts,omitempty"`
}

// Home opens the app's Home tab.
type Home struct {
	User string `json:"user"`
}

// InChannel is a person and a channel.
type InChannel struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
}

// Read marks a channel as read.
type Read InChannel

// Join joins a public channel.
type Join InChannel

// Archive archives a channel.
type Archive InChannel

// Unarchive unarchives a channel.
type Unarchive InChannel

// Invite lets one member bring somebody else, or the bot, into a channel.
type Invite struct {
	By      string `json:"by"`
	User    string `json:"user"`
	Channel string `json:"channel"`
}

// Create creates a channel.
type Create struct {
	User    string `json:"user"`
	Name    string `json:"name"`
	Private bool   `json:"private"`
}

// Rename renames a channel.
type Rename struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
	Name    string `json:"name"`
}

// Advance moves the clock by a duration such as "30m", or to what is due "next".
type Advance struct {
	Advance string `json:"advance"`
}

// FaultRequest adds a fault. A figure that is nil is the kind's usual one.
type FaultRequest struct {
	Kind       string   `json:"kind"`
	Method     string   `json:"method,omitempty"`
	Envelope   string   `json:"envelope,omitempty"`
	Count      *int     `json:"count,omitempty"`
	Share      *float64 `json:"share,omitempty"`
	Seed       uint64   `json:"seed,omitempty"`
	RetryAfter *int     `json:"retry_after,omitempty"`
	Delay      string   `json:"delay,omitempty"`
}

func (AddUser) path() string   { return "user" }
func (Envelope) path() string  { return "envelope" }
func (Command) path() string   { return "command" }
func (Click) path() string     { return "click" }
func (Submit) path() string    { return "submit" }
func (Close) path() string     { return "close" }
func (Post) path() string      { return "message" }
func (Reaction) path() string  { return "reaction" }
func (Pin) path() string       { return "pin" }
func (Shortcut) path() string  { return "shortcut" }
func (Home) path() string      { return "home" }
func (Read) path() string      { return "read" }
func (Join) path() string      { return "join" }
func (Archive) path() string   { return "archive" }
func (Unarchive) path() string { return "unarchive" }
func (Invite) path() string    { return "invite" }
func (Create) path() string    { return "create" }
func (Rename) path() string    { return "rename" }
