package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

// A manifest that Slack would not install, or that leaves the app deaf, is refused
// at the start, and not found out by silence later.
func TestManifest_NotInstallable_IsRefused(t *testing.T) {
	for manifest, want := range map[string]string{
		"settings: {}": "socket_mode_enabled",
		"settings: [":  "read the app's manifest",
		"settings: {socket_mode_enabled: true, event_subscriptions: {bot_events: [reaction_added]}}":                              "the scope reactions:read",
		"settings: {socket_mode_enabled: true, event_subscriptions: {bot_events: [member_joined_channel]}}":                       "channels:read or groups:read",
		"settings: {socket_mode_enabled: true}\nfeatures: {slash_commands: [{command: /x, description: x}]}":                      "the scope commands",
		"settings: {socket_mode_enabled: true}\nfeatures: {shortcuts: [{name: x, type: global, callback_id: x, description: x}]}": "interactivity.is_enabled",
		"setings: {socket_mode_enabled: true}": "line 2, column 1: setings: Slack knows no such key",
	} {
		manifest = "display_information: {name: Narrow}\n" + manifest
		_, err := sandbox.Open(sandbox.Options{Listen: "127.0.0.1:0", Manifest: []byte(manifest)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n got %v\nwant %s", manifest, err, want)
		}
	}
}

// messages is an app whose Messages tab is as app_home says.
func messages(home string) []byte {
	return []byte(`
display_information: {name: Narrow}
features: {app_home: {` + home + `}, bot_user: {display_name: narrow}, slash_commands: [{command: /incident, description: x}]}
oauth_config: {scopes: {bot: [commands, "chat:write"]}}
settings: {socket_mode_enabled: true}`)
}

func TestManifest_MessagesTab_DecidesWhoWrites(t *testing.T) {
	for home, c := range map[string]struct{ bot, person string }{
		"": {},
		"messages_tab_enabled: true, messages_tab_read_only_enabled: true": {person: "messages_tab_read_only"},
		"messages_tab_enabled: false":                                      {bot: "messages_tab_disabled", person: "messages_tab_off"},
	} {
		t.Run(home, func(t *testing.T) {
			w := sandboxtest.Serve(t, sandbox.Options{Manifest: messages(home)})
			_, _, err := client(w).PostMessage("U0ONCALL01", slack.MsgOptionText("hello", false))
			wants(t, err, c.bot)
			for path, body := range map[string]string{
				"message": `{"user":"oncall","channel":"muster","text":"hello"}`,
				"command": `{"user":"oncall","channel":"muster","command":"/incident"}`,
			} {
				status, answer := control(t, w, path, body)
				if c.person == "" && status != http.StatusOK || c.person != "" && !strings.Contains(answer, c.person) {
					t.Errorf("%s: %d %s, want %q", path, status, answer, c.person)
				}
			}
		})
	}
}

func TestManifest_NotInteractive_RefusesClicks(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: manifest(t, "chat:write", "chat:write.public")})
	_, ts, err := client(w).PostMessage(workspace.Incidents, slack.MsgOptionText("INC-7", false), card())
	wants(t, err, "")
	_, answer := control(t, w, "click", `{"user":"oncall","channel":"incidents","ts":"`+ts+`","action_id":"ack"}`)
	if !strings.Contains(answer, "not_interactive") {
		t.Errorf("got %s", answer)
	}
}

func TestRename_ByOthers_IsRefused(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	ws.Create("oncall", "theirs", false)
	theirs := ws.Channel("theirs").ID
	b := client(w)
	_, _, _, err := b.JoinConversation(theirs)
	wants(t, err, "")
	_, err = b.RenameConversation(theirs, "ours")
	wants(t, err, "not_authorized")
	own, err := b.CreateConversation(slack.CreateConversationParams{ChannelName: "mine"})
	wants(t, err, "")
	_, err = b.RenameConversation(own.ID, "still-mine")
	wants(t, err, "")
}
