package page

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"go.uber.org/zap"

	"muster/internal/sandbox/clock"
	"muster/internal/sandbox/faults"
	"muster/internal/sandbox/traffic"
	"muster/internal/sandbox/workspace"
)

// maxMessages is how many messages of a channel the page shows, unless it is asked
// for all of them.
const maxMessages = 300

// pageHeaders let the page work by its own script only, in no other page, and
// without a network.
var pageHeaders = map[string]string{
	"Content-Security-Policy": "default-src 'self'; img-src 'self' data:; style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
	"Referrer-Policy":         "no-referrer", // addresses say who is who
	"Cache-Control":           "no-cache",
}

// connections are the bot's sockets.
type connections interface{ Count() int }

// handler draws the page.
type handler struct {
	ws      *workspace.Workspace
	bot     connections
	faults  *faults.Set
	traffic *traffic.Log
	clock   *clock.Mover
	log     *zap.Logger
}

// Options are what the page shows.
type Options struct {
	Workspace *workspace.Workspace
	Bot       connections
	Faults    *faults.Set
	Traffic   *traffic.Log
	Clock     *clock.Mover
	Log       *zap.Logger
}

// New returns the handler of the page and its files.
func New(o Options) http.Handler {
	h := &handler{ws: o.Workspace, bot: o.Bot, faults: o.Faults, traffic: o.Traffic, clock: o.Clock, log: o.Log}
	mux := http.NewServeMux()
	mux.Handle("GET /page/", withPageHeaders(http.StripPrefix("/page/", http.FileServerFS(Files()))))
	mux.Handle("GET /{$}", withPageHeaders(http.HandlerFunc(h.servePage)))
	mux.Handle("GET /{place}", withPageHeaders(http.HandlerFunc(h.servePage)))
	return mux
}

func withPageHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		for name, value := range pageHeaders {
			rw.Header().Set(name, value)
		}
		next.ServeHTTP(rw, r)
	})
}

// servePage draws what the address asks for: a channel, or the app's messages
// (app) or Home (home), as somebody sees it. Who may not see that, or names
// nobody, is led to where they can begin.
func (h *handler) servePage(rw http.ResponseWriter, r *http.Request) {
	next, has, err := h.clock.Next(r.Context())
	if err != nil {
		h.log.Warn("ask what is due next", zap.Error(err)) // the page shows the rest
	}
	p, ok := h.pageFor(r.PathValue("place"), r.URL.Query())
	if !ok {
		http.Redirect(rw, r, p.Here("as", p.Viewer.ID), http.StatusSeeOther) //nolint:gosec // a path of this page, and its query
		return
	}
	if has {
		p.Next = &Due{At: next.At, What: next.What}
	}
	var out bytes.Buffer
	if err := Render(&out, p); err != nil {
		h.log.Error("draw the page", zap.Error(err))
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = out.WriteTo(rw) // the reader is gone
}

// pageFor returns what the person of the query sees at a place; ok reports whether the
// address names both by their IDs. Otherwise the page says where to begin.
func (h *handler) pageFor(place string, q url.Values) (p *Page, ok bool) {
	version := h.traffic.Version() // read first: what changes meanwhile is seen again
	h.ws.Lock()
	defer h.ws.Unlock()
	viewer := h.ws.FindUser(q.Get("as"))
	if viewer == nil || viewer.IsBot {
		viewer = &h.ws.Users[0]
	}
	p = &Page{
		Version: version, Now: h.ws.Now(), Moving: h.clock.IsMoving(), Connected: h.bot.Count() > 0,
		App: h.pageApp(), Viewer: pagePerson(viewer), Thread: q.Get("thread"), Since: q.Get("since"),
		Faults: h.pageFaults(), FaultGroups: pageFaultKinds(), Query: q,
	}
	for i := range h.ws.Users {
		if u := &h.ws.Users[i]; !u.IsBot {
			p.People = append(p.People, pagePerson(u))
		}
	}
	for _, g := range h.ws.Groups {
		p.Groups = append(p.Groups, Group{ID: g.ID, Handle: g.Handle, Name: g.Name, Mine: slices.Contains(g.Users, viewer.ID)})
	}
	for _, ch := range h.ws.Channels {
		if ch.IM == "" && ch.VisibleTo(viewer.ID) {
			p.Channels = append(p.Channels, h.pageChannel(ch, viewer))
		}
	}
	slices.SortFunc(p.Channels, func(a, b Channel) int { return cmp.Compare(a.Name, b.Name) })
	ch := h.channelAt(place, viewer)
	if direct := h.ws.FindDM(viewer.ID); direct != nil {
		p.Direct = h.pageChannel(direct, viewer)
	}
	ok = ch != nil && q.Get("as") == viewer.ID
	if ch == nil {
		ch = h.ws.Channel(workspace.Incidents)
	}
	p.Channel = h.pageChannel(ch, viewer)
	p.Home = place == "home" && h.ws.App.Home
	h.fillLocation(p, ch, viewer, q)
	if q.Get("traffic") != "" {
		p.Traffic = h.pageTraffic(q)
	}
	return p, ok
}

// channelAt finds the channel behind a place in the address, if viewer may see it.
func (h *handler) channelAt(place string, viewer *workspace.User) *workspace.Channel {
	if place == "app" && h.ws.App.Messages != workspace.TabOff || place == "home" && h.ws.App.Home {
		if h.ws.FindDM(viewer.ID) == nil {
			h.ws.MarkDirty() // looking opens it
		}
		return h.ws.OpenDM(viewer.ID)
	}
	if ch := h.ws.Channel(place); ch != nil && ch.IM == "" && ch.VisibleTo(viewer.ID) {
		return ch
	}
	return nil
}

// fillLocation puts the channel's messages, or the app's Home, and what viewer has open.
func (h *handler) fillLocation(p *Page, ch *workspace.Channel, viewer *workspace.User, q url.Values) {
	for _, v := range h.ws.Views.Stack(viewer.ID) {
		p.Modals = append(p.Modals, pageView(v))
	}
	if p.Home {
		if v := h.ws.Homes[viewer.ID]; v != nil {
			view := pageView(v)
			p.HomeView = &view
		}
		return
	}
	if !q.Has("since") && p.Channel.Unread > 0 {
		p.Since = cmp.Or(h.ws.Read[viewer.ID][ch.ID], "0") // all is new to who has never read there
	}
	q.Del("since") // belongs to this look alone
	messages := ch.Timeline(viewer.ID)
	if n := len(messages) - maxMessages; n > 0 && q.Get("all") == "" && p.Thread == "" {
		messages, p.Earlier = messages[n:], n
	}
	for _, m := range messages {
		p.Messages = append(p.Messages, h.pageMessage(ch, m, viewer))
	}
	for _, pinned := range ch.Pins {
		if m := ch.Message(pinned.TS); m != nil {
			p.Channel.Pins = append(p.Channel.Pins, Message{TS: m.TS, Text: m.Text, Thread: m.ThreadTS})
		}
	}
}

func (h *handler) pageApp() App {
	a := App{ID: workspace.BotUser, Name: h.ws.App.Name, Handle: h.ws.User(workspace.BotUser).Name, Home: h.ws.App.Home, Messages: string(h.ws.App.Messages)}
	for _, c := range h.ws.App.Commands {
		a.Commands = append(a.Commands, Command{Command: c.Command, Description: c.About, Hint: c.Hint})
	}
	for _, s := range h.ws.App.Shortcuts {
		a.Shortcuts = append(a.Shortcuts, Shortcut{Name: s.Name, Type: s.Type, Callback: s.Callback})
	}
	return a
}

func pagePerson(u *workspace.User) Person {
	return Person{ID: u.ID, Name: u.Name, RealName: u.RealName, Title: u.Title}
}

func (h *handler) pageChannel(ch *workspace.Channel, viewer *workspace.User) Channel {
	unread := h.ws.UnreadMessages(ch, viewer)
	r := Channel{
		ID: ch.ID, Name: ch.Name, Topic: ch.Topic.Value, Purpose: ch.Purpose.Value, Private: ch.Private, Archived: ch.Archived,
		Member: ch.HasMember(viewer.ID), Direct: ch.IM != "", Unread: len(unread), Mentions: h.ws.Mentions(viewer, unread),
	}
	if r.Direct {
		r.Mentions = r.Unread
	}
	for _, id := range ch.Members {
		if u := h.ws.User(id); u != nil {
			r.Members = append(r.Members, u.RealName)
		}
	}
	for _, b := range ch.Bookmarks {
		r.Bookmarks = append(r.Bookmarks, Bookmark{Title: b.Title, Link: b.Link, Emoji: b.Emoji})
	}
	return r
}

func pageView(v *workspace.View) View {
	return View{ID: v.ID, Body: v.Body, Entered: Values(v.Values.Clone()), Errors: maps.Clone(v.Errors)}
}

func (h *handler) pageMessage(ch *workspace.Channel, m *workspace.Message, viewer *workspace.User) Message {
	shown := Message{
		TS: m.TS, Subtype: m.Subtype, User: m.User, Text: m.Text, Bot: m.BotID != "", Edited: m.Edited != nil,
		Ephemeral: m.EphemeralTo != "", Thread: m.ThreadTS, Broadcast: m.Broadcast, Blocks: m.Blocks, Attachments: m.Attachments,
		Entered: Values(h.ws.MenusIn(viewer, ch, m)),
	}
	for _, r := range workspace.Copied(m.Reactions) {
		shown.Reactions = append(shown.Reactions, Reaction{Name: r.Name, Users: r.Users})
	}
	if i := slices.IndexFunc(ch.Pins, func(p workspace.Pin) bool { return p.TS == m.TS }); i >= 0 {
		shown.PinnedBy = ch.Pins[i].By
	}
	if m.ThreadTS == "" {
		if replies := ch.Replies(m.TS); len(replies) > 0 {
			shown.Replies, shown.LastReply = len(replies), replies[len(replies)-1].TS
		}
	}
	return shown
}

func (h *handler) pageFaults() []Fault {
	var all []Fault
	for _, f := range h.faults.List() {
		all = append(all, Fault{
			ID: f.ID, Description: faults.KindByName[f.Kind].Description, Of: f.Method + f.Envelope, Count: f.Count, Applied: f.Applied,
			Share: f.Share, Delay: f.Delay, RetryAfter: f.RetryAfter,
		})
	}
	return all
}

// faultGroups are the kinds of faults as the page offers them.
var faultGroups = []struct {
	name, narrows string
	on            []faults.Target
}{
	{"Web API", "method", []faults.Target{faults.Calls}},
	{"Sockets", "", []faults.Target{faults.Sockets, faults.Openings}},
	{"Envelopes", "envelope", []faults.Target{faults.Envelopes}},
}

func pageFaultKinds() []FaultGroup {
	var all []FaultGroup
	for _, g := range faultGroups {
		kinds := FaultGroup{Name: g.name, Of: g.narrows}
		for _, k := range faults.Kinds {
			if slices.Contains(g.on, k.Target) {
				kinds.Kinds = append(kinds.Kinds, FaultKind{
					Kind: k.Kind, Description: k.Description, Delay: k.Delay.Seconds(), RetryAfter: k.RetryAfter,
				})
			}
		}
		all = append(all, kinds)
	}
	return all
}

const (
	trafficSearched = 1000 // entries, the newest
	trafficShown    = 200
)

// pageTraffic returns the newest traffic that fits the filter.
func (h *handler) pageTraffic(q url.Values) *Traffic {
	t := &Traffic{Words: q.Get("words"), Kind: q.Get("kind"), Failed: q.Get("failed") != ""}
	words := strings.Fields(strings.ToLower(t.Words))
	entries := h.traffic.Newest(trafficSearched)
	t.Of = len(entries)
	for _, e := range slices.Backward(entries) {
		shown := pageEntry(e)
		if t.Kind != "" && e.Kind != t.Kind || t.Failed && e.OK && e.Fault == "" || !containsWords(shown, e.Detail, words) {
			continue
		}
		if t.Found++; t.Found <= trafficShown {
			t.Entries = append(t.Entries, shown)
		}
	}
	return t
}

// containsWords reports whether an entry has all of words, anywhere in it.
func containsWords(e Entry, detail any, words []string) bool {
	if len(words) == 0 {
		return true
	}
	raw, err := json.Marshal(detail)
	if err != nil {
		raw = nil
	}
	all := strings.ToLower(strings.Join([]string{e.KindName(), e.Name, e.Gist, e.Verdict, e.Fault, strings.Join(e.Wrong, " "), string(raw)}, " "))
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(all, word) })
}

func pageEntry(e traffic.Entry) Entry {
	shown := Entry{N: e.N, At: e.At, Kind: e.Kind, Name: e.Name, OK: e.OK, MS: e.MS, Fault: e.Fault, Verdict: e.Error}
	for _, m := range e.Messages {
		shown.Wrong = append(shown.Wrong, strings.TrimPrefix(m, "[ERROR] "))
	}
	if envelope, ok := e.Detail.(interface{ Summary() string }); ok {
		shown.Gist = envelope.Summary()
	}
	switch {
	case e.OK && e.Kind == "envelope":
		shown.Verdict = "sent"
	case e.OK:
		shown.Verdict = "ok"
	case e.Error == "":
		shown.Verdict = "failed"
	}
	if shown.Fault == e.Error { // the verdict says so
		shown.Fault = ""
	}
	return shown
}
