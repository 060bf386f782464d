package templates_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/policy"
)

// examples are an argument of each name, as the code passes it.
var examples = incident.Args{
	"number": incident.Number(7), "by": ben, "user": ben, "role": policy.Role("tech_lead"), "level": policy.Level(2),
	"severity": policy.P1, "status": incident.Resolved, "verb": incident.VerbCancel, "open": false,
	"into": incident.Number(7), "milder": policy.P2, "now": "P0 a <b>", "private": incident.Number(7), "public": incident.Number(6),
	"account": policy.Guest, "guests": true, "ago": 90 * time.Second, "min": time.Minute, "max": 24 * time.Hour,
	"field": incident.FieldCause, "length": 3000, "limit": incident.MaxText,
	"first": policy.P0, "second": policy.P1, "word": "a <b>", "command": "/incident resolve INC-7 rolled <!here> back",
}

// refusal describes one place in the code that refuses.
type refusal struct {
	at   token.Position
	code string
	args []string
}

// refusals finds every call of Reject in a package.
func refusals(t testing.TB, dir string) []refusal {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all []refusal
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !named(call.Fun, "Reject") {
				return true
			}
			r := refusal{at: set.Position(call.Pos()), code: literal(t, set, call.Args[0])}
			if args, ok := call.Args[1].(*ast.CompositeLit); ok {
				for _, of := range args.Elts {
					r.args = append(r.args, literal(t, set, of.(*ast.KeyValueExpr).Key))
				}
			} else if !named(call.Args[1], "nil") {
				t.Errorf("%s: the arguments are not written out", r.at)
			}
			all = append(all, r)
			return true
		})
	}
	return all
}

func named(e ast.Expr, name string) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == name
	case *ast.SelectorExpr:
		return e.Sel.Name == name
	}
	return false
}

func literal(t testing.TB, set *token.FileSet, e ast.Expr) string {
	t.Helper()
	lit, ok := e.(*ast.BasicLit)
	if !ok {
		t.Fatalf("%s: not a literal", set.Position(e.Pos()))
	}
	s, err := strconv.Unquote(lit.Value)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// everyRefusal returns what the domain, the handlers and the forms refuse.
func everyRefusal(t testing.TB) []refusal {
	t.Helper()
	domain, handlers := refusals(t, "../internal/incident"), append(refusals(t, "../handlers"), refusals(t, ".")...)
	if len(domain) < 10 || len(handlers) < 5 {
		t.Fatalf("found only %d and %d refusals: the test looks in the wrong place", len(domain), len(handlers))
	}
	return append(domain, handlers...)
}

func TestRejections_EveryOneInTheCode_HasItsSentence(t *testing.T) {
	s := atWork(t)
	for _, r := range everyRefusal(t) {
		args := incident.Args{}
		for _, name := range r.args {
			example, ok := examples[name]
			if !ok {
				t.Errorf("%s: the test has no example of %q", r.at, name)
			}
			args[name] = example
		}
		said, err := s.templates().Rejected(&incident.Rejection{Code: r.code, Args: args})
		if err != nil {
			t.Errorf("%s: %v", r.at, err)
			continue
		}
		for _, hole := range []string{"<no value>", "%!", "  ", "<b>", "<!here>"} {
			if said.Text == "" || strings.Contains(said.Text, hole) {
				t.Errorf("%s: %q", r.at, said.Text)
			}
		}
	}
}

func TestRejections_EverySentence_IsUsed(t *testing.T) {
	codes := map[string]bool{}
	for _, r := range everyRefusal(t) {
		codes[r.code] = true
	}
	file, err := os.ReadFile("words/slack/rejections.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\{\{define "(.*?)"`).FindAllStringSubmatch(string(file), -1) {
		if !codes[m[1]] {
			t.Errorf("%s: nothing is refused with this code", m[1])
		}
	}
}

// TestRejections_SameCode_SayWhatFits holds the sentences that depend on more than their code.
func TestRejections_SameCode_SayWhatFits(t *testing.T) {
	s := atWork(t)
	for name, c := range map[string]struct {
		code string
		args incident.Args
		want string
	}{
		"close what is open": {
			"not_allowed",
			incident.Args{"number": incident.Number(7), "verb": incident.VerbClose, "status": incident.Identified, "open": true},
			"INC-7 is still being fixed. Resolve it first: `/incident resolve INC-7`",
		},
		"reopen what is open": {
			"not_allowed",
			incident.Args{"number": incident.Number(7), "verb": incident.VerbReopen, "status": incident.Identified, "open": true},
			"INC-7 is already open. Share what's new: `/incident update INC-7`",
		},
		"cancel what is resolved": {
			"not_allowed",
			incident.Args{"number": incident.Number(7), "verb": incident.VerbCancel, "status": incident.Resolved, "open": false},
			"INC-7 is already *resolved*. Done with it? `/incident close INC-7`",
		},
		"cancel what is closed": {
			"not_allowed",
			incident.Args{"number": incident.Number(7), "verb": incident.VerbCancel, "status": incident.Closed, "open": false},
			"INC-7 is already *closed*. Is it back? `/incident reopen INC-7`",
		},
		"update to resolved": {
			"not_allowed",
			incident.Args{"number": incident.Number(7), "command": "/incident resolve INC-7 it's `fixed`"},
			"An update can't resolve an incident. Type `/incident resolve INC-7 it's 'fixed'`.",
		},
		"a command without a number": {
			"no_incident_here",
			incident.Args{"command": "/incident ack INC-1"},
			"This isn't an incident channel. Add the number (`/incident ack INC-1`) or run it in the incident's channel. `/incident list` shows what's open.",
		},
		"a merge into a milder one": {
			"merge_into_milder",
			incident.Args{"number": incident.Number(7), "severity": policy.P0, "into": incident.Number(9), "milder": policy.P2},
			"INC-7 is P0, INC-9 only P2. Raise INC-9 first (`/incident severity INC-9 P0`), or merge the other way round (`/incident merge INC-9 INC-7`).",
		},
		"a severity that is none": {
			"unknown_severity",
			incident.Args{"word": "p9"},
			"`p9` isn't a severity. Choose `P0` Critical, `P1` High, `P2` Medium or `P3` Low.",
		},
		"acknowledged before": {
			"already_acknowledged",
			incident.Args{"number": incident.Number(7), "by": ben, "ago": 4 * time.Minute},
			"<@U0BEN> acknowledged INC-7 4 min ago.",
		},
		"a snooze that is too long": {
			"bad_snooze",
			incident.Args{"min": time.Minute, "max": 24 * time.Hour},
			"Choose between 1 minute and 24 hours, for example `30m` or `2h`.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := answer(t)(s.templates().Rejected(&incident.Rejection{Code: c.code, Args: c.args})).Text
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestRejected_NoWordsOrNoArgument_Fails(t *testing.T) {
	words := atWork(t).templates()
	for _, r := range []*incident.Rejection{
		{Code: "no_such_code"}, {Code: "not_open"}, {Code: "not_found", Args: incident.Args{"number": 7.5}},
	} {
		if said, err := words.Rejected(r); err == nil {
			t.Errorf("%v: %q", r, said.Text)
		}
	}
}

// The sentence for every reason why a post-mortem is required.
func TestPostMortem_EveryReason_HasWords(t *testing.T) {
	seen := map[incident.PostMortemReason]string{}
	for _, s := range []*story{
		declared(t, policy.P0).settled().resolved(fixed),
		declared(t, policy.P1).settled().resolved(fixed),
		declared(t, policy.P3).settled().after(5 * time.Hour).resolved(fixed),
	} {
		text := s.message(incident.TemplateResolution).Text
		_, line, _ := strings.Cut(text, "*Post-mortem:* ")
		line, _, _ = strings.Cut(line, ". ")
		seen[s.i.NeedsPostMortem(s.policy, s.now)] = line
	}
	want := map[incident.PostMortemReason]string{
		incident.PostMortemSeverity: "required: it was a P0", incident.PostMortemCustomers: "required: customers noticed this P1",
		incident.PostMortemDuration: "required: it lasted 5 h",
	}
	if !maps.Equal(seen, want) {
		t.Errorf("got %v, want %v", seen, want)
	}
	for _, r := range incident.PostMortemReasons() {
		if !slices.Contains(slices.Collect(maps.Keys(want)), r) {
			t.Errorf("no example of %q", r)
		}
	}
}
