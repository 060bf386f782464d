package webapi

import (
	"math"
	"slices"
	"time"

	"muster/internal/sandbox/refusal"
	"muster/internal/sandbox/workspace"
)

// Slack limits each method by itself, per workspace and minute, by tiers of
// "1+, 20+, 50+, 100+" (docs.slack.dev/apis/web-api/rate-limits). The plus is not
// published, so there is none here.
var tiers = []int{0: special, 1: 1, 2: 20, 3: 50, 4: 100}

const (
	special      = 400 // a minute: "several hundred", of methods outside the tiers
	limitWindow  = time.Minute
	postEvery    = time.Second // to one channel
	postAtOnce   = 5           // "short bursts" are let through; how short is not published
	postInFlight = (postAtOnce - 1) * postEvery
)

// limits counts calls by the workspace's clock; the workspace's lock guards it.
type limits struct {
	calls map[string][]time.Time // of the last minute, by method
	posts map[string]time.Time   // when all posts to a channel would be spread out
}

func newLimits() *limits {
	return &limits{calls: map[string][]time.Time{}, posts: map[string]time.Time{}}
}

// admitCall counts a call of a method, whatever comes of it, or refuses it until the
// method's limit allows one again.
func (a *API) admitCall(m *Method) error {
	a.ws.Lock()
	defer a.ws.Unlock()
	now := a.ws.Now()
	if wait := a.limits.waitFor(m, now); wait > 0 {
		return tooMany(wait)
	}
	a.limits.calls[m.Name] = append(a.limits.calls[m.Name], now)
	return nil
}

// admitPost counts a message to a channel, or refuses it until the limit allows one again.
func (a *API) admitPost(ch *workspace.Channel) error {
	now, posts := a.ws.Now(), a.limits.posts
	if wait := posts[ch.ID].Add(-postInFlight).Sub(now); wait > 0 {
		return tooMany(wait)
	}
	posts[ch.ID] = later(posts[ch.ID], now).Add(postEvery)
	return nil
}

func tooMany(wait time.Duration) error {
	return &refusal.Error{Code: "ratelimited", RetryAfter: int(math.Ceil(wait.Seconds()))}
}

// waitFor returns how long a method's window stays full.
func (l *limits) waitFor(m *Method, now time.Time) time.Duration {
	recent := slices.DeleteFunc(l.calls[m.Name], func(t time.Time) bool { return now.Sub(t) >= limitWindow })
	l.calls[m.Name] = recent
	if most := tiers[m.Tier]; len(recent) >= most {
		return recent[len(recent)-most].Add(limitWindow).Sub(now)
	}
	return 0
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
