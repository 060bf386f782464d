package rehearsal

import (
	"fmt"
	"strings"
	"time"

	"muster/internal/policy"
	"muster/internal/yamlfile"
)

// parser is a scenario being read.
type parser struct {
	*yamlfile.Reader
	known Known
	into  *Scenario

	policyTimeAt yamlfile.Place // the first time that uses one of the policy's deadlines
	before       time.Duration
	fixed        bool           // before is the time of the step before, whatever the policy says
	at           yamlfile.Place // of the steps
	expects      bool           // one of them expects something
}

// Parse reads the content of a file called name. Its error is always
// [yamlfile.Problems].
func Parse(name string, b []byte, known Known) (Scenario, error) {
	s := Scenario{File: name}
	r := &parser{Reader: yamlfile.NewReader(name), known: known, into: &s, fixed: true}
	root := r.Root(b)
	if err := r.Err(); err != nil {
		return Scenario{}, err // no YAML at all: what is missing in it is no news
	}
	r.Object(root, "the scenario",
		yamlfile.Field{Key: "title", Required: true, Read: func(n yamlfile.Node) { r.Text(n, "title", &s.Title) }},
		yamlfile.Field{Key: "severity", Read: r.severity},
		yamlfile.Field{Key: "steps", Required: true, Read: r.steps},
	)
	if s.severity == "" && r.policyTimeAt.Line > 0 {
		r.Problem(r.policyTimeAt, "this time comes from the policy, but the scenario has no severity", `add a line such as "severity: P0"`)
	}
	if r.Err() == nil && !r.expects { // beside another mistake it may be no news
		r.Problem(r.at, "no step expects anything, so this scenario would always pass", `add an expectation, such as "expect: [says: INC-1]"`)
	}
	if err := r.Err(); err != nil {
		return Scenario{}, err
	}
	return s, nil
}

func (r *parser) severity(n yamlfile.Node) {
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

func (r *parser) steps(n yamlfile.Node) {
	nodes, ok := r.List(n, "steps")
	if !ok {
		return
	}
	r.at = r.Place(n)
	if len(nodes) == 0 {
		r.Problem(r.Place(n), "there are no steps", "add at least one: - {at: 0s, who: oncall, do: /incident declare P0 Payments down}")
	}
	for _, n := range nodes {
		s := r.step(n)
		r.into.steps = append(r.into.steps, s)
		r.checkOrder(s.at)
	}
}

func (r *parser) step(n yamlfile.Node) step {
	var s step
	var actor, do, in, form, expect yamlfile.Node
	ok := r.Object(n, "this step",
		yamlfile.Field{Key: "at", Required: true, Read: func(n yamlfile.Node) { r.stepTime(n, &s.at) }},
		yamlfile.Field{Key: "who", Read: func(n yamlfile.Node) { actor, s.actorAt = n, r.Place(n); r.person(n, "who", &s.actor) }},
		yamlfile.Field{Key: "do", Read: func(n yamlfile.Node) { do = n; r.action(n, &s.do) }},
		yamlfile.Field{Key: "in", Read: func(n yamlfile.Node) { in = n; r.location(n, &s.in) }},
		yamlfile.Field{Key: "form", Read: func(n yamlfile.Node) { form = n; r.form(n, &s) }},
		yamlfile.Field{Key: "expect", Read: func(n yamlfile.Node) { expect = n; r.expectations(n, "expect", false, &s) }},
		yamlfile.Field{Key: "expect_none", Read: func(n yamlfile.Node) { expect = n; r.expectations(n, "expect_none", true, &s) }},
	)
	if !ok {
		return s
	}
	for i := range s.expect {
		s.expect[i].by = s.actor
		if s.expect[i].in == answer && actor == nil {
			r.Problem(s.expect[i].at, "this step expects an answer, but nobody acts in it", "add who and do, or change \"in\"")
		}
		if s.expect[i].in == inForm && form == nil {
			r.Problem(s.expect[i].at, "this step expects a form error, but sends no form", "add form, or change \"in\"")
		}
	}
	switch {
	case actor != nil && do == nil:
		r.Problem(r.Place(actor), "who is set, but do is missing", `add a line such as "do: /incident ack"`)
	case actor == nil && do != nil:
		r.Problem(r.Place(n), "do is set, but who is missing", `add a line such as "who: oncall"`)
	case actor == nil && in == nil && expect == nil && form == nil:
		r.Problem(r.Place(n), "this step does nothing and expects nothing", "add who and do, or expect, or remove the step")
	case in != nil && do == nil:
		r.Problem(r.Place(in), "in is set, but nobody acts in this step", `the "in" of a step says where somebody acts; an expectation has its own`)
	case form != nil && (do == nil || s.do.kind == actionSay):
		r.Problem(r.Place(form), "nothing in this step opens a form", `add a line such as "do: /incident" or "do: click Post update"`)
	case in != nil && (s.in == elsewhere || s.in == answer || s.in == inForm):
		r.Problem(r.Place(in), fmt.Sprintf("nobody can act in %q", s.in), "use incident, announcements, #channel or \"dm of oncall\"")
	}
	return s
}

func (r *parser) stepTime(n yamlfile.Node, into *stepTime) {
	var text string
	if !r.Word(n, "at", &text) {
		return
	}
	m, problem := parseTime(text)
	m.place = r.Place(n)
	if problem != "" {
		r.Problem(m.place, problem, timeHelp)
		return
	}
	if m.usesPolicy() && r.policyTimeAt.Line == 0 {
		r.policyTimeAt = m.place
	}
	*into = m
}

// checkOrder holds the times that are certain to go forward; the others are held by
// the plan, once the policy is known.
func (r *parser) checkOrder(m stepTime) {
	if !m.isFixed() || len(m.terms) == 0 || (m.relative && !r.fixed) {
		r.fixed = false
		return
	}
	at, reason := m.resolve(previousTimes{before: r.before}, "", policy.SeverityPolicy{})
	switch {
	case reason != "":
		r.Problem(m.place, reason, "write a time from 0s to 720h")
	case at < r.before && r.fixed:
		r.Problem(m.place, fmt.Sprintf("this step is at %s, before the previous step at %s", clock(at), clock(r.before)), "put the steps in order of time")
	default:
		r.before, r.fixed = at, true
	}
}

func (r *parser) person(n yamlfile.Node, name string, into *person) {
	var word string
	if !r.Text(n, name, &word) {
		return
	}
	word = strings.TrimPrefix(word, "@")
	if problem, right := r.known.unknown(word); problem != "" {
		r.Problem(r.Place(n), problem, right)
		return
	}
	*into = person(word)
}

func (r *parser) action(n yamlfile.Node, into *userAction) {
	var text string
	if !r.Text(n, "do", &text) {
		return
	}
	word, rest, _ := strings.Cut(text, " ")
	switch {
	case strings.HasPrefix(text, "/"):
		*into = userAction{actionCommand, text}
	case word == "click" && rest != "":
		*into = userAction{actionClick, rest}
	case word == "say" && rest != "":
		*into = userAction{actionSay, rest}
	default:
		r.Problem(r.Place(n), fmt.Sprintf("%q isn't an action", text), `use a command such as "/incident ack", "click" and a button's label, or "say" and a message`)
	}
}

func (r *parser) location(n yamlfile.Node, into *location) {
	var word string
	if !r.Text(n, "in", &word) {
		return
	}
	s := location(word)
	if p, ok := s.direct(); ok {
		if problem, right := r.known.unknown(string(p)); problem != "" {
			r.Problem(r.Place(n), problem, right)
			return
		}
	} else if !strings.HasPrefix(word, "#") {
		switch s {
		case inIncident, announcements, elsewhere, answer, inForm:
		default:
			r.Problem(r.Place(n), fmt.Sprintf("%q isn't a location", word), `use incident, announcements, elsewhere, answer, form, "#channel" in quotes or "dm of oncall"`)
			return
		}
	}
	*into = s
}

func (r *parser) expectations(n yamlfile.Node, name string, none bool, into *step) {
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

func (r *parser) expectation(n yamlfile.Node, none bool) expectation {
	e := expectation{none: none, in: inIncident, at: r.Place(n)}
	var words string
	if yamlfile.IsText(n) && r.Text(n, "this expectation", &words) {
		r.Problem(e.at, "this expectation is a text", fmt.Sprintf("write says: %q", words))
		return e
	}
	var talk, member, reader, when yamlfile.Node
	ok := r.Object(n, "this expectation",
		yamlfile.Field{Key: "in", Read: func(n yamlfile.Node) { r.location(n, &e.in) }},
		yamlfile.Field{Key: "says", Read: func(n yamlfile.Node) { talk = n; r.Text(n, "says", &e.text) }},
		yamlfile.Field{Key: "member", Read: func(n yamlfile.Node) { member = n; r.person(n, "member", &e.person) }},
		yamlfile.Field{Key: "reader", Read: func(n yamlfile.Node) { reader, e.readable = n, true; r.person(n, "reader", &e.person) }},
		yamlfile.Field{Key: "count", Read: func(n yamlfile.Node) { when = n; r.count(n, none, &e.count) }},
		yamlfile.Field{Key: "since", Read: func(n yamlfile.Node) { when = n; r.since(n, &e.fromStart) }},
	)
	there := 0
	for _, problem := range []yamlfile.Node{talk, member, reader} {
		if problem != nil {
			there++
		}
	}
	_, direct := e.in.direct()
	switch {
	case !ok: // was said
	case there != 1:
		r.Problem(e.at, "this expectation is ambiguous", `use exactly one of says: "a text", member: oncall and reader: oncall`)
	case talk == nil && (direct || e.in == elsewhere || e.in == answer || e.in == inForm || when != nil):
		r.Problem(e.at, "member and reader work in one channel, without count or since", "remove count and since, and name one channel")
	}
	return e
}

func (r *parser) since(n yamlfile.Node, into *bool) {
	var word string
	if !r.Text(n, "since", &word) {
		return
	}
	if *into = word == "start"; !*into {
		r.Problem(r.Place(n), fmt.Sprintf("since is %q", word), `write "since: start", or remove it to count only what is new`)
	}
}

func (r *parser) count(n yamlfile.Node, none bool, into *int) {
	if !r.Number(n, "count", into) {
		return
	}
	if none || *into == 0 {
		r.Problem(r.Place(n), "count must be at least 1", "to expect none, use expect_none without count")
	}
}
