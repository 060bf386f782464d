package outbox

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"go.uber.org/zap"

	"muster/internal/notice"
)

// GiveUp is the age from which a notice that fails once more becomes a dead
// letter: by then somebody has to look, and its lane has to go on.
const GiveUp = 24 * time.Hour

// Late is how long after an attempt without an answer what it sent may still appear.
// Slack has been seen to carry out a call seconds after its connection broke;
// its own servers give up a call within some 10 s, and this leaves as much again.
const Late = 20 * time.Second

// mayCome returns for how long what is in doubt may still appear, 0 if no longer.
// A doubt of unknown age begins now, and so does one from which the clock went back.
func (d *Dispatcher) mayCome(l notice.Lease) time.Duration {
	if !l.InDoubt {
		return 0
	}
	return max(d.doubted(l).Add(Late).Sub(d.now()), 0)
}

// doubted returns since when a lease's notice is in doubt.
func (d *Dispatcher) doubted(l notice.Lease) time.Time {
	if now := d.now(); l.Doubted.IsZero() || l.Doubted.After(now) {
		return now
	}
	return l.Doubted
}

// deliver attempts one delivery and records what came of it. Both outlive ctx
// by the grace, so that a clean shutdown leaves no doubt behind.
func (d *Dispatcher) deliver(ctx context.Context, l notice.Lease) {
	defer func() {
		if p := recover(); p != nil { // no reason to lose the process; the lease runs out
			d.options.Log.Error("record a delivery", zap.String("notice", l.Notice.Key), zap.Error(panicked(p)))
		}
	}()
	held, release := outlive(ctx, d.options.Lease, 2*d.options.Grace)
	defer release()
	sending, sent := outlive(ctx, d.options.Lease*2/3, d.options.Grace)
	receipt, err := d.attempt(sending, l)
	sent()
	d.record(held, l, receipt, err)
}

// panics is how often a notice may panic before it is given up: it keeps its
// whole lane waiting.
const panics = 3

// attempt has the notice composed, and sends it. A panic on the way is a doubt
// like any other, for a few times.
func (d *Dispatcher) attempt(ctx context.Context, l notice.Lease) (_ notice.Receipt, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &Unknown{Reason: "a bug in Muster", Err: panicked(p)}
			if l.Tries >= panics {
				err = &Refused{Reason: "a bug in Muster", Err: panicked(p)}
			}
		}
	}()
	n := l.Notice
	composer, ok := d.options.Subjects[n.Subject.Kind]
	if !ok {
		return notice.Receipt{}, unsupported("subject", n.Subject)
	}
	delivery, err := composer.Compose(ctx, n)
	if err != nil {
		return notice.Receipt{}, err
	}
	sender, ok := d.options.Senders[n.To.Medium]
	if !ok {
		return notice.Receipt{}, unsupported("medium", n.To.Medium)
	}
	delivery.Key, delivery.At, delivery.Op, delivery.InDoubt = n.Key, n.At, n.Op, l.InDoubt
	delivery.MayCome = d.mayCome(l) > 0
	return sender.Send(ctx, delivery)
}

// unsupported refuses what another version of Muster, or one that is set up
// otherwise, has queued.
func unsupported(what string, value any) error {
	return &Refused{Reason: "this version of Muster doesn't know how to send it", Err: fmt.Errorf("unknown %s %q", what, value)}
}

func panicked(p any) error { return fmt.Errorf("panic: %v\n%s", p, debug.Stack()) }

// record writes down what came of an attempt.
func (d *Dispatcher) record(ctx context.Context, l notice.Lease, r notice.Receipt, err error) {
	log := d.options.Log.With(
		zap.String("notice", l.Notice.Key), zap.Stringer("subject", l.Notice.Subject), zap.String("lane", l.Notice.Lane),
		zap.String("op", string(l.Notice.Op)), zap.String("template", string(l.Notice.Template)), zap.Int("tries", l.Tries+1),
	)
	refused, isRefused := errors.AsType[*Refused](err)
	switch {
	case err == nil:
		if len(r.Refused) > 0 {
			log.Warn("delivered in part", zap.Any("users", r.Users), zap.Any("refused", r.Refused))
		} else {
			log.Info("delivered", zap.Any("users", r.Users), zap.Duration("waited", d.now().Sub(l.Notice.At)), zap.Bool("in_doubt", l.InDoubt))
		}
		d.settle(ctx, log, l, func(c Composer) error { return c.Delivered(ctx, l, r) })
	case errors.Is(err, ErrObsolete):
		log.Debug("dropped", zap.Error(err))
		d.settle(ctx, log, l, nothing)
	case errors.Is(err, ErrNoSubject):
		log.Error("dropped", zap.Error(err))
		d.settle(ctx, log, l, nothing)
	case isRefused:
		d.fail(ctx, log, l, notice.Failure{Reason: refused.Reason, Gone: refused.Gone}, err)
	case d.now().Sub(l.Notice.At) > GiveUp:
		d.fail(ctx, log, l, notice.Failure{Reason: fmt.Sprintf("given up after %d h: %s", int(GiveUp.Hours()), reasonOf(err))}, err)
	default:
		d.retry(ctx, log, l, err)
	}
}

// nothing records nothing, so that the notice is just popped.
func nothing(Composer) error { return ErrNoChange }

// fail records that a notice cannot be delivered for good.
func (d *Dispatcher) fail(ctx context.Context, log *zap.Logger, l notice.Lease, f notice.Failure, err error) {
	log.Error("cannot be delivered", zap.String("reason", f.Reason), zap.Error(err))
	d.settle(ctx, log, l, func(c Composer) error { return c.Failed(ctx, l, f) })
}

// retry gives the head back to its lane.
func (d *Dispatcher) retry(ctx context.Context, log *zap.Logger, l notice.Lease, err error) {
	wait := backoff(l.Tries, firstRetry, lastRetry)
	release, logged := notice.Retry{At: d.now(), InDoubt: true, Doubted: d.now()}, log.Warn
	if unknown, ok := errors.AsType[*Unknown](err); ok && unknown.Over && d.mayCome(l) == 0 {
		release.Doubted = notice.LongAgo
	}
	if later, ok := errors.AsType[*RetryLater](err); ok {
		// An older doubt stays: what stopped this attempt may have been the look.
		release.InDoubt, release.Doubted = l.InDoubt, time.Time{}
		if l.InDoubt {
			release.Doubted = d.doubted(l)
		}
		if rest := d.mayCome(l); later.After > 0 {
			wait = later.After
		} else if rest > 0 {
			wait = min(wait, rest)
		}
		if later.Op {
			release.Op = l.Notice.Op
		}
		if later.Operator {
			logged = log.Error
		}
	}
	// Rounded up: no earlier than was asked.
	release.NotBefore = d.options.Now().UTC().Add(wait + time.Millisecond - 1).Truncate(time.Millisecond)
	logged("not delivered yet", zap.Duration("retry", wait), zap.Bool("in_doubt", release.InDoubt), zap.Error(err))
	d.retryWrite(ctx, log, func() error { return d.options.Lanes.Release(ctx, l, release) })
}

// settle records an outcome with the notice's subject and takes the head out of
// its lane.
func (d *Dispatcher) settle(ctx context.Context, log *zap.Logger, l notice.Lease, outcome func(Composer) error) {
	composer, known := d.options.Subjects[l.Notice.Subject.Kind]
	settled := d.retryWrite(ctx, log, func() error {
		err := ErrNoChange // of a subject that nobody knows: the log has to do
		if known {
			err = outcome(composer)
		}
		if errors.Is(err, ErrNoChange) {
			return d.options.Lanes.Pop(ctx, l)
		}
		return err
	})
	if settled {
		d.mu.Lock()
		d.settled++
		d.mu.Unlock()
	}
}

// retryWrite writes to the store until it takes it, or until the lease is over:
// then the head becomes another's, in doubt, and nothing is lost.
func (d *Dispatcher) retryWrite(ctx context.Context, log *zap.Logger, write func() error) bool {
	for failures := 0; ; failures++ {
		err := write()
		switch {
		case err == nil:
			return true
		case errors.Is(err, notice.ErrLost):
			log.Warn("the lease ran out before the outcome was recorded; whoever has it now will look it up")
			return false
		case ctx.Err() != nil:
			log.Error("the outcome could not be recorded; it will be looked up", zap.Error(err))
			return false
		}
		log.Warn("record the outcome", zap.Error(err))
		wait(ctx, backoff(failures, 50*time.Millisecond, 2*time.Second), nil)
	}
}

// outlive returns a context that ends after limit, or some grace after its parent.
func outlive(parent context.Context, limit, grace time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(parent), limit)
	stop := context.AfterFunc(parent, func() {
		wait(ctx, grace, nil)
		cancel()
	})
	return ctx, func() { stop(); cancel() }
}
