package handlers

import (
	"testing"

	"muster/internal/incident"
	"muster/internal/policy"
)

func TestParseDeclaration_SeverityAndPrivacy_ComeFirstInEitherOrder(t *testing.T) {
	for text, want := range map[string]struct {
		d     incident.Declaration
		fails bool
	}{
		"P1 payments down":      {d: incident.Declaration{Title: "payments down", Severity: policy.P1}},
		"P1: payments down":     {d: incident.Declaration{Title: "payments down", Severity: policy.P1}},
		"p1 - payments down":    {d: incident.Declaration{Title: "payments down", Severity: policy.P1}},
		"private, P1：leak":      {d: incident.Declaration{Title: "leak", Severity: policy.P1, Private: true}},
		"p0   private   leak":   {d: incident.Declaration{Title: "leak", Severity: policy.P0, Private: true}},
		"critical all is down":  {d: incident.Declaration{Title: "all is down", Severity: policy.P0}},
		"INC-7 is back":         {d: incident.Declaration{Title: "INC-7 is back"}},
		"payments down":         {d: incident.Declaration{Title: "payments down"}},
		"P1":                    {d: incident.Declaration{Severity: policy.P1}},
		"":                      {d: incident.Declaration{}},
		"P7 what":               {fails: true},
		"P1 P2 both":            {fails: true},
		"sev9":                  {fails: true},
		"P1\u00a0payments down": {d: incident.Declaration{Title: "payments down", Severity: policy.P1}},
		"private party crashed": {d: incident.Declaration{Title: "party crashed", Private: true}},
		"Private P1 data leak":  {d: incident.Declaration{Title: "data leak", Severity: policy.P1, Private: true}},
	} {
		d, err := parseDeclaration(typed{policy: process, text: text})
		if want.fails != rejected(err, "unknown_severity") || (err == nil && d != want.d) {
			t.Errorf("%q: %+v, %v; want %+v", text, d, err, want)
		}
	}
}
