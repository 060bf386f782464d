package store

import (
	"context"
	"fmt"
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
)

// ErrReplaced says that the store which a process opened is not there any more:
// somebody removed, emptied or replaced it. What the process knows is of a store
// that is gone, so nothing is read or written until it starts again.
var ErrReplaced = fmt.Errorf("%w: the store was removed, emptied or replaced while Muster was running", incident.ErrUnavailable)

// Store is a driver. All moments are the caller's, in whole milliseconds: a
// driver has no clock of its own but for the deadline of a commit.
//
// An error that is [incident.ErrUnavailable] means that nothing was written.
// One that is none of package incident's means that nobody knows. Each call but
// Close finds out whether the store is still the one that was opened, else
// [ErrReplaced].
type Store interface {
	incident.Store

	// ClaimDue claims up to limit timers whose moment has come by now, the
	// most overdue first, until now+lease: one that is not settled by then is
	// due again. Each claim of a timer has a higher fence than the last.
	ClaimDue(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]incident.Claim, error)
	// Settle removes claimed timers whose fence is still the last and reports
	// how many those were. Others are not touched.
	Settle(ctx context.Context, claims ...incident.Claim) (int, error)
	// ClaimSlot claims a job's slot: won once among all replicas, and only for
	// a slot later than every one claimed before. last is the latest slot
	// claimed before, zero if none.
	ClaimSlot(ctx context.Context, job string, slot time.Time) (last time.Time, won bool, err error)
	// LastSlot returns a job's latest slot that was claimed, by itself or with a
	// commit; zero if none.
	LastSlot(ctx context.Context, job string) (time.Time, error)

	// Take leases the head of the first lane that may go on, until now+lease: the
	// most urgent as far as the limits allow; of equally urgent ones, that whose
	// head has been its head the longest, however it was postponed. A lane is as
	// urgent as the most urgent notice that waits in it. If the lease runs out, the
	// lane is ready again and the notice in doubt, as is all that waited when the
	// store came back. False: none is ready.
	Take(ctx context.Context, now time.Time, lease time.Duration, limits notice.Limits) (notice.Lease, bool, error)
	// Release gives a lease back for another try, not before r.NotBefore; what
	// comes into the lane meanwhile waits with it. [incident.ErrLost] if it
	// ran out and another has it.
	Release(ctx context.Context, l notice.Lease, r notice.Retry) error
	// Pop removes a leased head for good. [incident.ErrLost] if the lease ran
	// out and another has it.
	Pop(ctx context.Context, l notice.Lease) error

	// Next returns the timer or the lane that wants attention first: when it is due,
	// or when whoever has it must be done. What only a limit postpones is
	// known to wait once Take has come across it.
	Next(ctx context.Context) (d Due, ok bool, err error)
	// Ping writes something, as durably as a commit, and reports whether that can
	// be done now.
	Ping(ctx context.Context) error
	// Close waits for what is under way.
	Close() error
}

// Due is what wants attention at a moment: a timer, or with an empty Name a
// lane. Of several at one moment it is any, but a timer before a lane.
type Due struct {
	At     time.Time
	Number incident.Number
	Name   incident.TimerName
}
