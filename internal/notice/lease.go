package notice

import (
	"errors"
	"time"
)

// ErrLost is a store's answer to whoever settles what they hold no longer: it
// ran out and may be another worker's by now. Nothing was written.
var ErrLost = errors.New("it is another worker's by now")

// Lease is the head of a lane that one worker has for a while.
type Lease struct {
	Notice  Notice
	Fence   int64     // the store's count of leases of this lane; settling needs the last one
	Until   time.Time // when it becomes another worker's
	InDoubt bool      // an earlier attempt may have arrived: look before sending
	Doubted time.Time // since when it is in doubt; zero: nobody knows
	Tries   int       // attempts before this one
}

// Retry says when and how a released notice is tried again.
type Retry struct {
	At        time.Time // when the attempt ended; zero = nobody knows
	NotBefore time.Time // the lane is not ready before
	InDoubt   bool      // the attempt may have arrived
	Doubted   time.Time // since when that is in doubt
	Op        Op        // if set, no lane at all delivers this op before NotBefore
}

// Limits bounds the rate of deliveries, over all replicas.
type Limits struct {
	Destination Rate        // posts to one destination (OpPost only)
	Ops         map[Op]Rate // each op, over the workspace; no entry = no limit
	UrgentOnly  bool        // nothing else is taken
}

// Rate allows one delivery each Every on average, and Burst at once (a generic
// cell rate), but never more than Most in any Per. Where there is a Most, what
// is urgent need not keep the pace: it may use all that is left of it.
type Rate struct {
	Every time.Duration
	Burst int // 0 = 1
	Most  int // 0 = no bound
	Per   time.Duration
}

// ClockTolerance is how far the clocks of replicas may be apart. A clock that
// goes back further was set: what waits then comes as much earlier.
const ClockTolerance = time.Second

// LongAgo is since when a notice is in doubt that came back with its store, after
// a restored backup or a failover: whatever was sent of it can be seen by now.
var LongAgo = time.UnixMilli(2).UTC()
