package config_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap/zapcore"

	"muster/internal/config"
)

func TestFromEnv_TokensOnly_HasDefaults(t *testing.T) {
	got, err := config.FromEnv(getenv(map[string]string{"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}))
	if err != nil {
		t.Fatal(err)
	}
	want := config.Env{
		BotToken: config.NewSecret("xoxb-1"), AppToken: config.NewSecret("xapp-1"),
		Store: config.NewSecret("sqlite:muster.db"), Listen: "127.0.0.1:8080", Log: zapcore.InfoLevel,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFromEnv_AllVariables_AreRead(t *testing.T) {
	bot, app := filepath.Join(t.TempDir(), "bot"), filepath.Join(t.TempDir(), "app")
	for path, token := range map[string]string{bot: "xoxb-2\n", app: "xapp-2\r\n"} {
		if err := os.WriteFile(path, []byte(token), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := config.FromEnv(getenv(map[string]string{
		"SLACK_BOT_TOKEN_FILE": bot, "SLACK_APP_TOKEN_FILE": app,
		"SLACK_API_URL": "http://127.0.0.1:8065/api",
		"MUSTER_STORE":  "redis+cluster://muster:secret@r1:6379,r2:6379?db=0",
		"MUSTER_CONFIG": "/etc/muster.yaml", "MUSTER_LISTEN": ":9090", "MUSTER_LOG": "debug", "MUSTER_LOG_FORMAT": "text",
	}))
	if err != nil {
		t.Fatal(err)
	}
	want := config.Env{
		BotToken: config.NewSecret("xoxb-2"), AppToken: config.NewSecret("xapp-2"), APIURL: "http://127.0.0.1:8065/api/",
		Store:  config.NewSecret("redis+cluster://muster:secret@r1:6379,r2:6379?db=0"),
		Config: "/etc/muster.yaml", Listen: ":9090", Log: zapcore.DebugLevel, Format: config.LogText,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFromEnv_EachFormOfAValue_IsTaken(t *testing.T) {
	for name, values := range map[string][]string{
		"SLACK_API_URL": {"https://slack.com/api/", "http://localhost:1/api/", "http://[::1]:8065/api//"},
		"MUSTER_STORE":  {"sqlite:/var/lib/muster.db", "redis://h", "rediss://h:1/2", "redis+sentinel://a:1,b:2/main"},
		"MUSTER_LISTEN": {"127.0.0.1:0", "[::1]:8080", "0.0.0.0:80"},
		"MUSTER_LOG":    {"info", "warn", "error"},
	} {
		for _, value := range values {
			env := map[string]string{"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", name: value}
			if _, err := config.FromEnv(getenv(env)); err != nil {
				t.Errorf("%s=%s: %v", name, value, err)
			}
		}
	}
}

const (
	botToken = "the bot token, which begins with xoxb- (the app's settings, OAuth & Permissions)"
	appToken = "the app-level token, which begins with xapp- (the app's settings, Basic Information, App-Level Tokens, scope connections:write)"
	noStore  = "MUSTER_STORE: this isn't a store. Set sqlite:PATH, or a URL that begins with redis://, rediss://, redis+sentinel:// or redis+cluster://"
)

func TestFromEnv_WrongVariables_ReportsEveryProblem(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		env  map[string]string // on top of two good tokens
		want []string
	}{
		{"no tokens", map[string]string{"SLACK_BOT_TOKEN": "", "SLACK_APP_TOKEN": ""}, []string{
			"SLACK_BOT_TOKEN: not set. Set it, or SLACK_BOT_TOKEN_FILE, to " + botToken,
			"SLACK_APP_TOKEN: not set. Set it, or SLACK_APP_TOKEN_FILE, to " + appToken,
		}},
		{"tokens exchanged", map[string]string{"SLACK_BOT_TOKEN": "xapp-hush", "SLACK_APP_TOKEN": "xoxb-hush"}, []string{
			"SLACK_BOT_TOKEN: this is " + appToken + ". Set it to " + botToken,
			"SLACK_APP_TOKEN: this is " + botToken + ". Set it to " + appToken,
		}},
		{"other tokens", map[string]string{"SLACK_BOT_TOKEN": "xoxp-hush", "SLACK_APP_TOKEN": "xapp-hush hush"}, []string{
			"SLACK_BOT_TOKEN: this isn't a Slack token. Set it to " + botToken,
			"SLACK_APP_TOKEN: this isn't a Slack token. Set it to " + appToken,
		}},
		{"both ways", map[string]string{"SLACK_BOT_TOKEN_FILE": empty}, []string{
			"SLACK_BOT_TOKEN: SLACK_BOT_TOKEN_FILE is set too. Set one of the two",
		}},
		{"an empty file and an absent one", map[string]string{
			"SLACK_BOT_TOKEN": "", "SLACK_BOT_TOKEN_FILE": empty,
			"SLACK_APP_TOKEN": "", "SLACK_APP_TOKEN_FILE": "/absent/token",
		}, []string{
			"SLACK_BOT_TOKEN_FILE: this isn't a Slack token. Set it to " + botToken,
			"SLACK_APP_TOKEN_FILE: open /absent/token: no such file or directory",
		}},
		{"a token for a path", map[string]string{"SLACK_BOT_TOKEN": "", "SLACK_BOT_TOKEN_FILE": "xoxb-hush"}, []string{
			"SLACK_BOT_TOKEN_FILE: this is a token. Set SLACK_BOT_TOKEN to it, or SLACK_BOT_TOKEN_FILE to the path of a file that holds it",
		}},
		{"all of the rest", map[string]string{
			"SLACK_API_URL": "slack.com/api", "MUSTER_STORE": "mysql://u:hush@h", "MUSTER_LISTEN": "8080", "MUSTER_LOG": "loud",
			"MUSTER_LOG_FORMAT": "xml",
		}, []string{
			"SLACK_API_URL: this isn't an http or https URL. Set one such as http://127.0.0.1:8065/api/, or leave it unset for Slack itself",
			noStore,
			`MUSTER_LISTEN: "8080" isn't host:port. Set one such as 127.0.0.1:8080, or :8080 for every address`,
			`MUSTER_LOG: "loud" isn't a log level. Set debug, info, warn or error`,
			`MUSTER_LOG_FORMAT: "xml" isn't a log format. Set text or json, or leave it unset: text on a terminal, JSON elsewhere`,
		}},
		{"a password twice", map[string]string{
			"MUSTER_STORE": "redis://h", "MUSTER_STORE_PASSWORD": "hush", "MUSTER_STORE_PASSWORD_FILE": empty,
		}, []string{"MUSTER_STORE_PASSWORD: MUSTER_STORE_PASSWORD_FILE is set too. Set one of the two"}},
		{"a password file that is not there", map[string]string{
			"MUSTER_STORE": "redis://h", "MUSTER_STORE_PASSWORD_FILE": "/absent/password",
		}, []string{"MUSTER_STORE_PASSWORD_FILE: open /absent/password: no such file or directory"}},
		{"an API in the clear", map[string]string{"SLACK_API_URL": "http://slack.example/api/"}, []string{
			"SLACK_API_URL: plain http to slack.example would show the tokens to the network. Use https; plain http is for this machine only",
		}},
		{"an API with a password", map[string]string{"SLACK_API_URL": "https://u:hush@slack.example/api/"}, []string{
			"SLACK_API_URL: this has more than a host and a path. Set one such as http://127.0.0.1:8065/api/",
		}},
		{"a path for a store", map[string]string{"MUSTER_STORE": "/var/lib/muster.db"}, []string{noStore}},
		{"a store without a path", map[string]string{"MUSTER_STORE": "sqlite:"}, []string{
			"MUSTER_STORE: the path is missing. Set sqlite:PATH, such as sqlite:muster.db",
		}},
		{"a store without a host", map[string]string{"MUSTER_STORE": "rediss://"}, []string{
			"MUSTER_STORE: the host is missing. Set rediss://HOST:PORT",
		}},
		{"a port that there isn't", map[string]string{"MUSTER_LISTEN": "localhost:123456"}, []string{
			`MUSTER_LISTEN: "localhost:123456" isn't host:port. Set one such as 127.0.0.1:8080, or :8080 for every address`,
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			env := map[string]string{"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
			maps.Copy(env, test.env)
			_, err := config.FromEnv(getenv(env))
			if err == nil {
				t.Fatal("it was taken")
			}
			if diff := cmp.Diff(test.want, strings.Split(err.Error(), "\n")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if strings.Contains(err.Error(), "hush") {
				t.Errorf("the error shows a secret: %v", err)
			}
		})
	}
}

func getenv(env map[string]string) func(string) string {
	return func(name string) string { return env[name] }
}
