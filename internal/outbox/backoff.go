package outbox

import (
	"math/rand/v2"
	"time"
)

const (
	firstRetry = time.Second
	lastRetry  = time.Minute
)

// backoff returns how long to wait after so many attempts: doubling, and spread
// out so that what failed together does not come back together.
func backoff(tries int, first, last time.Duration) time.Duration {
	wait := last
	if tries < 16 && first<<tries < last {
		wait = first << tries
	}
	return wait/2 + rand.N(wait/2+1)
}
