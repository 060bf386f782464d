package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"muster/internal/incident"
)

var committing = []rule{
	{"a key once", func(s *suite) {
		i := s.declare(key("once"))
		s.refused(s.next(i, key("once"), everything), incident.ErrRepeated)
	}},
	{"a key once, though everything else is wrong too", func(s *suite) {
		s.declare(key("once"))
		s.refused(s.next(incident.Incident{Number: 7, Version: 7}, key("once"), fired(incident.Claim{})), incident.ErrRepeated)
	}},
	{"the next version only", func(s *suite) {
		i := s.declare()
		s.refused(s.next(incident.Incident{Number: i.Number}, everything), incident.ErrStale)
		s.commit(i)
		s.refused(s.next(i, everything), incident.ErrStale)
		i.Version += 5
		s.refused(s.next(i, everything), incident.ErrStale)
	}},
	{"the next number only", func(s *suite) {
		s.declare()
		s.refused(s.next(incident.Incident{Number: 3}, everything), incident.ErrStale)
		s.refused(s.next(incident.Incident{Number: 2, Version: 1}, everything), incident.ErrStale)
	}},
	{"the claim's holder only", func(s *suite) {
		i := s.declare(timer(incident.TimerUpdate, s.now))
		lost := s.claim(time.Minute)[0]
		s.now = s.after(time.Minute)
		s.same(len(s.claim(time.Minute)), 1)
		s.refused(s.next(i, fired(lost), everything), incident.ErrLost)
		s.commit(i, fired(s.claimAll()[0]))
		s.same(len(s.claimAll()), 0)
	}},
	{"the lease's holder only", func(s *suite) {
		i := s.declare(queued("a", "a1"))
		lost := s.take(time.Minute)
		s.now = s.after(time.Minute)
		won := s.take(time.Minute)
		s.refused(s.next(i, sent(lost), everything), incident.ErrLost)
		other := won
		other.Notice.Key = "a2"
		s.refused(s.next(i, sent(other), everything), incident.ErrLost)
		s.commit(i, sent(won))
		s.idle()
	}},
	{"never one without a key", func(s *suite) {
		c := s.next(incident.Incident{Number: 1}, key(""))
		if err := s.Commit(s.ctx(), c); err == nil {
			s.Fatal("it was committed")
		}
		_, _, err := s.Load(s.ctx(), incident.Ref{Number: 1}, "")
		s.fails(err, incident.ErrNotFound)
	}},
	{"never after the caller gave up", func(s *suite) {
		i := s.declare()
		ctx, cancel := context.WithCancel(s.ctx())
		cancel()
		s.fails(s.Commit(ctx, s.next(i)), incident.ErrUnavailable)
		ctx, cancel = context.WithDeadline(s.ctx(), time.Unix(1, 0))
		defer cancel()
		s.fails(s.Commit(ctx, s.next(i)), incident.ErrUnavailable)
		s.same(s.load(i.Number), i)
	}},
	{"one of many writers at a time", concurrently},
}

// everything adds one of each to a commit, so that a refused one that wrote
// anything is found out.
func everything(c *incident.Commit) {
	timer(incident.TimerEscalate, c.At)(c)
	queued("must not be", "refused", urgency(incident.Urgent))(c)
	channel("CREFUSED")(c)
}

// refused commits what must not be, and looks whether anything of it is there.
func (s *suite) refused(c incident.Commit, want error) {
	s.Helper()
	before, err := s.Find(s.ctx(), incident.Query{})
	s.must(err)
	s.fails(s.Commit(s.ctx(), c), want)
	s.finds(incident.Query{}, before...)
	for _, i := range before {
		entries, err := s.Timeline(s.ctx(), i.Number)
		s.must(err)
		s.same(len(entries), i.Entries)
	}
	_, _, err = s.Load(s.ctx(), incident.Ref{Channel: "CREFUSED"}, "")
	s.fails(err, incident.ErrNotFound)
	if l, ok, err := s.Take(s.ctx(), s.now, time.Minute, incident.RateLimits{}); err != nil || ok && l.Notice.Key == "refused" {
		s.Fatalf("a notice of the refused commit is there: %+v (%v)", l, err)
	}
	for _, claim := range s.claimAll() {
		if claim.Timer.Kind == incident.TimerEscalate {
			s.Fatalf("a timer of the refused commit is there: %+v", claim)
		}
	}
	if !errors.Is(want, incident.ErrRepeated) {
		_, repeated, err := s.Load(s.ctx(), incident.Ref{}, c.Key)
		s.must(err)
		s.same(repeated, false)
	}
}

// concurrently lets 16 writers change one incident: every success is a version
// of its own, with its entry and its notice.
func concurrently(s *suite) {
	const writers, each = 16, 20
	s.declare()
	var group sync.WaitGroup
	var wins atomic.Int64
	for w := range writers {
		group.Go(func() {
			for n := range each {
				if commitOver(s.T, s.Store, fmt.Sprintf("w%d-%d", w, n), s.now) {
					wins.Add(1)
				}
			}
		})
	}
	group.Wait()
	s.same(wins.Load(), int64(writers*each))
	i := s.load(1)
	s.same(i.Version, 1+writers*each)
	entries, err := s.Timeline(s.ctx(), 1)
	s.must(err)
	s.same(len(entries), i.Entries)
	for n := range writers * each {
		l := s.take(time.Minute)
		s.same(l.Notice.Key, fmt.Sprintf("n%d", n+2)) // in the order of the versions
		s.must(s.Pop(s.ctx(), l))
	}
	s.idle()
}

// commitOver commits to the first incident until nobody comes in between.
func commitOver(t *testing.T, st incident.Store, k string, at time.Time) bool {
	for {
		i, _, err := st.Load(t.Context(), incident.Ref{Number: 1}, k)
		if err != nil {
			t.Error(err)
			return false
		}
		i.Version++
		i.Entries++
		c := incident.Commit{Key: k, At: at, Change: incident.Change{
			After: i, Entries: []incident.Entry{{Seq: i.Entries, At: at, Text: k}},
		}}
		queued("lane", fmt.Sprintf("n%d", i.Version))(&c)
		switch err := st.Commit(t.Context(), c); {
		case errors.Is(err, incident.ErrStale):
		case err != nil:
			t.Error(err)
			return false
		default:
			return true
		}
	}
}
