package workspace

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed manifest.yaml
var builtIn []byte

// App is what the workspace takes from the app's manifest: what is granted,
// what people can call, and which events the bot hears of.
type App struct {
	Name        string
	Scopes      []string
	Commands    []Command
	Shortcuts   []Shortcut
	Events      []string
	Interactive bool // hears of clicks, forms and shortcuts
	Home        bool // has a Home tab
	Messages    MessagesTab
}

// MessagesTab is what people can do in their direct messages with the app.
type MessagesTab string

// What the app's direct messages take.
const (
	TabOpen     MessagesTab = "open"
	tabReadOnly MessagesTab = "read_only" // the app writes, people do not
	TabOff      MessagesTab = "off"       // nobody writes
)

// EventScopes are the scopes of which an event needs one
// (docs.slack.dev/reference/events). Events that are not here need none.
var EventScopes = map[string][]string{
	"app_mention":           {"app_mentions:read"},
	"message.channels":      {"channels:history"},
	"message.groups":        {"groups:history"},
	"message.im":            {"im:history"},
	"message.mpim":          {"mpim:history"},
	"reaction_added":        {"reactions:read"},
	"reaction_removed":      {"reactions:read"},
	"pin_added":             {"pins:read"},
	"pin_removed":           {"pins:read"},
	"member_joined_channel": {"channels:read", "groups:read"},
	"channel_archive":       {"channels:read"},
	"channel_unarchive":     {"channels:read"},
	"channel_rename":        {"channels:read"},
	"channel_deleted":       {"channels:read"},
	"channel_id_changed":    {"channels:read", "groups:read"},
	"group_deleted":         {"groups:read"},
	"group_archive":         {"groups:read"},
	"group_unarchive":       {"groups:read"},
	"group_rename":          {"groups:read"},
}

// Command is a slash command of the app.
type Command struct {
	Command string `yaml:"command" json:"command"`
	About   string `yaml:"description" json:"description"`
	Hint    string `yaml:"usage_hint" json:"usage_hint"`
	Escape  bool   `yaml:"should_escape" json:"should_escape"`
}

// Shortcut is an entry of the composer's menu (global) or of a message's.
type Shortcut struct {
	Name     string `yaml:"name" json:"name"`
	Type     string `yaml:"type" json:"type"` // global or message
	Callback string `yaml:"callback_id" json:"callback_id"`
}

// ReadManifest takes an app's manifest apart; nil stands for the built-in one.
func ReadManifest(raw []byte) (App, error) {
	if raw == nil {
		raw = builtIn
	}
	if err := checkSchema(raw); err != nil {
		return App{}, err
	}
	var m struct {
		Display struct {
			Name string `yaml:"name"`
		} `yaml:"display_information"`
		Features struct {
			Home struct {
				Enabled  bool  `yaml:"home_tab_enabled"`
				Messages *bool `yaml:"messages_tab_enabled"` // on by default
				ReadOnly bool  `yaml:"messages_tab_read_only_enabled"`
			} `yaml:"app_home"`
			Commands  []Command  `yaml:"slash_commands"`
			Shortcuts []Shortcut `yaml:"shortcuts"`
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
		} `yaml:"settings"`
	}
	if err := yaml.Unmarshal(raw, &m); err != nil {
		return App{}, fmt.Errorf("read the app's manifest: %w", err)
	}
	a := App{
		Name: m.Display.Name, Scopes: m.OAuth.Scopes.Bot, Commands: m.Features.Commands,
		Shortcuts: m.Features.Shortcuts, Events: m.Settings.Events.Bot, Home: m.Features.Home.Enabled,
		Interactive: m.Settings.Interactivity.Enabled, Messages: TabOpen,
	}
	switch home := m.Features.Home; {
	case home.Messages != nil && !*home.Messages:
		a.Messages = TabOff
	case home.ReadOnly:
		a.Messages = tabReadOnly
	}
	if !m.Settings.SocketMode {
		return App{}, fmt.Errorf("the app's manifest needs settings.socket_mode_enabled: true, or no bot can connect")
	}
	return a, a.check()
}

// check refuses what Slack would not install.
func (a App) check() error {
	for _, e := range a.Events {
		if needed := EventScopes[e]; len(needed) > 0 && !slices.ContainsFunc(needed, a.Granted) {
			return fmt.Errorf("the app's manifest subscribes to %s, which needs the scope %s", e, strings.Join(needed, " or "))
		}
	}
	if len(a.Commands) > 0 && !a.Granted("commands") {
		return fmt.Errorf("the app's manifest has slash commands, which need the scope commands")
	}
	if len(a.Shortcuts) > 0 && !a.Interactive {
		return fmt.Errorf("the app's manifest has shortcuts, which need settings.interactivity.is_enabled")
	}
	return nil
}

// Granted reports whether the app has a scope.
func (a App) Granted(scope string) bool { return slices.Contains(a.Scopes, scope) }

func (a App) hears(event string) bool { return slices.Contains(a.Events, event) }

// Command returns the slash command of that name.
func (a App) Command(name string) (Command, bool) {
	i := slices.IndexFunc(a.Commands, func(c Command) bool { return c.Command == name })
	if i < 0 {
		return Command{}, false
	}
	return a.Commands[i], true
}

// Shortcut returns the shortcut of that callback ID.
func (a App) Shortcut(callback string) (Shortcut, bool) {
	i := slices.IndexFunc(a.Shortcuts, func(s Shortcut) bool { return s.Callback == callback })
	if i < 0 {
		return Shortcut{}, false
	}
	return a.Shortcuts[i], true
}
