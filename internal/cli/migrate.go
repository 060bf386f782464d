package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"muster/bot"
	"muster/internal/config"
	"muster/store"
	"muster/store/redis"
)

// Migrate is `muster migrate FROM TO`: it copies all of one store into another,
// which has to be empty. team is the workspace's ID, under which Redis keeps it.
func Migrate(ctx context.Context, from, to, team string, getenv func(string) string, out io.Writer) (err error) {
	log, err := newLogger(zapcore.WarnLevel, config.LogAuto)
	if err != nil {
		return err
	}
	fromURL, err1 := config.Store("FROM", from, getenv)
	toURL, err2 := config.Store("TO", to, getenv)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if team != "" {
		if err := bot.CheckTeam(team); err != nil {
			return fmt.Errorf("--team: %w", err)
		}
	}
	for _, store := range []config.Secret{fromURL, toURL} {
		if w := config.StoreWarning(store); w != "" {
			log.Warn(w)
		}
	}
	if err := checkSource(ctx, fromURL.Reveal(), team); err != nil {
		return err
	}
	if team == "" && bot.InRedis(toURL.Reveal()) {
		return errors.New("TO is a Redis, which keeps each workspace apart: name the workspace's ID (T…) with --team")
	}
	source, err := bot.OpenStore(ctx, fromURL.Reveal(), team, log.Named("from"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	sink, err := bot.OpenStore(ctx, toURL.Reveal(), team, log.Named("to"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sink.Close()) }()
	return copyAll(ctx, source, sink, out, log)
}

// checkSource makes sure that there is something to copy, before a store that is
// opened makes a new one.
func checkSource(ctx context.Context, url, team string) error {
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("no store to copy: %w", err)
		}
		return nil
	}
	there, err := redis.Workspaces(ctx, url)
	switch {
	case err != nil:
		return err
	case len(there) == 0:
		return errors.New("nothing was copied: FROM holds no workspace of Muster's; check its host and its database's number")
	case team == "":
		return fmt.Errorf("name the workspace to copy with --team; FROM holds %s", strings.Join(there, ", "))
	case !slices.Contains(there, team):
		return fmt.Errorf("nothing was copied: FROM holds nothing of %s; it holds %s: name one of them with --team", team, strings.Join(there, ", "))
	}
	return nil
}

func copyAll(ctx context.Context, from, to store.Store, out io.Writer, log *zap.Logger) error {
	source, readable := from.(store.Source)
	sink, writable := to.(store.Sink)
	if !readable || !writable {
		return errors.New("this kind of store cannot be copied")
	}
	copied, err := store.Copy(ctx, source, sink)
	if errors.Is(err, store.ErrNotEmpty) {
		return fmt.Errorf("%w: nothing was copied; name a new file, or a Redis without this workspace's keys", err)
	}
	if err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	for _, what := range slices.Sorted(maps.Keys(copied)) {
		if _, err := fmt.Fprintf(out, "%8d %s\n", copied[what], what); err != nil {
			log.Warn("print what was copied", zap.Error(err))
		}
	}
	return nil
}
