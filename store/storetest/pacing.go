package storetest

import (
	"fmt"
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/store"
)

var pacing = []rule{
	{"of a lane lets a burst through, then the rate", func(s *suite) {
		i := s.declare()
		for n := range 4 {
			i = s.commit(i, queued("a", fmt.Sprintf("a%d", n)))
		}
		limits := notice.Limits{Destination: notice.Rate{Every: time.Second, Burst: 2}}
		s.passes(limits, "a0", "a1")
		s.opens(s.after(time.Second))
		s.now = s.after(999 * time.Millisecond)
		s.passes(limits)
		s.now = s.after(time.Millisecond)
		s.passes(limits, "a2")
		s.now = s.after(time.Hour)
		s.passes(limits, "a3")
	}},
	{"of a lane is for posts only, and for each lane", func(s *suite) {
		i := s.declare(queued("a", "a1"), queued("a", "a2", op(notice.OpPin)), queued("a", "a3"))
		s.commit(i, queued("b", "b1"), queued("b", "b2"))
		s.passes(notice.Limits{Destination: notice.Rate{Every: time.Second, Burst: 1}}, "a1", "b1", "a2")
	}},
	{"of a lane outlives its being empty", func(s *suite) {
		limits := notice.Limits{Destination: notice.Rate{Every: time.Second, Burst: 1}}
		i := s.declare(queued("a", "a1"))
		s.passes(limits, "a1")
		s.commit(i, queued("a", "a2"))
		s.passes(limits)
		s.now = s.after(time.Second)
		s.passes(limits, "a2")
	}},
	{"of an op is for all lanes", func(s *suite) {
		s.declare(
			queued("a", "a1", op(notice.OpOpen)), queued("b", "b1", op(notice.OpOpen)),
			queued("c", "c1", op(notice.OpOpen)), queued("d", "d1", op(notice.OpPin)),
		)
		limits := notice.Limits{Ops: map[notice.Op]notice.Rate{notice.OpOpen: {Every: 3 * time.Second, Burst: 1}}}
		s.passes(limits, "a1", "d1")
		s.opens(s.after(3 * time.Second))
		s.now = s.after(3 * time.Second)
		s.passes(limits, "b1")
		s.now = s.after(3 * time.Second)
		s.passes(limits, "c1")
	}},
	{"postpones nobody for long after the clock went back", func(s *suite) {
		limits := notice.Limits{Ops: map[notice.Op]notice.Rate{notice.OpPost: {Every: time.Second, Burst: 1}}}
		i := s.declare(queued("a", "a1"))
		s.passes(limits, "a1")
		s.now = s.after(-time.Hour)
		s.commit(i, queued("b", "b1"))
		s.passes(limits)
		s.now = s.after(time.Second)
		s.passes(limits, "b1")
	}},
	{"counts what a lost worker took", func(s *suite) {
		limits := notice.Limits{Destination: notice.Rate{Every: time.Second, Burst: 1}}
		s.declare(queued("a", "a1"))
		if _, ok, err := s.Take(s.ctx(), s.now, 0, limits); err != nil || !ok {
			s.Fatal(ok, err)
		}
		s.passes(limits)
	}},
	{"of an op has a bound in any time", func(s *suite) {
		limits := notice.Limits{Ops: map[notice.Op]notice.Rate{notice.OpPost: {Every: time.Second, Most: 3, Per: time.Minute}}}
		for n := range 5 {
			s.declare(queued(fmt.Sprintf("lane-%d", n), fmt.Sprintf("n%d", n)))
		}
		s.passes(limits, "n0")
		s.now = s.after(time.Second)
		s.passes(limits, "n1")
		s.now = s.after(time.Second)
		s.passes(limits, "n2")
		s.now = s.after(time.Second)
		s.passes(limits)
		s.opens(start.Add(time.Minute))
		s.now = start.Add(time.Minute)
		s.passes(limits, "n3")
		s.now = s.after(time.Second)
		s.passes(limits, "n4")
	}},
	{"of an op leaves its bound to what is urgent", func(s *suite) {
		limits := notice.Limits{Ops: map[notice.Op]notice.Rate{notice.OpPost: {Every: 10 * time.Second, Most: 3, Per: time.Minute}}}
		i := s.declare(queued("a", "a1"), queued("b", "b1"))
		s.passes(limits, "a1")
		s.commit(i, queued("c", "c1", urgency(notice.Urgent)), queued("d", "d1", urgency(notice.Urgent)), queued("e", "e1", urgency(notice.Urgent)))
		s.passes(limits, "c1", "d1")
		s.now = s.after(30 * time.Second)
		s.passes(limits)
		s.now = start.Add(time.Minute)
		s.passes(limits, "e1")
		s.now = s.after(10 * time.Second)
		s.passes(limits, "b1") // which paid for what was urgent
	}},
	{"lets what is urgent pass alone, if that is asked for", func(s *suite) {
		s.declare(queued("a", "a1"), queued("b", "b1", urgency(notice.Urgent), op(notice.OpPin)), queued("c", "c1", urgency(notice.High)))
		s.passes(notice.Limits{UrgentOnly: true}, "b1")
		s.passes(notice.Limits{}, "c1", "a1")
	}},
	{"of a destination holds for all subjects, and for each other", func(s *suite) {
		limits := notice.Limits{Destination: notice.Rate{Every: time.Second}}
		s.declare(queued("a incident/1", "a1"), queued("a incident/2", "a2"), queued("b incident/1", "b1"), queued("a incident/3", "edit", op(notice.OpEdit)))
		s.passes(limits, "a1", "b1", "edit")
		s.now = s.after(time.Second)
		s.passes(limits, "a2")
	}},
	{"lets those who waited pass by severity, then by age", func(s *suite) {
		limits := notice.Limits{Destination: notice.Rate{Every: time.Second}, Ops: map[notice.Op]notice.Rate{notice.OpOpen: {Every: time.Second}}}
		for n, p := range []notice.Priority{notice.Normal, notice.Normal, notice.Normal, notice.Normal, notice.Urgent, notice.High, notice.Urgent} {
			number := 98 + n // as a text, 100 is before 99
			s.declare(queued(fmt.Sprintf("incident:%d", number), fmt.Sprintf("open-%d", number), op(notice.OpOpen), urgency(p)),
				queued(fmt.Sprintf("channel:C1 incident/%d", number), fmt.Sprintf("post-%d", number), urgency(p)))
		}
		var order []string
		for range 14 {
			l, ok, err := s.Take(s.ctx(), s.now, time.Minute, limits)
			s.must(err)
			if !ok {
				s.now = s.after(time.Second)
				continue
			}
			order = append(order, l.Notice.Key)
			s.must(s.Pop(s.ctx(), l))
			l, ok, err = s.Take(s.ctx(), s.now, time.Minute, limits)
			s.must(err)
			if ok {
				order = append(order, l.Notice.Key)
				s.must(s.Pop(s.ctx(), l))
			}
		}
		var want []string
		for _, number := range []int{102, 104, 103, 98, 99, 100, 101} {
			want = append(want, fmt.Sprintf("open-%d", number), fmt.Sprintf("post-%d", number))
		}
		s.same(order, want)
	}},
	{"lets those whom a 429 held pass by severity, then by age", func(s *suite) {
		for n, p := range []notice.Priority{notice.Normal, notice.Normal, notice.Normal, notice.Urgent} {
			s.declare(queued(fmt.Sprintf("incident:%d", 98+n), fmt.Sprint(98+n), urgency(p)))
		}
		for range 4 {
			s.must(s.Release(s.ctx(), s.take(time.Minute), notice.Retry{At: s.now, NotBefore: s.after(30 * time.Second)}))
		}
		s.idle()
		s.now = s.after(30 * time.Second)
		s.delivers("101", "98", "99", "100")
	}},
	{"postpones nobody for longer than was asked when the clock goes back", func(s *suite) {
		i := s.declare(queued("a", "a1"), queued("b", "b1"))
		s.must(s.Release(s.ctx(), s.take(time.Minute), notice.Retry{At: s.now, NotBefore: s.after(30 * time.Second), Op: notice.OpPost}))
		s.now = s.after(-time.Hour)
		s.commit(i, queued("c", "c1"))
		s.idle()
		s.now = s.after(29 * time.Second)
		s.idle()
		s.now = s.after(time.Second)
		s.delivers("a1", "b1", "c1")
	}},
	{"asked for after the clock went back counts from then", func(s *suite) {
		s.declare(queued("a", "a1"), queued("b", "b1"))
		a, b := s.take(time.Minute), s.take(time.Minute)
		s.now = s.after(-time.Hour)
		s.must(s.Release(s.ctx(), a, notice.Retry{At: s.now, NotBefore: s.after(30 * time.Second)}))
		s.idle()
		s.must(s.Release(s.ctx(), b, notice.Retry{At: s.now, NotBefore: s.after(20 * time.Second)}))
		s.now = s.after(20 * time.Second)
		s.delivers("b1")
		s.now = s.after(10 * time.Second)
		s.delivers("a1")
	}},
	{"of an op is blocked by a release, for all lanes", func(s *suite) {
		s.declare(queued("a", "a1"), queued("b", "b1"), queued("c", "c1", op(notice.OpPin)))
		l := s.take(time.Minute)
		s.must(s.Release(s.ctx(), l, notice.Retry{NotBefore: s.after(30 * time.Second), Op: notice.OpPost}))
		s.passes(notice.Limits{}, "c1")
		s.opens(s.after(30 * time.Second))
		s.now = s.after(30 * time.Second)
		s.passes(notice.Limits{}, "a1", "b1")
	}},
	{"blocked twice is blocked for the longer", func(s *suite) {
		s.declare(queued("a", "a1"), queued("b", "b1"), queued("c", "c1"))
		a, b := s.take(time.Minute), s.take(time.Minute)
		s.must(s.Release(s.ctx(), a, notice.Retry{NotBefore: s.after(30 * time.Second), Op: notice.OpPost}))
		s.must(s.Release(s.ctx(), b, notice.Retry{NotBefore: s.after(10 * time.Second), Op: notice.OpPost}))
		s.now = s.after(29 * time.Second)
		s.passes(notice.Limits{})
		s.now = s.after(time.Second)
		s.passes(notice.Limits{}, "a1", "b1", "c1")
	}},
	{"postponed among many does not hide the others", func(s *suite) {
		var many []edit
		for n := range 600 {
			many = append(many, queued(fmt.Sprintf("lane-%03d", n), fmt.Sprintf("n%d", n)))
		}
		s.commit(s.declare(many...), queued("zz", "pin", op(notice.OpPin)))
		limits := notice.Limits{Ops: map[notice.Op]notice.Rate{notice.OpPost: {Every: time.Minute, Burst: 1}}}
		s.passes(limits, "n0", "pin")
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
		s.commit(i, queued("a", "a1", urgency(notice.Bulk)))
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
		s.must(s.Release(s.ctx(), lease, notice.Retry{NotBefore: s.after(3 * time.Minute)}))
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

// passes expects these to be all that the limits let through now.
func (s *suite) passes(limits notice.Limits, keys ...string) {
	s.Helper()
	var got []string
	for {
		l, ok, err := s.Take(s.ctx(), s.now, time.Minute, limits)
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

// comes expects the first incident's timer of that name, or with "" a lane, to
// want attention next, at that moment.
func (s *suite) comes(at time.Time, name incident.TimerName) {
	s.Helper()
	want := store.Due{At: at, Name: name}
	if name != "" {
		want.Number = 1
	}
	got, ok, err := s.Next(s.ctx())
	s.must(err)
	s.same(ok, true)
	s.same(got, want)
}
