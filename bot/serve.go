package bot

import (
	"context"
	"errors"
	"os"

	"go.uber.org/zap"

	"muster/internal/lifecycle"
	"muster/internal/policy"
)

// Reloads says when and from where a policy is read again.
type Reloads struct {
	When <-chan os.Signal
	Read func() (policy.Policy, error)
}

// Serve runs a bot and its health checks until ctx ends. The health checks
// answer at once, also while Slack is unreachable.
func Serve(ctx context.Context, listen string, o Options, r Reloads) error {
	health, err := newHealth(listen)
	if err != nil {
		return err
	}
	o.Log.Info("health checks", zap.String("address", health.listener.Addr().String()))
	opened := make(chan *Bot, 1)
	run := func(ctx context.Context) error {
		b, err := Open(ctx, o)
		if errors.Is(err, context.Canceled) {
			return nil // told to stop while waiting for Slack
		}
		if err != nil {
			return err
		}
		health.bot.Store(b)
		opened <- b
		return b.Run(ctx)
	}
	return lifecycle.Run(ctx, o.Log,
		lifecycle.Service{Name: "bot", Run: run},
		lifecycle.Service{Name: "reload", Run: func(ctx context.Context) error { return follow(ctx, opened, r, o.Log) }},
		lifecycle.Service{Name: "health", Run: health.run},
	)
}

// follow hands each policy that is read again to the bot, once there is one. One
// that is wrong changes nothing.
func follow(ctx context.Context, opened <-chan *Bot, r Reloads, log *zap.Logger) error {
	var b *Bot
	select {
	case <-ctx.Done():
		return nil
	case b = <-opened:
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-r.When:
			p, err := r.Read()
			if err == nil {
				err = b.Reload(p)
			}
			if err != nil {
				log.Error("configuration not reloaded; the one before stays in force", zap.Error(err))
				continue
			}
			log.Info("configuration reloaded")
		}
	}
}
