package outbox

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"go.uber.org/zap"

	"muster/internal/incident"
	"muster/internal/slackid"
)

// GiveUp is the age from which a notice that fails once more becomes a dead
// letter: by then somebody has to look, and its lane has to go on.
const GiveUp = 24 * time.Hour

// deliver attempts one delivery and records what came of it. Both outlive ctx
// by the grace, so that a clean shutdown leaves no doubt behind.
func (d *Dispatcher) deliver(ctx context.Context, l incident.Lease) {
	defer func() {
		if p := recover(); p != nil { // no reason to lose the process; the lease runs out by itself
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

// attempt decides whether and to whom the notice goes, and sends it. A panic on
// the way is a doubt like any other, for a few times.
func (d *Dispatcher) attempt(ctx context.Context, l incident.Lease) (_ incident.Receipt, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &Unknown{Reason: "a bug in Muster", Err: panicked(p)}
			if l.Tries >= panics {
				err = &Refused{Reason: "a bug in Muster", Err: panicked(p)}
			}
		}
	}()
	n := l.Notice
	i, err := d.options.Incidents.Get(ctx, slackid.Muster, "", incident.Ref{Number: n.Number})
	if _, missing := errors.AsType[*incident.Rejection](err); missing {
		return incident.Receipt{}, errNoSubject
	}
	if err != nil {
		return incident.Receipt{}, &RetryLater{Reason: "Muster couldn't read its store", Err: fmt.Errorf("read %s: %w", n.Number, err)}
	}
	if n.Obsolete(i) {
		return incident.Receipt{}, incident.ErrNoChange
	}
	to, allowed := i.Destination(n)
	switch {
	case !allowed:
		return incident.Receipt{}, &Refused{Reason: "held back: the incident is private"}
	case to.Channel == "" && needsChannel(n.Op):
		return incident.Receipt{}, &Refused{Reason: "the incident doesn't have a channel"}
	}
	return d.options.Sender.Send(ctx, Delivery{Notice: n, Incident: i.Redacted(to), To: to, InDoubt: l.InDoubt})
}

// errOrphan: a notice of an incident that does not exist has nobody to report
// its failure to.
var errNoSubject = errors.New("there is no such incident")

// needsChannel reports whether an act arranges the incident's own channel.
func needsChannel(a incident.Op) bool {
	return a == incident.OpTopic || a == incident.OpInvite || a == incident.OpPin
}

func panicked(p any) error { return fmt.Errorf("panic: %v\n%s", p, debug.Stack()) }

// record writes down what came of an attempt.
func (d *Dispatcher) record(ctx context.Context, l incident.Lease, r incident.Receipt, err error) {
	log := d.options.Log.With(
		zap.String("notice", l.Notice.Key), zap.Stringer("incident", l.Notice.Number), zap.String("lane", l.Notice.Lane),
		zap.String("act", string(l.Notice.Op)), zap.String("template", string(l.Notice.Template)), zap.Int("tries", l.Tries+1),
	)
	pop := func() error { return d.options.Lanes.Pop(ctx, l) }
	refused, isRefused := errors.AsType[*Refused](err)
	switch {
	case err == nil:
		if len(r.Refused) > 0 {
			log.Warn("delivered in part", zap.Any("refused", r.Refused))
		} else {
			log.Debug("delivered", zap.Bool("unsure", l.InDoubt))
		}
		d.settle(ctx, log, func() error { return orPop(d.options.Incidents.Delivered(ctx, l, r), pop) })
	case errors.Is(err, incident.ErrNoChange):
		log.Debug("dropped: there is nothing true to say any more")
		d.settle(ctx, log, pop)
	case errors.Is(err, errNoSubject):
		log.Error("dropped", zap.Error(err))
		d.settle(ctx, log, pop)
	case isRefused:
		log.Error("cannot be delivered", zap.String("reason", refused.Reason), zap.Error(err))
		d.settle(ctx, log, func() error { return orPop(d.options.Incidents.Failed(ctx, l, refused.Reason), pop) })
	case d.now().Sub(l.Notice.At) > GiveUp:
		reason := fmt.Sprintf("given up after %s: %s", incident.Span(GiveUp), reasonOf(err))
		log.Error("cannot be delivered", zap.String("reason", reason), zap.Error(err))
		d.settle(ctx, log, func() error { return orPop(d.options.Incidents.Failed(ctx, l, reason), pop) })
	default:
		d.retry(ctx, log, l, err)
	}
}

// retry gives the head back to its lane.
func (d *Dispatcher) retry(ctx context.Context, log *zap.Logger, l incident.Lease, err error) {
	wait := backoff(l.Tries, firstRetry, lastRetry)
	hold, logged := incident.Retry{InDoubt: true}, log.Warn
	if later, ok := errors.AsType[*RetryLater](err); ok {
		// An older doubt stays: what stopped us may have been the look.
		hold.InDoubt = l.InDoubt
		if later.After > 0 {
			wait = later.After
		}
		if later.Op {
			hold.Op = l.Notice.Op
		}
		if later.Operator {
			logged = log.Error
		}
	}
	// Rounded up: no earlier than Slack asked.
	hold.NotBefore = d.options.Now().UTC().Add(wait + time.Millisecond - 1).Truncate(time.Millisecond)
	logged("not delivered yet", zap.Duration("retry", wait), zap.Bool("unsure", hold.InDoubt), zap.Error(err))
	d.retryWrite(ctx, log, func() error { return d.options.Lanes.Release(ctx, l, hold) })
}

// orMoot pops a notice whose outcome the incident need not know.
func orPop(err error, pop func() error) error {
	if errors.Is(err, incident.ErrNoChange) {
		return pop()
	}
	return err
}

// settle takes the head out of its lane.
func (d *Dispatcher) settle(ctx context.Context, log *zap.Logger, write func() error) {
	if d.retryWrite(ctx, log, write) {
		d.mu.Lock()
		d.settled++
		d.mu.Unlock()
	}
}

// insist writes to the store until it takes it, or until the lease is over:
// then the head becomes another's, in doubt, and nothing is lost.
func (d *Dispatcher) retryWrite(ctx context.Context, log *zap.Logger, write func() error) bool {
	for failures := 0; ; failures++ {
		err := write()
		switch {
		case err == nil:
			return true
		case errors.Is(err, incident.ErrLost):
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

// outlive is a context that ends after limit, or some grace after its parent.
func outlive(parent context.Context, limit, grace time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(parent), limit)
	stop := context.AfterFunc(parent, func() {
		wait(ctx, grace, nil)
		cancel()
	})
	return ctx, func() { stop(); cancel() }
}
