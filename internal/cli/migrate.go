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
	"muster/store"
)

// Migrate is `muster migrate FROM TO`: it copies all of one store into another,
// which has to be empty. team is the workspace's ID, under which Redis keeps it.
func Migrate(ctx context.Context, from, to, team string, out io.Writer) (err error) {
	log, err := newLogger(zapcore.WarnLevel)
	if err != nil {
		return err
	}
	if path, ok := strings.CutPrefix(from, "sqlite:"); ok {
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("no store to copy: %w", err)
		}
	}
	source, err := bot.OpenStore(ctx, from, team, log.Named("from"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	sink, err := bot.OpenStore(ctx, to, team, log.Named("to"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sink.Close()) }()
	return copyAll(ctx, source, sink, out, log)
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
