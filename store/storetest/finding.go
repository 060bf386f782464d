package storetest

import (
	"slices"
	"time"

	"muster/internal/incident"
	"muster/internal/policy"
)

var finding = []rule{
	{"gives the newest first", func(s *suite) {
		a, b, c := s.declare(), s.declare(), s.declare()
		s.findsThese(incident.Query{}, c, b, a)
		s.findsThese(incident.Query{Limit: 2}, c, b)
	}},
	{"gives the open ones, the worst first, then the oldest", func(s *suite) {
		a, b, c, d := s.declare(), s.declare(severity(policy.P3)), s.declare(severity(policy.P0)), s.declare()
		s.findsThese(incident.Query{Open: true}, c, a, d, b)
		s.findsThese(incident.Query{Open: true, Limit: 3}, c, a, d)
		c = s.commit(c, status(incident.Resolved))
		d = s.commit(d, severity(policy.P0))
		s.findsThese(incident.Query{Open: true}, d, a, b)
		c = s.commit(c, status(incident.Investigating), severity(policy.P2))
		s.findsThese(incident.Query{Open: true}, d, a, c, b)
		s.findsThese(incident.Query{}, d, c, b, a)
	}},
	{"gives the summary of the last commit", func(s *suite) {
		inc := s.declare()
		s.now = s.after(time.Minute)
		c := s.next(inc, status(incident.Monitoring), channel("C1"), severity(policy.P0))
		s.must(s.Commit(s.ctx(), c))
		s.finds(incident.Query{}, c.Changes[0].Summary)
		s.finds(incident.Query{Open: true}, c.Changes[0].Summary)
	}},
	{"gives what has changed since a moment", func(s *suite) {
		a, b, c := s.declare(), s.declare(), s.declare()
		s.findsThese(incident.Query{Since: s.now}, c, b, a)
		s.now = s.after(time.Minute)
		a = s.commit(a)
		s.now = s.after(time.Minute)
		b = s.commit(b, status(incident.Resolved))
		s.findsThese(incident.Query{Since: s.now}, b)
		s.findsThese(incident.Query{Since: s.after(-time.Minute)}, b, a)
		s.findsThese(incident.Query{Since: s.after(-time.Minute), Open: true}, a)
		s.findsThese(incident.Query{Since: s.after(-time.Hour), Open: true, Limit: 1}, a)
		s.findsThese(incident.Query{Since: s.after(-time.Hour), Limit: 2}, c, b)
		s.findsThese(incident.Query{Since: s.after(time.Millisecond)})
	}},
	{"gives page by page", func(s *suite) {
		for i := range 10 {
			to := incident.Investigating
			if i%4 == 3 {
				to = incident.Resolved
			}
			s.declare(severity([]policy.Severity{policy.P0, policy.P1, policy.P2}[i%3]), status(to))
			s.now = s.after(time.Minute)
		}
		for _, q := range []incident.Query{
			{}, {Open: true}, {Since: start.Add(3 * time.Minute)}, {Open: true, Since: start.Add(3 * time.Minute)},
		} {
			all, err := s.Find(s.ctx(), q)
			s.must(err)
			for size := 1; size <= 4; size++ {
				s.same(s.paged(q, size), all)
			}
		}
	}},
	{"begins behind a row that is no longer what it was", func(s *suite) {
		a, b, c := s.declare(), s.declare(), s.declare()
		page, err := s.Find(s.ctx(), incident.Query{Open: true, Limit: 2})
		s.must(err)
		s.commit(b, status(incident.Resolved))
		s.findsThese(incident.Query{Open: true, After: &page[1]}, c)
		s.commit(a, severity(policy.P3))
		s.findsThese(incident.Query{Open: true, After: &page[0]}, c, s.load(a.Number))
	}},
	{"gives more than fit in one answer", func(s *suite) {
		var oldest []incident.Incident
		for len(oldest) < 1100 {
			n := incident.Number(len(oldest) + 1)
			c := s.next(s.fresh(n))
			for i := range incident.Number(49) {
				also(s.change(s.fresh(n + 1 + i)))(&c)
			}
			s.must(s.Commit(s.ctx(), summarized(c)))
			for _, change := range c.Changes {
				oldest = append(oldest, change.After)
			}
		}
		newest := slices.Clone(oldest)
		slices.Reverse(newest)
		s.findsThese(incident.Query{}, newest...)
		s.findsThese(incident.Query{Since: start}, newest...)
		s.findsThese(incident.Query{Open: true}, oldest...)
		s.findsThese(incident.Query{Open: true, Since: start, Limit: 1050}, oldest[:1050]...)
	}},
}

// finds expects these rows.
func (s *suite) finds(q incident.Query, want ...incident.Summary) {
	s.Helper()
	got, err := s.Find(s.ctx(), q)
	s.must(err)
	s.same(got, want)
}

// findsThese expects these incidents, by what tells them apart.
func (s *suite) findsThese(q incident.Query, want ...incident.Incident) {
	s.Helper()
	type row struct {
		Number   incident.Number
		Severity policy.Severity
		Status   incident.Status
	}
	found, err := s.Find(s.ctx(), q)
	s.must(err)
	var got, wanted []row
	for _, r := range found {
		got = append(got, row{r.Number, r.Severity, r.Status})
	}
	for _, inc := range want {
		wanted = append(wanted, row{inc.Number, inc.Severity, inc.Status})
	}
	s.same(got, wanted)
}

// paged reads a query's rows so many at a time.
func (s *suite) paged(q incident.Query, size int) (all []incident.Summary) {
	s.Helper()
	q.Limit = size
	for {
		page, err := s.Find(s.ctx(), q)
		s.must(err)
		all = append(all, page...)
		if len(page) < size {
			return all
		}
		q.After = &page[len(page)-1]
	}
}
