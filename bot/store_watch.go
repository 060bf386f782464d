package bot

import (
	"context"
	"time"

	"go.uber.org/zap"
)

const checkStoreEvery = 15 * time.Second

// watchStore checks now and then whether the store answers, which also shows
// Redis's driver how many replicas there are to wait for, and what time it is
// there.
func (b *Bot) watchStore(ctx context.Context) error {
	ticker := time.NewTicker(checkStoreEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			b.checkStore(ctx)
		}
	}
}

func (b *Bot) checkStore(ctx context.Context) {
	within, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	err := b.store.Ping(within)
	if err == nil && b.clock != nil {
		err = b.clock.measure(within)
	}
	if err != nil && ctx.Err() == nil {
		b.log.Warn("store not answering", zap.Error(err))
	}
}
