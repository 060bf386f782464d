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
	NotBefore time.Time // the lane is not ready before
	InDoubt   bool      // the attempt may have arrived
	Doubted   time.Time // since when that is in doubt
	Op        Op        // if set, no lane at all delivers this op before NotBefore
}

// Limits bounds the rate of deliveries, over all replicas. Each rate is a
// generic cell rate (a leaky bucket that lets a burst through).
type Limits struct {
	Lane Rate        // posts within one lane (OpPost only)
	Ops  map[Op]Rate // each op, over the workspace; no entry = no limit
}

// Rate allows one delivery each Every on average, and Burst at once.
type Rate struct {
	Every time.Duration
	Burst int
}
