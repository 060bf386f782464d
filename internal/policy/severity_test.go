package policy_test

import (
	"testing"

	"muster/internal/policy"
)

var threeSeverities = policy.Policy{Severities: []policy.SeverityPolicy{
	{Severity: "P0", Name: "Critical", Synonyms: []string{"sev0", "outage"}},
	{Severity: "P1", Name: "High"},
	{Severity: "Minor", Name: "Low"}, // neither the alphabet nor a number orders them
}}

func TestPolicy_Rank_IsThePlaceInTheList(t *testing.T) {
	for s, want := range map[policy.Severity]int{"P0": 0, "P1": 1, "Minor": 2, "P7": 3, "": 3} {
		if got := threeSeverities.Rank(s); got != want {
			t.Errorf("%q has rank %d, want %d", s, got, want)
		}
	}
	for _, tc := range []struct {
		a, b policy.Severity
		want bool
	}{{"P0", "P1", true}, {"P1", "Minor", true}, {"Minor", "P1", false}, {"P1", "P1", false}, {"Minor", "P7", true}} {
		if got := threeSeverities.Worse(tc.a, tc.b); got != tc.want {
			t.Errorf("%s worse than %s: %t", tc.a, tc.b, got)
		}
	}
}

func TestPolicy_ParseSeverity_TakesKeyNameAndSynonyms(t *testing.T) {
	for word, want := range map[string]policy.Severity{
		"P0": "P0", "p0": "P0", "CRITICAL": "P0", "Sev0": "P0", "outage": "P0",
		"high": "P1", "minor": "Minor", "low": "Minor", "sev1": "", "P2": "", "": "",
	} {
		if got, ok := threeSeverities.ParseSeverity(word); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %t; want %q", word, got, ok, want)
		}
	}
}

func TestPolicy_Severity_UnknownKey_HasNoRules(t *testing.T) {
	if got := threeSeverities.Severity("P7"); got.Severity != "" || got.Escalate != nil {
		t.Errorf("got %+v", got)
	}
	if got := threeSeverities.Severity("P1").Name; got != "High" {
		t.Errorf("got %q", got)
	}
}
