package page

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

//go:embed static
var static embed.FS

//go:embed parts
var parts embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"clock":   func(t time.Time) string { return t.Local().Format("15:04") },
	"seconds": func(t time.Time) string { return t.Local().Format("15:04:05") },
	"iso":     func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) },
	"in":      slices.Contains[[]string],
	"broken":  breakable,
	"json":    encoded,
}).ParseFS(parts, "parts/*.html"))

// Files returns the page's style sheets and its script.
func Files() fs.FS {
	files, err := fs.Sub(static, "static")
	if err != nil {
		panic(err) // the directory is compiled in
	}
	return files
}

// Page is what one person sees at one moment.
type Page struct {
	Version     int64 // of the workspace, as wait takes it
	Now         time.Time
	Next        *Due // what comes due next, if anything does
	Moving      bool // the clock is
	Connected   bool // the app's bot is
	App         App
	Viewer      Person
	People      []Person // all but the bot
	Groups      []Group
	Channels    []Channel // that Viewer may know of, by name
	Channel     Channel   // that is open
	Direct      Channel   // Viewer's messages with the app
	Home        bool      // the app's Home is open, and not its messages
	HomeView    *View     // what the app has published there for Viewer
	Modals      []View    // that Viewer has open, the topmost last
	Messages    []Message
	Earlier     int    // messages before those, which are left out
	Thread      string // ts of the message whose thread is open
	Since       string // ts of the last message that Viewer had read when the channel was opened; "" where nothing was new
	Faults      []Fault
	FaultGroups []FaultGroup // of faults that can be set
	Traffic     *Traffic     // nil where it is not open
	Query       url.Values
}

// Due is something that will be done at a moment.
type Due struct {
	At   time.Time
	What string
}

// App is the app that the workspace has.
type App struct {
	ID, Name, Handle string
	Home             bool   // has a Home
	Messages         string // what its direct messages take: open, read_only or off
	Commands         []Command
	Shortcuts        []Shortcut
}

// Command is a slash command; its hint lists the subcommands: [declare|ack|update].
type Command struct{ Command, Description, Hint string }

// Shortcut is an entry of the composer's menu (global) or of a message's.
type Shortcut struct{ Name, Type, Callback string }

// Person is a member of the workspace.
type Person struct {
	ID, Name, RealName, Title string
	Bot                       bool
}

// Group is a user group.
type Group struct {
	ID, Handle, Name string
	Mine             bool // Viewer is in it
}

// Channel is a channel, or Viewer's direct messages with the app.
type Channel struct {
	ID, Name, Topic, Purpose  string
	Private, Archived, Member bool
	Direct                    bool
	Members                   []string // by their real names
	Unread                    int      // messages that Viewer has not read
	Mentions                  int      // of those, that are for Viewer: that mention Viewer, or are direct
	Bookmarks                 []Bookmark
	Pins                      []Message
}

// Bookmark is a link over a channel's messages.
type Bookmark struct{ Title, Link, Emoji string }

// Message is one message, in the form in which the Web API gives it.
type Message struct {
	TS, Subtype, User, Text string
	Bot, Edited, Ephemeral  bool
	Thread                  string // ts of its thread's first message, of a reply
	Broadcast               bool   // a reply that stands in the channel too
	Replies                 int
	LastReply               string // ts
	Blocks                  []map[string]any
	Attachments             []any
	Reactions               []Reaction
	PinnedBy                string // who pinned it; "" where it is not pinned
	Entered                 Values // what Viewer has picked in its menus
}

// Reaction is an emoji that people have given to a message.
type Reaction struct {
	Name  string
	Users []string
}

// View is a modal, or the app's Home.
type View struct {
	ID      string
	Body    map[string]any // as the app gave it
	Entered Values
	Errors  map[string]string // by block
}

// Values are what fields hold, as Slack's state.values has it: by block, then action.
type Values = map[string]map[string]map[string]any

// Fault is something that is set to go wrong.
type Fault struct {
	ID, Description, Of string // Of is the only method or envelope that it applies to, if there is one
	Count, Applied      int
	Share               float64
	Delay               string // "" where the kind has none
	RetryAfter          int    // seconds; 0 where the kind has none
}

// FaultGroup is the kinds of faults that apply to the same.
type FaultGroup struct {
	Name, Of string // Of is what they may be narrowed to: method, envelope or ""
	Kinds    []FaultKind
}

// FaultKind is a kind of fault, with its usual figures in seconds; 0 is one that it
// does not have.
type FaultKind struct {
	Kind, Description string
	Delay             float64
	RetryAfter        int
}

// Traffic is what passed between the workspace and its clients.
type Traffic struct {
	Words, Kind string // by which it is filtered
	Failed      bool   // only failures
	Entries     []Entry
	Found, Of   int // entries that fit the filter, and all of them
}

// Entry is one piece of traffic.
type Entry struct {
	N                                int64
	At                               time.Time
	Kind, Name, Gist, Verdict, Fault string
	OK                               bool
	MS                               float64
	Wrong                            []string // in particular
}

// Render writes the whole document.
func Render(w io.Writer, p *Page) error {
	if err := templates.ExecuteTemplate(w, "page.html", p); err != nil {
		return fmt.Errorf("draw the page: %w", err)
	}
	return nil
}

// To returns the address of a channel, or of the app ("app", "home"), as Viewer sees it.
func (p *Page) To(place string) string {
	q := url.Values{"as": {p.Viewer.ID}}
	if p.Traffic != nil {
		q.Set("traffic", "1")
	}
	return "/" + place + "?" + q.Encode()
}

// Here returns this page's address with one thing of its query changed; "" takes it out.
func (p *Page) Here(key, value string) string {
	q := maps.Clone(p.Query)
	q.Set("as", p.Viewer.ID)
	q.Set(key, value)
	if value == "" {
		q.Del(key)
	}
	if key == "thread" || key == "traffic" { // one pane at a time
		for _, other := range []string{"thread", "traffic", "words", "kind", "failed"} {
			if other != key {
				q.Del(other)
			}
		}
	}
	return "/" + p.place() + "?" + q.Encode()
}

func (p *Page) place() string {
	switch {
	case p.Home:
		return "home"
	case p.Channel.Direct:
		return "app"
	}
	return p.Channel.ID
}

// ViewKey names whose view of which place this is, for what belongs to it alone.
func (p *Page) ViewKey() string { return p.Viewer.ID + "/" + p.place() }

// Title returns the browser window's.
func (p *Page) Title() string {
	if p.Channel.Direct {
		return p.App.Name
	}
	return "#" + p.Channel.Name
}

// MayAct reports whether Viewer takes part in the channel.
func (p *Page) MayAct() bool { return !p.Home && p.Channel.Member && !p.Channel.Archived }

// MayWrite reports whether Viewer can type there: an app may take no messages.
func (p *Page) MayWrite() bool { return p.MayAct() && (!p.Channel.Direct || p.App.Messages == "open") }

// Live returns the channels in use, and Archived the others.
func (p *Page) Live() []Channel { return p.channels(false) }

// Archived returns the channels that are no longer in use.
func (p *Page) Archived() []Channel { return p.channels(true) }

func (p *Page) channels(archived bool) []Channel {
	var all []Channel
	for _, r := range p.Channels {
		if r.Archived == archived {
			all = append(all, r)
		}
	}
	return all
}

// Unread reports whether a channel is marked so. One that is open is being read.
func (p *Page) Unread(r Channel) bool { return r.Unread > 0 && (r.ID != p.Channel.ID || p.Home) }

// HasUnread reports whether anything is unread, anywhere.
func (p *Page) HasUnread() bool {
	return p.Unread(p.Direct) || slices.ContainsFunc(p.Channels, p.Unread)
}

// AppPlace returns where the app's entry leads: to its Home, if it has one and has said
// nothing new.
func (p *Page) AppPlace() string {
	if p.App.Home && p.Direct.Unread == 0 {
		return "home"
	}
	return "app"
}

// Modal returns the modal on top.
func (p *Page) Modal() *View {
	if len(p.Modals) == 0 {
		return nil
	}
	return &p.Modals[len(p.Modals)-1]
}

// shortcuts returns those of one type.
func (p *Page) shortcuts(kind string) []Shortcut {
	var all []Shortcut
	for _, s := range p.App.Shortcuts {
		if s.Type == kind {
			all = append(all, s)
		}
	}
	return all
}

// Globals returns the shortcuts of the composer's menu.
func (p *Page) Globals() []Shortcut { return p.shortcuts("global") }

// Hint returns what the empty composer says.
func (p *Page) Hint() string {
	to, commands := "#"+p.Channel.Name, make([]string, len(p.App.Commands))
	for i, c := range p.App.Commands {
		commands[i] = c.Command
	}
	if p.Channel.Direct {
		to = p.App.Name
	}
	if len(commands) == 0 {
		return "Message " + to
	}
	return "Message " + to + ", or type " + strings.Join(commands, ", ")
}

// Request returns a request to the control interface in Viewer's name, as JSON.
func (p *Page) Request(pairs ...any) (string, error) {
	o := map[string]any{"user": p.Viewer.ID}
	for i := 0; i+1 < len(pairs); i += 2 {
		o[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return encoded(o)
}
