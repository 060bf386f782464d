package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"

	"go.uber.org/zap/zapcore"
)

// Env is what the environment says: the secrets, and where things are.
type Env struct {
	BotToken Secret        // SLACK_BOT_TOKEN, or the file that SLACK_BOT_TOKEN_FILE names
	AppToken Secret        // SLACK_APP_TOKEN, the same way
	APIURL   string        // SLACK_API_URL with a slash at its end; "" = Slack's own
	Store    Secret        // MUSTER_STORE, with the password of MUSTER_STORE_PASSWORD or …_FILE in it
	Config   string        // MUSTER_CONFIG: the configuration's path; "" = the defaults
	Listen   string        // MUSTER_LISTEN: host:port of the health checks
	Log      zapcore.Level // MUSTER_LOG
	Format   LogFormat     // MUSTER_LOG_FORMAT
}

// LogFormat is how log lines are written.
type LogFormat string

// The formats.
const (
	LogAuto LogFormat = "" // text on a terminal, JSON elsewhere
	LogText LogFormat = "text"
	LogJSON LogFormat = "json"
)

// What holds where the environment says nothing.
const (
	DefaultStore  = "sqlite:muster.db"
	DefaultListen = "127.0.0.1:8080"
)

// FromEnv reads the environment of `muster run`. An empty variable is as good
// as none. The error joins all that is wrong, one line for each variable.
func FromEnv(getenv func(string) string) (Env, error) {
	env := environment{getenv: getenv}
	e := Env{
		BotToken: env.token("SLACK_BOT_TOKEN", "xoxb-"),
		AppToken: env.token("SLACK_APP_TOKEN", "xapp-"),
		APIURL:   env.apiURL("SLACK_API_URL"),
		Store:    env.store("MUSTER_STORE", getenv("MUSTER_STORE")),
		Config:   getenv("MUSTER_CONFIG"),
		Listen:   env.listen("MUSTER_LISTEN"),
		Log:      env.level("MUSTER_LOG"),
		Format:   env.format("MUSTER_LOG_FORMAT"),
	}
	if err := errors.Join(env.problems...); err != nil {
		return Env{}, err
	}
	return e, nil
}

// environment reads variables and notes what is wrong with them. It never
// prints a value that may hold a secret.
type environment struct {
	getenv   func(string) string
	problems []error
}

func (env *environment) problem(name, format string, args ...any) {
	env.problems = append(env.problems, fmt.Errorf(name+": "+format, args...))
}

// tokenKinds says where each kind of token is found.
var tokenKinds = map[string]string{
	"xoxb-": "the bot token, which begins with xoxb- (the app's settings, OAuth & Permissions)",
	"xapp-": "the app-level token, which begins with xapp- (the app's settings, Basic Information, App-Level Tokens, scope connections:write)",
}

// secret reads a variable, or the file that its namesake with _FILE names. from is
// which of the two it was, "" if none or if that went wrong.
func (env *environment) secret(name string) (value, from string) {
	value, path := env.getenv(name), env.getenv(name+"_FILE")
	switch {
	case value != "" && path != "":
		env.problem(name, "%s_FILE is set too. Set one of the two", name)
		return "", ""
	case value != "":
		return value, name
	case path == "":
		return "", ""
	case strings.HasPrefix(path, "xoxb-"), strings.HasPrefix(path, "xapp-"):
		env.problem(name+"_FILE", "this is a token. Set %s to it, or %s_FILE to the path of a file that holds it", name, name)
		return "", ""
	}
	b, err := os.ReadFile(path)
	if err != nil {
		env.problem(name+"_FILE", "%w", err)
		return "", ""
	}
	return strings.TrimRight(string(b), "\r\n"), name + "_FILE"
}

func (env *environment) token(name, prefix string) Secret {
	if env.getenv(name) == "" && env.getenv(name+"_FILE") == "" {
		env.problem(name, "not set. Set it, or %s_FILE, to %s", name, tokenKinds[prefix])
		return Secret{}
	}
	value, name := env.secret(name)
	if name == "" {
		return Secret{}
	}
	if !strings.HasPrefix(value, prefix) || strings.ContainsAny(value, " \t\r\n") {
		what := "this isn't a Slack token"
		for other, kind := range tokenKinds {
			if other != prefix && strings.HasPrefix(value, other) {
				what = "this is " + kind
			}
		}
		env.problem(name, "%s. Set it to %s", what, tokenKinds[prefix])
		return Secret{}
	}
	return NewSecret(value)
}

func (env *environment) apiURL(name string) string {
	value := env.getenv(name)
	if value == "" {
		return ""
	}
	u, err := url.Parse(value)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		env.problem(name, "this isn't an http or https URL. Set one such as http://127.0.0.1:8065/api/, or leave it unset for Slack itself")
		return ""
	case u.User != nil, u.RawQuery != "", u.Fragment != "":
		env.problem(name, "this has more than a host and a path. Set one such as http://127.0.0.1:8065/api/")
		return ""
	case u.Scheme == "http" && !loopback(u.Hostname()):
		env.problem(name, "plain http to %s would show the tokens to the network. Use https; plain http is for this machine only", u.Hostname())
		return ""
	}
	return strings.TrimRight(u.String(), "/") + "/"
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || (err == nil && ip.IsLoopback())
}

func (env *environment) listen(name string) string {
	value := env.getenv(name)
	if value == "" {
		return DefaultListen
	}
	_, port, err := net.SplitHostPort(value)
	n, notNumber := strconv.Atoi(port)
	if err != nil || notNumber != nil || n < 0 || n > 65535 {
		env.problem(name, "%q isn't host:port. Set one such as %s, or :8080 for every address", value, DefaultListen)
	}
	return value
}

var logLevels = map[string]zapcore.Level{
	"": zapcore.InfoLevel, "debug": zapcore.DebugLevel, "info": zapcore.InfoLevel,
	"warn": zapcore.WarnLevel, "error": zapcore.ErrorLevel,
}

func (env *environment) level(name string) zapcore.Level {
	value := env.getenv(name)
	level, ok := logLevels[value]
	if !ok {
		env.problem(name, "%q isn't a log level. Set debug, info, warn or error", value)
	}
	return level
}

func (env *environment) format(name string) LogFormat {
	format := LogFormat(env.getenv(name))
	if format != LogAuto && format != LogText && format != LogJSON {
		env.problem(name, "%q isn't a log format. Set text or json, or leave it unset: text on a terminal, JSON elsewhere", format)
	}
	return format
}
