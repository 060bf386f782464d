package storetest

import (
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
)

var several = []rule{
	{"is written together", func(s *suite) {
		a, b := s.declare(), s.declare()
		c := s.next(a, also(s.change(b)), also(s.change(s.fresh(3))), timer(incident.TimerUpdate, s.now), queued("a", "a1"))
		c.Changes[1].Notices = []notice.Notice{about(2, "a", "b1")}
		c.Changes[2].Timers = []incident.Timer{{Number: 3, Name: "task:3", At: s.now, Gen: 1}}
		c.Notices = []notice.Notice{digest("a", "d1")}
		s.must(s.Commit(s.ctx(), c))
		for _, change := range c.Changes {
			s.same(s.load(change.After.Number), change.After)
			entries, err := s.Timeline(s.ctx(), change.After.Number)
			s.must(err)
			s.same(entries[len(entries)-1:], change.Entries)
		}
		s.finds(incident.Query{}, c.Changes[2].Summary, c.Changes[1].Summary, c.Changes[0].Summary)
		s.same(len(s.claim(time.Minute)), 2)
		s.delivers("a1", "b1", "d1")
		got, repeated, err := s.Load(s.ctx(), incident.Ref{}, c.Key, incident.Want{})
		s.must(err)
		s.same(repeated, true)
		s.same(got, c.Changes[0].After)
	}},
	{"writes nothing if one of them is stale", func(s *suite) {
		a, b := s.declare(), s.declare()
		s.commit(b)
		s.refused(s.next(a, everything, also(s.change(b))), incident.ErrStale)
		s.refused(s.next(b, everything, also(s.change(a))), incident.ErrStale)
		s.refused(s.next(a, everything, also(s.change(s.fresh(4)))), incident.ErrStale)
	}},
	{"declares several, in the order of their numbers", func(s *suite) {
		s.declare()
		s.refused(s.next(s.fresh(3), everything, also(s.change(s.fresh(2)))), incident.ErrStale)
		s.refused(s.next(s.fresh(2), everything, also(s.change(s.fresh(4)))), incident.ErrStale)
		s.commit(s.fresh(2), also(s.change(s.fresh(3))))
		blank, _, err := s.Load(s.ctx(), incident.Ref{}, "", incident.Want{})
		s.must(err)
		s.same(blank, incident.Incident{Number: 4})
	}},
	{"never changes one twice", func(s *suite) {
		inc := s.declare()
		s.neverTakes(s.next(inc, everything, also(s.change(inc))))
	}},
	{"loses nothing to a lost claim or lease", func(s *suite) {
		a, b := s.declare(timer(incident.TimerUpdate, s.now)), s.declare()
		lost := s.claim(time.Minute)[0]
		s.now = s.after(time.Minute)
		s.refused(s.next(a, everything, also(s.change(b)), fired(incident.Claim{Timer: lost.Timer, Fence: lost.Fence + 7})), incident.ErrLost)
	}},
	{"of a slot needs no incident", func(s *suite) {
		c := s.next(s.fresh(1), slot("digest", s.now))
		c.Changes, c.Notices = nil, []notice.Notice{digest("channel:C1", "d1")}
		s.must(s.Commit(s.ctx(), c))
		last, err := s.LastSlot(s.ctx(), "digest")
		s.must(err)
		s.same(last, s.now)
		got, repeated, err := s.Load(s.ctx(), incident.Ref{Number: 9}, c.Key, incident.Want{Texts: true})
		s.must(err)
		s.same(repeated, true)
		s.same(got, incident.Incident{})
		l := s.take(time.Minute)
		s.same(l.Notice, c.Notices[0])
		again := c
		again.Notices = []notice.Notice{digest("refused", "refused")}
		s.refused(again, incident.ErrRepeated)
		again.Key = "another"
		s.refused(again, incident.ErrRepeated)
		again.Slot = &incident.Slot{Job: "digest", At: s.after(time.Hour)}
		s.must(s.Commit(s.ctx(), again))
		last, won, err := s.ClaimSlot(s.ctx(), "digest", s.after(time.Hour))
		s.must(err)
		s.same(last, s.after(time.Hour))
		s.same(won, false)
	}},
	{"of a slot that was claimed by itself writes nothing", func(s *suite) {
		inc := s.declare()
		_, _, err := s.ClaimSlot(s.ctx(), "digest", s.now)
		s.must(err)
		c := s.next(inc, everything, slot("digest", s.now))
		s.fails(s.Commit(s.ctx(), c), incident.ErrRepeated)
		s.same(s.load(inc.Number), inc)
		_, repeated, err := s.Load(s.ctx(), incident.Ref{}, c.Key, incident.Want{})
		s.must(err)
		s.same(repeated, false)
		s.commit(inc, slot("digest", s.after(time.Millisecond)))
	}},
	{"that is stale claims no slot", func(s *suite) {
		inc := s.declare()
		s.commit(inc)
		s.refused(s.next(inc, everything, slot("refused", s.now)), incident.ErrStale)
	}},
}

// also adds a change of another incident.
func also(change incident.Change) edit {
	return func(c *incident.Commit) { c.Changes = append(c.Changes, change) }
}

// about is a notice about an incident.
func about(n incident.Number, lane, key string) notice.Notice {
	return notice.Notice{Key: key, Subject: n.Subject(), Lane: lane, Op: notice.OpPost, Priority: notice.Normal, At: start}
}

// digest is a notice about no incident.
func digest(lane, key string) notice.Notice {
	return notice.Notice{
		Key: key, Subject: notice.Subject{Kind: notice.Digest, ID: "2026-03-02T09:00:00Z"}, Lane: lane,
		Op: notice.OpPost, Priority: notice.Bulk, At: start,
	}
}
