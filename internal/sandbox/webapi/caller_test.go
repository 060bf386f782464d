package webapi

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"time"

	"muster/internal/sandbox/workspace"
)

// caller makes calls as no sane bot would: each argument is sometimes right,
// sometimes another's, and sometimes nonsense.
type caller struct {
	*rand.Rand
	testWorkspace
	names []string // of all methods, and one that is none

	room    *workspace.Channel // which a call's arguments are mostly about
	careful bool               // makes few mistakes

	triggers []string // that were handed out
}

func pick[T any](c *caller, from []T) T { return from[c.IntN(len(from))] }

// sorts is how many channels there are at first.
const sorts = 9

// newCaller prepares a workspace that has a channel of each sort.
func newCaller(w testWorkspace, seed uint64) *caller {
	c := &caller{Rand: rand.New(rand.NewPCG(seed, 0)), testWorkspace: w, names: w.api.MethodNames()}
	c.names = append(c.names, "chat.shout", "chat.update", "views.push", "views.push", "pins.add", "pins.add", "reactions.add", "bookmarks.add")
	w.Join(w.Channel(workspace.General), workspace.BotUser, "")
	w.CreateChannel("ours", true, workspace.BotUser)
	w.CreateChannel("theirs", true, workspace.People[0].ID)
	w.CreateChannel("elsewhere", false, workspace.People[0].ID)
	w.ArchiveChannel(w.CreateChannel("archived", false, workspace.BotUser), workspace.BotUser)
	full := w.CreateChannel("full", false, workspace.BotUser)
	for n := range maxPins {
		full.Bookmarks = append(full.Bookmarks, workspace.Bookmark{ID: w.NewID("Bk"), Title: fmt.Sprint(n)})
		m := &workspace.Message{User: workspace.BotUser, BotID: workspace.BotID, Text: fmt.Sprint(n)}
		w.Post(full, m)
		w.Pin(full, m, workspace.BotUser)
	}
	for _, ch := range w.Channels {
		first := &workspace.Message{User: workspace.BotUser, BotID: workspace.BotID, Text: "ours"}
		w.Post(ch, first)
		w.Post(ch, &workspace.Message{User: workspace.People[0].ID, Text: "theirs", ThreadTS: first.TS})
		w.Post(ch, &workspace.Message{User: workspace.People[0].ID, Text: "theirs"})
	}
	w.OpenDM(workspace.People[1].ID)
	for range maxPins { // of which none is pinned
		w.Post(full, &workspace.Message{User: workspace.People[0].ID, Text: "theirs"})
	}
	return c
}

// letTimePass lets some time go by, mostly none.
func (c *caller) letTimePass() {
	at := c.Clock.Freeze()
	if c.IntN(3) == 0 {
		c.Clock.Jump(at.Add(time.Duration(c.Int64N(int64(90 * time.Second)))))
	}
	c.Clock.Resume()
}

// randomCall makes one call of a method and returns the answer.
func (c *caller) randomCall(name string) object {
	m := cmp.Or(c.api.methods[name], &Method{Post: true})
	c.room, c.careful = pick(c, c.Channels[:sorts]), c.IntN(2) == 0
	args := object{}
	for _, arg := range slices.Sorted(maps.Keys(m.Args)) {
		spec := m.Args[arg]
		if spec.Required && c.IntN(20) > 0 || c.IntN(2) == 0 {
			args[arg] = c.argument(name, arg, spec)
		}
	}
	token := workspace.BotToken
	if m.Token == "app" {
		token = workspace.AppToken
	}
	if c.IntN(25) == 0 {
		token = pick(c, []string{"", workspace.AppToken, workspace.BotToken, "xoxb-nobody"})
	}
	rw := c.api.testServe(c.request(m, name, token, args))
	var answer object
	if err := json.Unmarshal(rw.Body.Bytes(), &answer); err != nil {
		return object{"error": fmt.Sprintf("not JSON: %q", rw.Body)}
	}
	return answer
}

// request carries the arguments in one of the ways there are, or in a wrong one.
func (c *caller) request(m *Method, name, token string, args object) *http.Request {
	form := url.Values{}
	for arg, v := range args {
		if s, ok := v.(string); ok {
			form.Set(arg, s)
			continue
		}
		raw, _ := json.Marshal(v) //nolint:errchkjson // made of what JSON can say
		form.Set(arg, string(raw))
	}
	verb, kind, body := http.MethodPost, "application/x-www-form-urlencoded", form.Encode()
	address := "http://127.0.0.1/api/" + name
	if m.JSON && c.IntN(2) == 0 {
		raw, _ := json.Marshal(args) //nolint:errchkjson // see above
		kind, body = "application/json", string(raw)
	}
	switch c.IntN(60) {
	case 0:
		verb, address, kind, body = http.MethodGet, address+"?"+form.Encode(), "", ""
	case 1:
		kind = pick(c, []string{"", "text/plain", "application/json", "application/x-www-form-urlencoded", "multipart/form-data", "a/b/c;;"})
	case 2:
		body = pick(c, []string{"", "{", "[]", "null", "%zz", `"text"`, "a=b"})
	}
	r := httptest.NewRequest(verb, address, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	if token == "" {
		r.Header.Del("Authorization")
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	return r
}

// argument is a value for one argument.
func (c *caller) argument(method, name string, spec argument) any {
	if c.IntN(30) == 0 {
		return pick(c, []any{"", " ", "nonsense", 7.0, true, []any{"x"}, object{"a": 1.0}, nil, "\x00", strings.Repeat("é", 5000)})
	}
	switch values := c.values(method, name); {
	case values != nil && (c.careful && c.IntN(8) > 0 || c.IntN(2) == 0):
		return values[0]
	case values != nil:
		return pick(c, values)
	case spec.Type == "boolean":
		return pick(c, []any{true, false, "true", "0"})
	case spec.Type == "number":
		return pick(c, []any{1.0, "2", 0.0, -1.0, 100.0, 5000.0})
	}
	return "text"
}

// values are what an argument may be: first what is mostly right, then others and
// near misses.
func (c *caller) values(method, name string) []any {
	switch name {
	case "channel", "channel_id":
		return []any{c.room.ID, pick(c, c.Channels).ID, workspace.People[0].ID, "#incidents", "C0NOWHERE1"}
	case "user", "user_id":
		return []any{workspace.People[0].ID, workspace.People[2].ID, workspace.BotUser, "U0NOBODY01"}
	case "users":
		return []any{workspace.People[0].ID, workspace.People[0].ID + "," + workspace.People[3].ID, "U0NOBODY01," + workspace.People[2].ID, workspace.BotUser, ",", strings.Repeat("U,", 101)}
	case "usergroup":
		return []any{workspace.OnCallL1, "S0NOWHERE1"}
	case "bot":
		return []any{workspace.BotID, "B0NOBODY01"}
	case "team", "team_id":
		return []any{workspace.TeamID, "T0NOWHERE1"}
	case "email":
		return []any{workspace.People[0].Email, "nobody@sandbox.example"}
	case "ts", "timestamp", "message_ts", "thread_ts", "oldest", "latest":
		return c.stamps()
	case "trigger_id", "view", "view_id", "external_id", "hash":
		return c.viewValues(name)
	case "name":
		if method == "reactions.add" {
			return []any{"eyes", "thumbsup::skin-tone-2", "Not a name", "tada"}
		}
		return []any{fmt.Sprintf("room-%d", c.IntN(1000)), "general", "ours", "Upper Case", "---", strings.Repeat("x", 81), "", "é-1"}
	case "topic", "purpose":
		return []any{"calm", "", strings.Repeat("x", 251)}
	case "types":
		return []any{"public_channel", "private_channel,im", "im", "mpim", "square_channel"}
	case "cursor":
		return []any{"", encodeCursor("offset", 2), encodeCursor("next_ts", 9), encodeCursor("offset", 99999), "???", "bm9uc2Vuc2U="}
	}
	return contents[name]
}

// contents are what messages and bookmarks may consist of.
var contents = map[string][]any{
	"text":          {"hello", "", "  ", strings.Repeat("x", maxEditLength+1), strings.Repeat("x", workspace.MaxTextLength+1)},
	"markdown_text": {"", "# hello"},
	"blocks": {
		[]any{object{"type": "divider"}},
		"[]", "{}", "{", `[{"type":"banner"}]`, slices.Repeat([]any{object{"type": "divider"}}, 51),
		slices.Repeat([]any{object{"type": "section", "text": object{"type": "plain_text", "text": strings.Repeat("x", 2900)}}}, 5),
	},
	"attachments": {"[]", `[{"text":"x"}]`, "{}", slices.Repeat([]any{object{"text": "x"}}, workspace.MaxAttachments+1)},
	"metadata": {
		`{"event_type":"a","event_payload":{}}`, `{"event_type":"a"}`, "[]", "{", `{"event_type":"a","event_payload":{},"more":1}`,
	},
	"link":  {"https://example.com/x", "ftp://example.com", "example.com", ""},
	"type":  {"link", "file"},
	"error": {"", "some_error"},
}

// stamps are those of some messages, mostly of the channel in question.
func (c *caller) stamps() []any {
	var all []any
	for _, ch := range []*workspace.Channel{c.room, c.room, pick(c, c.Channels)} {
		if len(ch.Messages) > 0 {
			all = append(all, pick(c, ch.Messages).TS)
		}
	}
	return append(all, "1.0", "soon", "now")
}

// viewValues are for the arguments of views, in which people do their part: they
// hand out triggers and close forms.
func (c *caller) viewValues(name string) []any {
	var known []any
	views := c.Views.All()
	switch name {
	case "trigger_id":
		who := workspace.People[c.IntN(4)].ID
		if c.IntN(20) == 0 {
			c.Views.CloseAll(who)
		}
		c.triggers = append(c.triggers, c.Triggers.Create(who))
		for _, id := range slices.Backward(c.triggers[max(0, len(c.triggers)-10):]) {
			known = append(known, id)
		}
		return append(known, "no.such.trigger")
	case "view":
		return viewBodies
	case "view_id":
		for _, v := range views {
			known = append(known, v.ID)
		}
	case "hash":
		for _, v := range views {
			known = append(known, v.Hash)
		}
	}
	return append(known, "stale", "one")
}

var viewBodies = func() []any {
	title := object{"type": "plain_text", "text": "A form"}
	divider := []any{object{"type": "divider"}}
	return []any{
		object{"type": "modal", "title": title, "blocks": divider},
		object{"type": "home", "blocks": divider},
		object{"type": "modal", "title": title, "blocks": divider, "external_id": "one"},
		object{"type": "modal", "title": title, "blocks": divider, "private_metadata": strings.Repeat("x", 3001)},
		object{"type": "modal", "title": title, "blocks": divider, "callback_id": strings.Repeat("x", workspace.MaxViewBytes)},
		object{"type": "modal"},
		"{", "[]", "null",
	}
}()
