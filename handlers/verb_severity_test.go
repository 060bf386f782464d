package handlers

import (
	"testing"

	"muster/internal/policy"
)

func TestParseSeverity_AnyName_IsRead(t *testing.T) {
	for text, want := range map[string]policy.Severity{
		"P1": policy.P1, "1": policy.P1, "sev2": policy.P2, "critical": policy.P0, "p3 it is cosmetic": policy.P3, "": "",
	} {
		if got, err := parseSeverity(typed{policy: process, text: text}); got != want || err != nil {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
	if _, err := parseSeverity(typed{policy: process, text: "P7"}); !rejected(err, "unknown_severity") {
		t.Errorf("P7: %v", err)
	}
}
