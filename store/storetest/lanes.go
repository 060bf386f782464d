package storetest

import (
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
)

var lanes = []rule{
	{"give their notices in order", func(s *suite) {
		i := s.declare(queued("a", "a1"), queued("a", "a2"))
		s.commit(i, queued("a", "a3"))
		s.delivers("a1", "a2", "a3")
	}},
	{"give a notice whole", func(s *suite) {
		c := s.next(incident.Incident{Number: 1}, queued("a <&> 🚨", "a1", func(n *notice.Notice) {
			n.To = notice.Address{Medium: notice.Slack, People: policy.NewPeople([]slackid.User{"U1"}, []slackid.Group{"S1"}), Level: 2}
			n.Entry = 1
		}))
		s.must(s.Commit(s.ctx(), c))
		l := s.take(time.Minute)
		s.same(l.Notice, c.Changes[0].Notices[0])
		s.same(l.Until, s.after(time.Minute))
		s.same(l.InDoubt, false)
		s.same(l.Tries, 0)
	}},
	{"have one lease at a time", func(s *suite) {
		i := s.declare(queued("a", "a1"), queued("a", "a2"))
		s.take(time.Minute)
		s.idle()
		s.commit(i, queued("a", "a3"))
		s.idle()
	}},
	{"unleased ones cannot be popped or released", func(s *suite) {
		c := s.next(incident.Incident{Number: 1}, queued("a", "a1"))
		s.must(s.Commit(s.ctx(), c))
		nobodys := notice.Lease{Notice: c.Changes[0].Notices[0]}
		s.fails(s.Pop(s.ctx(), nobodys), incident.ErrLost)
		s.fails(s.Release(s.ctx(), nobodys, notice.Retry{}), incident.ErrLost)
		s.fails(s.Commit(s.ctx(), s.next(c.Changes[0].After, sent(nobodys))), incident.ErrLost)
		s.delivers("a1")
	}},
	{"are taken side by side", func(s *suite) {
		s.declare(queued("a", "a1"), queued("b", "b1"))
		s.same(s.take(time.Minute).Notice.Key, "a1")
		s.same(s.take(time.Minute).Notice.Key, "b1")
	}},
	{"are ready again when the lease ends, in doubt", func(s *suite) {
		s.declare(queued("a", "a1"))
		lost := s.take(time.Minute)
		s.now = s.after(time.Minute)
		again := s.take(time.Minute)
		s.same(again.Notice.Key, "a1")
		s.same(again.InDoubt, true)
		s.same(again.Doubted, time.Time{})
		s.same(again.Tries, 1)
		s.fails(s.Pop(s.ctx(), lost), incident.ErrLost)
		s.fails(s.Release(s.ctx(), lost, notice.Retry{}), incident.ErrLost)
		s.must(s.Pop(s.ctx(), again))
		s.fails(s.Pop(s.ctx(), again), incident.ErrLost)
		s.idle()
	}},
	{"released are postponed until the moment that was said", func(s *suite) {
		i := s.declare(queued("a", "a1"))
		l := s.take(time.Minute)
		s.must(s.Release(s.ctx(), l, notice.Retry{NotBefore: s.after(10 * time.Second)}))
		s.fails(s.Release(s.ctx(), l, notice.Retry{}), incident.ErrLost)
		s.commit(i, queued("a", "a2", urgency(notice.Urgent)))
		s.idle()
		s.now = s.after(10 * time.Second)
		again := s.take(time.Minute)
		s.same(again.Notice.Key, "a1")
		s.same(again.Tries, 1)
		s.same(again.InDoubt, false)
	}},
	{"released are in doubt as was said", func(s *suite) {
		s.declare(queued("a", "a1"), queued("a", "a2"))
		l := s.take(time.Minute)
		for tries, unsure := range []bool{true, false, true} {
			since := time.Time{}
			if unsure {
				since = s.now
			}
			s.must(s.Release(s.ctx(), l, notice.Retry{InDoubt: unsure, Doubted: since}))
			l = s.take(time.Minute)
			s.same(l.Doubted, since)
			s.same(l.Tries, tries+1)
			s.same(l.InDoubt, unsure)
		}
	}},
	{"start the next notice without doubt or tries", func(s *suite) {
		s.declare(queued("a", "a1"), queued("a", "a2"))
		s.must(s.Release(s.ctx(), s.take(time.Minute), notice.Retry{InDoubt: true}))
		s.must(s.Pop(s.ctx(), s.take(time.Minute)))
		l := s.take(time.Minute)
		s.same(l.Notice.Key, "a2")
		s.same(l.InDoubt, false)
		s.same(l.Tries, 0)
	}},
	{"the most urgent goes first", func(s *suite) {
		i := s.declare(queued("bulk", "bulk", urgency(notice.Bulk)), queued("normal", "normal"), queued("mixed", "mixed1"))
		s.now = s.after(time.Second)
		i = s.commit(i, queued("high", "high", urgency(notice.High)))
		s.now = s.after(time.Second)
		s.commit(i, queued("mixed", "mixed2", urgency(notice.Urgent)), queued("mixed", "mixed3", urgency(notice.Bulk)))
		s.delivers("mixed1", "mixed2", "high", "normal", "bulk", "mixed3")
	}},
	{"of one priority take turns", func(s *suite) {
		s.declare(queued("a", "a1"), queued("a", "a2"), queued("a", "a3"))
		s.now = s.after(time.Second)
		s.commit(s.load(1), queued("b", "b1"), queued("b", "b2"))
		var order []string
		for range 5 {
			s.now = s.after(time.Second)
			l := s.take(time.Minute)
			order = append(order, l.Notice.Key)
			s.must(s.Pop(s.ctx(), l))
		}
		s.same(order, []string{"a1", "b1", "a2", "b2", "a3"})
	}},
	{"merge with what waits", func(s *suite) {
		i := s.declare(queued("a", "card1", merge("card")), queued("a", "topic1", merge("topic")), queued("a", "card2", merge("card")))
		i = s.commit(i, queued("a", "card3", merge("card")), queued("b", "card4", merge("card")))
		s.delivers("card1", "card4", "topic1")
		s.commit(i, queued("a", "card5", merge("card")))
		s.delivers("card5")
	}},
	{"do not merge with what is being delivered", func(s *suite) {
		i := s.declare(queued("a", "card1", merge("card")))
		l := s.take(time.Minute)
		i = s.commit(i, queued("a", "card2", merge("card")))
		s.commit(i, queued("a", "card3", merge("card")))
		s.must(s.Pop(s.ctx(), l))
		s.delivers("card2")
	}},
	{"merge with what was released", func(s *suite) {
		i := s.declare(queued("a", "card1", merge("card")))
		s.must(s.Release(s.ctx(), s.take(time.Minute), notice.Retry{}))
		s.commit(i, queued("a", "card2", merge("card")))
		s.delivers("card1")
	}},
	{"move on by a commit that records the delivery", func(s *suite) {
		i := s.declare(queued("a", "a1"), queued("a", "a2"))
		l := s.take(time.Minute)
		i = s.commit(i, sent(l), queued("a", "a3"), queued("b", "b1"))
		s.fails(s.Pop(s.ctx(), l), incident.ErrLost)
		s.delivers("a2", "b1", "a3")
		s.commit(i, queued("a", "a4"))
		s.same(s.take(time.Minute).Notice.Key, "a4")
	}},
	{"emptied by a commit, filled by the same one", func(s *suite) {
		i := s.declare(queued("a", "a1"))
		s.commit(i, sent(s.take(time.Minute)), queued("a", "a2"))
		s.delivers("a2")
	}},
}

// take leases the next notice, without any limits.
func (s *suite) take(lease time.Duration) notice.Lease {
	s.Helper()
	l, ok, err := s.Take(s.ctx(), s.now, lease, notice.Limits{})
	s.must(err)
	if !ok {
		s.Fatal("no lane is ready")
	}
	return l
}

// idle expects that no lane is ready.
func (s *suite) idle() {
	s.Helper()
	l, ok, err := s.Take(s.ctx(), s.now, time.Minute, notice.Limits{})
	s.must(err)
	if ok {
		s.Fatalf("%s is ready", l.Notice.Key)
	}
}

// delivers expects these to be all that is ready, in this order.
func (s *suite) delivers(keys ...string) {
	s.Helper()
	var order []string
	for range keys {
		l := s.take(time.Minute)
		order = append(order, l.Notice.Key)
		s.must(s.Pop(s.ctx(), l))
	}
	s.same(order, keys)
	s.idle()
}
