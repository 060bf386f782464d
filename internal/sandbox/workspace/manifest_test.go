package workspace

import (
	"strings"
	"testing"
)

func TestReadManifest_BuiltIn_IsTaken(t *testing.T) {
	if _, err := ReadManifest(nil); err != nil {
		t.Error(err)
	}
}

// Slack's schema decides, and the refusal says where.
func TestReadManifest_AgainstSlacksSchema_SaysWhere(t *testing.T) {
	const fine = "display_information: {name: Lunch}\nsettings: {socket_mode_enabled: true}\n"
	for more, want := range map[string]string{
		"":              "",
		"feature: {}\n": "line 3, column 1: feature: Slack knows no such key",
		"features:\n  slash_commands:\n    - {command: /lunch, describe: Eat}\n":        "line 5, column 25: features.slash_commands.0.describe: Slack knows no such key",
		"features:\n  bot_user:\n    display_name: lunch\n    always_online: perhaps\n": "features.bot_user.always_online: got string, want boolean",
		"oauth_config: {scopes: {bot: commands}}\n":                                     "oauth_config.scopes.bot: got string, want array",
		"features:\n  slash_commands:\n    - {command: l, description: Eat}\n":          "features.slash_commands.0.command",
		"settings: [": "read the app's manifest",
	} {
		_, err := ReadManifest([]byte(fine + more))
		switch {
		case want == "" && err != nil, want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: %v, want %q", more, err, want)
		}
	}
}

func TestReadManifest_JSON_IsChecked(t *testing.T) {
	_, err := ReadManifest([]byte(`{
  "display_information": {"name": "Lunch", "colour": "#fff"},
  "settings": {"socket_mode_enabled": true}
}`))
	if err == nil || !strings.Contains(err.Error(), "line 2, column 44: display_information.colour") {
		t.Error(err)
	}
}
