package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/internal/slackid"
)

// Record is one thing that a store holds, for copying it to another.
type Record interface{ what() string }

// The records, in the order in which a store gives them.
type (
	// History is an incident with all that is kept beside its head.
	History struct {
		Incident incident.Incident
		Summary  incident.Summary
		Entries  []incident.Entry
		Parts    []incident.Part // by kind, then by ID
	}
	// Channel says whose a channel is.
	Channel struct {
		ID     slackid.Channel
		Number incident.Number
	}
	// Key is a request that was committed.
	Key struct {
		Key    string
		Number incident.Number // of the first incident that it changed, 0 if it changed none
		Forget time.Time       // from when on it need not be remembered
	}
	// Lane is what waits in a lane, the head first. What was leased is in doubt.
	// Lanes are given in the order of their turns.
	Lane struct {
		Name    string
		Ready   time.Time // zero unless it is postponed
		InDoubt bool
		Tries   int
		Notices []notice.Notice
	}
	// Gate limits deliveries; see [notice.Limits].
	Gate struct {
		Name  string
		Until time.Time
	}
	// Slot is the last one of a job that was won.
	Slot struct {
		Job  string
		Last time.Time
	}
	// Timer is one that nobody has claimed.
	Timer struct{ incident.Timer }
)

func (History) what() string { return "incidents" }
func (Channel) what() string { return "channels" }
func (Key) what() string     { return "keys" }
func (Lane) what() string    { return "lanes" }
func (Gate) what() string    { return "gates" }
func (Slot) what() string    { return "slots" }
func (Timer) what() string   { return "timers" }

// ErrNotEmpty says that a copy would mix with what is there.
var ErrNotEmpty = errors.New("the store to copy to is not empty")

// Source is a store that can be copied.
type Source interface {
	// Export gives everything, each incident before what belongs to it.
	Export(ctx context.Context) iter.Seq2[Record, error]
}

// Sink is a store that can be copied to.
type Sink interface {
	// Import takes everything into an empty store, else [ErrNotEmpty]. A store
	// whose import did not finish is empty, or cannot be opened.
	Import(ctx context.Context, records iter.Seq2[Record, error]) error
}

// Copy copies a whole store into an empty one, and counts what it copied by
// kind. Nobody else may use either meanwhile. Claims and leases end: what was
// claimed is due again, what was leased is in doubt.
func Copy(ctx context.Context, from Source, to Sink) (map[string]int, error) {
	counts := map[string]int{}
	err := to.Import(ctx, func(yield func(Record, error) bool) {
		for r, err := range from.Export(ctx) {
			if err == nil {
				counts[r.what()]++
			}
			if !yield(r, err) {
				return
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("copy store: %w", err)
	}
	return counts, nil
}
