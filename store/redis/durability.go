package redis

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"
)

// replicaPatience is how long a commit waits for a replica to have it.
const replicaPatience = 500 * time.Millisecond

// inspect looks at what the server would lose, and in which case.
func (s *Store) inspect(ctx context.Context, node *redis.Client) error {
	text, err := node.Info(ctx).Result()
	if err != nil {
		return unavailable(err)
	}
	info := parseInfo(text)
	s.count(info)
	warn := func(format string, args ...any) {
		s.warnings = append(s.warnings, fmt.Sprintf(format, args...))
	}
	if v := info["redis_version"]; !atLeast(v, 6, 2) {
		warn("the server is version %q; Muster is made for 6.2 and newer", v)
	}
	if info["aof_enabled"] != "1" {
		warn("the append-only file is off: a crash of the server loses everything since its last snapshot, acknowledged incidents among it (set appendonly yes)")
	}
	if policy := info["maxmemory_policy"]; policy != "noeviction" {
		warn("maxmemory-policy is %q: when memory runs short, the server may throw incidents away (set noeviction)", policy)
	}
	if persisting := info["aof_last_write_status"]; persisting == "err" {
		warn("the server's last write to its append-only file failed: is its disk full?")
	}
	return nil
}

// parseInfo reads what INFO answers.
func parseInfo(text string) map[string]string {
	info := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			info[name] = value
		}
	}
	return info
}

// atLeast compares a version such as "7.0.15".
func atLeast(version string, major, minor int) bool {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return false
	}
	a, errA := strconv.Atoi(parts[0])
	b, errB := strconv.Atoi(parts[1])
	return errA == nil && errB == nil && (a > major || a == major && b >= minor)
}

// count notes how many replicas there are.
func (s *Store) count(info map[string]string) {
	n, _ := strconv.ParseInt(info["connected_slaves"], 10, 64) // absent: none
	s.replicas.Store(n)
}

// replicated notes whether a replica has the commit. One that is behind must
// not stop people from working: it is logged when it begins and when it ends.
func (s *Store) replicated(wait *redis.Cmd) {
	n, err := wait.Int64()
	short := err != nil || n < 1
	if s.short.Swap(short) == short {
		return
	}
	if short {
		s.log.Warn("redis: no replica had a commit in time; a failover now could lose it",
			zap.Duration("waited", replicaPatience), zap.Error(err))
		return
	}
	s.log.Info("redis: a replica keeps up again")
}
