package bot

import (
	"context"
	"time"

	"go.uber.org/zap"
)

const attendEvery = 15 * time.Second

// attend looks after the store: whether it answers (which also tells Redis's
// driver how many replicas there are to wait for) and what time it is there.
func (b *Bot) attend(ctx context.Context) error {
	ticker := time.NewTicker(attendEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			b.look(ctx)
		}
	}
}

func (b *Bot) look(ctx context.Context) {
	within, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	err := b.store.Ping(within)
	if err == nil && b.clock != nil {
		err = b.clock.measure(within)
	}
	if err != nil && ctx.Err() == nil {
		b.log.Warn("the store does not answer", zap.Error(err))
	}
}
