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

// mostShown is how many messages of a channel the page shows, unless it is asked
// for all of them.
const mostShown = 300

// pageHeaders let the page work by its own script only, in no other page, and
// without a network.
var pageHeaders = map[string]string{
	"Content-Security-Policy": "default-src 'self'; img-src 'self' data:; style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
	"Referrer-Policy":         "no-referrer", // addresses say who is who
	"Cache-Control":           "no-cache",
}

func headed(next http.Handler) http.Handler {
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
		w.log.Warn("ask for what comes due", zap.Error(err)) // the page shows the rest
	}
	p, ok := w.sight(r.PathValue("place"), r.URL.Query())
	if !ok {
		http.Redirect(rw, r, p.Here("as", p.Me.ID), http.StatusSeeOther) //nolint:gosec // a path of this page, and its query
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

// sight is what the person of the query sees at a place; ok tells whether the
// address names both by their IDs. Otherwise the page says where to begin.
func (w *Workspace) sight(place string, q url.Values) (p *page.Page, ok bool) {
	version := w.journal.version() // read first: what changes meanwhile is seen again
	w.mu.Lock()
	defer w.mu.Unlock()
	me := w.person(q.Get("as"))
	if me == nil || me.IsBot {
		me = &w.users[0]
	}
	p = &page.Page{
		Version: version, Now: w.Now(), Moving: w.moving.Load(), Connected: w.hub.count() > 0,
		App: w.shownApp(), Me: shownPerson(me), Thread: q.Get("thread"), Since: q.Get("since"),
		Faults: w.shownFaults(), Kinds: shownKinds(), Query: q,
	}
	for i := range w.users {
		if u := &w.users[i]; !u.IsBot {
			p.People = append(p.People, shownPerson(u))
		}
	}
	for _, g := range w.groups {
		p.Groups = append(p.Groups, page.Group{ID: g.ID, Handle: g.Handle, Name: g.Name, Mine: slices.Contains(g.Users, me.ID)})
	}
	for _, ch := range w.state.Channels {
		if ch.IM == "" && ch.seenBy(me.ID) {
			p.Rooms = append(p.Rooms, w.shownRoom(ch, me))
		}
	}
	slices.SortFunc(p.Rooms, func(a, b page.Room) int { return cmp.Compare(a.Name, b.Name) })
	ch := w.whereIs(place, me)
	if direct := w.state.im(me.ID); direct != nil {
		p.Direct = w.shownRoom(direct, me)
	}
	ok = ch != nil && q.Get("as") == me.ID
	if ch == nil {
		ch = w.state.channel(Incidents)
	}
	p.Room = w.shownRoom(ch, me)
	p.Home = place == "home" && w.app.Home
	w.showPlace(p, ch, me, q)
	if q.Get("traffic") != "" {
		p.Traffic = w.shownTraffic(q)
	}
	return p, ok
}

// whereIs finds the channel behind a place in the address, if me may see it.
func (w *Workspace) whereIs(place string, me *User) *Channel {
	if place == "app" && w.app.Messages != tabOff || place == "home" && w.app.Home {
		w.dirty = w.dirty || w.state.im(me.ID) == nil // it is opened by being looked at
		return w.direct(me.ID)
	}
	if ch := w.state.channel(place); ch != nil && ch.IM == "" && ch.seenBy(me.ID) {
		return ch
	}
	return nil
}

// showPlace puts the channel's messages, or the app's Home, and what me has open.
func (w *Workspace) showPlace(p *page.Page, ch *Channel, me *User, q url.Values) {
	for _, v := range w.stacks[me.ID] {
		p.Modals = append(p.Modals, shownView(v))
	}
	if p.Home {
		if v := w.state.Homes[me.ID]; v != nil {
			view := shownView(v)
			p.HomeView = &view
		}
		return
	}
	if !q.Has("since") && p.Room.Unread > 0 {
		p.Since = cmp.Or(w.state.Read[me.ID][ch.ID], "0") // all is new to who has never read there
	}
	q.Del("since") // belongs to this look alone
	messages := ch.timeline(me.ID)
	if n := len(messages) - mostShown; n > 0 && q.Get("all") == "" && p.Thread == "" {
		messages, p.Earlier = messages[n:], n
	}
	for _, m := range messages {
		p.Messages = append(p.Messages, w.shownMessage(ch, m, me))
	}
	for _, pinned := range ch.Pins {
		if m := ch.message(pinned.TS); m != nil {
			p.Room.Pins = append(p.Room.Pins, page.Message{TS: m.TS, Text: m.Text, Thread: m.ThreadTS})
		}
	}
}

// timeline is what user sees in a channel, oldest first; without a user it is
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

func (w *Workspace) shownApp() page.App {
	a := page.App{ID: BotUser, Name: w.app.Name, Handle: w.user(BotUser).Name, Home: w.app.Home, Messages: string(w.app.Messages)}
	for _, c := range w.app.Commands {
		a.Commands = append(a.Commands, page.Command{Command: c.Command, Description: c.About, Hint: c.Hint})
	}
	for _, s := range w.app.Shortcuts {
		a.Shortcuts = append(a.Shortcuts, page.Shortcut{Name: s.Name, Type: s.Type, Callback: s.Callback})
	}
	return a
}

func shownPerson(u *User) page.Person {
	return page.Person{ID: u.ID, Name: u.Name, RealName: u.RealName, Title: u.Title}
}

func (w *Workspace) shownRoom(ch *Channel, me *User) page.Room {
	unread := w.unread(ch, me)
	r := page.Room{
		ID: ch.ID, Name: ch.Name, Topic: ch.Topic.Value, Purpose: ch.Purpose.Value, Private: ch.Private, Archived: ch.Archived,
		Member: ch.has(me.ID), Direct: ch.IM != "", Unread: len(unread), Calls: w.calls(me, unread),
	}
	if r.Direct {
		r.Calls = r.Unread
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

func shownView(v *View) page.View {
	return page.View{ID: v.ID, Body: v.Body, Entered: page.Values(v.Values.clone()), Errors: maps.Clone(v.Errors)}
}

func (w *Workspace) shownMessage(ch *Channel, m *Message, me *User) page.Message {
	shown := page.Message{
		TS: m.TS, Subtype: m.Subtype, User: m.User, Text: m.Text, Bot: m.BotID != "", Edited: m.Edited != nil,
		Ephemeral: m.EphemeralTo != "", Thread: m.ThreadTS, Broadcast: m.Broadcast, Blocks: m.Blocks, Attachments: m.Attachments,
		Entered: page.Values(w.chosen[placeOf(me, ch, m)].clone()),
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

func (w *Workspace) shownFaults() []page.Fault {
	var all []page.Fault
	for _, f := range w.faults.list() {
		all = append(all, page.Fault{
			ID: f.ID, Words: faultKinds[f.Kind].words, Of: f.Method + f.Envelope, Count: f.Count, Struck: f.Struck,
			Share: f.Share, Delay: f.Delay, RetryAfter: f.RetryAfter,
		})
	}
	return all
}

// faultGroups are the kinds of faults as the page offers them.
var faultGroups = []struct {
	name, narrows string
	on            []family
}{
	{"Web API", "method", []family{onCalls}},
	{"Sockets", "", []family{onSockets, onOpenings}},
	{"Envelopes", "envelope", []family{onEnvelopes}},
}

func shownKinds() []page.Kinds {
	var all []page.Kinds
	for _, g := range faultGroups {
		kinds := page.Kinds{Name: g.name, Of: g.narrows}
		for _, k := range kindsOfFaults {
			if slices.Contains(g.on, k.on) {
				kinds.Kinds = append(kinds.Kinds, page.Kind{
					Kind: k.kind, Words: k.words, Delay: k.delay.Seconds(), RetryAfter: k.retryAfter,
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

// shownTraffic is the newest traffic that fits the filter.
func (w *Workspace) shownTraffic(q url.Values) *page.Traffic {
	t := &page.Traffic{Words: q.Get("words"), Kind: q.Get("kind"), Failed: q.Get("failed") != ""}
	words := strings.Fields(strings.ToLower(t.Words))
	entries := w.journal.newest(trafficSearched)
	t.Of = len(entries)
	for _, e := range slices.Backward(entries) {
		shown := shownEntry(e)
		if t.Kind != "" && e.Kind != t.Kind || t.Failed && e.OK && e.Fault == "" || !says(shown, e.Detail, words) {
			continue
		}
		if t.Found++; t.Found <= trafficShown {
			t.Entries = append(t.Entries, shown)
		}
	}
	return t
}

// says tells whether an entry has all of words, anywhere in it.
func says(e page.Entry, detail any, words []string) bool {
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

func shownEntry(e Entry) page.Entry {
	shown := page.Entry{N: e.N, At: e.At, Kind: e.Kind, Name: e.Name, OK: e.OK, MS: e.MS, Fault: e.Fault, Verdict: e.Error}
	for _, m := range e.Messages {
		shown.Wrong = append(shown.Wrong, strings.TrimPrefix(m, "[ERROR] "))
	}
	if carried, ok := e.Detail.(envelope); ok {
		shown.Gist = gist(carried.Payload)
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

// gist is what an envelope is about: the command, the button, the form, the event.
func gist(payload object) string {
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
