package socketmode

import (
	"errors"
	"math/rand/v2"
	"time"

	"github.com/slack-go/slack"
)

const (
	firstWait       = 250 * time.Millisecond
	longestLost     = 2500 * time.Millisecond // with two sockets, within the 50 openings a minute that Slack allows
	longestRefused  = 30 * time.Second
	stableFrom      = 5 * time.Second // a socket that stood this long was a good one
	waitWhenCrowded = 30 * time.Second
)

// backoff says how long to wait before the next socket is opened. Waits are random
// by a half either way, so that replicas that lose theirs together come back apart.
type backoff struct{ wait time.Duration }

// ended returns the wait after a socket that stood for a while.
func (b *backoff) ended(stood time.Duration) time.Duration {
	if stood >= stableFrom {
		b.wait = 0
	}
	return b.next(longestLost)
}

// refused returns the wait after an opening that failed.
func (b *backoff) refused(err error) time.Duration {
	wait := b.next(longestRefused)
	if limit, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		return max(wait, limit.RetryAfter+rand.N(firstWait))
	}
	return wait
}

func (b *backoff) next(longest time.Duration) time.Duration {
	wait := min(b.wait, longest)
	b.wait = min(max(2*wait, firstWait), longest)
	return wait/2 + rand.N(max(wait, firstWait))
}
