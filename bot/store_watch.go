package bot

import (
	"context"
	"sync"
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
	err := b.probe.ask(ctx, b.store)
	if err == nil && b.clock != nil {
		err = b.clock.measure(ctx)
	}
	if err != nil && ctx.Err() == nil {
		b.log.Warn("store can't be written", zap.Error(err))
	}
}

const (
	probeWithin = time.Second
	probeLasts  = time.Second // so that whoever asks a thousand times a second costs one write
)

// probe is what the store last answered to a write.
type probe struct {
	mu  sync.Mutex
	at  time.Time
	err error
}

// pinger is a store as far as the probe needs one.
type pinger interface {
	Ping(ctx context.Context) error
}

// ask returns why the store cannot be written, as it is now or was a moment ago.
// All who ask meanwhile wait for one answer.
func (p *probe) ask(ctx context.Context, s pinger) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.at.IsZero() && time.Since(p.at) < probeLasts {
		return p.err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeWithin)
	defer cancel()
	p.err, p.at = s.Ping(ctx), time.Now()
	return p.err
}
