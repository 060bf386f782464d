package sandbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"go.uber.org/zap"

	"muster/internal/sandbox/page"
)

// sight.go: what one person sees of the workspace, as the page shows it.

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
func (w *Workspace) servePage(rw http.ResponseWriter, r *http.Request) {
	next, has, err := w.next(r.Context())
	if err != nil {
		w.log.Warn("ask what is due next", zap.Error(err)) // the page shows the rest
	}
	p, ok := w.pageFor(r.PathValue("place"), r.URL.Query())
	if !ok {
		http.Redirect(rw, r, p.Here("as", p.Viewer.ID), http.StatusSeeOther) //nolint:gosec // a path of this page, and its query
		return
	}
	if has {
		p.Next = &page.Due{At: next.At, What: next.What}
	}
	var out bytes.Buffer
	if err := page.Render(&out, p); err != nil {
		w.log.Error("draw the page", zap.Error(err))
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = out.WriteTo(rw) // the reader is gone: nobody to tell
}

// pageFor returns what the person of the query sees at a place; ok reports whether the
// address names both by their IDs. Otherwise the page says where to begin.
func (w *Workspace) pageFor(place string, q url.Values) (p *page.Page, ok bool) {
	version := w.journal.version() // read first: what changes meanwhile is seen again
	w.mu.Lock()
	defer w.mu.Unlock()
	viewer := w.findUser(q.Get("as"))
	if viewer == nil || viewer.IsBot {
		viewer = &w.users[0]
	}
	p = &page.Page{
		Version: version, Now: w.Now(), Moving: w.moving.Load(), Connected: w.hub.count() > 0,
		App: w.pageApp(), Viewer: pagePerson(viewer), Thread: q.Get("thread"), Since: q.Get("since"),
		Faults: w.pageFaults(), FaultGroups: pageFaultKinds(), Query: q,
	}
	for i := range w.users {
		if u := &w.users[i]; !u.IsBot {
			p.People = append(p.People, pagePerson(u))
		}
	}
	for _, g := range w.groups {
		p.Groups = append(p.Groups, page.Group{ID: g.ID, Handle: g.Handle, Name: g.Name, Mine: slices.Contains(g.Users, viewer.ID)})
	}
	for _, ch := range w.state.Channels {
		if ch.IM == "" && ch.visibleTo(viewer.ID) {
			p.Channels = append(p.Channels, w.pageChannel(ch, viewer))
		}
	}
	slices.SortFunc(p.Channels, func(a, b page.Channel) int { return cmp.Compare(a.Name, b.Name) })
	ch := w.channelAt(place, viewer)
	if direct := w.state.dmWith(viewer.ID); direct != nil {
		p.Direct = w.pageChannel(direct, viewer)
	}
	ok = ch != nil && q.Get("as") == viewer.ID
	if ch == nil {
		ch = w.state.channel(Incidents)
	}
	p.Channel = w.pageChannel(ch, viewer)
	p.Home = place == "home" && w.app.Home
	w.fillLocation(p, ch, viewer, q)
	if q.Get("traffic") != "" {
		p.Traffic = w.pageTraffic(q)
	}
	return p, ok
}

// channelAt finds the channel behind a place in the address, if me may see it.
func (w *Workspace) channelAt(place string, viewer *User) *Channel {
	if place == "app" && w.app.Messages != tabOff || place == "home" && w.app.Home {
		w.dirty = w.dirty || w.state.dmWith(viewer.ID) == nil // it is opened by being looked at
		return w.openDM(viewer.ID)
	}
	if ch := w.state.channel(place); ch != nil && ch.IM == "" && ch.visibleTo(viewer.ID) {
		return ch
	}
	return nil
}

// fillLocation puts the channel's messages, or the app's Home, and what me has open.
func (w *Workspace) fillLocation(p *page.Page, ch *Channel, viewer *User, q url.Values) {
	for _, v := range w.modals[viewer.ID] {
		p.Modals = append(p.Modals, pageView(v))
	}
	if p.Home {
		if v := w.state.Homes[viewer.ID]; v != nil {
			view := pageView(v)
			p.HomeView = &view
		}
		return
	}
	if !q.Has("since") && p.Channel.Unread > 0 {
		p.Since = cmp.Or(w.state.Read[viewer.ID][ch.ID], "0") // all is new to who has never read there
	}
	q.Del("since") // belongs to this look alone
	messages := ch.timeline(viewer.ID)
	if n := len(messages) - maxMessages; n > 0 && q.Get("all") == "" && p.Thread == "" {
		messages, p.Earlier = messages[n:], n
	}
	for _, m := range messages {
		p.Messages = append(p.Messages, w.pageMessage(ch, m, viewer))
	}
	for _, pinned := range ch.Pins {
		if m := ch.message(pinned.TS); m != nil {
			p.Channel.Pins = append(p.Channel.Pins, page.Message{TS: m.TS, Text: m.Text, Thread: m.ThreadTS})
		}
	}
}

// timeline returns what user sees in a channel, oldest first; without a user it is
// everything.
func (c *Channel) timeline(user string) []*Message {
	all := slices.Clone(c.Messages)
	for _, m := range c.Ephemerals {
		if user == "" || m.EphemeralTo == user {
			all = append(all, m)
		}
	}
	slices.SortStableFunc(all, func(a, b *Message) int { return cmp.Compare(a.TS, b.TS) })
	return all
}

func (w *Workspace) pageApp() page.App {
	a := page.App{ID: BotUser, Name: w.app.Name, Handle: w.user(BotUser).Name, Home: w.app.Home, Messages: string(w.app.Messages)}
	for _, c := range w.app.Commands {
		a.Commands = append(a.Commands, page.Command{Command: c.Command, Description: c.About, Hint: c.Hint})
	}
	for _, s := range w.app.Shortcuts {
		a.Shortcuts = append(a.Shortcuts, page.Shortcut{Name: s.Name, Type: s.Type, Callback: s.Callback})
	}
	return a
}

func pagePerson(u *User) page.Person {
	return page.Person{ID: u.ID, Name: u.Name, RealName: u.RealName, Title: u.Title}
}

func (w *Workspace) pageChannel(ch *Channel, viewer *User) page.Channel {
	unread := w.unreadMessages(ch, viewer)
	r := page.Channel{
		ID: ch.ID, Name: ch.Name, Topic: ch.Topic.Value, Purpose: ch.Purpose.Value, Private: ch.Private, Archived: ch.Archived,
		Member: ch.hasMember(viewer.ID), Direct: ch.IM != "", Unread: len(unread), Mentions: w.mentions(viewer, unread),
	}
	if r.Direct {
		r.Mentions = r.Unread
	}
	for _, id := range ch.Members {
		if u := w.user(id); u != nil {
			r.Members = append(r.Members, u.RealName)
		}
	}
	for _, b := range ch.Bookmarks {
		r.Bookmarks = append(r.Bookmarks, page.Bookmark{Title: b.Title, Link: b.Link, Emoji: b.Emoji})
	}
	return r
}

func pageView(v *View) page.View {
	return page.View{ID: v.ID, Body: v.Body, Entered: page.Values(v.Values.clone()), Errors: maps.Clone(v.Errors)}
}

func (w *Workspace) pageMessage(ch *Channel, m *Message, viewer *User) page.Message {
	shown := page.Message{
		TS: m.TS, Subtype: m.Subtype, User: m.User, Text: m.Text, Bot: m.BotID != "", Edited: m.Edited != nil,
		Ephemeral: m.EphemeralTo != "", Thread: m.ThreadTS, Broadcast: m.Broadcast, Blocks: m.Blocks, Attachments: m.Attachments,
		Entered: page.Values(w.menuValues[menuKey(viewer, ch, m)].clone()),
	}
	for _, r := range copied(m.Reactions) {
		shown.Reactions = append(shown.Reactions, page.Reaction{Name: r.Name, Users: r.Users})
	}
	if i := slices.IndexFunc(ch.Pins, func(p pin) bool { return p.TS == m.TS }); i >= 0 {
		shown.PinnedBy = ch.Pins[i].By
	}
	if m.ThreadTS == "" {
		if replies := ch.replies(m.TS); len(replies) > 0 {
			shown.Replies, shown.LastReply = len(replies), replies[len(replies)-1].TS
		}
	}
	return shown
}

func (w *Workspace) pageFaults() []page.Fault {
	var all []page.Fault
	for _, f := range w.faults.list() {
		all = append(all, page.Fault{
			ID: f.ID, Description: faultKindByName[f.Kind].description, Of: f.Method + f.Envelope, Count: f.Count, Applied: f.Applied,
			Share: f.Share, Delay: f.Delay, RetryAfter: f.RetryAfter,
		})
	}
	return all
}

// faultGroups are the kinds of faults as the page offers them.
var faultGroups = []struct {
	name, narrows string
	on            []target
}{
	{"Web API", "method", []target{targetCalls}},
	{"Sockets", "", []target{targetSockets, targetOpenings}},
	{"Envelopes", "envelope", []target{targetEnvelopes}},
}

func pageFaultKinds() []page.FaultGroup {
	var all []page.FaultGroup
	for _, g := range faultGroups {
		kinds := page.FaultGroup{Name: g.name, Of: g.narrows}
		for _, k := range faultKinds {
			if slices.Contains(g.on, k.target) {
				kinds.Kinds = append(kinds.Kinds, page.FaultKind{
					Kind: k.kind, Description: k.description, Delay: k.delay.Seconds(), RetryAfter: k.retryAfter,
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
func (w *Workspace) pageTraffic(q url.Values) *page.Traffic {
	t := &page.Traffic{Words: q.Get("words"), Kind: q.Get("kind"), Failed: q.Get("failed") != ""}
	words := strings.Fields(strings.ToLower(t.Words))
	entries := w.journal.newest(trafficSearched)
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
func containsWords(e page.Entry, detail any, words []string) bool {
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

func pageEntry(e Entry) page.Entry {
	shown := page.Entry{N: e.N, At: e.At, Kind: e.Kind, Name: e.Name, OK: e.OK, MS: e.MS, Fault: e.Fault, Verdict: e.Error}
	for _, m := range e.Messages {
		shown.Wrong = append(shown.Wrong, strings.TrimPrefix(m, "[ERROR] "))
	}
	if carried, ok := e.Detail.(envelope); ok {
		shown.Gist = summary(carried.Payload)
	}
	switch {
	case e.OK && e.Kind == "envelope":
		shown.Verdict = "sent"
	case e.OK:
		shown.Verdict = "ok"
	case e.Error == "":
		shown.Verdict = "failed"
	}
	if shown.Fault == e.Error { // the verdict tells already
		shown.Fault = ""
	}
	return shown
}

// summary returns what an envelope is about: the command, the button, the form, the event.
func summary(payload object) string {
	if payload["command"] != nil {
		return fmt.Sprintf("%v %v", payload["command"], payload["text"])
	}
	var words []string
	add := func(o object, key string) {
		if s, _ := o[key].(string); s != "" {
			words = append(words, s)
		}
	}
	event, _ := payload["event"].(object)
	view, _ := payload["view"].(object)
	add(payload, "type")
	add(event, "type")
	if actions, _ := payload["actions"].([]object); len(actions) > 0 {
		add(actions[0], "action_id")
	}
	add(view, "callback_id")
	add(payload, "callback_id")
	return strings.Join(words, " ")
}
