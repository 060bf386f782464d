package bot

import (
	"context"
	"errors"

	"go.uber.org/zap"

	"muster/internal/lifecycle"
)

// Serve runs a bot and its health checks until ctx ends. The health checks
// answer at once, also while Slack is unreachable.
func Serve(ctx context.Context, listen string, o Options) error {
	health, err := newHealth(listen)
	if err != nil {
		return err
	}
	o.Log.Info("health checks", zap.String("address", health.listener.Addr().String()))
	run := func(ctx context.Context) error {
		b, err := Open(ctx, o)
		if errors.Is(err, context.Canceled) {
			return nil // told to stop while waiting for Slack
		}
		if err != nil {
			return err
		}
		health.bot.Store(b)
		return b.Run(ctx)
	}
	return lifecycle.Run(ctx, o.Log,
		lifecycle.Service{Name: "bot", Run: run},
		lifecycle.Service{Name: "health", Run: health.run},
	)
}
