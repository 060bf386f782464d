package bot

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.uber.org/zap"

	"muster/store"
	"muster/store/redis"
	"muster/store/sqlite"
)

// OpenStore opens the store that a URL names; Redis keeps each workspace's keys
// apart.
func OpenStore(ctx context.Context, url, team string, log *zap.Logger) (store.Store, error) {
	scheme, rest, _ := strings.Cut(url, ":")
	switch scheme {
	case "sqlite":
		if rest == "" {
			return nil, fmt.Errorf("store %q names no file; write sqlite:data/muster.db", url)
		}
		if err := os.MkdirAll(filepath.Dir(rest), 0o750); err != nil {
			return nil, fmt.Errorf("create the store's directory: %w", err)
		}
		return sqlite.Open(rest, team)
	case "redis", "rediss", "redis+sentinel", "redis+cluster":
		if team == "" {
			return nil, errors.New("a Redis store needs the workspace's ID (T…): name it with --team")
		}
		return redis.Open(ctx, url, team, log)
	}
	return nil, fmt.Errorf("store %q: %q is not a kind of store; use sqlite, redis, rediss, redis+sentinel or redis+cluster", url, scheme)
}
