package rehearsal_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/deploy"
	"muster/internal/config"
	"muster/internal/policy"
	"muster/internal/rehearsal"
	"muster/internal/yamlfile"
)

// known is who the tests' scenarios may speak of.
func known(t *testing.T) rehearsal.Known {
	t.Helper()
	return rehearsal.Known{Handles: []string{"oncall", "support", "security"}, Policy: process(t, string(deploy.SandboxConfig))}
}

func process(t *testing.T, yaml string) policy.Policy {
	t.Helper()
	cfg, err := config.Parse("muster.yaml", []byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	return cfg.Policy
}

func TestEmbeddedScenariosCanBeRead(t *testing.T) {
	if diff := cmp.Diff([]string{"p0", "p1", "security"}, rehearsal.Names()); diff != "" {
		t.Error(diff)
	}
	for _, name := range rehearsal.Names() {
		if s, err := rehearsal.Load(name, known(t)); err != nil || s.Title == "" {
			t.Errorf("%s, %q: %v", name, s.Title, err)
		}
	}
}

func TestFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "drill.yaml")
	if err := os.WriteFile(path, []byte("title: A drill\nsteps: [{at: 0, who: oncall, do: /incident help, expect: [{in: answer, says: list}]}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := rehearsal.Load(path, known(t)); err != nil || s.Title != "A drill" {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := rehearsal.Load(filepath.Dir(path), known(t)); err == nil || strings.Count(err.Error(), filepath.Dir(path)) != 1 {
		t.Errorf("a folder: %v", err)
	}
	_, err := rehearsal.Load("p9", known(t))
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "p0, p1, security") {
		t.Errorf("an unknown scenario: %v", err)
	}
}

func TestProblems(t *testing.T) {
	const when = `write a time such as 15m, update, "escalate L2 - 1m", "+ 2m" after the step before, or "last + 1h" after all before`
	tests := []struct {
		name, file string
		want       []string // without the file's name
	}{
		{"nothing", "", []string{`1:1: the scenario has no "title"; add "title: …"`, `1:1: the scenario has no "steps"; add "steps: …"`}},
		{"no YAML", "title: [\n", []string{"1:8: this isn't YAML: sequence end token ']' not found; check the indentation, brackets and quotes here and in the line before; a text with \": \" or \" #\" in it needs quotes"}},
		{"no steps", "title: A\nsteps: []\n", []string{"2:8: there are no steps; add one at least: - {at: 0s, who: oncall, do: /incident declare P0 Payments down}"}},
		{"unknown keys", "titel: A\nsteps:\n  - {at: 0s, whoo: oncall, do: /incident help}\n", []string{
			`1:1: unknown key "titel" in the scenario; write "title"`,
			`3:5: it is not said who does this; add a line such as "who: oncall"`,
			`3:14: unknown key "whoo" in this step; write "who"`,
		}},
		{"unknown people", "title: A\nsteps:\n  - {at: 0s, who: onkall, do: /incident help}\n  - {at: 1m, expect: [{member: techlead}, {in: dm of supprt, says: a}]}\n", []string{
			`3:19: nobody is called "onkall"; write "oncall"`,
			`4:32: nobody is called "techlead"; write "tech_lead"`,
			`4:48: nobody is called "supprt"; write "support"`,
		}},
		{"times", "title: A\nseverity: P0\nsteps:\n  - {at: 15, who: oncall, do: say a}\n  - {at: soon, who: oncall, do: say a}\n  - {at: escalate, who: oncall, do: say a}\n" +
			"  - {at: 1m 2m, who: oncall, do: say a}\n  - {at: +, who: oncall, do: say a}\n", []string{
			`4:10: "15" is no duration and no figure of the policy; ` + when,
			`5:10: "soon" is no duration and no figure of the policy; ` + when,
			`6:10: escalate names no level; ` + when,
			`7:10: "2m" follows "1m " without + or -; ` + when,
			`8:10: the time "+" ends too early; ` + when,
		}},
		{"times going backwards", "title: A\nsteps:\n  - {at: 15m, who: oncall, do: say a}\n  - {at: + 5m, who: oncall, do: say a}\n  - {at: 19m, who: oncall, do: say a}\n  - {at: + 1m - 1h, who: oncall, do: say a}\n", []string{
			"5:10: this step is at 00:19, the step before at 00:20; put the steps in the order of their times",
			`6:10: "+ 1m - 1h" is before the start; write a time from 0s to 720h`,
		}},
		{"times too late", "title: A\nsteps:\n  - {at: 721h, who: oncall, do: say a}\n  - {at: 700h + 21h, who: oncall, do: say a}\n", []string{
			"3:10: 721h is longer than a scenario can be; " + when,
			`4:10: "700h + 21h" is later than 30 days after the start; write a time from 0s to 720h`,
		}},
		{"a step of nothing", "title: A\nsteps:\n  - {at: 0s}\n", []string{
			"3:5: nothing is done in this step, and nothing expected; add who and do, or expect, or take the step away",
		}},
		{"nothing expected", "title: A\nsteps:\n  - {at: 0s, who: oncall, do: /incident help, expect: []}\n", []string{
			`3:3: no step expects anything, so this would pass whatever Muster does; add what has to come of a step, such as "expect: [says: INC-1]"`,
		}},
		{"no list", "title: A\nsteps:\n  at: 0s\n", []string{`3:3: steps is a mapping; write a list: begin each of its items with "- "`}},
		{"no list of expectations, and no step", "title: A\nsteps:\n  - {at: 0s, expect: INC-1}\n  - at: 1s\n    expect:\n      says: INC-1\n  - {at: 2s, expect: [INC-1, [says]]}\n  - &a {at: 3s}\n  - say a\n", []string{
			`3:22: expect is a text; write a list: [says: "INC-1"]`,
			`6:7: expect is a mapping; write a list: begin each of its items with "- "`,
			`7:23: what is expected is a text; write says: "INC-1"`,
			`7:30: what is expected is a list; write a mapping: lines of "key: value", indented`,
			`8:5: this step is an anchor or alias, which isn't supported; write a mapping: lines of "key: value", indented`,
			`9:5: this step is a text; write a mapping: lines of "key: value", indented`,
		}},
		{"forms", "title: A\nsteps:\n  - at: 0s\n    who: oncall\n    do: /incident\n    form:\n      Severity: P0\n      Severity: P1\n      Who may know: [Private]\n      3: a\n      Person:\n" +
			"  - {at: 1s, who: oncall, do: /incident, form: [Severity]}\n  - {at: 2s, who: oncall, do: say a, form: {}}\n  - {at: 3s, form: {}}\n" +
			"  - {at: 4s, who: oncall, do: /incident, in: form, expect: [{in: form, says: a}]}\n", []string{
			`8:7: "Severity" is already on line 7; keep one of the two`,
			"9:21: Who may know is a list; write a text (what follows # is a comment)",
			"10:7: this key of form is a number; write a plain word before the colon",
			"11:14: Person has no value; write a text (what follows # is a comment)",
			`12:48: form is a list; write a mapping: lines of "key: value", indented`,
			`13:44: nothing that is done in this step can open a form; add a line such as "do: /incident" or "do: click Post update"`,
			`14:20: nothing that is done in this step can open a form; add a line such as "do: /incident" or "do: click Post update"`,
			`15:46: nobody can do anything in "form"; write incident, announcements, #channel or "dm of oncall"`,
			"15:61: a form is expected to say something, but this step sends none; add form, or look in another place",
		}},
		{"figures of nothing", "title: A\nsteps:\n  - {at: response, expect: [{says: a}]}\n", []string{
			`3:10: this time is a figure of the policy, but the scenario has no severity; add a line such as "severity: P0"`,
		}},
		{"an unknown severity", "title: A\nseverity: p0\nsteps:\n  - {at: response, expect: [{says: a}]}\n", []string{`2:11: unknown severity "p0"; it has to be one of P0, P1, P2, P3`}},
		{"deeds", "title: A\nsteps:\n  - {at: 0s, who: oncall}\n  - {at: 1s, who: oncall, do: dance}\n  - {at: 2s, who: oncall, do: say a, in: elsewhere}\n  - {at: 3s, in: incident, expect: [{says: a}]}\n", []string{
			`3:19: it is not said what they do; add a line such as "do: /incident ack"`,
			`4:31: "dance" is nothing that somebody can do; write a command such as "/incident ack", "click" and a button's label, or "say" and a message`,
			`5:42: nobody can do anything in "elsewhere"; write incident, announcements, #channel or "dm of oncall"`,
			`6:18: nobody does anything in this step; "in" beside "at" is where something is done; what is expected has its own`,
		}},
		{"expectations", "title: A\nsteps:\n  - at: 0s\n    expect:\n      - {}\n      - {says: a, member: oncall}\n      - {says: 3}\n      - {says: a, count: some}\n      - {says: a, since: noon}\n      - {in: incidents, says: a}\n" +
			"      - {in: answer, says: a}\n      - {in: elsewhere, member: oncall}\n      - {in: dm of L1, reader: oncall}\n      - {member: oncall, reader: oncall}\n    expect_none:\n      - {says: a, count: 1}\n", []string{
			`5:9: what is expected is not clear; write one of says: "a text", member: oncall and reader: oncall`,
			`6:9: what is expected is not clear; write one of says: "a text", member: oncall and reader: oncall`,
			`7:16: says is a number; write a text; in quotes, if it is meant: "3"`,
			`8:26: count isn't a whole number from 0; write a whole number such as 2`,
			`9:26: since is "noon"; write "since: start", or take it away: then what was said since the moment before counts`,
			`10:14: "incidents" is no place; write incident, announcements, elsewhere, answer, form, "#channel" in quotes or "dm of oncall"`,
			`11:9: an answer is expected, but nobody does anything in this step; add who and do, or look in another place`,
			`12:9: people are expected in one channel, and now; take count and since away, and name one channel`,
			`13:9: people are expected in one channel, and now; take count and since away, and name one channel`,
			`14:9: what is expected is not clear; write one of says: "a text", member: oncall and reader: oncall`,
			`16:26: none needs no count; write it under expect_none, without count`,
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := rehearsal.Parse("s.yaml", []byte(test.file), known(t))
			problems, ok := errors.AsType[yamlfile.Problems](err)
			if !ok {
				t.Fatalf("got %v", err)
			}
			var got []string
			for _, p := range problems {
				got = append(got, strings.TrimPrefix(p.String(), "s.yaml:"))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzParse: whatever is written, reading it ends, and every mistake has a place.
func FuzzParse(f *testing.F) {
	f.Add("title: A\nseverity: P0\nsteps:\n  - {at: escalate L2 - 1m + update, who: L1, do: click Close, expect: [{in: dm of oncall, says: a, count: 2}]}\n")
	f.Add("title: A\nsteps:\n  - {at: last + 1h, who: L2, do: /incident, form: {Severity: P0}, expect: [{in: form, says: a}]}\n")
	f.Add("title: A\nsteps:\n  - {at: + 1m, expect_none: [{member: L99}]}\n  - {at: 9999999h}\n")
	cfg, err := config.Parse("sandbox.yaml", deploy.SandboxConfig)
	if err != nil {
		f.Fatal(err)
	}
	k := rehearsal.Known{Handles: []string{"oncall"}, Policy: cfg.Policy}
	f.Fuzz(func(t *testing.T, content string) {
		_, err := rehearsal.Parse("s.yaml", []byte(content), k)
		if err == nil {
			return
		}
		problems, ok := errors.AsType[yamlfile.Problems](err)
		if !ok {
			t.Fatalf("not a problem with a place: %v", err)
		}
		for _, p := range problems {
			if p.Line < 1 || p.Column < 1 || p.What == "" || p.Right == "" {
				t.Errorf("%+v", p)
			}
		}
	})
}
