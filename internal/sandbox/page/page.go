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
	"broken":  broken,
	"json":    encoded,
}).ParseFS(parts, "parts/*.html"))

// Files are the page's style sheets and its script.
func Files() fs.FS {
	files, err := fs.Sub(static, "static")
	if err != nil {
		panic(err) // the directory is compiled in
	}
	return files
}

// Page is what one person sees at one moment.
type Page struct {
	Version   int64 // of the workspace, as wait takes it
	Now       time.Time
	Next      *Due // what comes due next, if anything does
	Moving    bool // the clock is
	Connected bool // the app's bot is
	App       App
	Me        Person
	People    []Person // all but the bot
	Groups    []Group
	Rooms     []Room // that Me may know of, in order of name
	Room      Room   // that is open
	Direct    Room   // Me's messages with the app
	Home      bool   // the app's Home is open, and not its messages
	HomeView  *View  // what the app has published there for Me
	Modals    []View // that Me has open, the topmost last
	Messages  []Message
	Earlier   int    // messages before those, which are left out
	Thread    string // ts of the message whose thread is open
	Since     string // ts of the last message that Me had read when the room was opened; "" where nothing was new
	Faults    []Fault
	Kinds     []Kinds  // of faults that can be set
	Traffic   *Traffic // nil where it is not open
	Query     url.Values
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
	Mine             bool // Me is in it
}

// Room is a channel, or Me's direct messages with the app.
type Room struct {
	ID, Name, Topic, Purpose  string
	Private, Archived, Member bool
	Direct                    bool
	Members                   []string // by their real names
	Unread                    int      // messages that Me has not read
	Calls                     int      // of those, that are for Me: that mention Me, or are direct
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
	Entered                 Values // what Me has picked in its menus
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
	ID, Words, Of string // Of is the only method or envelope that it strikes, if it is narrowed to one
	Count, Struck int
	Share         float64
	Delay         string // "" where the kind has none
	RetryAfter    int    // seconds; 0 where the kind has none
}

// Kinds are kinds of faults that strike the same.
type Kinds struct {
	Name, Of string // Of is what they may be narrowed to: method, envelope or ""
	Kinds    []Kind
}

// Kind is a kind of fault, with its usual figures in seconds; 0 is one that it
// does not have.
type Kind struct {
	Kind, Words string
	Delay       float64
	RetryAfter  int
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

// To is the address of a room, or of the app ("app", "home"), as Me sees it.
func (p *Page) To(place string) string {
	q := url.Values{"as": {p.Me.ID}}
	if p.Traffic != nil {
		q.Set("traffic", "1")
	}
	return "/" + place + "?" + q.Encode()
}

// Here is this page's address with one thing of its query changed; "" takes it out.
func (p *Page) Here(key, value string) string {
	q := maps.Clone(p.Query)
	q.Set("as", p.Me.ID)
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
	case p.Room.Direct:
		return "app"
	}
	return p.Room.ID
}

// Where names whose view of which place this is, for what belongs to it alone.
func (p *Page) Where() string { return p.Me.ID + "/" + p.place() }

// Title is the browser window's.
func (p *Page) Title() string {
	if p.Room.Direct {
		return p.App.Name
	}
	return "#" + p.Room.Name
}

// MayAct tells whether Me takes part in the room.
func (p *Page) MayAct() bool { return !p.Home && p.Room.Member && !p.Room.Archived }

// MayWrite tells whether Me can type there: an app may take no messages.
func (p *Page) MayWrite() bool { return p.MayAct() && (!p.Room.Direct || p.App.Messages == "open") }

// Live are the channels in use, and Archived the others.
func (p *Page) Live() []Room { return p.rooms(false) }

// Archived are the channels that are no longer in use.
func (p *Page) Archived() []Room { return p.rooms(true) }

func (p *Page) rooms(archived bool) []Room {
	var all []Room
	for _, r := range p.Rooms {
		if r.Archived == archived {
			all = append(all, r)
		}
	}
	return all
}

// Unread tells whether a channel is marked so. One that is open is being read.
func (p *Page) Unread(r Room) bool { return r.Unread > 0 && (r.ID != p.Room.ID || p.Home) }

// News tells whether anything is unread, anywhere.
func (p *Page) News() bool { return p.Unread(p.Direct) || slices.ContainsFunc(p.Rooms, p.Unread) }

// Begin is where the app's entry leads: to its Home, if it has one and has said
// nothing new.
func (p *Page) Begin() string {
	if p.App.Home && p.Direct.Unread == 0 {
		return "home"
	}
	return "app"
}

// Modal is the modal on top.
func (p *Page) Modal() *View {
	if len(p.Modals) == 0 {
		return nil
	}
	return &p.Modals[len(p.Modals)-1]
}

// shortcuts are those of one type.
func (p *Page) shortcuts(kind string) []Shortcut {
	var all []Shortcut
	for _, s := range p.App.Shortcuts {
		if s.Type == kind {
			all = append(all, s)
		}
	}
	return all
}

// Globals are the shortcuts of the composer's menu.
func (p *Page) Globals() []Shortcut { return p.shortcuts("global") }

// Hint is what the empty composer says.
func (p *Page) Hint() string {
	to, commands := p.Room.Name, make([]string, len(p.App.Commands))
	for i, c := range p.App.Commands {
		commands[i] = c.Command
	}
	if to = "#" + to; p.Room.Direct {
		to = p.App.Name
	}
	if len(commands) == 0 {
		return "Message " + to
	}
	return "Message " + to + ", or type " + strings.Join(commands, ", ")
}

// Body is a request to the control interface in Me's name, as JSON.
func (p *Page) Body(pairs ...any) (string, error) {
	o := map[string]any{"user": p.Me.ID}
	for i := 0; i+1 < len(pairs); i += 2 {
		o[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return encoded(o)
}
