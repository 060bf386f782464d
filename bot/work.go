package bot

import (
	"context"
	"fmt"

	"muster/handlers"
	"muster/internal/compose"
	"muster/internal/incident"
	"muster/internal/lifecycle"
	"muster/internal/notice"
	"muster/internal/outbox"
	"muster/internal/policy"
	"muster/internal/sender/slack"
	"muster/scheduler"
	"muster/templates"
)

// work is all that goes by a policy. Another policy replaces it whole, so that
// no part goes by the old one while another goes by the new.
type work struct {
	router    *handlers.Router
	scheduler *scheduler.Scheduler
	outbox    *outbox.Dispatcher
	replaced  chan struct{} // closed when there is another
}

func (b *Bot) newWork(p policy.Policy) (*work, error) {
	words, err := templates.New(p, b.now)
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	words.Refused = b.slack.Refused
	incidents := commitLog{b.store, b.log.Named("incident")}
	wake := func() { b.work.Load().outbox.Wake() } // also for what the work before this one still commits
	service := &incident.Service{Store: incidents, Policy: p, Now: b.now, Wake: wake}
	digests := &compose.Digest{Rows: b.store, Renderer: words, Now: b.now}
	daily, err := jobs(p, b.store, b.now, wake)
	if err != nil {
		return nil, err
	}
	return &work{
		router: handlers.New(handlers.Options{
			Incidents: service, Digests: digests, Slack: slackReplies{b.slack}, Templates: words, Policy: p, Team: b.self.TeamID, Self: b.self.BotUserID, Log: b.log.Named("handlers"),
		}),
		scheduler: scheduler.New(b.store, service, b.now, b.log.Named("scheduler"), daily...),
		outbox: outbox.New(outbox.Options{
			Lanes: b.store,
			Subjects: map[notice.Kind]outbox.Composer{
				notice.Incident: &compose.Incident{Incidents: service, Renderer: words},
				notice.Digest:   digests,
			},
			Senders: map[notice.Medium]outbox.Sender{notice.Slack: b.slack},
			Limits:  slack.Limits(), Now: b.now, Log: b.log.Named("outbox"),
		}),
		replaced: make(chan struct{}),
	}, nil
}

// Reload goes on by another policy: what arrives from now on is answered by it,
// and what is due and what waits follow as soon as what is under way is done.
// The store and the connection to Slack stay as they are.
func (b *Bot) Reload(p policy.Policy) error {
	next, err := b.newWork(p)
	if err != nil {
		return err
	}
	if before := b.work.Swap(next); before != nil {
		close(before.replaced)
	}
	return nil
}

// runWork runs the present work, and its successors, until ctx ends.
func (b *Bot) runWork(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := b.untilReplaced(ctx, b.work.Load()); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bot) untilReplaced(ctx context.Context, w *work) error {
	until, stop := context.WithCancel(ctx)
	defer stop()
	return lifecycle.Run(until, b.log,
		lifecycle.Service{Name: "scheduler", Run: w.scheduler.Run},
		lifecycle.Service{Name: "outbox", Run: w.outbox.Run},
		lifecycle.Service{Name: "successor", Run: func(ctx context.Context) error {
			select {
			case <-w.replaced:
				stop()
			case <-ctx.Done():
			}
			return nil
		}},
	)
}
