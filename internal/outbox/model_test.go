package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"muster/internal/incident"
	"muster/internal/outbox"
	"muster/internal/policy"
)

// mishap is what goes wrong with one call of Slack.
type mishap int

const (
	fine mishap = iota
	replyLost
	neverArrived
	limited
	unreachable
	refused
	panicsBefore
	panicsAfter
	hangs
)

// trouble is all that goes wrong in one run.
type trouble struct {
	incidents int
	private   bool
	mishaps   []mishap // one for each call of Slack, until they run out
	faults    []fault  // one for each operation on the store, until they run out
}

func drawTrouble(t *rapid.T) trouble {
	mishaps := []mishap{fine, replyLost, neverArrived, limited, unreachable, refused, panicsBefore, panicsAfter, hangs}
	return trouble{
		incidents: rapid.IntRange(1, 4).Draw(t, "incidents"),
		private:   rapid.Bool().Draw(t, "private"),
		mishaps:   rapid.SliceOfN(rapid.SampledFrom(mishaps), 0, 30).Draw(t, "mishaps"),
		faults:    rapid.SliceOfN(rapid.SampledFrom([]fault{works, works, fails, hangsUp}), 0, 60).Draw(t, "faults"),
	}
}

// TestEveryNoticeIsDeliveredOnceOrDead lets everything fail at random, Slack
// and the store alike.
func TestEveryNoticeIsDeliveredOnceOrDead(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		what := drawTrouble(rt)
		var wrong []string
		synctest.Test(t, func(t *testing.T) { wrong = survive(t, what) })
		for _, s := range wrong {
			rt.Error(s)
		}
	})
}

// survive delivers in spite of the trouble, and says what came out wrong.
func survive(t *testing.T, what trouble) (wrong []string) {
	w := newWorld(t)
	declareAll(t, w, what.incidents, what.private)
	w.slack.meet = func(ctx context.Context, d outbox.Delivery) (bool, incident.Receipt, error) {
		w.slack.mu.Lock()
		m := fine
		if len(what.mishaps) > 0 {
			m, what.mishaps = what.mishaps[0], what.mishaps[1:]
		}
		w.slack.mu.Unlock()
		return meetWith(ctx, w, m, d)
	}
	w.store.fault = func(string) (f fault) {
		if len(what.faults) > 0 {
			f, what.faults = what.faults[0], what.faults[1:]
		}
		return f
	}
	deliverAll(t, w)
	for _, n := range w.store.all {
		times, reason := w.slack.posted[n.Key], w.store.dead[n.Key]
		if n.Op == incident.OpPost && times != 1 && (reason == "" || times > 1) {
			wrong = append(wrong, fmt.Sprintf("%s (%s) was posted %d times; dead letter: %q", n.Key, n.Template, times, reason))
		}
	}
	return wrong
}

func declareAll(t *testing.T, w *world, incidents int, private bool) {
	t.Helper()
	for n := range incidents {
		key := fmt.Sprintf("declare %d", n)
		_, err := w.service.Do(t.Context(), incident.Request{Key: key, By: "U0ANA"}, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
			return i.Declare(c, incident.Declaration{Title: key, Severity: policy.P1, Private: private})
		})
		if err != nil {
			t.Fatalf("%s: %v", key, err)
		}
	}
}

// deliverAll lets time pass until every lane is empty.
func deliverAll(t *testing.T, w *world) {
	t.Helper()
	for range 1000 {
		if _, err := w.Flush(t.Context()); err != nil && !errors.Is(err, incident.ErrUnavailable) {
			t.Fatalf("flush: %v", err)
		}
		at, waiting := w.store.next()
		if !waiting {
			return
		}
		w.pass(max(time.Until(at), time.Millisecond))
	}
	t.Fatal("the lanes do not empty")
}

func meetWith(ctx context.Context, w *world, m mishap, d outbox.Delivery) (handled bool, r incident.Receipt, err error) {
	why := errors.New("mishap")
	switch m {
	case replyLost:
		w.slack.apply(d)
		return true, r, &outbox.Unknown{Err: why}
	case neverArrived:
		return true, r, &outbox.Unknown{Err: why}
	case limited:
		return true, r, &outbox.RetryLater{After: 30 * time.Second, Op: true, Err: why}
	case unreachable:
		return true, r, &outbox.RetryLater{Err: why}
	case refused:
		return true, r, &outbox.Refused{Reason: "no", Err: why}
	case panicsAfter:
		w.slack.apply(d)
		panic("after")
	case panicsBefore:
		panic("before")
	case hangs:
		w.slack.apply(d)
		<-ctx.Done()
		return true, r, ctx.Err()
	}
	return false, r, nil
}
