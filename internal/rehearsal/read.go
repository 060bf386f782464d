package rehearsal

import (
	"fmt"
	"strings"
	"time"

	"muster/internal/policy"
	"muster/internal/yamlfile"
)

// reading is a scenario being read.
type reading struct {
	*yamlfile.Reader
	known Known
	into  *Scenario

	figures yamlfile.Place // the first time that uses one of the policy's figures
	before  time.Duration
	certain bool           // before is the time of the step before, whatever the policy says
	at      yamlfile.Place // of the steps
	expects bool           // one of them expects something
}

// Parse reads the content of a file called name. Its error is always
// [yamlfile.Problems].
func Parse(name string, b []byte, known Known) (Scenario, error) {
	s := Scenario{File: name}
	r := &reading{Reader: yamlfile.NewReader(name), known: known, into: &s, certain: true}
	root := r.Root(b)
	if err := r.Err(); err != nil {
		return Scenario{}, err // no YAML at all: what is missing in it is no news
	}
	r.Object(root, "the scenario",
		yamlfile.Field{Key: "title", Required: true, Read: func(n yamlfile.Node) { r.Text(n, "title", &s.Title) }},
		yamlfile.Field{Key: "severity", Read: r.severity},
		yamlfile.Field{Key: "steps", Required: true, Read: r.steps},
	)
	if s.severity == "" && r.figures.Line > 0 {
		r.Problem(r.figures, "this time is a figure of the policy, but the scenario has no severity", `add a line such as "severity: P0"`)
	}
	if r.Err() == nil && !r.expects { // beside another mistake it may be no news
		r.Problem(r.at, "no step expects anything, so this would pass whatever Muster does", `add what has to come of a step, such as "expect: [says: INC-1]"`)
	}
	if err := r.Err(); err != nil {
		return Scenario{}, err
	}
	return s, nil
}

func (r *reading) severity(n yamlfile.Node) {
	var word string
	if !r.Text(n, "severity", &word) {
		return
	}
	var known []string
	r.into.severity = policy.Severity(word) // if it is none, that is said below; that there is one is enough for the times
	for _, s := range r.known.Policy.Severities {
		if known = append(known, string(s.Severity)); s.Severity == r.into.severity {
			return
		}
	}
	r.Problem(r.Place(n), fmt.Sprintf("unknown severity %q", word), "it has to be one of "+strings.Join(known, ", "))
}

func (r *reading) steps(n yamlfile.Node) {
	nodes, ok := r.List(n, "steps")
	if !ok {
		return
	}
	r.at = r.Place(n)
	if len(nodes) == 0 {
		r.Problem(r.Place(n), "there are no steps", "add one at least: - {at: 0s, who: oncall, do: /incident declare P0 Payments down}")
	}
	for _, n := range nodes {
		s := r.step(n)
		r.into.steps = append(r.into.steps, s)
		r.order(s.at)
	}
}

func (r *reading) step(n yamlfile.Node) step {
	var s step
	var who, do, in, form, expect yamlfile.Node
	ok := r.Object(n, "this step",
		yamlfile.Field{Key: "at", Required: true, Read: func(n yamlfile.Node) { r.moment(n, &s.at) }},
		yamlfile.Field{Key: "who", Read: func(n yamlfile.Node) { who, s.whoAt = n, r.Place(n); r.person(n, "who", &s.who) }},
		yamlfile.Field{Key: "do", Read: func(n yamlfile.Node) { do = n; r.deed(n, &s.do) }},
		yamlfile.Field{Key: "in", Read: func(n yamlfile.Node) { in = n; r.scene(n, &s.in) }},
		yamlfile.Field{Key: "form", Read: func(n yamlfile.Node) { form = n; r.form(n, &s) }},
		yamlfile.Field{Key: "expect", Read: func(n yamlfile.Node) { expect = n; r.expectations(n, "expect", false, &s) }},
		yamlfile.Field{Key: "expect_none", Read: func(n yamlfile.Node) { expect = n; r.expectations(n, "expect_none", true, &s) }},
	)
	if !ok {
		return s
	}
	for i := range s.expect {
		s.expect[i].by = s.who
		if s.expect[i].in == answer && who == nil {
			r.Problem(s.expect[i].at, "an answer is expected, but nobody does anything in this step", "add who and do, or look in another place")
		}
		if s.expect[i].in == inForm && form == nil {
			r.Problem(s.expect[i].at, "a form is expected to say something, but this step sends none", "add form, or look in another place")
		}
	}
	switch {
	case who != nil && do == nil:
		r.Problem(r.Place(who), "it is not said what they do", `add a line such as "do: /incident ack"`)
	case who == nil && do != nil:
		r.Problem(r.Place(n), "it is not said who does this", `add a line such as "who: oncall"`)
	case who == nil && in == nil && expect == nil && form == nil:
		r.Problem(r.Place(n), "nothing is done in this step, and nothing expected", "add who and do, or expect, or take the step away")
	case in != nil && do == nil:
		r.Problem(r.Place(in), "nobody does anything in this step", `"in" beside "at" is where something is done; what is expected has its own`)
	case form != nil && (do == nil || s.do.kind == says):
		r.Problem(r.Place(form), "nothing that is done in this step can open a form", `add a line such as "do: /incident" or "do: click Post update"`)
	case in != nil && (s.in == elsewhere || s.in == answer || s.in == inForm):
		r.Problem(r.Place(in), fmt.Sprintf("nobody can do anything in %q", s.in), "write incident, announcements, #channel or \"dm of oncall\"")
	}
	return s
}

func (r *reading) moment(n yamlfile.Node, into *moment) {
	var text string
	if !r.Word(n, "at", &text) {
		return
	}
	m, what := parseMoment(text)
	if m.place = r.Place(n); what != "" {
		r.Problem(m.place, what, momentRight)
		return
	}
	if m.usesFigures() && r.figures.Line == 0 {
		r.figures = m.place
	}
	*into = m
}

// order holds the times that are certain to go forward; the others are held by
// the plan, once the policy is known.
func (r *reading) order(m moment) {
	if !m.isFixed() || len(m.terms) == 0 || (m.then && !r.certain) {
		r.certain = false
		return
	}
	at, why := m.resolve(earlier{before: r.before}, "", policy.SeverityPolicy{})
	switch {
	case why != "":
		r.Problem(m.place, why, "write a time from 0s to 720h")
	case at < r.before && r.certain:
		r.Problem(m.place, fmt.Sprintf("this step is at %s, the step before at %s", clock(at), clock(r.before)), "put the steps in the order of their times")
	default:
		r.before, r.certain = at, true
	}
}

func (r *reading) person(n yamlfile.Node, name string, into *person) {
	var word string
	if !r.Text(n, name, &word) {
		return
	}
	word = strings.TrimPrefix(word, "@")
	if what, right := r.known.unknown(word); what != "" {
		r.Problem(r.Place(n), what, right)
		return
	}
	*into = person(word)
}

func (r *reading) deed(n yamlfile.Node, into *deed) {
	var text string
	if !r.Text(n, "do", &text) {
		return
	}
	word, rest, _ := strings.Cut(text, " ")
	switch {
	case strings.HasPrefix(text, "/"):
		*into = deed{types, text}
	case word == "click" && rest != "":
		*into = deed{presses, rest}
	case word == "say" && rest != "":
		*into = deed{says, rest}
	default:
		r.Problem(r.Place(n), fmt.Sprintf("%q is nothing that somebody can do", text), `write a command such as "/incident ack", "click" and a button's label, or "say" and a message`)
	}
}

func (r *reading) scene(n yamlfile.Node, into *scene) {
	var word string
	if !r.Text(n, "in", &word) {
		return
	}
	s := scene(word)
	if p, ok := s.direct(); ok {
		if what, right := r.known.unknown(string(p)); what != "" {
			r.Problem(r.Place(n), what, right)
			return
		}
	} else if !strings.HasPrefix(word, "#") {
		switch s {
		case inIncident, announcements, elsewhere, answer, inForm:
		default:
			r.Problem(r.Place(n), fmt.Sprintf("%q is no place", word), `write incident, announcements, elsewhere, answer, form, "#channel" in quotes or "dm of oncall"`)
			return
		}
	}
	*into = s
}

func (r *reading) expectations(n yamlfile.Node, name string, none bool, into *step) {
	var words string
	if yamlfile.IsText(n) && r.Text(n, name, &words) {
		r.Problem(r.Place(n), name+" is a text", fmt.Sprintf("write a list: [says: %q]", words))
		return
	}
	nodes, _ := r.List(n, name)
	r.expects = r.expects || len(nodes) > 0
	for _, n := range nodes {
		into.expect = append(into.expect, r.expectation(n, none))
	}
}

func (r *reading) expectation(n yamlfile.Node, none bool) expectation {
	e := expectation{none: none, in: inIncident, at: r.Place(n)}
	var words string
	if yamlfile.IsText(n) && r.Text(n, "what is expected", &words) {
		r.Problem(e.at, "what is expected is a text", fmt.Sprintf("write says: %q", words))
		return e
	}
	var talk, member, reader, when yamlfile.Node
	ok := r.Object(n, "what is expected",
		yamlfile.Field{Key: "in", Read: func(n yamlfile.Node) { r.scene(n, &e.in) }},
		yamlfile.Field{Key: "says", Read: func(n yamlfile.Node) { talk = n; r.Text(n, "says", &e.says) }},
		yamlfile.Field{Key: "member", Read: func(n yamlfile.Node) { member = n; r.person(n, "member", &e.who) }},
		yamlfile.Field{Key: "reader", Read: func(n yamlfile.Node) { reader, e.reads = n, true; r.person(n, "reader", &e.who) }},
		yamlfile.Field{Key: "count", Read: func(n yamlfile.Node) { when = n; r.count(n, none, &e.count) }},
		yamlfile.Field{Key: "since", Read: func(n yamlfile.Node) { when = n; r.since(n, &e.fromStart) }},
	)
	there := 0
	for _, what := range []yamlfile.Node{talk, member, reader} {
		if what != nil {
			there++
		}
	}
	_, direct := e.in.direct()
	switch {
	case !ok: // was said
	case there != 1:
		r.Problem(e.at, "what is expected is not clear", `write one of says: "a text", member: oncall and reader: oncall`)
	case talk == nil && (direct || e.in == elsewhere || e.in == answer || e.in == inForm || when != nil):
		r.Problem(e.at, "people are expected in one channel, and now", "take count and since away, and name one channel")
	}
	return e
}

func (r *reading) since(n yamlfile.Node, into *bool) {
	var word string
	if !r.Text(n, "since", &word) {
		return
	}
	if *into = word == "start"; !*into {
		r.Problem(r.Place(n), fmt.Sprintf("since is %q", word), `write "since: start", or take it away: then what was said since the moment before counts`)
	}
}

func (r *reading) count(n yamlfile.Node, none bool, into *int) {
	if !r.Number(n, "count", into) {
		return
	}
	if none || *into == 0 {
		r.Problem(r.Place(n), "none needs no count", "write it under expect_none, without count")
	}
}
