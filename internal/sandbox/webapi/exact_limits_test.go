package webapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"muster/internal/sandbox/faults"
	"muster/internal/sandbox/traffic"
	"muster/internal/sandbox/workspace"
)

// testWorkspace is a workspace whose clock is stopped, and whose Web API is called
// without a network.
type testWorkspace struct {
	*workspace.Workspace
	api *API
	t   *testing.T
}

// newTestWorkspace has the built-in app, and logs to log.
func newTestWorkspace(t *testing.T, log *zap.Logger) testWorkspace {
	t.Helper()
	app, err := workspace.ReadManifest(nil)
	if err != nil {
		t.Fatal(err)
	}
	w, err := workspace.Open(workspace.Options{App: app, Publish: func(object) {}})
	if err != nil {
		t.Fatal(err)
	}
	w.URL = "http://127.0.0.1"
	traffic := traffic.New(w.Now)
	a, err := New(Options{Workspace: w, Sockets: tickets{}, Faults: faults.New(traffic.NoteChange), Traffic: traffic, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Freeze()
	return testWorkspace{w, a, t}
}

// tickets are for no socket.
type tickets struct{}

func (tickets) NewTicket() string { return "ticket" }

func (a *API) testServe(r *http.Request) *httptest.ResponseRecorder {
	rw := httptest.NewRecorder()
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", a.ServeAPI)
	mux.ServeHTTP(rw, r)
	return rw
}

func (l testWorkspace) send(method, kind, body string) object {
	l.t.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/api/"+method, strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	rw := l.api.testServe(r)
	var answer object
	if err := json.Unmarshal(rw.Body.Bytes(), &answer); err != nil {
		l.t.Fatalf("%s answered %q", method, rw.Body)
	}
	return answer
}

func (l testWorkspace) wait(d time.Duration) { l.Clock.Jump(l.Now().Add(d)) }

// without takes scopes from the app.
func (l testWorkspace) without(scopes ...string) {
	kept := l.App.Scopes[:0:0]
	for _, s := range l.App.Scopes {
		if !strings.Contains(" "+strings.Join(scopes, " ")+" ", " "+s+" ") {
			kept = append(kept, s)
		}
	}
	l.App.Scopes = kept
}

// call makes a call with a form.
func (l testWorkspace) call(method string, args ...string) object {
	l.t.Helper()
	form := url.Values{"token": {workspace.BotToken}}
	for i := 0; i+1 < len(args); i += 2 {
		form.Set(args[i], args[i+1])
	}
	return l.send(method, "application/x-www-form-urlencoded", form.Encode())
}

// wants fails unless the answer has a code, or is fine for "".
func (l testWorkspace) wants(answer object, code string) object {
	l.t.Helper()
	if got, _ := answer["error"].(string); got != code {
		l.t.Errorf("answered %q, want %q: %.300v", got, code, answer)
	}
	return answer
}

func (l testWorkspace) post(channel, text string, more ...string) string {
	l.t.Helper()
	ts, _ := l.wants(l.call("chat.postMessage", append([]string{"channel", channel, "text", text}, more...)...), "")["ts"].(string)
	l.wait(time.Second)
	return ts
}

// texts are those of the messages that an answer lists.
func texts(answer object) string {
	var all []string
	for _, m := range workspace.Objects(answer["messages"]) {
		text, _ := m["text"].(string)
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

func times(n int, s string) string { return strings.Repeat(s, n) }

// listed is a JSON array of n times the same.
func listed(n int, item string) string {
	return "[" + strings.TrimSuffix(strings.Repeat(item+",", n), ",") + "]"
}

func TestMessage_Limits_AreExact(t *testing.T) {
	const (
		room    = workspace.Incidents
		divider = `{"type":"divider"}`
		table   = `{"type":"table","rows":[[{"type":"raw_text","text":"x"}]]}`
	)
	section := func(n int) string {
		return `{"type":"section","text":{"type":"mrkdwn","text":"` + times(n, "x") + `"}}`
	}
	full := section(2640) // five of which are as much as a message may have
	for name, c := range map[string]struct {
		method string
		args   []string
		code   string
	}{
		"100 attachments":               {"chat.postMessage", []string{"attachments", listed(100, `{"text":"x"}`)}, ""},
		"101 attachments":               {"chat.postMessage", []string{"attachments", listed(101, `{"text":"x"}`)}, "too_many_attachments"},
		"nothing to see":                {"chat.postMessage", []string{"attachments", `[{},{"color":"good","fallback":"x"}]`}, "no_text"},
		"an ill attachment":             {"chat.postMessage", []string{"attachments", `[{"text":7}]`}, "invalid_blocks"},
		"an ill attachment, edited":     {"chat.update", []string{"text", "x", "attachments", `[{"fields":{}}]`}, "invalid_attachments"},
		"attachments that are none":     {"chat.update", []string{"text", "x", "attachments", `{}`}, "invalid_attachments"},
		"50 blocks, two of them inside": {"chat.postMessage", []string{"blocks", listed(48, divider), "attachments", `[{"blocks":[` + divider + `,` + divider + `]}]`}, ""},
		"51 blocks, two of them inside": {"chat.postMessage", []string{"blocks", listed(49, divider), "attachments", `[{"blocks":[` + divider + `,` + divider + `]}]`}, "invalid_blocks"},
		"a second table, inside":        {"chat.update", []string{"blocks", listed(1, table), "attachments", `[{"blocks":[` + table + `]}]`}, "invalid_attachments"},
		"one name for two blocks": {"chat.postMessage", []string{
			"blocks", `[{"type":"divider","block_id":"b"}]`, "attachments", `[{"blocks":[{"type":"divider","block_id":"b"}]}]`,
		}, "invalid_blocks"},
		"13,200 characters in blocks":    {"chat.postMessage", []string{"blocks", listed(5, full)}, ""},
		"13,201 characters in blocks":    {"chat.postMessage", []string{"blocks", "[" + section(1) + "," + listed(5, full)[1:]}, "msg_blocks_too_long"},
		"as many, one of them inside":    {"chat.postMessage", []string{"blocks", listed(5, full), "attachments", `[{"blocks":[` + section(1) + `]}]`}, "msg_blocks_too_long"},
		"as many, edited":                {"chat.update", []string{"blocks", "[" + section(1) + "," + listed(5, full)[1:]}, "msg_too_long"},
		"as many, to one person":         {"chat.postEphemeral", []string{"user", workspace.People[0].ID, "blocks", "[" + section(1) + "," + listed(5, full)[1:]}, "msg_too_long"},
		"4,000 characters, edited":       {"chat.update", []string{"text", times(4000, "é")}, ""},
		"4,001 characters, edited":       {"chat.update", []string{"text", times(4001, "é")}, "msg_too_long"},
		"Markdown and a text":            {"chat.postMessage", []string{"text", "x", "markdown_text", "x"}, "markdown_text_conflict"},
		"Markdown and blocks":            {"chat.postMessage", []string{"blocks", listed(1, divider), "markdown_text", "x"}, "markdown_text_conflict"},
		"Markdown alone":                 {"chat.postMessage", []string{"markdown_text", "x"}, ""},
		"metadata":                       {"chat.postMessage", []string{"text", "x", "metadata", `{"event_type":"a","event_payload":{}}`}, ""},
		"more metadata than there is":    {"chat.postMessage", []string{"text", "x", "metadata", `{"event_type":"a","event_payload":{},"b":1}`}, "invalid_metadata_schema"},
		"metadata that is none":          {"chat.postMessage", []string{"text", "x", "metadata", `[]`}, "invalid_metadata_format"},
		"the same, to one person":        {"chat.postEphemeral", []string{"user", workspace.People[0].ID, "text", "x", "metadata", `[]`}, "invalid_arguments"},
		"as a person":                    {"chat.postMessage", []string{"text", "x", "as_user", "true"}, "as_user_not_supported"},
		"not as a person":                {"chat.postMessage", []string{"text", "x", "as_user", "false"}, ""},
		"a moment that is none, to edit": {"chat.update", []string{"text", "x", "ts", "soon"}, "invalid_arguments"},
		"now, to edit":                   {"chat.update", []string{"text", "x", "ts", "now"}, "invalid_arguments"},
	} {
		t.Run(name, func(t *testing.T) {
			l := newTestWorkspace(t, zap.NewNop())
			args := append([]string{"channel", room}, c.args...)
			if c.method == "chat.update" {
				args = append([]string{"ts", l.post(room, "before")}, args...)
			}
			l.wants(l.call(c.method, args...), c.code)
		})
	}
}

func TestMessage_LongText_IsCut(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	for _, n := range []int{40_000, 40_001} {
		ts := l.post(workspace.Incidents, times(n, "é"))
		if got := len([]rune(l.Channel(workspace.Incidents).Message(ts).Text)); got != 40_000 {
			t.Errorf("of %d characters %d were kept", n, got)
		}
	}
}

func TestMessage_BareAddress_BecomesALink(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	for parse, want := range map[string]string{"full": "<https://a.example>", "none": "https://a.example"} {
		ts := l.post(workspace.Incidents, "https://a.example", "parse", parse)
		if got := l.Channel(workspace.Incidents).Message(ts).Text; got != want {
			t.Errorf("parse=%s kept %q, want %q", parse, got, want)
		}
	}
}

// A refused message opens no conversation, and leaves the pace as it was.
func TestMessage_Refused_LeavesNothingBehind(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	for range 9 {
		l.wants(l.call("chat.postMessage", "channel", workspace.People[0].ID, "text", " "), "no_text")
	}
	if l.FindDM(workspace.People[0].ID) != nil {
		t.Error("a conversation was opened")
	}
	l.wants(l.call("chat.postMessage", "channel", workspace.People[0].ID, "text", "x"), "")
}

// A person's name and their conversation's are one channel for the pace.
func TestRateLimit_PersonAndDM_ShareOne(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	for range postAtOnce {
		l.wants(l.call("chat.postMessage", "channel", workspace.People[0].ID, "text", "x"), "")
	}
	l.wants(l.call("chat.postMessage", "channel", l.FindDM(workspace.People[0].ID).ID, "text", "x"), "ratelimited")
	l.wants(l.call("chat.postMessage", "channel", workspace.People[0].ID, "text", "x"), "ratelimited")
	l.wants(l.call("chat.postMessage", "channel", workspace.People[1].ID, "text", "x"), "")
}

func TestRateLimit_RefusedCalls_Count(t *testing.T) {
	for name, c := range map[string]struct {
		most int
		args []string
		code string
	}{
		"auth.test":              {400, nil, ""},
		"usergroups.users.list":  {20, []string{"usergroup", "S0NOBODY01"}, "no_such_subteam"},
		"conversations.setTopic": {20, nil, "invalid_arguments"},
		"views.publish":          {100, []string{"user_id", workspace.People[0].ID, "view", "{"}, "invalid_arguments"},
	} {
		t.Run(name, func(t *testing.T) {
			l := newTestWorkspace(t, zap.NewNop())
			for range c.most {
				l.wants(l.call(name, c.args...), c.code)
			}
			l.wants(l.call(name, c.args...), "ratelimited")
			l.wait(time.Minute)
			l.wants(l.call(name, c.args...), c.code)
		})
	}
}

// view is a Home of exactly n bytes.
func view(n int) string {
	block := func(n int) string {
		return `{"text":{"text":"` + times(n, "x") + `","type":"plain_text"},"type":"section"}`
	}
	blocks := strings.Trim(listed(90, block(2700)), "[]")
	body := `{"blocks":[` + blocks + `,%s],"type":"home"}` + "\n" // as the encoder ends it
	return fmt.Sprintf(body, block(n-len(body)+len("%s")-len(block(0))))
}

func TestView_Limits_AreExact(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	publish := func(n int) object { return l.call("views.publish", "user_id", workspace.People[0].ID, "view", view(n)) }
	l.wants(publish(250_000), "")
	l.wants(publish(250_001), "view_too_large")

	const form = `{"type":"modal","title":{"type":"plain_text","text":"x"},"blocks":[{"type":"divider"}]}`
	trigger := func(age time.Duration) string {
		id := l.Triggers.Create(workspace.People[0].ID)
		l.wait(age)
		return id
	}
	l.wants(l.call("views.open", "view", form, "trigger_id", trigger(3*time.Second+time.Microsecond)), "expired_trigger_id")
	first := trigger(3 * time.Second)
	l.wants(l.call("views.open", "view", form, "trigger_id", first), "")
	l.wants(l.call("views.open", "view", form, "trigger_id", first), "exchanged_trigger_id")
	second := trigger(0)
	l.wants(l.call("views.push", "view", form, "trigger_id", second), "")
	l.wants(l.call("views.push", "view", form, "trigger_id", second), "exchanged_trigger_id")
	l.wants(l.call("views.push", "view", form, "trigger_id", trigger(0)), "")
	l.wants(l.call("views.push", "view", form, "trigger_id", trigger(0)), "push_limit_reached")
}

func TestChannel_Limits_AreExact(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	for n, code := range map[int]string{250: "", 251: "too_long"} {
		l.wants(l.call("conversations.setTopic", "channel", workspace.Incidents, "topic", times(n, "é")), code)
		l.wants(l.call("conversations.setPurpose", "channel", workspace.Incidents, "purpose", times(n, "é")), code)
	}
	for n, code := range map[int]string{100: "user_not_found", 101: "invalid_arguments"} {
		l.wants(l.call("conversations.invite", "channel", workspace.Incidents, "users", times(n, "U0NOBODY01,")), code)
	}
	for range maxPins {
		l.wait(time.Minute)
		l.wants(l.call("pins.add", "channel", workspace.Incidents, "timestamp", l.post(workspace.Incidents, "x")), "")
		l.wants(l.call("bookmarks.add", "channel_id", workspace.Incidents, "type", "link", "title", times(256, "é"), "link", "https://a.example/"+times(2030, "x")), "")
	}
	l.wait(time.Minute)
	l.wants(l.call("pins.add", "channel", workspace.Incidents, "timestamp", l.post(workspace.Incidents, "x")), "too_many_pins")
	l.wants(l.call("bookmarks.add", "channel_id", workspace.Incidents, "type", "link", "title", "x", "link", "https://a.example"), "too_many_bookmarks")
	l.wants(l.call("bookmarks.add", "channel_id", workspace.Incidents, "type", "link", "title", times(257, "é"), "link", "https://a.example"), "invalid_arguments")
	l.wants(l.call("bookmarks.add", "channel_id", workspace.Incidents, "type", "link", "title", "x", "link", "https://a.example/"+times(2031, "x")), "invalid_arguments")
}

func TestInvite_Force_InvitesTheOthers(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	room := l.CreateChannel("shop", false, workspace.BotUser).ID
	invite := func(users string, code string) int {
		t.Helper()
		return len(workspace.Objects(l.wants(l.call("conversations.invite", "channel", room, "force", "true", "users", users), code)["errors"]))
	}
	if n := invite("U0NOBODY01,"+workspace.BotUser, "user_not_found"); n != 2 {
		t.Errorf("%d failures are named where nobody could be invited", n)
	}
	if n := invite("U0NOBODY01,"+workspace.People[0].ID, ""); n != 1 {
		t.Errorf("%d failures are named where one could be invited", n)
	}
	if !l.Channel(room).HasMember(workspace.People[0].ID) {
		t.Error("who could be invited is not there")
	}
	l.wants(l.call("conversations.invite", "channel", room, "users", workspace.People[0].ID), "already_in_channel")
}

// Each list has a length where none is asked for, and a greatest.
func TestList_Limit_IsDefaultedAndBounded(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	room := l.CreateChannel("crowd", false, workspace.BotUser)
	first := &workspace.Message{User: workspace.BotUser, BotID: workspace.BotID, Text: "first"}
	l.Post(room, first)
	for n := range 1100 {
		id := fmt.Sprintf("U%09d", n)
		room.Members = append(room.Members, id)
		l.Users = append(l.Users, workspace.User{ID: id, Name: id})
		l.Post(room, &workspace.Message{User: id, Text: "x"})
		l.Post(room, &workspace.Message{User: id, Text: "x", ThreadTS: first.TS})
		l.Channels = append(l.Channels, &workspace.Channel{ID: fmt.Sprintf("C%09d", n), Name: id, Members: []string{workspace.BotUser}})
	}
	for method, c := range map[string]struct {
		key             string
		otherwise, most int
		code            string
	}{
		"conversations.members": {"members", 100, 1000, "invalid_limit"},
		"conversations.history": {"messages", 100, 999, "invalid_arguments"},
		"conversations.replies": {"messages", 1000, 1000, "invalid_arguments"},
		"conversations.list":    {"channels", 100, 1000, "invalid_limit"},
		"users.conversations":   {"channels", 100, 999, "invalid_limit"},
		"users.list":            {"members", 1000, 1000, "invalid_arguments"},
	} {
		var args []string
		if l.api.methods[method].Args["channel"].Required {
			args = []string{"channel", room.ID}
		}
		if method == "conversations.replies" {
			args = append(args, "ts", first.TS)
		}
		length := func(more ...string) int {
			all, _ := l.wants(l.call(method, append(args, more...)...), "")[c.key].([]any)
			return len(all)
		}
		if n := length(); n != c.otherwise {
			t.Errorf("%s gives %d", method, n)
		}
		for limit, want := range map[int]int{0: c.otherwise, 7: 7, c.most: c.most} {
			if n := length("limit", fmt.Sprint(limit)); n != want {
				t.Errorf("%s of limit %d gives %d", method, limit, n)
			}
		}
		for _, limit := range []string{"-1", fmt.Sprint(c.most + 1)} {
			l.wants(l.call(method, append(args, "limit", limit)...), c.code)
		}
	}
}

// What an app may do in a channel goes by the channel's kind.
func TestScope_KindOfChannel_DecidesWhatIsNeeded(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	l.without("groups:history", "groups:write", "users:read.email", "chat:write.public")
	closed, open := l.CreateChannel("closed", true, workspace.BotUser).ID, l.CreateChannel("open", false, workspace.People[0].ID).ID
	l.wants(l.call("conversations.history", "channel", workspace.Incidents), "")
	l.wants(l.call("conversations.create", "name", "more"), "")
	for _, answer := range []object{
		l.call("conversations.history", "channel", closed), l.call("conversations.create", "name", "secret", "is_private", "true"),
	} {
		l.wants(answer, "missing_scope")
		if needed, _ := answer["needed"].(string); !strings.HasPrefix(needed, "groups:") || strings.Contains(needed, "channels:") {
			t.Errorf("it needs %q", needed)
		}
	}
	l.wants(l.call("chat.postMessage", "channel", open, "text", "x"), "not_in_channel")
	l.wants(l.call("chat.postEphemeral", "channel", open, "user", workspace.People[0].ID, "text", "x"), "not_in_channel")
	u, _ := l.wants(l.call("users.info", "user", workspace.People[0].ID), "")["user"].(object)
	if profile, _ := u["profile"].(object); profile["email"] != nil || profile["real_name"] == nil {
		t.Errorf("without the scope a profile is %v", profile)
	}
	l.wants(l.call("users.lookupByEmail", "email", workspace.People[0].Email), "missing_scope")
}

func TestList_PrivateChannelOfOthers_IsLeftOut(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	l.CreateChannel("theirs", true, workspace.People[0].ID)
	l.CreateChannel("ours", true, workspace.BotUser).Members = []string{workspace.People[0].ID, workspace.BotUser}
	l.ArchiveChannel(l.CreateChannel("past", false, workspace.BotUser), workspace.BotUser)
	list := func(method string, args ...string) string {
		var names []string
		for _, c := range workspace.Objects(l.wants(l.call(method, args...), "")["channels"]) {
			names = append(names, fmt.Sprint(c["name"]))
		}
		return strings.Join(names, " ")
	}
	for want, got := range map[string]string{
		"ours":                            list("users.conversations", "user", workspace.People[0].ID, "types", "private_channel"),
		"general incidents managers past": list("conversations.list"),
		"general incidents managers":      list("conversations.list", "exclude_archived", "true"),
	} {
		if got != want {
			t.Errorf("listed are %q, want %q", got, want)
		}
	}
	for flag, want := range map[string]bool{"true": true, "false": false} {
		ch, _ := l.call("conversations.info", "channel", workspace.Incidents, "include_num_members", flag)["channel"].(object)
		if _, shown := ch["num_members"]; shown != want {
			t.Errorf("include_num_members=%s: %v", flag, ch["num_members"])
		}
	}
}

func TestReplies_Span_IsKept(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	parent := l.post(workspace.Incidents, "parent")
	a := l.post(workspace.Incidents, "a", "thread_ts", parent, "metadata", `{"event_type":"a","event_payload":{}}`)
	b := l.post(workspace.Incidents, "b", "thread_ts", parent, "reply_broadcast", "true")
	c := l.post(workspace.Incidents, "c", "thread_ts", parent)
	for want, args := range map[string][]string{
		"parent a b c": nil,
		"parent b c":   {"oldest", a},
		"parent a b":   {"latest", c},
		"parent b":     {"oldest", a, "latest", c},
		"parent a":     {"latest", a, "inclusive", "true"},
	} {
		if got := texts(l.call("conversations.replies", append([]string{"channel", workspace.Incidents, "ts", parent}, args...)...)); got != want {
			t.Errorf("%v gives %q, want %q", args, got, want)
		}
	}
	for flag, want := range map[string]bool{"true": true, "false": false} {
		all := workspace.Objects(l.call("conversations.replies", "channel", workspace.Incidents, "ts", parent, "include_all_metadata", flag)["messages"])
		if _, shown := all[1]["metadata"]; shown != want {
			t.Errorf("include_all_metadata=%s: %v", flag, all[1])
		}
	}
	shown := workspace.Objects(l.call("conversations.history", "channel", workspace.Incidents)["messages"])
	if shown[0]["ts"] != b || shown[0]["subtype"] != "thread_broadcast" || shown[1]["text"] != "parent" {
		t.Errorf("the channel shows %v", shown[:2])
	}
	if root, _ := shown[0]["root"].(object); root["ts"] != parent {
		t.Errorf("the reply's root is %v", shown[0]["root"])
	}
}

func TestBlock_Markdown_LosesItsID(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	ts := l.post(workspace.Incidents, "x", "blocks", `[{"type":"markdown","block_id":"mine","text":"x"},{"type":"divider","block_id":"other"}]`)
	blocks := l.Channel(workspace.Incidents).Message(ts).Blocks
	if blocks[0]["block_id"] == "mine" || blocks[1]["block_id"] != "other" {
		t.Errorf("they are kept as %v", blocks)
	}
}

func TestJoin_Again_Warns(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	answer := l.wants(l.call("conversations.join", "channel", workspace.Incidents), "")
	meta, _ := answer["response_metadata"].(object)
	if answer["warning"] != "already_in_channel" || fmt.Sprint(meta["warnings"]) != "[already_in_channel]" {
		t.Errorf("it is answered %v", answer)
	}
}

// Where Slack has a code of its own for an argument, that is what is answered.
func TestArgument_WithItsOwnCode_IsRefusedByIt(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	ts := l.post(workspace.Incidents, "x")
	for _, c := range []struct {
		method, code string
		args         []string
	}{
		{"pins.add", "bad_timestamp", []string{"timestamp", "now"}},
		{"pins.remove", "bad_timestamp", []string{"timestamp", "soon"}},
		{"reactions.add", "bad_timestamp", []string{"timestamp", "1.1234567", "name", "eyes"}},
		{"reactions.add", "no_item_specified", []string{"name", "eyes"}},
		{"conversations.history", "invalid_ts_oldest", []string{"oldest", "now"}},
		{"conversations.history", "invalid_ts_latest", []string{"latest", "soon"}},
		{"conversations.history", "", []string{"latest", "now"}},
		{"conversations.replies", "invalid_ts_oldest", []string{"ts", ts, "oldest", "soon"}},
		{"conversations.history", "invalid_arguments", []string{"latest", "soon", "more", "x"}},
	} {
		l.wants(l.call(c.method, append([]string{"channel", workspace.Incidents}, c.args...)...), c.code)
	}
}

func TestToken_InJSONBody_IsIgnored(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	l.wants(l.send("auth.test", "application/json", `{"token":"`+workspace.BotToken+`"}`), "not_authed")
	l.wants(l.call("auth.test"), "")
}

func TestMessage_SystemLine_CannotBeEdited(t *testing.T) {
	l := newTestWorkspace(t, zap.NewNop())
	line := l.CreateChannel("shop", false, workspace.BotUser).Messages[0]
	ch := l.ChannelNamed("shop").ID
	l.wants(l.call("chat.update", "channel", ch, "ts", line.TS, "text", "x"), "cant_update_message")
	l.wants(l.call("chat.delete", "channel", ch, "ts", line.TS), "cant_delete_message")
}
