package sandbox

import (
	_ "embed"
	"fmt"
	"slices"

	"github.com/goccy/go-yaml"
)

//go:embed manifest.yaml
var builtIn []byte

// app is what the workspace takes from the app's manifest: what is granted,
// what people can call, and which events the bot hears of.
type app struct {
	Name      string
	Scopes    []string
	Commands  []command
	Shortcuts []shortcut
	Events    []string
	Home      bool
}

type command struct {
	Command string `yaml:"command" json:"command"`
	About   string `yaml:"description" json:"description"`
	Hint    string `yaml:"usage_hint" json:"usage_hint"`
	Escape  bool   `yaml:"should_escape" json:"should_escape"`
}

type shortcut struct {
	Name     string `yaml:"name" json:"name"`
	Type     string `yaml:"type" json:"type"` // global or message
	Callback string `yaml:"callback_id" json:"callback_id"`
}

// readManifest takes an app's manifest apart; nil stands for the built-in one.
func readManifest(raw []byte) (app, error) {
	if raw == nil {
		raw = builtIn
	}
	var m struct {
		Display struct {
			Name string `yaml:"name"`
		} `yaml:"display_information"`
		Features struct {
			Home struct {
				Enabled bool `yaml:"home_tab_enabled"`
			} `yaml:"app_home"`
			Commands  []command  `yaml:"slash_commands"`
			Shortcuts []shortcut `yaml:"shortcuts"`
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
			SocketMode bool `yaml:"socket_mode_enabled"`
		} `yaml:"settings"`
	}
	if err := yaml.Unmarshal(raw, &m); err != nil {
		return app{}, fmt.Errorf("read the app's manifest: %w", err)
	}
	if !m.Settings.SocketMode {
		return app{}, fmt.Errorf("the app's manifest leaves socket_mode_enabled off, so no bot could connect")
	}
	return app{
		Name: m.Display.Name, Scopes: m.OAuth.Scopes.Bot, Commands: m.Features.Commands,
		Shortcuts: m.Features.Shortcuts, Events: m.Settings.Events.Bot, Home: m.Features.Home.Enabled,
	}, nil
}

func (a app) granted(scope string) bool { return slices.Contains(a.Scopes, scope) }

func (a app) hears(event string) bool { return slices.Contains(a.Events, event) }

func (a app) command(name string) (command, bool) {
	i := slices.IndexFunc(a.Commands, func(c command) bool { return c.Command == name })
	if i < 0 {
		return command{}, false
	}
	return a.Commands[i], true
}

func (a app) shortcut(callback string) (shortcut, bool) {
	i := slices.IndexFunc(a.Shortcuts, func(s shortcut) bool { return s.Callback == callback })
	if i < 0 {
		return shortcut{}, false
	}
	return a.Shortcuts[i], true
}
