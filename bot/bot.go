package bot

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	slackevents "github.com/slack-go/slack/socketmode"
	"go.uber.org/zap"

	"muster/internal/lifecycle"
	"muster/internal/policy"
	"muster/internal/sender/slack"
	"muster/internal/socketmode"
	"muster/store"
)

// Options says what a bot is made of.
type Options struct {
	BotToken string // xoxb-…
	AppToken string // xapp-…
	APIURL   string // of another Slack than the real one, such as the sandbox; ends in a slash
	StoreURL string // sqlite:PATH, redis://…, rediss://…, redis+sentinel://…, redis+cluster://…
	Policy   policy.Policy
	Now      func() time.Time // nil: the Redis server's clock, or with SQLite the host's
	Log      *zap.Logger
}

// Bot is one process's worth of Muster.
type Bot struct {
	store  store.Store
	slack  *slack.Client
	self   slack.Identity
	clock  *clock // nil where the clock is not the store's
	now    func() time.Time
	socket *socketmode.Client
	work   atomic.Pointer[work]
	probe  probe
	log    *zap.Logger
}

// Open finds out which workspace the tokens belong to, and assembles the bot.
// While Slack is unreachable it waits; a token that Slack rejects is an error.
func Open(ctx context.Context, o Options) (*Bot, error) {
	self, err := awaitIdentity(ctx, o)
	if err != nil {
		return nil, err
	}
	o.Log.Info("workspace", zap.String("team", self.Team), zap.String("id", self.TeamID))
	s, err := OpenStore(ctx, o.StoreURL, self.TeamID, o.Log.Named("store"))
	if err != nil {
		return nil, err
	}
	b := &Bot{store: s, self: self, log: o.Log}
	if err := b.assemble(ctx, o); err != nil {
		_ = s.Close()
		return nil, err
	}
	return b, nil
}

func (b *Bot) assemble(ctx context.Context, o Options) error {
	now, err := b.chooseClock(ctx, o)
	if err != nil {
		return err
	}
	b.now = now
	b.slack = slack.New(slack.Options{Token: o.BotToken, APIURL: o.APIURL, Now: now})
	if err := b.Reload(o.Policy); err != nil {
		return err
	}
	b.socket = socketmode.New(socketmode.Options{
		BotToken: o.BotToken, AppToken: o.AppToken, APIURL: o.APIURL, Log: o.Log.Named("socket"),
		Handle: func(ctx context.Context, e slackevents.Event) (any, func(context.Context)) {
			answer := b.work.Load().router.Route(ctx, e)
			return answer.Payload, answer.After
		},
	})
	return nil
}

// chooseClock returns the clock that is followed.
func (b *Bot) chooseClock(ctx context.Context, o Options) (func() time.Time, error) {
	if o.Now != nil {
		return o.Now, nil
	}
	s, ok := b.store.(server)
	if !ok {
		return time.Now, nil
	}
	b.clock = &clock{server: s}
	if err := b.clock.measure(ctx); err != nil {
		return nil, fmt.Errorf("read the store's clock: %w", err)
	}
	return b.clock.now, nil
}

// Run works until ctx ends, then finishes what was taken in and closes the
// store, within 10 s.
func (b *Bot) Run(ctx context.Context) error {
	err := lifecycle.Run(ctx, b.log,
		lifecycle.Service{Name: "socket", Run: b.socket.Run},
		lifecycle.Service{Name: "work", Run: b.runWork},
		lifecycle.Service{Name: "token", Run: b.watchToken},
		lifecycle.Service{Name: "store", Run: b.watchStore},
	)
	b.slack.Close()
	if e := b.store.Close(); err == nil && e != nil {
		err = fmt.Errorf("close the store: %w", e)
	}
	return err
}
