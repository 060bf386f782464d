package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
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
		inc := s.declare()
		s.neverTakes(s.next(inc, key(""), everything))
	}},
	{"never one whose head is too large", func(s *suite) {
		inc := s.declare()
		large := inc
		large.Title = strings.Repeat("<&> ", incident.MaxHead/4-500)
		large = s.commit(large)
		large.Title += strings.Repeat("x", 2000)
		s.neverTakes(s.next(large, everything))
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
	queued("must not be", "refused", urgency(notice.Urgent))(c)
	channel("CREFUSED")(c)
	part("refused", "1", "{}")(c)
}

// refused commits what must not be, and looks whether anything of it is there.
func (s *suite) refused(c incident.Commit, want error) {
	s.Helper()
	s.writesNothing(c, func(err error) { s.fails(err, want) })
	if !errors.Is(want, incident.ErrRepeated) {
		_, repeated, err := s.Load(s.ctx(), incident.Ref{}, c.Key, incident.Want{})
		s.must(err)
		s.same(repeated, false)
	}
}

// neverTakes commits what nothing could make right.
func (s *suite) neverTakes(c incident.Commit) {
	s.Helper()
	s.writesNothing(c, func(err error) {
		for _, verdict := range []error{nil, incident.ErrRepeated, incident.ErrStale, incident.ErrLost, incident.ErrUnavailable} {
			if errors.Is(err, verdict) {
				s.Fatalf("the answer is %v", err)
			}
		}
	})
}

// writesNothing commits what must not be, and looks whether anything of it is there.
func (s *suite) writesNothing(c incident.Commit, answers func(error)) {
	s.Helper()
	before := s.everywhere()
	answers(s.Commit(s.ctx(), c))
	s.same(s.everywhere(), before)
	_, _, err := s.Load(s.ctx(), incident.Ref{Channel: "CREFUSED"}, "", incident.Want{})
	s.fails(err, incident.ErrNotFound)
	if l, ok, err := s.Take(s.ctx(), s.now, time.Minute, notice.Limits{}); err != nil || ok && l.Notice.Key == "refused" {
		s.Fatalf("a notice of the refused commit is there: %+v (%v)", l, err)
	}
	for _, claim := range s.claimAll() {
		if claim.Timer.Name == incident.TimerEscalate {
			s.Fatalf("a timer of the refused commit is there: %+v", claim)
		}
	}
	last, err := s.LastSlot(s.ctx(), "refused")
	s.must(err)
	s.same(last, time.Time{})
}

// kept is what a store keeps of an incident.
type kept struct {
	Summary  incident.Summary
	Incident incident.Incident
	Timeline []incident.Entry
}

// everywhere reads all incidents, with all that the suite ever writes.
func (s *suite) everywhere() (all []kept) {
	s.Helper()
	rows, err := s.Find(s.ctx(), incident.Query{})
	s.must(err)
	for _, row := range rows {
		entries, err := s.Timeline(s.ctx(), row.Number)
		s.must(err)
		inc := s.loadWith(row.Number, incident.Want{Parts: []incident.PartKind{"task", "refused"}, Texts: true})
		all = append(all, kept{row, inc, entries})
	}
	return all
}

// concurrently lets 16 writers change one incident: every success is a version
// of its own, with its entry and its notice.
func concurrently(s *suite) {
	writers, each := 16, 20
	if s.brief {
		each = 5
	}
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
		i, _, err := st.Load(t.Context(), incident.Ref{Number: 1}, k, incident.Want{})
		if err != nil {
			t.Error(err)
			return false
		}
		i.Version++
		i.Entries++
		c := incident.Commit{Key: k, At: at, Changes: []incident.Change{{
			After: i, Entries: []incident.Entry{{Seq: i.Entries, At: at, Facts: map[string]string{"text": k}}},
		}}}
		queued("lane", fmt.Sprintf("n%d", i.Version))(&c)
		switch err := st.Commit(t.Context(), summarized(c)); {
		case errors.Is(err, incident.ErrStale):
		case err != nil:
			t.Error(err)
			return false
		default:
			return true
		}
	}
}
