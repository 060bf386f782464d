package clock

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
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
	At   time.Time
	What string // in words for the page, such as "update reminder of INC-1"
}

// maxRounds bounds how often a bot may claim, after it settled, that it still
// has to act at a moment that has already come.
const maxRounds = 50

// ErrMoving is that the clock is already being moved.
var ErrMoving = errors.New("the clock is already moving")

// leadKeeper keeps the clock's lead over real time across restarts.
type leadKeeper interface {
	SetLead(by time.Duration)
	Save() error
}

// Agenda is what the workspace itself does at its moments.
type Agenda interface {
	SettleDue(now time.Time)                       // does what is due by now, and returns when that is done
	NextDue() (at time.Time, what string, ok bool) // what comes next, in words for the page
}

// Mover moves the clock from due time to due time.
type Mover struct {
	clock   *Clock
	keeper  leadKeeper
	agendas []Agenda
	changed func() // is called when the page has something new to show

	advancing sync.Mutex  // one advance at a time
	moving    atomic.Bool // an advance is under way

	mu     sync.Mutex
	driver Driver
}

// NewMover has no driver yet. changed is called when the page has something new to show.
func NewMover(c *Clock, k leadKeeper, changed func(), own ...Agenda) *Mover {
	return &Mover{clock: c, keeper: k, agendas: own, changed: changed}
}

// Attach names the bot that moves with the clock, at any time; without a driver an
// advance is a plain jump.
func (m *Mover) Attach(d Driver) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.driver = d
}

// Advance moves the clock by d from due time to due time, and returns when
// everything that came due has been handled and delivered.
func (m *Mover) Advance(ctx context.Context, d time.Duration) error {
	if !m.advancing.TryLock() {
		return ErrMoving
	}
	defer m.advancing.Unlock()
	m.setMoving(true)
	defer m.setMoving(false)

	target := m.clock.Freeze().Add(d)
	defer func() { m.saveLead(m.clock.Resume()) }()
	if err := m.advanceTo(ctx, target); err != nil {
		return err
	}
	if err := m.jump(target); err != nil {
		return err
	}
	return m.settle(ctx)
}

// IsMoving reports whether the clock is being moved.
func (m *Mover) IsMoving() bool { return m.moving.Load() }

func (m *Mover) setMoving(is bool) {
	m.moving.Store(is)
	m.changed()
}

// jump moves the clock, and saves that before the bot can act on it: after a kill
// the clock must not be earlier than what the bot has done.
func (m *Mover) jump(t time.Time) error {
	m.saveLead(m.clock.Jump(t))
	return m.keeper.Save() //nolint:wrapcheck // it says what could not be saved
}

func (m *Mover) saveLead(by time.Duration) {
	m.keeper.SetLead(by)
	m.changed()
}

// advanceTo stops the clock at each due time up to target, and settles there.
func (m *Mover) advanceTo(ctx context.Context, target time.Time) error {
	for rounds := 0; ; {
		if err := m.settle(ctx); err != nil {
			return err
		}
		next, ok, err := m.Next(ctx)
		if err != nil {
			return err
		}
		if !ok || next.At.After(target) {
			return nil
		}
		if next.At.After(m.clock.Now()) {
			rounds = 0
			if err := m.jump(next.At); err != nil {
				return err
			}
			continue
		}
		rounds++
		if rounds > maxRounds {
			return fmt.Errorf("the bot settled %d times and still has to act at %s (%s)",
				rounds, next.At.Format(time.RFC3339), next.What)
		}
	}
}

// settle lets the workspace do what is due, and then the bot.
func (m *Mover) settle(ctx context.Context) error {
	for _, a := range m.agendas {
		a.SettleDue(m.clock.Now())
	}
	d := m.attached()
	if d == nil {
		return nil
	}
	if err := d.Settle(ctx); err != nil {
		return fmt.Errorf("settle the bot: %w", err)
	}
	return nil
}

// Next returns what the bot, or the workspace itself, does next.
func (m *Mover) Next(ctx context.Context) (Due, bool, error) {
	var first Due
	var found bool
	consider := func(next Due, ok bool) {
		if ok && (!found || next.At.Before(first.At)) {
			first, found = next, true
		}
	}
	for _, a := range m.agendas {
		at, what, ok := a.NextDue()
		consider(Due{At: at, What: what}, ok)
	}
	if d := m.attached(); d != nil {
		next, ok, err := d.Next(ctx)
		if err != nil {
			return Due{}, false, fmt.Errorf("ask the bot what is due next: %w", err)
		}
		consider(next, ok)
	}
	return first, found, nil
}

func (m *Mover) attached() Driver {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.driver
}
