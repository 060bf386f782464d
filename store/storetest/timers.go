package storetest

import (
	"slices"
	"time"

	"muster/internal/incident"
)

var timers = []rule{
	{"are claimed when they are due", func(s *suite) {
		i := s.declare(timer(incident.TimerUpdate, s.after(time.Minute)), timer(incident.TimerRespond, s.after(2*time.Minute)))
		s.same(len(s.claim(time.Minute)), 0)
		s.now = s.after(time.Minute)
		claims := s.claim(time.Minute)
		s.same(len(claims), 1)
		s.same(claims[0].Timer, incident.Timer{Number: i.Number, Name: incident.TimerUpdate, At: s.now, Gen: 1})
	}},
	{"are claimed the most overdue first, up to the limit", func(s *suite) {
		for _, minutes := range []int{3, 1, 2, 4} {
			s.declare(timer(incident.TimerUpdate, s.after(time.Duration(minutes)*time.Minute)))
		}
		s.now = s.after(time.Hour)
		var order []incident.Number
		for range 2 {
			claims, err := s.ClaimDue(s.ctx(), s.now, time.Minute, 2)
			s.must(err)
			for _, c := range claims {
				order = append(order, c.Timer.Number)
			}
		}
		s.same(order, []incident.Number{2, 3, 1, 4})
	}},
	{"have one claim at a time", func(s *suite) {
		s.declare(timer(incident.TimerUpdate, s.now))
		s.same(len(s.claim(time.Minute)), 1)
		s.same(len(s.claim(time.Minute)), 0)
	}},
	{"are due again when the claim ends, with a higher fence", func(s *suite) {
		s.declare(timer(incident.TimerUpdate, s.now))
		first := s.claim(time.Minute)[0]
		s.now = s.after(time.Minute)
		second := s.claim(time.Minute)
		s.same(len(second), 1)
		s.same(second[0].Timer, first.Timer)
		if second[0].Fence <= first.Fence {
			s.Fatalf("fence %d follows %d", second[0].Fence, first.Fence)
		}
		s.settles(0, first)
		s.settles(1, second[0])
		s.same(len(s.claimAll()), 0)
	}},
	{"are settled once, each by itself", func(s *suite) {
		s.declare(timer(incident.TimerUpdate, s.now), timer(incident.TimerRespond, s.now))
		claims := s.claim(time.Minute)
		s.same(len(claims), 2)
		stranger := incident.Claim{Timer: incident.Timer{Number: 9, Name: incident.TimerUpdate}}
		s.settles(1, claims[0], stranger)
		s.settles(1, claims...)
		s.settles(0, claims...)
		s.settles(0)
	}},
	{"unclaimed ones cannot be settled", func(s *suite) {
		i := s.declare(timer(incident.TimerUpdate, s.now))
		nobodys := incident.Claim{Timer: incident.Timer{Number: i.Number, Name: incident.TimerUpdate, At: s.now, Gen: 1}}
		s.settles(0, nobodys)
		s.fails(s.Commit(s.ctx(), s.next(i, fired(nobodys))), incident.ErrLost)
		s.same(len(s.claim(time.Minute)), 1)
	}},
	{"set anew are nobody's", func(s *suite) {
		i := s.declare(timer(incident.TimerUpdate, s.now))
		old := s.claim(time.Hour)[0]
		s.commit(i, timer(incident.TimerUpdate, s.after(time.Minute)))
		s.settles(0, old)
		s.same(len(s.claim(time.Hour)), 0)
		s.now = s.after(time.Minute)
		claims := s.claim(time.Hour)
		s.same(len(claims), 1)
		s.same(claims[0].Timer.Gen, 2)
		s.settles(0, old)
	}},
	{"cleared are gone, and so is their claim", func(s *suite) {
		i := s.declare(timer(incident.TimerUpdate, s.now))
		old := s.claim(time.Minute)[0]
		i = s.commit(i, timer(incident.TimerUpdate, time.Time{}))
		s.same(len(s.claimAll()), 0)
		s.commit(i, timer(incident.TimerUpdate, s.now))
		s.settles(0, old)
		s.same(len(s.claim(time.Minute)), 1)
		s.settles(0, old)
	}},
	{"fired are settled by the commit", func(s *suite) {
		i := s.declare(timer(incident.TimerRespond, s.now), timer(incident.TimerUpdate, s.after(time.Minute)))
		s.commit(i, fired(s.claim(time.Minute)[0]))
		left := s.claimAll()
		s.same(len(left), 1)
		s.same(left[0].Timer.Name, incident.TimerUpdate)
	}},
	{"fired and set anew stay", func(s *suite) {
		i := s.declare(timer(incident.TimerUpdate, s.now))
		claim := s.claim(time.Minute)[0]
		s.commit(i, fired(claim), timer(incident.TimerUpdate, s.after(time.Hour)))
		s.settles(0, claim)
		s.now = s.after(time.Hour)
		claims := s.claim(time.Minute)
		s.same(len(claims), 1)
		s.same(claims[0].Timer.Gen, 2)
	}},
	{"have whatever name, and exist for closed incidents too", func(s *suite) {
		inc := s.declare(timer("task:3", s.now), timer("archive", s.after(time.Minute)))
		inc = s.commit(inc, status(incident.Closed), timer("task:4", s.after(time.Second)))
		claims := s.claim(time.Minute)
		s.same(len(claims), 1)
		s.same(claims[0].Timer, incident.Timer{Number: inc.Number, Name: "task:3", At: s.now, Gen: 1})
		inc = s.commit(inc, fired(claims[0]), timer("archive", time.Time{}))
		s.now = s.after(time.Hour)
		claims = s.claim(time.Minute)
		s.same(len(claims), 1)
		s.same(claims[0].Timer.Name, incident.TimerName("task:4"))
		s.settles(1, claims...)
	}},
	{"have a name of one word", func(s *suite) {
		inc := s.declare()
		s.neverTakes(s.next(inc, everything, timer("two words", s.now)))
		s.neverTakes(s.next(inc, everything, timer("", s.now)))
	}},
}

var slots = []rule{
	{"are won once, and only the later ones", func(s *suite) {
		type answer struct {
			Last time.Time
			Won  bool
		}
		claim := func(job string, slot time.Time) answer {
			last, won, err := s.ClaimSlot(s.ctx(), job, slot)
			s.must(err)
			return answer{last, won}
		}
		one, two := s.now, s.after(time.Hour)
		last, err := s.LastSlot(s.ctx(), "digest")
		s.must(err)
		s.same(last, time.Time{})
		s.same(claim("digest", one), answer{time.Time{}, true})
		s.same(claim("digest", one), answer{one, false})
		s.same(claim("digest", two), answer{one, true})
		s.same(claim("digest", one), answer{two, false})
		s.same(claim("other", one), answer{time.Time{}, true})
		last, err = s.LastSlot(s.ctx(), "digest")
		s.must(err)
		s.same(last, two)
	}},
}

// claim claims what is due now.
func (s *suite) claim(lease time.Duration) []incident.Claim {
	s.Helper()
	claims, err := s.ClaimDue(s.ctx(), s.now, lease, 100)
	s.must(err)
	return claims
}

// claimAll claims every timer that there is, whoever has it.
func (s *suite) claimAll() []incident.Claim {
	s.Helper()
	claims, err := s.ClaimDue(s.ctx(), s.after(1000*time.Hour), -1000*time.Hour, 100)
	s.must(err)
	slices.SortFunc(claims, func(a, b incident.Claim) int { return a.Timer.At.Compare(b.Timer.At) })
	return claims
}

func (s *suite) settles(want int, claims ...incident.Claim) {
	s.Helper()
	got, err := s.Settle(s.ctx(), claims...)
	s.must(err)
	s.same(got, want)
}
