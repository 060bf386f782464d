package storetest

import (
	"fmt"
	"time"

	"muster/internal/incident"
	"muster/store"
)

var pacing = []rule{
	{"of a lane lets a burst through, then the rate", func(s *suite) {
		i := s.declare()
		for n := range 4 {
			i = s.commit(i, queued("a", fmt.Sprintf("a%d", n)))
		}
		pace := incident.RateLimits{Lane: incident.Rate{Every: time.Second, Burst: 2}}
		s.passes(pace, "a0", "a1")
		s.opens(s.after(time.Second))
		s.now = s.after(999 * time.Millisecond)
		s.passes(pace)
		s.now = s.after(time.Millisecond)
		s.passes(pace, "a2")
		s.now = s.after(time.Hour)
		s.passes(pace, "a3")
	}},
	{"of a lane is for posts only, and for each lane", func(s *suite) {
		i := s.declare(queued("a", "a1"), queued("a", "a2", act(incident.OpPin)), queued("a", "a3"))
		s.commit(i, queued("b", "b1"), queued("b", "b2"))
		s.passes(incident.RateLimits{Lane: incident.Rate{Every: time.Second, Burst: 1}}, "a1", "a2", "b1")
	}},
	{"of a lane outlives its being empty", func(s *suite) {
		pace := incident.RateLimits{Lane: incident.Rate{Every: time.Second, Burst: 1}}
		i := s.declare(queued("a", "a1"))
		s.passes(pace, "a1")
		s.commit(i, queued("a", "a2"))
		s.passes(pace)
		s.now = s.after(time.Second)
		s.passes(pace, "a2")
	}},
	{"of an act is for all lanes", func(s *suite) {
		s.declare(
			queued("a", "a1", act(incident.OpOpen)), queued("b", "b1", act(incident.OpOpen)),
			queued("c", "c1", act(incident.OpOpen)), queued("d", "d1", act(incident.OpPin)),
		)
		pace := incident.RateLimits{Ops: map[incident.Op]incident.Rate{incident.OpOpen: {Every: 3 * time.Second, Burst: 1}}}
		s.passes(pace, "a1", "d1")
		s.opens(s.after(3 * time.Second))
		s.now = s.after(3 * time.Second)
		s.passes(pace, "b1")
		s.now = s.after(3 * time.Second)
		s.passes(pace, "c1")
	}},
	{"holds nobody for long after the clock went back", func(s *suite) {
		pace := incident.RateLimits{Ops: map[incident.Op]incident.Rate{incident.OpPost: {Every: time.Second, Burst: 1}}}
		i := s.declare(queued("a", "a1"))
		s.passes(pace, "a1")
		s.now = s.after(-time.Hour)
		s.commit(i, queued("b", "b1"))
		s.passes(pace)
		s.now = s.after(time.Second)
		s.passes(pace, "b1")
	}},
	{"counts what a lost worker took", func(s *suite) {
		pace := incident.RateLimits{Lane: incident.Rate{Every: time.Second, Burst: 1}}
		s.declare(queued("a", "a1"))
		if _, ok, err := s.Take(s.ctx(), s.now, 0, pace); err != nil || !ok {
			s.Fatal(ok, err)
		}
		s.passes(pace)
	}},
	{"of an act is held by a release, for all lanes", func(s *suite) {
		s.declare(queued("a", "a1"), queued("b", "b1"), queued("c", "c1", act(incident.OpPin)))
		l := s.take(time.Minute)
		s.must(s.Release(s.ctx(), l, incident.Retry{NotBefore: s.after(30 * time.Second), Op: incident.OpPost}))
		s.passes(incident.RateLimits{}, "c1")
		s.opens(s.after(30 * time.Second))
		s.now = s.after(30 * time.Second)
		s.passes(incident.RateLimits{}, "a1", "b1")
	}},
	{"held twice is held for the longer", func(s *suite) {
		s.declare(queued("a", "a1"), queued("b", "b1"), queued("c", "c1"))
		a, b := s.take(time.Minute), s.take(time.Minute)
		s.must(s.Release(s.ctx(), a, incident.Retry{NotBefore: s.after(30 * time.Second), Op: incident.OpPost}))
		s.must(s.Release(s.ctx(), b, incident.Retry{NotBefore: s.after(10 * time.Second), Op: incident.OpPost}))
		s.now = s.after(29 * time.Second)
		s.passes(incident.RateLimits{})
		s.now = s.after(time.Second)
		s.passes(incident.RateLimits{}, "a1", "b1", "c1")
	}},
	{"held back among many does not hide the others", func(s *suite) {
		i := s.declare()
		for n := range 600 {
			i = s.commit(i, queued(fmt.Sprintf("lane-%03d", n), fmt.Sprintf("n%d", n)))
		}
		s.commit(i, queued("zz", "pin", act(incident.OpPin)))
		pace := incident.RateLimits{Ops: map[incident.Op]incident.Rate{incident.OpPost: {Every: time.Minute, Burst: 1}}}
		s.passes(pace, "n0", "pin")
	}},
}

// attention is about [store.Store.Next].
var attention = []rule{
	{"is never in an empty store", func(s *suite) {
		_, ok, err := s.Next(s.ctx())
		s.must(err)
		s.same(ok, false)
	}},
	{"is at the first timer or lane", func(s *suite) {
		i := s.declare(timer(incident.TimerUpdate, s.after(time.Hour)))
		s.comes(s.after(time.Hour), incident.TimerUpdate)
		i = s.commit(i, timer(incident.TimerUpdate, s.after(2*time.Hour)), timer(incident.TimerEscalate, s.after(time.Minute)))
		s.comes(s.after(time.Minute), incident.TimerEscalate)
		s.commit(i, queued("a", "a1", urgency(incident.Bulk)))
		s.comes(s.now, "")
	}},
	{"is a timer before a lane at the same moment", func(s *suite) {
		s.declare(timer(incident.TimerRespond, s.now), queued("a", "a1"))
		s.comes(s.now, incident.TimerRespond)
	}},
	{"is at a lease's end", func(s *suite) {
		s.declare(timer(incident.TimerUpdate, s.now), queued("a", "a1"))
		claim, lease := s.claim(time.Minute), s.take(2*time.Minute)
		s.comes(s.after(time.Minute), incident.TimerUpdate)
		s.settles(1, claim...)
		s.comes(s.after(2*time.Minute), "")
		s.must(s.Release(s.ctx(), lease, incident.Retry{NotBefore: s.after(3 * time.Minute)}))
		s.comes(s.after(3*time.Minute), "")
	}},
	{"is never when all is done", func(s *suite) {
		s.declare(timer(incident.TimerUpdate, s.now), queued("a", "a1"))
		s.settles(1, s.claim(time.Minute)...)
		s.must(s.Pop(s.ctx(), s.take(time.Minute)))
		_, ok, err := s.Next(s.ctx())
		s.must(err)
		s.same(ok, false)
	}},
}

// passes expects these to be all that the pace lets through now.
func (s *suite) passes(pace incident.RateLimits, keys ...string) {
	s.Helper()
	var got []string
	for {
		l, ok, err := s.Take(s.ctx(), s.now, time.Minute, pace)
		s.must(err)
		if !ok {
			break
		}
		got = append(got, l.Notice.Key)
		s.must(s.Pop(s.ctx(), l))
	}
	s.same(got, keys)
}

// opens expects that nothing wants attention before a moment.
func (s *suite) opens(want time.Time) {
	s.Helper()
	got, ok, err := s.Next(s.ctx())
	s.must(err)
	s.same(ok, true)
	s.same(got.At, want)
}

// comes expects the first incident's timer of that kind, or with "" a lane, to
// want attention next, at that moment.
func (s *suite) comes(at time.Time, kind incident.TimerKind) {
	s.Helper()
	want := store.Due{At: at, Kind: kind}
	if kind != "" {
		want.Number = 1
	}
	got, ok, err := s.Next(s.ctx())
	s.must(err)
	s.same(ok, true)
	s.same(got, want)
}
