package bot

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"go.uber.org/zap"

	"muster/store"
	"muster/store/redis"
	"muster/store/sqlite"
)

// teamID is what a workspace's ID looks like; that of an organization begins with E.
var teamID = regexp.MustCompile(`^[TE][A-Z0-9]{1,30}$`)

// CheckTeam refuses what cannot be a workspace's ID.
func CheckTeam(team string) error {
	if !teamID.MatchString(team) {
		return fmt.Errorf("%q isn't a workspace's ID, such as T0123ABCD: it begins with T or E, and has only capital letters and digits", team)
	}
	return nil
}

// OpenStore opens the store that a URL names; Redis keeps each workspace's keys
// apart. No error quotes the URL, which may hold a password.
func OpenStore(ctx context.Context, url, team string, log *zap.Logger) (store.Store, error) {
	kind, rest, _ := strings.Cut(url, ":")
	switch {
	case kind == "sqlite" && rest == "":
		return nil, errors.New("the store names no file; write sqlite:data/muster.db")
	case kind == "sqlite":
		if err := os.MkdirAll(filepath.Dir(rest), 0o750); err != nil {
			return nil, fmt.Errorf("create the store's directory: %w", err)
		}
		return sqlite.Open(rest, team)
	case InRedis(url):
		if err := CheckTeam(team); err != nil {
			return nil, err
		}
		return redis.Open(ctx, url, team, log)
	}
	return nil, errors.New("this isn't a kind of store; use sqlite:, redis://, rediss://, redis+sentinel:// or redis+cluster://")
}

// InRedis reports whether a URL names a Redis.
func InRedis(url string) bool { return strings.HasPrefix(url, "redis") }
