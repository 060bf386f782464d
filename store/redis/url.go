package redis

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// address is what a store's URL says. It is taken apart by hand: package
// net/url refuses more than one host, and quotes passwords in its errors.
type address struct {
	kind           string // "", "sentinel" or "cluster"
	tls            bool
	user, password string
	hosts          []string
	path           string // the database, or Sentinel's name of the master
	db             int
}

// parse reads
//
//	redis://[user:password@]host:port[/db]
//	redis+sentinel://[user:password@]host:port,host:port/master[?db=n]
//	redis+cluster://[user:password@]host:port,host:port
//
// with rediss instead of redis for TLS.
func parse(raw string) (a address, err error) {
	scheme, rest, ok := strings.Cut(raw, "://")
	base, kind, _ := strings.Cut(scheme, "+")
	if !ok || base != "redis" && base != "rediss" || kind != "" && kind != "sentinel" && kind != "cluster" {
		return a, errors.New("a Redis URL begins with redis://, rediss://, redis+sentinel:// or redis+cluster://")
	}
	a.kind, a.tls = kind, base == "rediss"
	rest, query, _ := strings.Cut(rest, "?")
	rest, a.path, _ = strings.Cut(rest, "/")
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		user, password, _ := strings.Cut(rest[:at], ":")
		rest = rest[at+1:]
		a.user, err = url.PathUnescape(user)
		if err == nil {
			a.password, err = url.PathUnescape(password)
		}
		if err != nil {
			return a, errors.New("the Redis URL's user or password has a % that is not followed by two hexadecimal digits")
		}
	}
	for host := range strings.SplitSeq(rest, ",") {
		if host == "" || strings.HasPrefix(host, ":") {
			return a, errors.New("the Redis URL has no host")
		}
		a.hosts = append(a.hosts, host)
	}
	return a, a.readDB(query)
}

func (a *address) readDB(query string) error {
	var db string
	switch a.kind {
	case "":
		if len(a.hosts) > 1 {
			return errors.New("more than one host needs redis+sentinel:// or redis+cluster://")
		}
		db = a.path
	case "sentinel":
		if a.path == "" {
			return errors.New("redis+sentinel:// needs the master's name: redis+sentinel://host:port/NAME")
		}
	}
	if query != "" {
		values, err := url.ParseQuery(query)
		if err != nil || len(values) != 1 || !values.Has("db") || a.kind == "cluster" {
			return errors.New("the Redis URL has parameters that are not understood; only db is, and only without a cluster")
		}
		db = values.Get("db")
	}
	if db == "" {
		return nil
	}
	n, err := strconv.Atoi(db)
	if err != nil || n < 0 || a.kind == "cluster" {
		return errors.New("the Redis URL's database is not a number, or a cluster is given one")
	}
	a.db = n
	return nil
}

// connections is how many a process has at most.
const connections = 32

// client makes the client, which dials when it is first used.
func (a address) client() redis.UniversalClient {
	o := redis.UniversalOptions{
		Addrs: a.hosts, DB: a.db, Username: a.user, Password: a.password,
		IsClusterMode: a.kind == "cluster",
		MaxRetries:    -1, // one retry layer: script.go
		DialerRetries: 1,
		DialTimeout:   2 * time.Second, ReadTimeout: 3 * time.Second, WriteTimeout: 3 * time.Second,
		ContextTimeoutEnabled: true,
		PoolSize:              connections, PipelinePoolSize: -1,
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	if a.kind == "sentinel" {
		o.MasterName = a.path
	}
	for n, host := range o.Addrs {
		if !strings.Contains(strings.TrimPrefix(host, "["), ":") || strings.HasSuffix(host, "]") {
			o.Addrs[n] = fmt.Sprintf("%s:%d", host, 6379)
		}
	}
	if a.tls {
		o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return redis.NewUniversalClient(&o)
}
