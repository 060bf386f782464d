package handlers

import (
	"testing"

	"muster/internal/incident"
)

func TestParseReport_LeadingStatus_IsTakenOffTheText(t *testing.T) {
	for text, want := range map[string]struct {
		report incident.Report
		fails  bool
	}{
		"still looking":             {report: incident.Report{Text: "still looking"}},
		"monitoring":                {report: incident.Report{Status: incident.Monitoring}},
		"IDENTIFIED: bad deploy":    {report: incident.Report{Status: incident.Identified, Text: "bad deploy"}},
		"identified - bad deploy":   {report: incident.Report{Status: incident.Identified, Text: "bad deploy"}},
		"investigating it is back":  {report: incident.Report{Status: incident.Investigating, Text: "it is back"}},
		"resolved all good":         {fails: true},
		"identifiedly strange text": {report: incident.Report{Text: "identifiedly strange text"}},
	} {
		got, err := parseReport(typed{text: text})
		if want.fails != rejected(err, "not_allowed") || got != want.report {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
}
