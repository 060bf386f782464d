package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"muster/internal/notice"
	"muster/internal/outbox"
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
	comesLate
)

// trouble is all that goes wrong in one run.
type trouble struct {
	queued  []notice.Notice
	answers map[string]error // to composing
	mishaps []mishap         // one for each call of Slack, until they run out
	faults  []fault          // one for each operation on the store, until they run out
}

func drawTrouble(t *rapid.T) trouble {
	mishaps := []mishap{fine, replyLost, neverArrived, limited, unreachable, refused, panicsBefore, panicsAfter, hangs, comesLate}
	answers := []error{nil, nil, nil, nil, outbox.ErrObsolete, outbox.ErrNoSubject, &outbox.Refused{Reason: "held back"}}
	what := trouble{
		answers: map[string]error{},
		mishaps: rapid.SliceOfN(rapid.SampledFrom(mishaps), 0, 30).Draw(t, "mishaps"),
		faults:  rapid.SliceOfN(rapid.SampledFrom([]fault{works, works, fails, hangsUp}), 0, 60).Draw(t, "faults"),
	}
	for i := range rapid.IntRange(1, 30).Draw(t, "notices") {
		n := in(rapid.SampledFrom([]string{home, "incident:INC-2", "channel:C0", "people:INC-1"}).Draw(t, "lane"), post(fmt.Sprint(i)))
		n.Op = rapid.SampledFrom(append(notice.Ops(), notice.OpPost, notice.OpPost)).Draw(t, "op")
		if n.Op == notice.OpEdit {
			n.Merge = "card"
		}
		what.queued = append(what.queued, n)
		what.answers[n.Key] = rapid.SampledFrom(answers).Draw(t, "answer")
	}
	return what
}

// TestNotice_WhateverGoesWrong_IsDeliveredOnceOrADeadLetter lets everything fail at random, Slack
// and the store alike.
func TestNotice_WhateverGoesWrong_IsDeliveredOnceOrADeadLetter(t *testing.T) {
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
	w.subject.answers, w.subject.records = what.answers, follow
	for _, n := range what.queued {
		n.At = time.Now()
		w.store.put(n)
	}
	w.sender.meet = func(ctx context.Context, d outbox.Delivery) (bool, notice.Receipt, error) {
		w.sender.mu.Lock()
		m := fine
		if len(what.mishaps) > 0 {
			m, what.mishaps = what.mishaps[0], what.mishaps[1:]
		}
		w.sender.mu.Unlock()
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
		times, reason := w.sender.posted[n.Key], w.subject.dead[n.Key]
		dropped := errors.Is(what.answers[n.Key], outbox.ErrObsolete) || errors.Is(what.answers[n.Key], outbox.ErrNoSubject)
		switch {
		case dropped && times == 0 && reason == "":
		case n.Op == notice.OpPost && (dropped || (times != 1 && (reason == "" || times > 1))):
			wrong = append(wrong, fmt.Sprintf("%s (%s) was posted %d times; dead letter: %q", n.Key, n.Op, times, reason))
		}
	}
	return wrong
}

// follow records what an incident would: who was found gets a direct message.
func follow(l notice.Lease, _ notice.Receipt) ([]notice.Notice, error) {
	if l.Notice.Op != notice.OpExpand {
		return nil, outbox.ErrNoChange
	}
	var posts []notice.Notice
	for _, u := range []string{"U0ANA", "U0BEN"} {
		posts = append(posts, in("user:"+u, post(l.Notice.Key+"."+u)))
	}
	return posts, nil
}

// deliverAll lets time pass until every lane is empty.
func deliverAll(t *testing.T, w *world) {
	t.Helper()
	for range 1000 {
		if _, err := w.Flush(t.Context()); err != nil && !errors.Is(err, errAway) {
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

func meetWith(ctx context.Context, w *world, m mishap, d outbox.Delivery) (handled bool, r notice.Receipt, err error) {
	why := errors.New("mishap")
	switch m {
	case replyLost:
		w.sender.apply(d)
		return true, r, &outbox.Unknown{Err: why}
	case comesLate:
		time.AfterFunc(15*time.Second, func() { w.sender.apply(d) })
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
		w.sender.apply(d)
		panic("after")
	case panicsBefore:
		panic("before")
	case hangs:
		w.sender.apply(d)
		<-ctx.Done()
		return true, r, ctx.Err()
	}
	return false, r, nil
}
