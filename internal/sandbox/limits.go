package sandbox

import (
	"math"
	"slices"
	"strings"
	"time"
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

// admit counts a call, or refuses it until the limits have room again.
func (w *Workspace) admit(c *call) error {
	now, l := w.Now(), w.limits
	wait := l.crowded(c.method, now)
	room := ""
	if c.method.Name == "chat.postMessage" {
		room = w.destination(c.args.text("channel"))
		wait = max(wait, l.posts[room].Add(-postInFlight).Sub(now))
	}
	if wait > 0 {
		return &failure{Code: "ratelimited", RetryAfter: int(math.Ceil(wait.Seconds()))}
	}
	l.calls[c.method.Name] = append(l.calls[c.method.Name], now)
	if room != "" {
		l.posts[room] = later(l.posts[room], now).Add(postEvery)
	}
	return nil
}

// crowded is how long a method's window stays full.
func (l *limits) crowded(m *method, now time.Time) time.Duration {
	recent := slices.DeleteFunc(l.calls[m.Name], func(t time.Time) bool { return now.Sub(t) >= limitWindow })
	l.calls[m.Name] = recent
	if most := tiers[m.Tier]; len(recent) >= most {
		return recent[len(recent)-most].Add(limitWindow).Sub(now)
	}
	return 0
}

// destination is the channel behind the ways to name one.
func (w *Workspace) destination(name string) string {
	ch := w.state.channel(name)
	if ch == nil {
		ch = w.state.im(name)
	}
	if ch == nil {
		ch = w.state.named(strings.TrimPrefix(name, "#"))
	}
	if ch == nil {
		return name
	}
	return ch.ID
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
