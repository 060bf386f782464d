package outbox

import (
	"math/rand/v2"
	"time"

	"muster/internal/incident"
)

// Slack limits each method by itself, per workspace and minute
// (docs.slack.dev/apis/web-api/rate-limits): the tiers of the acts' methods.
const (
	tier2 = 20
	tier3 = 50
)

// DefaultPace stays below Slack's limits: in any minute an act's burst and its
// steady flow together fit its tier. Posting has no tier; Slack asks for about
// one message a second in a channel and "several hundred" a minute in all.
func DefaultLimits() incident.RateLimits {
	slow := incident.Rate{Every: 6 * time.Second, Burst: tier2 - 10}
	return incident.RateLimits{
		Lane: incident.Rate{Every: time.Second, Burst: 4},
		Ops: map[incident.Op]incident.Rate{
			incident.OpPost:  {Every: 200 * time.Millisecond, Burst: 20},
			incident.OpEdit:  {Every: 1500 * time.Millisecond, Burst: tier3 - 40},
			incident.OpOpen:  slow,
			incident.OpTopic: slow,
			incident.OpPin:   slow,
			// These two also look up user groups, which is of tier 2.
			incident.OpInvite: {Every: 3 * time.Second, Burst: 10},
			incident.OpExpand: {Every: 3 * time.Second, Burst: 10},
		},
	}
}

const (
	firstRetry = time.Second
	lastRetry  = time.Minute
)

// backoff is how long to wait after so many attempts: doubling, and spread out
// so that what failed together does not come back together.
func backoff(tries int, first, last time.Duration) time.Duration {
	wait := last
	if tries < 16 && first<<tries < last {
		wait = first << tries
	}
	return wait/2 + rand.N(wait/2+1)
}
