package redis_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"muster/internal/incident"
	"muster/store/redis/redistest"
)

// What the server refuses before anything is written is a certain no; the probe
// sees it, too; and when the server takes writes again, so does the store.
func TestRefusal_OfTheServer_IsCertain(t *testing.T) {
	for name, test := range map[string]struct {
		begin, end func(*testing.T, *goredis.Client)
	}{
		"OOM": {config("maxmemory", "1"), config("maxmemory", "0")},
		"MISCONF": {func(t *testing.T, c *goredis.Client) {
			dir, err := c.ConfigGet(t.Context(), "dir").Result()
			must(t, err)
			must(t, os.Mkdir(filepath.Join(dir["dir"], "dump.rdb"), 0o700)) // no snapshot can be put there
			config("save", "3600 1")(t, c)
			must(t, c.BgSave(t.Context()).Err())
			awaitInfo(t, c, "rdb_last_bgsave_status:err")
		}, config("stop-writes-on-bgsave-error", "no")},
		"READONLY": {do("REPLICAOF", "127.0.0.1", "1"), do("REPLICAOF", "NO", "ONE")},
		"MASTERDOWN": {func(t *testing.T, c *goredis.Client) {
			config("replica-serve-stale-data", "no")(t, c)
			do("REPLICAOF", "127.0.0.1", "1")(t, c)
		}, do("REPLICAOF", "NO", "ONE")},
		"NOREPLICAS": {config("min-replicas-to-write", "1"), config("min-replicas-to-write", "0")},
		"NOPERM":     {do("ACL", "SETUSER", "default", "-evalsha", "-set"), do("ACL", "SETUSER", "default", "+@all")},
		"BUSY": {func(t *testing.T, c *goredis.Client) {
			config("busy-reply-threshold", "1")(t, c)
			other := raw(t, "redis://"+c.Options().Addr)
			go func() {
				_ = other.Eval(context.WithoutCancel(t.Context()), "while true do end", nil).Err()
			}()
			awaitPing(t, c, func(err error) bool { return goredis.HasErrorPrefix(err, "BUSY") })
		}, func(t *testing.T, c *goredis.Client) {
			do("SCRIPT", "KILL")(t, c)
			awaitPing(t, c, func(err error) bool { return err == nil })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := redistest.Start(t)
			s := open(t, url, "T1")
			must(t, s.Commit(t.Context(), commit(1)))
			control := raw(t, url+"?pool_size=1")
			must(t, control.Ping(t.Context()).Err())
			test.begin(t, control)
			for range 3 {
				within, cancel := context.WithTimeout(t.Context(), 2*time.Second)
				if err := s.Commit(within, commit(2)); !errors.Is(err, incident.ErrUnavailable) {
					t.Errorf("commit: %v", err)
				}
				cancel()
			}
			if err := s.Ping(t.Context()); !errors.Is(err, incident.ErrUnavailable) {
				t.Errorf("ping: %v", err)
			}
			test.end(t, control)
			must(t, s.Ping(t.Context()))
			must(t, s.Commit(t.Context(), commit(2)))
			holds(t, s, 2)
		})
	}
}

func config(name, value string) func(*testing.T, *goredis.Client) {
	return func(t *testing.T, c *goredis.Client) {
		t.Helper()
		must(t, c.ConfigSet(t.Context(), name, value).Err())
	}
}

func do(args ...any) func(*testing.T, *goredis.Client) {
	return func(t *testing.T, c *goredis.Client) {
		t.Helper()
		must(t, c.Do(t.Context(), args...).Err())
	}
}

// awaitInfo asks the server until it says a line.
func awaitInfo(t *testing.T, c *goredis.Client, line string) {
	t.Helper()
	for begun := time.Now(); ; {
		info, err := c.Info(t.Context()).Result()
		must(t, err)
		if strings.Contains(info, line) {
			return
		}
		if time.Since(begun) > 20*time.Second {
			t.Fatalf("the server never said %q", line)
		}
	}
}

// awaitPing asks the server until its answer is as wanted.
func awaitPing(t *testing.T, c *goredis.Client, wanted func(error) bool) {
	t.Helper()
	begun := time.Now()
	for !wanted(c.Ping(t.Context()).Err()) {
		if time.Since(begun) > 20*time.Second {
			t.Fatal("the server's state did not change")
		}
	}
}
