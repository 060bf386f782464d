package storetest

import (
	"strconv"

	"muster/internal/incident"
)

var parts = []rule{
	{"are set, replaced and removed", func(s *suite) {
		inc := s.declare(part("task", "2", `{"b":"<&>"}`), part("task", "10", `[]`), part("task", "é", `1`))
		s.hasParts(inc.Number, "task", "10", `[]`, "2", `{"b":"<&>"}`, "é", `1`)
		inc = s.commit(inc, part("task", "2", `"new"`), part("task", "10", ""), part("task", "none", ""))
		s.hasParts(inc.Number, "task", "2", `"new"`, "é", `1`)
		inc = s.commit(inc, part("task", "2", ""), part("task", "é", ""))
		s.hasParts(inc.Number, "task")
		inc = s.commit(inc, part("task", "2", `3`))
		s.hasParts(inc.Number, "task", "2", `3`)
	}},
	{"of one kind and incident are no other's", func(s *suite) {
		a := s.declare(part("task", "1", `1`), part("undo", "1", `2`))
		b := s.declare(part("task", "1", `3`))
		a = s.commit(a, part("task", "1", ""))
		s.hasParts(a.Number, "task")
		s.hasParts(a.Number, "undo", "1", `2`)
		s.hasParts(b.Number, "task", "1", `3`)
	}},
	{"come with their incident, however it is found", func(s *suite) {
		inc := s.declare(part("task", "1", `1`), channel("C1"), key("once"))
		want := incident.Want{Parts: []incident.PartKind{"task", "undo"}}
		for _, ref := range []incident.Ref{{Number: inc.Number}, {Channel: "C1"}, {}} {
			got, _, err := s.Load(s.ctx(), ref, "once", want)
			s.must(err)
			s.same(got.Loaded, incident.Loaded{Parts: map[incident.PartKind][]incident.Part{
				"task": {{Kind: "task", ID: "1", Body: []byte(`1`)}}, "undo": {},
			}})
		}
	}},
	{"have a name of their own", func(s *suite) {
		inc := s.declare()
		s.neverTakes(s.next(inc, everything, part("task", "1", `1`), part("task", "1", `2`)))
		s.neverTakes(s.next(inc, everything, part("task", "", `1`)))
		s.neverTakes(s.next(inc, everything, part("", "1", `1`)))
	}},
	{"may be many", func(s *suite) {
		inc := s.declare()
		var edits []edit
		for i := range 2500 {
			edits = append(edits, part("task", strconv.Itoa(i), `{}`))
		}
		inc = s.commit(inc, edits...)
		s.same(len(s.loadWith(inc.Number, incident.Want{Parts: []incident.PartKind{"task"}}).Loaded.Parts["task"]), 2500)
	}},
}

// hasParts expects an incident to have just these parts of a kind: IDs and bodies in turn.
func (s *suite) hasParts(n incident.Number, kind incident.PartKind, idsAndBodies ...string) {
	s.Helper()
	want := []incident.Part{}
	for i := 0; i < len(idsAndBodies); i += 2 {
		want = append(want, incident.Part{Kind: kind, ID: idsAndBodies[i], Body: []byte(idsAndBodies[i+1])})
	}
	got := s.loadWith(n, incident.Want{Parts: []incident.PartKind{kind}})
	s.same(got.Loaded.Parts, map[incident.PartKind][]incident.Part{kind: want})
}
