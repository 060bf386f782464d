package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Driver is the bot that the clock moves, where one runs beside the workspace
// in this process.
type Driver interface {
	// Next is what the bot wants to do next, if it knows of anything.
	Next(ctx context.Context) (Due, bool, error)
	// Settle handles and delivers all that is due now, and returns when that is done.
	Settle(ctx context.Context) error
}

// Due is something that will be done at a moment.
type Due struct {
	At   time.Time `json:"at"`
	What string    `json:"what"` // in words for the page, such as "update reminder of INC-1"
}

// maxRounds bounds how often a bot may claim, after it settled, that it still
// has to act at a moment that has already come.
const maxRounds = 50

var errAdvancing = errors.New("the clock is already moving")

// Attach names the bot that moves with the clock. It may be called once, at any
// time; without a driver an advance is a plain jump.
func (w *Workspace) Attach(d Driver) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.driver = d
}

// advance moves the clock by d from due moment to due moment, and returns when
// all that came due has been handled and delivered.
func (w *Workspace) advance(ctx context.Context, d time.Duration) (time.Time, error) {
	if !w.advancing.TryLock() {
		return time.Time{}, errAdvancing
	}
	defer w.advancing.Unlock()
	w.setMoving(true)
	defer w.setMoving(false)

	target := w.clock.freeze().Add(d)
	defer func() { w.saveLead(w.clock.resume()) }()
	if err := w.advanceTo(ctx, target); err != nil {
		return time.Time{}, err
	}
	if err := w.jump(target); err != nil {
		return time.Time{}, err
	}
	return target, w.settle(ctx)
}

// setMoving lets the page tell that the clock is being moved.
func (w *Workspace) setMoving(is bool) {
	w.moving.Store(is)
	w.journal.noteChange()
}

// jump moves the clock, and saves that before the bot can act on it: after a kill
// the clock must not stand before what the bot has done.
func (w *Workspace) jump(t time.Time) error {
	w.saveLead(w.clock.jump(t))
	return w.save()
}

func (w *Workspace) saveLead(by time.Duration) { w.change(func(s *state) { s.Offset = by }) }

// advanceTo stops the clock at each due moment up to target, and settles there.
func (w *Workspace) advanceTo(ctx context.Context, target time.Time) error {
	for still := 0; ; {
		if err := w.settle(ctx); err != nil {
			return err
		}
		next, ok, err := w.next(ctx)
		if err != nil {
			return err
		}
		if !ok || next.At.After(target) {
			return nil
		}
		if now := w.clock.Now(); next.At.After(now) {
			still = 0
			if err := w.jump(next.At); err != nil {
				return err
			}
		} else if still++; still > maxRounds {
			return fmt.Errorf("the bot settled %d times and still has to act at %s (%s)",
				still, next.At.Format(time.RFC3339), next.What)
		}
	}
}

// settle lets the workspace send what it owes, and the bot do what is due.
func (w *Workspace) settle(ctx context.Context) error {
	w.events.sendAndSettle(w.clock.Now())
	d := w.attached()
	if d == nil {
		return nil
	}
	if err := d.Settle(ctx); err != nil {
		return fmt.Errorf("settle the bot: %w", err)
	}
	return nil
}

// next returns what the bot, or the workspace itself, does next.
func (w *Workspace) next(ctx context.Context) (Due, bool, error) {
	at, ok := w.events.next()
	own := Due{At: at, What: "event retry"}
	d := w.attached()
	if d == nil {
		return own, ok, nil
	}
	next, has, err := d.Next(ctx)
	if err != nil {
		return Due{}, false, fmt.Errorf("ask the bot what is due next: %w", err)
	}
	if has && (!ok || next.At.Before(at)) {
		return next, true, nil
	}
	return own, ok, nil
}

func (w *Workspace) attached() Driver {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.driver
}
