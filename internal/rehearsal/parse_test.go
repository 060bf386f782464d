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
	return rehearsal.Known{Handles: []string{"oncall", "support", "security"}, Policy: processOf(t, string(deploy.SandboxConfig))}
}

func processOf(t *testing.T, yaml string) policy.Policy {
	t.Helper()
	cfg, err := config.Parse("muster.yaml", []byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	return cfg.Policy
}

func TestScenarios_Embedded_CanBeRead(t *testing.T) {
	if diff := cmp.Diff([]string{"p0", "p1", "security"}, rehearsal.Names()); diff != "" {
		t.Error(diff)
	}
	for _, name := range rehearsal.Names() {
		if s, err := rehearsal.Load(name, known(t)); err != nil || s.Title == "" {
			t.Errorf("%s, %q: %v", name, s.Title, err)
		}
	}
}

func TestLoad_ByPath_ReadsTheFile(t *testing.T) {
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

func TestParse_Mistakes_AreReportedWithTheirPlaces(t *testing.T) {
	const when = `use a time such as 15m, update, "escalate L2 - 1m", "+ 2m" (after the previous step) or "last + 1h" (after all steps above)`
	tests := []struct {
		name, file string
		want       []string // without the file's name
	}{
		{"nothing", "", []string{`1:1: the scenario has no "title"; add "title: …"`, `1:1: the scenario has no "steps"; add "steps: …"`}},
		{"no YAML", "title: [\n", []string{"1:8: this isn't YAML: sequence end token ']' not found; check the indentation, brackets and quotes here and in the line before; a text with \": \" or \" #\" in it needs quotes"}},
		{"no steps", "title: A\nsteps: []\n", []string{"2:8: there are no steps; add at least one: - {at: 0s, who: oncall, do: /incident declare P0 Payments down}"}},
		{"unknown keys", "titel: A\nsteps:\n  - {at: 0s, whoo: oncall, do: /incident help}\n", []string{
			`1:1: unknown key "titel" in the scenario; write "title"`,
			`3:5: do is set, but who is missing; add a line such as "who: oncall"`,
			`3:14: unknown key "whoo" in this step; write "who"`,
		}},
		{"unknown people", "title: A\nsteps:\n  - {at: 0s, who: onkall, do: /incident help}\n  - {at: 1m, expect: [{member: techlead}, {in: dm of supprt, says: a}]}\n", []string{
			`3:19: unknown person, role or level "onkall"; write "oncall"`,
			`4:32: unknown person, role or level "techlead"; write "tech_lead"`,
			`4:48: unknown person, role or level "supprt"; write "support"`,
		}},
		{"times", "title: A\nseverity: P0\nsteps:\n  - {at: 15, who: oncall, do: say a}\n  - {at: soon, who: oncall, do: say a}\n  - {at: escalate, who: oncall, do: say a}\n" +
			"  - {at: 1m 2m, who: oncall, do: say a}\n  - {at: +, who: oncall, do: say a}\n", []string{
			`4:10: "15" is neither a duration nor a deadline of the policy; ` + when,
			`5:10: "soon" is neither a duration nor a deadline of the policy; ` + when,
			`6:10: escalate needs a level; ` + when,
			`7:10: "2m" follows "1m " without + or -; ` + when,
			`8:10: the time "+" is incomplete; ` + when,
		}},
		{"times going backwards", "title: A\nsteps:\n  - {at: 15m, who: oncall, do: say a}\n  - {at: + 5m, who: oncall, do: say a}\n  - {at: 19m, who: oncall, do: say a}\n  - {at: + 1m - 1h, who: oncall, do: say a}\n", []string{
			"5:10: this step is at 00:19, before the previous step at 00:20; put the steps in order of time",
			`6:10: "+ 1m - 1h" is before the start; write a time from 0s to 720h`,
		}},
		{"times too late", "title: A\nsteps:\n  - {at: 721h, who: oncall, do: say a}\n  - {at: 700h + 21h, who: oncall, do: say a}\n", []string{
			"3:10: 721h is longer than the 30 days a scenario can last; " + when,
			`4:10: "700h + 21h" is more than 30 days after the start; write a time from 0s to 720h`,
		}},
		{"a step of nothing", "title: A\nsteps:\n  - {at: 0s}\n", []string{
			"3:5: this step does nothing and expects nothing; add who and do, or expect, or remove the step",
		}},
		{"nothing expected", "title: A\nsteps:\n  - {at: 0s, who: oncall, do: /incident help, expect: []}\n", []string{
			`3:3: no step expects anything, so this scenario would always pass; add an expectation, such as "expect: [says: INC-1]"`,
		}},
		{"no list", "title: A\nsteps:\n  at: 0s\n", []string{`3:3: steps is a mapping; write a list: begin each of its items with "- "`}},
		{"no list of expectations, and no step", "title: A\nsteps:\n  - {at: 0s, expect: INC-1}\n  - at: 1s\n    expect:\n      says: INC-1\n  - {at: 2s, expect: [INC-1, [says]]}\n  - &a {at: 3s}\n  - say a\n", []string{
			`3:22: expect is a text; write a list: [says: "INC-1"]`,
			`6:7: expect is a mapping; write a list: begin each of its items with "- "`,
			`7:23: this expectation is a text; write says: "INC-1"`,
			`7:30: this expectation is a list; write a mapping: lines of "key: value", indented`,
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
			`13:44: nothing in this step opens a form; add a line such as "do: /incident" or "do: click Post update"`,
			`14:20: nothing in this step opens a form; add a line such as "do: /incident" or "do: click Post update"`,
			`15:46: nobody can act in "form"; use incident, announcements, #channel or "dm of oncall"`,
			"15:61: this step expects a form error, but sends no form; add form, or change \"in\"",
		}},
		{"figures of nothing", "title: A\nsteps:\n  - {at: response, expect: [{says: a}]}\n", []string{
			`3:10: this time comes from the policy, but the scenario has no severity; add a line such as "severity: P0"`,
		}},
		{"an unknown severity", "title: A\nseverity: p0\nsteps:\n  - {at: response, expect: [{says: a}]}\n", []string{`2:11: unknown severity "p0"; it has to be one of P0, P1, P2, P3`}},
		{"deeds", "title: A\nsteps:\n  - {at: 0s, who: oncall}\n  - {at: 1s, who: oncall, do: dance}\n  - {at: 2s, who: oncall, do: say a, in: elsewhere}\n  - {at: 3s, in: incident, expect: [{says: a}]}\n", []string{
			`3:19: who is set, but do is missing; add a line such as "do: /incident ack"`,
			`4:31: "dance" isn't an action; use a command such as "/incident ack", "click" and a button's label, or "say" and a message`,
			`5:42: nobody can act in "elsewhere"; use incident, announcements, #channel or "dm of oncall"`,
			`6:18: in is set, but nobody acts in this step; the "in" of a step says where somebody acts; an expectation has its own`,
		}},
		{"expectations", "title: A\nsteps:\n  - at: 0s\n    expect:\n      - {}\n      - {says: a, member: oncall}\n      - {says: 3}\n      - {says: a, count: some}\n      - {says: a, since: noon}\n      - {in: incidents, says: a}\n" +
			"      - {in: answer, says: a}\n      - {in: elsewhere, member: oncall}\n      - {in: dm of L1, reader: oncall}\n      - {member: oncall, reader: oncall}\n    expect_none:\n      - {says: a, count: 1}\n", []string{
			`5:9: this expectation is ambiguous; use exactly one of says: "a text", member: oncall and reader: oncall`,
			`6:9: this expectation is ambiguous; use exactly one of says: "a text", member: oncall and reader: oncall`,
			`7:16: says is a number; write a text; in quotes, if it is meant: "3"`,
			`8:26: count isn't a whole number from 0; write a whole number such as 2`,
			`9:26: since is "noon"; write "since: start", or remove it to count only what is new`,
			`10:14: "incidents" isn't a location; use incident, announcements, elsewhere, answer, form, "#channel" in quotes or "dm of oncall"`,
			`11:9: this step expects an answer, but nobody acts in it; add who and do, or change "in"`,
			`12:9: member and reader work in one channel, without count or since; remove count and since, and name one channel`,
			`13:9: member and reader work in one channel, without count or since; remove count and since, and name one channel`,
			`14:9: this expectation is ambiguous; use exactly one of says: "a text", member: oncall and reader: oncall`,
			`16:26: count must be at least 1; to expect none, use expect_none without count`,
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

// FuzzParse_AnyText_EndsWithPlaces: whatever is written, reading it ends, and every mistake has a place.
func FuzzParse_AnyText_EndsWithPlaces(f *testing.F) {
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
