package incident

import (
	"context"
	"time"

	"muster/internal/notice"
)

// Store keeps incidents. Its drivers are in the store packages; one suite
// (storetest) says what they owe.
type Store interface {
	// Load reads the incident that ref means and what is wanted beside its head,
	// in one round trip. Where key was committed before, it is the first incident
	// of that commit, and repeated is true. [ErrNotFound] where there is none.
	Load(ctx context.Context, ref Ref, key string, want Want) (inc Incident, repeated bool, err error)
	// Find lists incidents, a row each.
	Find(ctx context.Context, q Query) ([]Summary, error)
	// Timeline returns all entries of an incident, oldest first.
	Timeline(ctx context.Context, n Number) ([]Entry, error)
	// Commit writes all of c or nothing, in one round trip. [ErrRepeated],
	// [ErrStale], [ErrLost] and [ErrUnavailable] say that nothing was written.
	Commit(ctx context.Context, c Commit) error
}

// Query selects incidents, and gives them page by page.
type Query struct {
	Open  bool      // only those people are at work on, the worst first, then the oldest; else the newest first
	Since time.Time // only those whose last commit was not before
	After *Summary  // begin behind this row, the last one of the page before
	Limit int       // 0 = all
}

// Commit is what happens together: changes of one or several incidents, with
// what makes them happen once.
type Commit struct {
	Key     string // of the request that caused it; remembered for at least 24 h
	At      time.Time
	Changes []Change
	Notices []notice.Notice // of no incident, such as a digest's
	Slot    *Slot           // the job's slot that is claimed with it
	Fired   *Claim          // the timer's claim that is settled with it
	Sent    *notice.Lease   // the lane's head that is popped with it
}

// Slot is a moment at which a job is to run, once among all replicas.
type Slot struct {
	Job string
	At  time.Time // later than every one claimed before
}

// Number returns the first incident's, 0 for a commit of none.
func (c Commit) Number() Number {
	if len(c.Changes) == 0 {
		return 0
	}
	return c.Changes[0].After.Number
}

// Queued returns all notices of the commit, in the order in which they are queued.
func (c Commit) Queued() []notice.Notice {
	var all []notice.Notice
	for _, change := range c.Changes {
		all = append(all, change.Notices...)
	}
	return append(all, c.Notices...)
}
