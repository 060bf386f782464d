package incident

import (
	"context"
	"time"

	"muster/internal/slackid"
)

// Store keeps incidents. Its drivers are in the store packages; one suite
// (storetest) says what they owe.
type Store interface {
	// Load reads the incident that ref means, in one round trip. Where key was
	// committed before, it is the incident that key was committed to, and
	// repeated is true. [ErrNotFound] where there is none.
	Load(ctx context.Context, ref Ref, key string) (i Incident, repeated bool, err error)
	// Find lists incidents, the newest first.
	Find(ctx context.Context, q Query) ([]Incident, error)
	// Timeline is all entries of an incident, oldest first.
	Timeline(ctx context.Context, n Number) ([]Entry, error)
	// Commit writes all of c or nothing, in one round trip. [ErrRepeated],
	// [ErrStale], [ErrLost] and [ErrUnavailable] say that nothing was written.
	Commit(ctx context.Context, c Commit) error
}

// Ref says which incident is meant: by its number, else by its channel. The
// zero Ref means one that is yet to be declared: Load answers a blank one that
// has the next free number.
type Ref struct {
	Number  Number
	Channel slackid.Channel
}

// Query selects incidents.
type Query struct {
	Open  bool // only those people are at work on
	Limit int  // 0 = all
}

// Commit is a change with what makes it happen once.
type Commit struct {
	Key    string // of the request that caused it; remembered for at least 24 h
	At     time.Time
	Change Change
	Fired  *Claim // the timer's claim that is settled with it
	Sent   *Lease // the lane's head that is popped with it
}
