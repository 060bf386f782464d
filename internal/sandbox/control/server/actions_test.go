package server

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	"muster/internal/sandbox/control"
	"muster/internal/sandbox/faults"
	"muster/internal/sandbox/socketmode"
	"muster/internal/sandbox/traffic"
	"muster/internal/sandbox/workspace"
)

// testActions is a workspace in which people act, with a hub for its bot.
type testActions struct {
	*userActions
	t *testing.T
}

func newTestActions(t *testing.T) testActions {
	t.Helper()
	return newActionsIn(t, "")
}

// newActionsIn keeps the workspace in a directory.
func newActionsIn(t *testing.T, dir string) testActions {
	t.Helper()
	app, err := workspace.ReadManifest(nil)
	if err != nil {
		t.Fatal(err)
	}
	w, err := workspace.Open(workspace.Options{Dir: dir, App: app, Publish: func(object) {}})
	if err != nil {
		t.Fatal(err)
	}
	traffic := traffic.New(w.Now)
	h := socketmode.New(socketmode.Options{AppID: workspace.AppID, Traffic: traffic, Faults: faults.New(traffic.NoteChange)})
	return testActions{&userActions{ws: w, hub: h, traffic: traffic}, t}
}

// connect gives the bot a socket on which it acknowledges nothing.
func (a testActions) connect() {
	a.t.Helper()
	server := httptest.NewServer(http.HandlerFunc(a.hub.Serve))
	conn, answer, err := websocket.DefaultDialer.Dial(strings.Replace(server.URL, "http", "ws", 1)+"/link/?ticket="+a.hub.NewTicket(), nil)
	if err != nil {
		a.t.Fatal(err)
	}
	_ = answer.Body.Close()
	a.t.Cleanup(func() {
		_ = conn.Close()
		a.hub.Close()
		server.Close()
	})
	var hello object
	if err := conn.ReadJSON(&hello); err != nil {
		a.t.Fatal(err)
	}
}

// post posts as the bot into #incidents, or to one person alone, and returns the ts.
func (a testActions) post(m *workspace.Message, only string) string {
	ch := a.ws.Channel(workspace.Incidents)
	m.User, m.BotID = workspace.BotUser, workspace.BotID
	if only != "" {
		a.ws.PostEphemeral(ch, only, m)
	} else {
		a.ws.Post(ch, m)
	}
	return m.TS
}

// buttonBlocks are one button, as the workspace keeps it.
func buttonBlocks() []object {
	return []object{{"type": "actions", "block_id": "b", "elements": []any{object{"type": "button", "action_id": "go", "value": "7"}}}}
}

func TestUnarchive_NotArchivedOrNotTheirs_IsRefused(t *testing.T) {
	t.Parallel()
	a := newTestActions(t)
	theirs := a.ws.CreateChannel("theirs", true, workspace.People[1].ID)
	a.ws.ArchiveChannel(theirs, workspace.People[1].ID)
	for channel, want := range map[string]string{workspace.Incidents: "isn't archived", theirs.ID: "isn't in that private channel"} {
		_, err := a.unarchiveChannel(t.Context(), control.Unarchive{User: workspace.People[0].ID, Channel: channel})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", channel, err, want)
		}
	}
}

// Whatever somebody does fails visibly where the bot is away, or does not answer.
func TestUserAction_NoBotOrNoAck_FailsVisibly(t *testing.T) {
	t.Parallel()
	away, mute := newTestActions(t), newTestActions(t)
	mute.connect()
	for want, a := range map[error]testActions{socketmode.ErrDispatch: away, socketmode.ErrTimeout: mute} {
		form := object{
			"type": "modal", "notify_on_close": true, "submit": object{"type": "plain_text", "text": "x"},
			"blocks": []any{object{"type": "divider"}},
		}
		for _, person := range []int{0, 1} {
			a.ws.Views.Open(workspace.People[person].ID, form)
		}
		ts := a.post(&workspace.Message{Text: "x", Blocks: buttonBlocks()}, "")
		var all sync.WaitGroup
		for name, action := range map[string]func() (object, error){
			"a click": func() (object, error) {
				return a.click(t.Context(), control.Click{User: "oncall", Channel: workspace.Incidents, TS: ts, Action: "go"})
			},
			"a shortcut": func() (object, error) {
				return a.useShortcut(t.Context(), control.Shortcut{User: "oncall", Callback: a.ws.App.Shortcuts[0].Callback})
			},
			"a form":    func() (object, error) { return a.submit(t.Context(), control.Submit{User: workspace.People[0].ID}) },
			"a closing": func() (object, error) { return a.closeView(t.Context(), control.Close{User: workspace.People[1].ID}) },
		} {
			all.Go(func() {
				if o, err := action(); err != nil || o["ok"] != false || o["error"] != want.Error() {
					t.Errorf("%s: %v, %v; want %v", name, o, err, want)
				}
			})
		}
		all.Wait()
	}
}

// What only one person sees, nobody else can press.
func TestClick_EphemeralButton_IsItsReadersOnly(t *testing.T) {
	a := newTestActions(t)
	ts := a.post(&workspace.Message{Text: "x", Blocks: buttonBlocks()}, workspace.People[0].ID)
	press := func(person string) error {
		_, err := a.clickPayload(control.Click{User: person, Channel: workspace.Incidents, TS: ts, Action: "go"})
		return err
	}
	if err := press(workspace.People[1].ID); err == nil {
		t.Error("somebody else pressed it")
	}
	if err := press(workspace.People[0].ID); err != nil {
		t.Error(err)
	}
}

// A button in an attachment works as any other, and says where it is.
func TestClick_ButtonInAttachment_SaysWhere(t *testing.T) {
	a := newTestActions(t)
	inner := []any{}
	for _, b := range buttonBlocks() {
		inner = append(inner, b)
	}
	ts := a.post(&workspace.Message{Text: "x", Attachments: []any{object{"id": 1, "text": "first"}, object{"id": 2, "blocks": inner}}}, "")
	payload, err := a.clickPayload(control.Click{User: workspace.People[0].ID, Channel: workspace.Incidents, TS: ts, Action: "go"})
	if err != nil {
		t.Fatal(err)
	}
	container, _ := payload["container"].(object)
	actions, _ := payload["actions"].([]object)
	if container["type"] != "message_attachment" || container["attachment_id"] != 2 || actions[0]["value"] != "7" {
		t.Errorf("the click is %v in %v", actions, container)
	}
}

// A response URL is saved as soon as it is handed out: it outlives a restart.
func TestResponseURL_HandedOut_IsSaved(t *testing.T) {
	dir := t.TempDir()
	a := newActionsIn(t, dir)
	save := func() string {
		t.Helper()
		if err := a.ws.Save(); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(filepath.Join(dir, "workspace.json"))
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	save()
	_, _, payload, err := a.commandPayload(control.Command{User: "oncall", Channel: workspace.Incidents, Command: "/incident"})
	if err != nil {
		t.Fatal(err)
	}
	if url, _ := payload["response_url"].(string); !strings.Contains(save(), path.Base(url)) {
		t.Errorf("%s is not saved", url)
	}
	if err := a.ws.Close(); err != nil {
		t.Error(err)
	}
}

// What a person writes comes to the bot as Slack's client sends it.
func TestMessage_OfPerson_HasItsClientsFields(t *testing.T) {
	a := newTestActions(t)
	answer, err := a.sendMessage(t.Context(), control.Post{User: "oncall", Channel: workspace.Incidents, Text: "hi @support"})
	if err != nil {
		t.Fatal(err)
	}
	ch := a.ws.Channel(workspace.Incidents)
	ts, _ := answer["ts"].(string)
	m := ch.Message(ts).SlackJSON(ch, true)
	if id, _ := m["client_msg_id"].(string); len(id) != 36 {
		t.Errorf("client_msg_id is %q", id)
	}
	blocks, _ := m["blocks"].([]object)
	if len(blocks) != 1 || blocks[0]["type"] != "rich_text" {
		t.Errorf("the blocks are %v", blocks)
	}
}
