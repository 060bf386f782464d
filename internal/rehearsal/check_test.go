package rehearsal_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestVerdict_EachExpectation_IsMetOrFails: what Muster does wrong fails, and what it does right does not.
func TestVerdict_EachExpectation_IsMetOrFails(t *testing.T) {
	t.Parallel()
	const minute = time.Minute
	private := func(members ...string) map[string]any { return channel("CINC", "inc-1-a", true, members...) }
	ada, sam, lena := "U0ONCALL01", "U0SENIOR01", "U0TECHLD01"
	for _, test := range []struct {
		name  string
		inc   map[string]any
		cues  []scriptedMessage
		steps string
		want  []string
	}{
		{
			"a card that repeats what it said says nothing new", private(),
			[]scriptedMessage{{minute, "CINC", message{TS: "1", Text: "UPDATE DUE, card"}}, {9 * minute, "CINC", message{TS: "1", Text: "UPDATE DUE, card, edited"}}},
			"  - {at: 1m, expect: [{says: UPDATE DUE, count: 1}]}\n" +
				"  - {at: 10m, expect: [says: UPDATE DUE], expect_none: [says: UPDATE DUE]}\n",
			[]string{
				`✓ posted once in #inc-1-a: "UPDATE DUE"`, `✗ MISSING in #inc-1-a: "UPDATE DUE"`, "posted instead:", `"UPDATE DUE, card, edited"`,
				`✓ not posted in #inc-1-a: "UPDATE DUE"`,
			},
		},
		{
			"an edit that says it once more, and one that says it first", private(),
			[]scriptedMessage{{minute, "CINC", message{TS: "1", Text: "late"}}, {9 * minute, "CINC", message{TS: "1", Text: "late, late, over"}}},
			"  - {at: 1m, expect: [says: late]}\n  - {at: 10m, expect: [{says: late, count: 1}, says: over]}\n",
			[]string{`✓ posted in #inc-1-a: "late"`, `✓ posted once in #inc-1-a: "late"`, `✓ posted in #inc-1-a: "over"`},
		},
		{
			"what was said before the moment before", private(),
			[]scriptedMessage{{minute, "CINC", message{Text: "a"}}},
			"  - {at: 1m, expect: [says: a]}\n  - {at: 2m, expect: [says: a, {says: a, since: start}], expect_none: [says: a, {says: a, since: start}]}\n",
			[]string{
				`✓ posted in #inc-1-a: "a"`, `✗ MISSING in #inc-1-a: "a"`, "nothing else was posted there", `✓ posted in #inc-1-a since the start: "a"`,
				`✓ not posted in #inc-1-a: "a"`, `✗ UNEXPECTED: posted in #inc-1-a since the start: "a"`, `message: "a"`,
			},
		},
		{
			"too late, and just in time", private(),
			[]scriptedMessage{{minute + 15*time.Second, "CINC", message{Text: "in time"}}, {2*minute + 16*time.Second, "CINC", message{Text: "too late"}}},
			"  - {at: 1m, expect: [says: in time]}\n  - {at: 2m, expect: [says: too late]}\n",
			[]string{`✓ posted in #inc-1-a: "in time"`, `✗ MISSING in #inc-1-a: "too late"`, "nothing else was posted there"},
		},
		{
			"twice where once is expected, and once where twice is", private(),
			[]scriptedMessage{{minute, "CINC", message{Text: "a"}}, {minute, "CINC", message{Text: "a"}}, {minute, "CINC", message{Text: "b"}}},
			"  - {at: 1m, expect: [{says: a, count: 1}, {says: a, count: 2}, {says: b, count: 2}]}\n",
			[]string{
				`✗ MISSING: posted 2 times, expected once in #inc-1-a: "a"`, "posted in:", `"a"`, `"a"`, `✓ posted 2 times in #inc-1-a: "a"`,
				`✗ MISSING: posted once, expected 2 times in #inc-1-a: "b"`, "posted in:", `"b"`,
			},
		},
		{
			"a text goes over the ends of lines, but not of cases", private(),
			[]scriptedMessage{{minute, "CINC", message{Text: "Payments\n are  down"}}},
			"  - {at: 1m, expect: [says: Payments are down, says: payments]}\n",
			[]string{`✓ posted in #inc-1-a: "Payments are down"`, `✗ MISSING in #inc-1-a: "payments"`, "posted instead:", `"Payments are down"`},
		},
		{
			"names, signs and blocks are read as in Slack", private(),
			[]scriptedMessage{
				{minute, "CINC", message{Text: "<@U0ONCALL01> of <!subteam^S0ONCALL01>, look at <#CGEN>: a &lt; b"}},
				{minute, "CINC", message{Blocks: []any{map[string]any{"type": "section", "text": map[string]any{"type": "mrkdwn", "text": "for <@U0ONCALL01>"}}}}},
			},
			"  - {at: 1m, expect: [says: \"@Ada Park of @oncall-l1, look at #general: a < b\", says: for @Ada Park]}\n",
			[]string{`✓ posted in #inc-1-a: "@Ada Park of @oncall-l1, look at #general: a < b"`, `✓ posted in #inc-1-a: "for @Ada Park"`},
		},
		{
			"people's own words, and Slack's of what Muster did", private(),
			[]scriptedMessage{{minute, "CINC", message{Text: "a", User: ada}}, {minute, "CINC", message{Text: "a", Subtype: "channel_topic"}}},
			"  - {at: 1m, expect: [says: a]}\n",
			[]string{`✗ MISSING in #inc-1-a: "a"`, "nothing else was posted there"},
		},
		{
			"a step 15 s later is a moment of its own", private(),
			[]scriptedMessage{{minute, "CINC", message{Text: "a"}}},
			"  - {at: 1m, expect: [says: a]}\n  - {at: 1m15s, expect_none: [says: a]}\n",
			[]string{`✓ posted in #inc-1-a: "a"`, `✓ not posted in #inc-1-a: "a"`},
		},
		{
			"a policy's figures, in whatever order they are written", private(), // a P0: 15 min, 30 min, at once and after 1 h
			[]scriptedMessage{
				{0, "CINC", message{Text: "level two"}},
				{15 * minute, "CINC", message{Text: "respond"}},
				{30 * minute, "CINC", message{Text: "update"}},
				{60 * minute, "CINC", message{Text: "level three"}},
				{65 * minute, "CINC", message{Text: "the end"}},
			},
			"  - {at: escalate L3, expect: [says: level three]}\n  - {at: update, expect: [says: update]}\n  - {at: response, expect: [says: respond]}\n" +
				"  - {at: escalate L2, expect: [says: level two]}\n  - {at: last + 5m, expect: [says: the end]}\n",
			[]string{
				`✓ posted in #inc-1-a: "level two"`, `✓ posted in #inc-1-a: "respond"`, `✓ posted in #inc-1-a: "update"`,
				`✓ posted in #inc-1-a: "level three"`, `✓ posted in #inc-1-a: "the end"`,
			},
		},
		{
			"in another place, and to somebody else", private(),
			[]scriptedMessage{{minute, "CGEN", message{Text: "a"}}, {minute, "D" + ada, message{Text: "b"}}, {minute, "CINC", message{Text: "c", To: ada}}},
			"  - {at: 1m, expect: [says: a, {in: announcements, says: a}, {in: \"#general\", says: a}, {in: dm of support, says: b}, {in: dm of L1, says: b}, says: c]}\n",
			[]string{
				`✗ MISSING in #inc-1-a: "a"`, "nothing else was posted there", `✗ MISSING in #incidents: "a"`, "nothing else was posted there", `✓ posted in #general: "a"`,
				`✗ MISSING in direct messages with Jonas Wolf: "b"`, "nothing else was posted there", `✓ posted in direct messages with Ada Park: "b"`,
				`✗ MISSING in #inc-1-a: "c"`, "nothing else was posted there",
			},
		},
		{
			"a channel that is not there", nil, nil,
			"  - {at: 1m, expect: [says: a, member: oncall], expect_none: [says: a, member: oncall, {in: \"#genral\", says: a}, {in: \"#genral\", reader: oncall}, {in: \"#general\", says: a}]}\n",
			[]string{
				"✗ NO SUCH CHANNEL: the incident's channel was never created", "channels: #general, #incidents",
				"✗ NO SUCH CHANNEL: the incident's channel was never created", "channels: #general, #incidents",
				"✗ NO SUCH CHANNEL: the incident's channel was never created", "channels: #general, #incidents",
				"✗ NO SUCH CHANNEL: the incident's channel was never created", "channels: #general, #incidents",
				"✗ NO SUCH CHANNEL: #genral", "channels: #general, #incidents", "✗ NO SUCH CHANNEL: #genral", "channels: #general, #incidents",
				`✓ not posted in #general: "a"`,
			},
		},
		{
			"elsewhere is where somebody else reads it", private(ada),
			[]scriptedMessage{
				{minute, "CINC", message{Text: "a"}},
				{minute, "CGEN", message{Text: "a", To: ada}},
				{minute, "D" + ada, message{Text: "a"}},
				{2 * minute, "CGEN", message{Text: "a"}},
				{3 * minute, "DU0SUPPRT01", message{Text: "a"}},
				{4 * minute, "CGEN", message{Text: "a", To: "U0SUPPRT01"}},
			},
			"  - {at: 1m, expect_none: [{in: elsewhere, says: a}]}\n  - {at: 2m, expect_none: [{in: elsewhere, says: a}]}\n" +
				"  - {at: 3m, expect_none: [{in: elsewhere, says: a}]}\n  - {at: 4m, expect_none: [{in: elsewhere, says: a}]}\n",
			[]string{
				`✓ not posted in any place outside the incident: "a"`,
				`✗ UNEXPECTED: posted in #general: "a"`, `message: "a"`,
				`✗ UNEXPECTED: posted in direct messages with Jonas Wolf: "a"`, `message: "a"`,
				`✗ UNEXPECTED: posted in #general, visible only to Jonas Wolf: "a"`, `message: "a"`,
			},
		},
		{
			"a moment that the policy does not have", private(),
			[]scriptedMessage{{minute, "CINC", message{Text: "a"}}},
			"  - {at: 1m, expect: [says: a]}\n  - {at: escalate L9, expect: [says: a, says: b], expect_none: [says: a]}\n",
			[]string{`- skipped: "escalate L9": P0 doesn't escalate to L9 automatically`, `✓ posted in #inc-1-a: "a"`},
		},
		{
			"who can read a private channel", private(ada), nil,
			"  - {at: 1m, expect: [reader: oncall, reader: L2], expect_none: [reader: oncall, reader: support]}\n",
			[]string{
				"✓ Ada Park can read #inc-1-a", "✗ MISSING: Lena Ruiz and Sam Okafor can't read #inc-1-a",
				"✗ UNEXPECTED: Ada Park can read #inc-1-a", "✓ Jonas Wolf can't read #inc-1-a",
			},
		},
		{
			"anybody can read a public one", channel("CINC", "inc-1-a", false, ada), nil,
			"  - {at: 1m, expect_none: [reader: support, member: support]}\n",
			[]string{"✗ UNEXPECTED: Jonas Wolf can read #inc-1-a", "✓ Jonas Wolf is not in #inc-1-a"},
		},
		{
			"all of a level are there", private(ada, sam, lena), nil,
			"  - {at: 1m, expect: [member: L2], expect_none: [member: L2]}\n",
			[]string{"✓ Lena Ruiz and Sam Okafor are in #inc-1-a", "✗ UNEXPECTED: Lena Ruiz and Sam Okafor are in #inc-1-a"},
		},
		{
			"the first of a group is there", private(sam), nil,
			"  - {at: 1m, expect: [member: senior_engineer]}\n",
			[]string{"✗ MISSING: Lena Ruiz is not in #inc-1-a"},
		},
		{
			"one of a level is there", private(lena), nil,
			"  - {at: 1m, expect: [member: L2, member: senior_engineer, member: techlead, member: L3], expect_none: [member: L2]}\n",
			[]string{
				"✗ MISSING: Sam Okafor is not in #inc-1-a", "✗ MISSING: Sam Okafor is not in #inc-1-a", "✓ Lena Ruiz is in #inc-1-a",
				"- skipped: this configuration pages nobody at L3", "✗ UNEXPECTED: Lena Ruiz is in #inc-1-a",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(test.inc)
			f.scripted = test.cues
			got, _ := f.run(t, test.steps)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestAnswer_OfThisMoment_GoesToWhoActed: an answer is what the one who acts sees in that instant; where
// something else is missing it is shown, since it often says why.
func TestAnswer_OfThisMoment_GoesToWhoActed(t *testing.T) {
	t.Parallel()
	f := newFake(nil)
	f.answers = map[string][]message{"ack": {{Text: "INC-1 is yours"}}, "akc": {{Text: "There is no akc"}}, "status": {{Text: "by <!date^1795607^{time}|09:30 UTC>"}}}
	got, report := f.run(t, `
  - {at: 0s, who: oncall, do: /incident ack, expect: [{in: answer, says: is yours}]}
  - {at: 1m, who: support, do: /incident akc, expect: [{in: answer, says: is yours}, {in: "#general", says: INC-1}]}
  - {at: 2m, who: oncall, do: /incident list, expect: [{in: "#general", says: INC-1}], expect_none: [{in: answer, says: is yours}]}
  - {at: 3m, who: oncall, do: /incident ack, expect: [{in: answer, says: is yours}]}
  - {at: 3m, who: support, do: /incident status, expect: [{in: answer, says: by 09:30 UTC}], expect_none: [{in: answer, says: is yours}]}
`)
	if diff := cmp.Diff([]string{
		`✓ posted in the answer to Ada Park: "is yours"`,
		`✗ MISSING in the answer to Jonas Wolf: "is yours"`, "posted instead:", `"There is no akc"`,
		`✗ MISSING in #general: "INC-1"`, "nothing else was posted there", "the answer to Jonas Wolf:", `"There is no akc"`,
		`✗ MISSING in #general: "INC-1"`, "nothing else was posted there",
		`✓ not posted in the answer to Ada Park: "is yours"`,
		`✓ posted in the answer to Ada Park: "is yours"`,
		`✓ posted in the answer to Jonas Wolf: "by 09:30 UTC"`, `✓ not posted in the answer to Jonas Wolf: "is yours"`,
	}, got); diff != "" {
		t.Error(diff)
	}
	if report.Passed() || report.Met != 5 || len(report.Failures) != 3 {
		t.Errorf("%+v", report)
	}
}

// TestLevel_PersonOfALowerLevel_IsLeftOut: who is called at a lower level already says nothing of a higher one.
func TestLevel_PersonOfALowerLevel_IsLeftOut(t *testing.T) {
	t.Parallel()
	f := newFake(channel("CINC", "inc-1-a", true, "U0ONCALL01"))
	f.config = "people: {on_call_engineer: [U0ONCALL01], senior_engineer: [U0ONCALL01], tech_lead: [U0TECHLD01], engineering_manager: [U0ONCALL01]}\n"
	got, _ := f.run(t, "  - {at: 1m, expect: [member: L3], expect_none: [member: L1, member: L2, member: L3, {in: announcements, says: a}]}\n")
	if diff := cmp.Diff([]string{
		"✓ Ada Park is in #inc-1-a", "✗ UNEXPECTED: Ada Park is in #inc-1-a", "✓ Lena Ruiz is not in #inc-1-a",
		"- skipped: this configuration pages nobody at L3 who isn't paged at a lower level",
		"- skipped: this configuration has no announcement channel",
	}, got); diff != "" {
		t.Error(diff)
	}
}

// TestCheck_LateMessage_IsWaitedFor: what is on its way when the clock has stopped is waited for.
func TestCheck_LateMessage_IsWaitedFor(t *testing.T) {
	t.Parallel()
	f := newFake(channel("CINC", "inc-1-a", true))
	f.late, f.patience = []scriptedMessage{{channel: "CINC", message: message{Text: "a"}}}, time.Minute
	got, _ := f.run(t, "  - {at: 1m, expect: [says: a]}\n")
	if diff := cmp.Diff([]string{`✓ posted in #inc-1-a: "a"`}, got); diff != "" {
		t.Error(diff)
	}
}

// TestReport_NothingApplies_DoesNotPass: where no expectation applies nothing has passed.
func TestReport_NothingApplies_DoesNotPass(t *testing.T) {
	t.Parallel()
	_, report := newFake(nil).run(t, "  - {at: 0s, expect: [{in: dm of L3, says: a}]}\n")
	if want := "NOTHING CHECKED: 0 expectations met, 1 not applicable. 00:00 simulated"; report.Passed() || report.Summary()[:len(want)] != want {
		t.Errorf("%+v, %s", report, report.Summary())
	}
}
