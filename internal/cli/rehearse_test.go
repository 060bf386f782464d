package cli_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"muster/internal/cli"
	"muster/internal/rehearsal"
	"muster/internal/sandbox/sandboxtest"
)

// rehearse runs `muster rehearse` and returns what it printed.
func rehearse(t *testing.T, scenario, config string) (string, error) {
	t.Helper()
	var out strings.Builder
	err := cli.Rehearse(t.Context(), []string{scenario}, cli.RehearseOptions{Config: config}, &out)
	return out.String(), err
}

// written makes a file with this content.
func written(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Each scenario passes with the sample, and with an organisation whose figures,
// levels and people are its own.
func TestRehearse_AnyConfiguration_Passes(t *testing.T) {
	t.Parallel()
	own := written(t, "own.yaml", `
channels: {announce: C0G9QF9GW}
severities:
  P0: {response: 5m, update: 10m, escalate: [{to: L2, after: 3m}, {to: L3, after: 3h}, {to: L4, after: 4h}]}
  P1: {response: 90m, update: 20m, escalate: [{to: L2, after: 30m}]}
roles: {dba: {name: Database administrator}}
levels:
  - {name: On call, roles: [on_call_engineer]}
  - {name: Database, roles: [dba]}
  - {name: Lead, roles: [tech_lead]}
  - {name: Board, roles: [ceo]}
people:
  on_call_engineer: [S0615G0KT]
  dba: [U012AB3CD]
  tech_lead: [U061F7AUR, U0G9QF9C6]
  ceo: [U024BE7LH]
`)
	silent := written(t, "silent.yaml", "people: {on_call_engineer: [U0ONCALL01], senior_engineer: [U0SENIOR01], tech_lead: [U0TECHLD01], engineering_manager: [U0ENGMGR01]}\n")
	for config, also := range map[string]string{
		"":     "",
		own:    "The local workspace doesn't know your people. Stand-ins play: ceo, dba, on_call_engineer, tech_lead.",
		silent: "- skipped: this configuration has no announcement channel",
	} {
		for _, scenario := range rehearsal.Names() {
			t.Run(scenario+" "+filepath.Base(config), func(t *testing.T) {
				t.Parallel()
				out, err := rehearse(t, scenario, config)
				if err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				if !strings.Contains(out, "PASSED: ") || !strings.Contains(out, also) || strings.Contains(out, "✗") {
					t.Errorf("it printed:\n%s", out)
				}
			})
		}
	}
}

func TestRehearse_DocumentedScenario_Passes(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/rehearsal.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(page), "```yaml\n")
	scenario, _, found := strings.Cut(after, "```")
	if !found {
		t.Fatal("the documentation shows no scenario")
	}
	if out, err := rehearse(t, written(t, "shown.yaml", scenario), ""); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestRehearse_P1_PrintsTimeline(t *testing.T) {
	t.Parallel()
	began := time.Now()
	out, err := rehearse(t, "p1", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"00:00  Jonas Wolf runs in #general: /incident declare P1 Search is slow\n",
		"00:59  ✓ not posted in #inc-1-search-is-slow since the start: \"NOT ACKNOWLEDGED\"\n",
		"01:00  ✓ posted once in #inc-1-search-is-slow: \"NOT ACKNOWLEDGED\"\n",
		"04:00  ✓ Tomas Berg is in #inc-1-search-is-slow\n",
		"PASSED: 24 expectations met. 31:00 simulated",
	} {
		if !strings.Contains(out, line) {
			t.Errorf("the line %q is missing in:\n%s", line, out)
		}
	}
	if took := time.Since(began); took > time.Minute { // a few hundred ms, where the machine has nothing else to do
		t.Errorf("it took %s", took)
	}
}

// Each expectation that is not met is printed with its time, its line and what
// there was instead, and the rest is played.
func TestRehearse_ExpectationNotMet_PrintsWhyAndGoesOn(t *testing.T) {
	t.Parallel()
	drill := written(t, "drill.yaml", `title: A drill
severity: P0
steps:
  - at: 0s
    who: support
    do: /incident declare P0 Payments down
    expect:
      - {says: "INCIDENT: P0", count: 2}
      - {in: "#managers", says: Payments}
      - {in: answer, says: INC-1}
      - member: ceo
    expect_none:
      - {in: announcements, says: Payments down}
      - member: L1
  - at: response
    expect:
      - {in: dm of L3, says: INC-1}
      - says: NOT ACKNOWLEDGED
  - {at: + 1m, who: oncall, do: say I am at it, expect_none: [{says: I am at it}]}
`)
	out, err := rehearse(t, drill, "")
	failed, ok := errors.AsType[cli.NotAsExpected](err)
	if !ok || failed.Failures != 5 {
		t.Fatalf("got %v\n%s", err, out)
	}
	for _, words := range []string{
		`00:00  ✗ MISSING: posted once, expected 2 times in #inc-1-payments-down: "INCIDENT: P0" (` + drill + ":8)\n         posted in:\n         \"",
		`00:00  ✗ MISSING in #managers: "Payments" (` + drill + ":9)\n         nothing else was posted there\n",
		"00:00  ✗ MISSING: Grace Adeyemi is not in #inc-1-payments-down",
		`00:00  ✗ UNEXPECTED: posted in #incidents: "Payments down" (` + drill + ":13)\n         message: \"",
		"00:00  ✗ UNEXPECTED: Ada Park is in #inc-1-payments-down",
		`00:15  ✓ posted in direct messages with Tomas Berg: "INC-1"`,
		`00:15  ✓ posted in #inc-1-payments-down: "NOT ACKNOWLEDGED"`,
		"00:16  Ada Park says in #inc-1-payments-down: I am at it",
		"FAILED: 4 expectations met, 5 failed. 00:16 simulated",
		"  " + drill + ":9: at 00:00 MISSING in #managers",
	} {
		if !strings.Contains(out, words) {
			t.Errorf("the words %q are missing in:\n%s", words, out)
		}
	}
}

// A form is filled in by what a person sees of it; what is wrong in it, and what
// comes in its place, can be expected.
func TestRehearse_Forms_FillsThemIn(t *testing.T) {
	t.Parallel()
	drill := written(t, "drill.yaml", `title: Forms
severity: P1
steps:
  - at: 0s
    who: support
    do: /incident
    form: {What's wrong?: Search is slow}
    expect: [{in: form, says: "Severity: Please complete this required field."}]
    expect_none: [{in: announcements, says: Search}, {in: answer, says: Please complete}]
  - at: 1m
    who: support
    do: /incident declare private
    form:
      What's wrong?: Search is slow
      Severity: P1
      Visibility: Private
    expect:
      - {in: answer, says: INC-1 declared as P1}
      - {says: "INCIDENT: P1 - Search is slow", count: 1}
    expect_none: [{in: announcements, says: Search}, {in: form, says: INC-1}]
  - at: 2m
    who: L1
    do: click Assign a role
    form: {Role: Tech Lead, Person: L2}
    expect: [{says: "made @Lena Ruiz Tech Lead"}, {member: techlead}]
  - {at: 3m, who: L1, do: /incident snooze, form: {}, expect: [{says: for 30 min}]}
  - {at: 4m, who: L1, do: /incident snooze, form: {For how long?: 2 h}, expect: [{says: for 2 h}]}
  - {at: 5m, who: L1, do: click Cancel incident, form: {Why?: A test}, expect: [{says: "cancelled the incident: A test"}]}
  - {at: 6m, who: L1, do: /incident update, expect: [{in: answer, says: INC-1 is already}]}
`)
	out, err := rehearse(t, drill, "")
	if err != nil || !strings.Contains(out, `
00:01  Jonas Wolf fills in "Declare an incident"
         What's wrong?: Search is slow
         Severity: P1
         Visibility: Private
`) {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestRehearse_FormDoesNotFit_EndsThere(t *testing.T) {
	t.Parallel()
	for step, why := range map[string]string{
		"do: /incident, form: {}":                                             "NOT DONE: no form opened; the answer was \"🔴 INC-1: P0 Critical - Payments down",
		"do: click Post update, form: {Text: a}":                              `NOT DONE: the form "Update INC-1" has no field "Text"; its fields are: What's new?, Status, ETA, Impact (`,
		"do: /incident severity, form: {Severity: P7}":                        `NOT DONE: "Severity" has no option "P7"; its options are: P0 Critical, P1 High, P2 Medium, P3 Low (`,
		"do: /incident severity, form: {Severity: P}":                         `NOT DONE: "Severity" has several options that start with "P": P0 Critical, `,
		"do: /incident assign, form: {Person: nobody}":                        `NOT DONE: "Person" needs a person, but this configuration has no "nobody" (`,
		"do: click Post update, form: {}, expect_none: [{in: form, says: a}]": "NOT DONE: the form was rejected: What's new?: Please complete this required field. (",
		"do: /incident update identified":                                     `NOT DONE: the form "Update INC-1" opened, but this step has no form; its fields are: What's new?, `,
	} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			drill := written(t, "drill.yaml", "title: A drill\nsteps:\n  - {at: 0s, who: oncall, do: /incident declare P0 Payments down, expect: [says: INC-1]}\n  - {at: 5m, who: oncall, "+step+"}\n")
			out, err := rehearse(t, drill, "")
			if _, ok := errors.AsType[cli.NotAsExpected](err); !ok || !strings.Contains(out, why) || !strings.Contains(out, drill+":4)") {
				t.Errorf("got %v\n%s", err, out)
			}
		})
	}
}

// After an action that does not work nothing else makes sense.
func TestRehearse_ActionFails_EndsThere(t *testing.T) {
	t.Parallel()
	for action, why := range map[string]string{
		"do: click Explode":           `NOT DONE: Ada Park sees no button "Explode" there; the buttons are: Acknowledge, `,
		"do: click Post update":       `NOT DONE: the form "Update INC-1" opened, but this step has no form; its fields are: What's new?, Status, ETA, Impact`,
		"do: /incdent ack":            `NOT DONE: unknown_command: "/incdent" isn't a command; the app has /incident`,
		`do: say a, in: "#nowhere"`:   "NOT DONE: Ada Park can't see a channel #nowhere",
		`do: say a, in: "#inc-1-pay"`: "NOT DONE: Ada Park can't see a channel #inc-1-pay",
	} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			drill := written(t, "drill.yaml", "title: A drill\nsteps:\n  - {at: 0s, who: oncall, do: /incident declare P0 Payments down, expect: [says: Payments]}\n"+
				"  - {at: 5m, who: oncall, "+action+", expect: [says: a]}\n  - {at: 6m, expect: [says: a, says: b]}\n")
			out, err := rehearse(t, drill, "")
			if _, ok := errors.AsType[cli.NotAsExpected](err); !ok || !strings.Contains(out, why) ||
				!strings.Contains(out, "FAILED: 1 expectation met, 1 failed, 3 not reached. 00:05 simulated") {
				t.Errorf("got %v\n%s", err, out)
			}
		})
	}
}

func TestRehearse_NobodyConfigured_IsRefused(t *testing.T) {
	t.Parallel()
	out, err := rehearse(t, "p0", written(t, "empty.yaml", "{}\n"))
	if err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "p0.yaml:37:10: this configuration pages nobody at L1; add somebody under people") {
		t.Errorf("got %v\n%s", err, out)
	}
}

// What a CI job sees.
func TestRehearse_Process_ExitsWithStatus(t *testing.T) {
	t.Parallel()
	path, err := sandboxtest.Binary()
	if err != nil {
		t.Fatal(err)
	}
	drill := written(t, "drill.yaml", "title: A drill\nsteps:\n  - {at: 0s, who: oncall, do: /incident help, expect: [{in: answer, says: marmalade}]}\n")
	moot := written(t, "moot.yaml", "title: A drill\nseverity: P3\nsteps:\n  - {at: escalate L2, expect: [says: a]}\n")
	wrong := written(t, "wrong.yaml", "title: A drill\nstep: []\n")
	for _, test := range []struct {
		scenario string
		status   int
		out, err string
	}{
		{"p0", 0, "PASSED: 31 expectations met. 32:18 simulated in ", ""},
		{drill, 1, `✗ MISSING in the answer to Ada Park: "marmalade" (` + drill + ":3)\n         posted instead:\n         \"", "rehearsal of " + drill + ": 1 not as expected\n"},
		{moot, 2, "NOTHING CHECKED: 0 expectations met, 1 not applicable", "rehearsal of " + moot + ": nothing was checked, because none of its expectations apply to this configuration\n"},
		{"p9", 2, "", "scenario: open p9: no such file or directory; the built-in ones are p0, p1, security\n"},
		{"--confg", 2, "", "unknown flag: --confg\n"},
		{wrong, 2, "", wrong + `:2:1: unknown key "step" in the scenario; write "steps"` + "\n"},
	} {
		t.Run(filepath.Base(test.scenario), func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), path, "rehearse", test.scenario)
			var out, said strings.Builder
			cmd.Stdout, cmd.Stderr = &out, &said
			_ = cmd.Run() // its status is looked at
			if status := cmd.ProcessState.ExitCode(); status != test.status || !strings.Contains(out.String(), test.out) || said.String() != test.err {
				t.Errorf("status %d\n%s\nand on standard error:\n%s", status, out.String(), said.String())
			}
		})
	}
}

// What nobody reads is not said to have passed, and leaves nothing behind.
func TestRehearse_OutputClosed_FailsAndLeavesNothing(t *testing.T) {
	t.Parallel()
	path, err := sandboxtest.Binary()
	if err != nil {
		t.Fatal(err)
	}
	temp := t.TempDir()
	cmd := exec.CommandContext(t.Context(), path, "rehearse", "p0")
	cmd.Env = append(os.Environ(), "TMPDIR="+temp)
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = out.Close()
	_ = cmd.Wait() // its status is looked at
	left, err := os.ReadDir(temp)
	if status := cmd.ProcessState.ExitCode(); err != nil || status != 2 || !strings.HasPrefix(said.String(), "write the timeline: ") || len(left) > 0 {
		t.Errorf("status %d, %v, left: %v\n%s", status, err, left, said.String())
	}
}
