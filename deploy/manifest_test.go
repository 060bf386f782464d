package deploy_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"muster/deploy"
	"muster/handlers"
	"muster/internal/sandbox/workspace"
)

// manifest is the part of Slack's manifest schema that Muster's app uses; a key
// beside it is refused, as Slack would.
type manifest struct {
	Metadata struct {
		Major int `yaml:"major_version"`
		Minor int `yaml:"minor_version"`
	} `yaml:"_metadata"`
	Display struct {
		Name        string `yaml:"name"`
		Description string `yaml:"description"`
		Color       string `yaml:"background_color"`
	} `yaml:"display_information"`
	Features struct {
		Home struct {
			Home     bool `yaml:"home_tab_enabled"`
			Messages bool `yaml:"messages_tab_enabled"`
			ReadOnly bool `yaml:"messages_tab_read_only_enabled"`
		} `yaml:"app_home"`
		Bot struct {
			Name   string `yaml:"display_name"`
			Online bool   `yaml:"always_online"`
		} `yaml:"bot_user"`
		Shortcuts []struct {
			Name        string `yaml:"name"`
			Type        string `yaml:"type"`
			Callback    string `yaml:"callback_id"`
			Description string `yaml:"description"`
		} `yaml:"shortcuts"`
		Commands []struct {
			Command     string `yaml:"command"`
			Description string `yaml:"description"`
			Hint        string `yaml:"usage_hint"`
			Escape      bool   `yaml:"should_escape"`
		} `yaml:"slash_commands"`
	} `yaml:"features"`
	OAuth struct {
		Scopes struct {
			Bot []string `yaml:"bot"`
		} `yaml:"scopes"`
	} `yaml:"oauth_config"`
	Settings struct {
		Events struct {
			Bot []string `yaml:"bot_events"`
		} `yaml:"event_subscriptions"`
		Interactivity struct {
			Enabled bool `yaml:"is_enabled"`
		} `yaml:"interactivity"`
		SocketMode bool `yaml:"socket_mode_enabled"`
		OrgDeploy  bool `yaml:"org_deploy_enabled"`
		Rotation   bool `yaml:"token_rotation_enabled"`
	} `yaml:"settings"`
}

func read(t *testing.T) manifest {
	t.Helper()
	var m manifest
	if err := yaml.UnmarshalWithOptions(deploy.Manifest, &m, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestManifest_File_FitsSlackSchema(t *testing.T) {
	if _, err := workspace.ReadManifest(deploy.Manifest); err != nil {
		t.Error(err)
	}
}

// The lengths are those of Slack's published schema.
func TestManifest_Lengths_FitSlackSchema(t *testing.T) {
	m := read(t)
	length := func(what, s string, least, most int) {
		t.Helper()
		if n := utf8.RuneCountInString(s); n < least || n > most {
			t.Errorf("%s has %d characters; Slack takes %d to %d", what, n, least, most)
		}
	}
	length("the app's name", m.Display.Name, 1, 35)
	length("the app's description", m.Display.Description, 1, 140)
	length("the bot's name", m.Features.Bot.Name, 1, 80)
	for _, s := range m.Features.Shortcuts {
		length("the shortcut "+s.Name, s.Name, 1, 24)
		length("its callback_id", s.Callback, 1, 255)
		length("its description", s.Description, 1, 150)
		if s.Type != "global" && s.Type != "message" {
			t.Errorf("the shortcut %s is of type %q", s.Name, s.Type)
		}
	}
	for _, c := range m.Features.Commands {
		length("the command", c.Command, 2, 32)
		length("its description", c.Description, 1, 2000)
		length("its hint", c.Hint, 1, 1000)
		if !strings.HasPrefix(c.Command, "/") || !c.Escape {
			t.Errorf("%s: a command begins with / and has to be escaped, so that mentions arrive as IDs", c.Command)
		}
	}
	if n := len(m.Features.Shortcuts); n > 10 {
		t.Errorf("%d shortcuts; Slack takes 10", n)
	}
	if m.Metadata.Major != 2 || !m.Settings.SocketMode || !m.Settings.Interactivity.Enabled {
		t.Errorf("Muster speaks Socket Mode with interactivity; got %+v of version %d", m.Settings, m.Metadata.Major)
	}
	if !m.Features.Home.Messages {
		t.Error("without the messages tab nobody can read Muster's direct messages")
	}
}

// What is typed and what is chosen leads to a row: the hint names each verb, and a
// shortcut opens the form of one that is about no incident.
func TestManifest_CommandAndShortcuts_FollowFromTheVerbs(t *testing.T) {
	m := read(t)
	if got, want := m.Features.Commands[0].Hint, handlers.UsageHint(); got != want {
		t.Errorf("the hint is %q; the verbs give %q", got, want)
	}
	for _, s := range m.Features.Shortcuts {
		if !slices.Contains(handlers.Shortcuts(), s.Callback) {
			t.Errorf("the shortcut %s opens nothing; there are %v", s.Callback, handlers.Shortcuts())
		}
	}
}

// needs says for each thing that Muster does in Slack which scopes allow it: all
// of a line are needed. Slack's reference lists them by method.
var needs = map[string][]string{
	"slash commands and shortcuts":                  {"commands"},
	"chat.postMessage, chat.update":                 {"chat:write"},
	"chat.postMessage in a channel not joined":      {"chat:write.public"},
	"conversations.create, setTopic, invite":        {"channels:manage", "groups:write"},
	"users.conversations":                           {"channels:read", "groups:read"},
	"conversations.history":                         {"channels:history", "groups:history", "im:history"},
	"conversations.join, before history, announced": {"channels:join"},
	"conversations.open":                            {"im:write"},
	"users.info":                                    {"users:read"},
	"usergroups.users.list":                         {"usergroups:read"},
	"pins.add":                                      {"pins:write"},
}

// What becomes of an incident's channel Muster hears of by events; each needs a scope.
func TestManifest_Events_AreThoseActedOn(t *testing.T) {
	m := read(t)
	want := []string{"channel_archive", "group_archive", "channel_deleted", "group_deleted", "channel_id_changed"}
	if !slices.Equal(m.Settings.Events.Bot, want) {
		t.Errorf("events %v, want %v", m.Settings.Events.Bot, want)
	}
	for _, e := range m.Settings.Events.Bot {
		scopes, known := workspace.EventScopes[e]
		if !known || !slices.ContainsFunc(scopes, func(s string) bool { return slices.Contains(m.OAuth.Scopes.Bot, s) }) {
			t.Errorf("%s needs one of the scopes %v", e, scopes)
		}
	}
}

// Who installs the app reads its scopes: it asks for what it needs, and for
// nothing else.
func TestManifest_Scopes_AreWhatIsNeeded(t *testing.T) {
	asked := read(t).OAuth.Scopes.Bot
	var needed []string
	for what, scopes := range needs {
		needed = append(needed, scopes...)
		for _, s := range scopes {
			if !slices.Contains(asked, s) {
				t.Errorf("%s needs the scope %s, which the manifest does not ask for", what, s)
			}
		}
	}
	for n, s := range asked {
		if !slices.Contains(needed, s) {
			t.Errorf("the manifest asks for %s, which nothing needs", s)
		}
		if slices.Contains(asked[:n], s) {
			t.Errorf("the manifest asks for %s twice", s)
		}
	}
}
