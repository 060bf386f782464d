package bot

import (
	"context"
	"fmt"

	"muster/internal/digest"
	"muster/internal/incident"
	sandboxclock "muster/internal/sandbox/clock"
)

// A workspace in this process moves the bot with its clock.
var _ sandboxclock.Driver = (*Bot)(nil)

// firing says what each kind of timer does to an incident.
var firing = map[incident.TimerName]string{
	incident.TimerRespond:  "warning that nobody acknowledged %s",
	incident.TimerUpdate:   "update reminder of %s",
	incident.TimerEscalate: "escalation of %s",
	incident.TimerArchive:  "archiving of %s",
}

// running says what each job does.
var running = map[string]string{digest.Job: "the daily digest"}

// Next returns what the bot does next.
func (b *Bot) Next(ctx context.Context) (sandboxclock.Due, bool, error) {
	d, ok, err := b.store.Next(ctx)
	if err != nil {
		return sandboxclock.Due{}, false, err
	}
	if job, at := b.work.Load().scheduler.NextJob(); job != "" && (!ok || at.Before(d.At)) {
		return sandboxclock.Due{At: at, What: running[job]}, true, nil
	}
	what := "delivery of what waits"
	if words, known := firing[d.Name]; known {
		what = fmt.Sprintf(words, d.Number)
	}
	return sandboxclock.Due{At: d.At, What: what}, ok, nil
}

// Settle handles and delivers all that is due now. It is for clocks that are
// moved by hand.
func (b *Bot) Settle(ctx context.Context) error {
	for {
		w := b.work.Load()
		fired, err := w.scheduler.Tick(ctx)
		if err != nil {
			return err
		}
		delivered, err := w.outbox.Flush(ctx)
		if err != nil {
			return err
		}
		if fired == 0 && delivered == 0 {
			return nil
		}
	}
}
