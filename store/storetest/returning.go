package storetest

import (
	"testing"
	"time"

	"muster/internal/notice"
	"muster/store"
)

// Return gives a test an empty store, and what brings that back: after a restart of
// its server, say, or from a copy, so that what was last recorded may be lost.
type Return func(t testing.TB) (s store.Store, comeBack func() store.Store)

// RunReturned tests what a store owes that came back. Whatever waits may have been
// sent by a process whose record of it was lost.
func RunReturned(t *testing.T, open Return) {
	for name, rule := range map[string]func(s *suite, comeBack func()){
		"what waits is in doubt, and stays so": func(s *suite, comeBack func()) {
			s.declare(queued("a", "a1"), queued("b", "b1"))
			s.must(s.Release(s.ctx(), s.take(time.Minute), notice.Retry{}))
			comeBack()
			for range 2 { // a1, which was tried, and b1, which was not
				l := s.take(time.Minute)
				s.doubted(l, notice.LongAgo)
				s.must(s.Release(s.ctx(), l, notice.Retry{}))
			}
			s.doubted(s.take(time.Minute), notice.LongAgo)
		},
		"what was in doubt is so since then": func(s *suite, comeBack func()) {
			s.declare(queued("a", "a1"))
			s.must(s.Release(s.ctx(), s.take(time.Minute), notice.Retry{InDoubt: true, Doubted: s.now}))
			comeBack()
			s.doubted(s.take(time.Minute), s.now)
		},
		"what is queued later is not in doubt": func(s *suite, comeBack func()) {
			inc := s.declare(queued("a", "a1"))
			comeBack()
			l := s.take(time.Minute) // by which a store may find out that it came back
			s.doubted(l, notice.LongAgo)
			s.commit(inc, queued("a", "a2"), queued("b", "b1"))
			s.must(s.Pop(s.ctx(), l))
			for range 2 { // a2, behind what was in doubt, and b1
				s.same(s.take(time.Minute).InDoubt, false)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			opened, comeBack := open(t)
			s := &suite{T: t, Store: opened, now: start}
			rule(s, func() { s.Store = comeBack() })
		})
	}
}

// doubted checks that a lease's notice is in doubt since a moment.
func (s *suite) doubted(l notice.Lease, since time.Time) {
	s.Helper()
	s.same(l.InDoubt, true)
	s.same(l.Doubted, since)
}
