package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
)

var storeSchemes = []string{"sqlite", "redis", "rediss", "redis+sentinel", "redis+cluster", "rediss+sentinel", "rediss+cluster"}

// Store reads a store's URL, as MUSTER_STORE is read. No error of it quotes the URL.
func Store(name, value string, getenv func(string) string) (Secret, error) {
	env := environment{getenv: getenv}
	store := env.store(name, value)
	return store, errors.Join(env.problems...)
}

func (env *environment) store(name, value string) Secret {
	if value == "" {
		value = DefaultStore
	}
	scheme, rest, found := strings.Cut(value, ":")
	switch {
	case !found || !slices.Contains(storeSchemes, scheme):
		env.problem(name, "this isn't a store. Set sqlite:PATH, or a URL that begins with redis://, rediss://, redis+sentinel:// or redis+cluster://")
	case scheme == "sqlite" && strings.Trim(rest, "/") == "":
		env.problem(name, "the path is missing. Set sqlite:PATH, such as %s", DefaultStore)
	case scheme != "sqlite" && strings.Trim(strings.TrimPrefix(rest, "//"), "/") == "",
		scheme != "sqlite" && !strings.HasPrefix(rest, "//"):
		env.problem(name, "the host is missing. Set %s://HOST:PORT", scheme)
	case scheme != "sqlite":
		value = env.withPassword(value)
	}
	return NewSecret(value)
}

// withPassword puts MUSTER_STORE_PASSWORD into a URL that has no password.
func (env *environment) withPassword(store string) string {
	password, from := env.secret("MUSTER_STORE_PASSWORD")
	u := splitStore(store)
	if from == "" || u.password != "" {
		return store
	}
	return u.scheme + "://" + u.user + ":" + url.PathEscape(password) + "@" + u.rest
}

// storeURL is a Redis URL's parts. (net/url does not parse the several hosts of a
// cluster, and quotes the password in its errors.)
type storeURL struct {
	scheme, user, password string
	rest                   string // hosts, path and options
}

func splitStore(store string) (u storeURL) {
	u.scheme, u.rest, _ = strings.Cut(store, "://")
	end := strings.IndexAny(u.rest+"/", "/?")
	if at := strings.LastIndex(u.rest[:end], "@"); at >= 0 {
		u.user, u.password, _ = strings.Cut(u.rest[:at], ":")
		u.rest = u.rest[at+1:]
	}
	return u
}

// StoreWarning says what is dangerous about a store's URL, "" if nothing is.
func StoreWarning(store Secret) string {
	u := splitStore(store.Reveal())
	if u.password == "" || !strings.HasPrefix(u.scheme, "redis") || strings.HasPrefix(u.scheme, "rediss") {
		return ""
	}
	hosts, _, _ := strings.Cut(u.rest, "?")
	hosts, _, _ = strings.Cut(hosts, "/")
	for address := range strings.SplitSeq(hosts, ",") {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			host = strings.Trim(address, "[]")
		}
		if !loopback(host) {
			return fmt.Sprintf("MUSTER_STORE: the password for %s goes over the network unencrypted. Use redis%s, or keep Redis on this machine", host, "s"+strings.TrimPrefix(u.scheme, "redis")+"://")
		}
	}
	return ""
}
