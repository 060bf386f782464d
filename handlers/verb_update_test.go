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
		"identified\u3000原因":        {report: incident.Report{Status: incident.Identified, Text: "原因"}},
		"mitigated: rolled back":    {report: incident.Report{Status: incident.Monitoring, Text: "rolled back"}},
		"Fixed the config":          {report: incident.Report{Status: incident.Monitoring, Text: "Fixed the config"}},
		"stable":                    {report: incident.Report{Status: incident.Monitoring, Text: "stable"}},
		"fixed? no":                 {report: incident.Report{Text: "fixed? no"}},
		"not fixed yet":             {report: incident.Report{Text: "not fixed yet"}},
		"fixing the config":         {report: incident.Report{Status: incident.Identified, Text: "fixing the config"}},
		"resolved all good":         {fails: true},
		"solved: all good":          {fails: true},
		"identifiedly strange text": {report: incident.Report{Text: "identifiedly strange text"}},
	} {
		got, err := parseReport(typed{text: text})
		if want.fails != rejected(err, "not_allowed") || got != want.report {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
}

// What Muster itself calls a status, in refusals, cards and messages, moves it.
func TestParseReport_MustersOwnWords_MoveTheStatus(t *testing.T) {
	for word, want := range map[string]incident.Status{
		"investigated": incident.Investigating, "Identified": incident.Identified, "monitored": incident.Monitoring,
		"mitigated": incident.Monitoring, "fixed": incident.Monitoring, "watching": incident.Monitoring,
	} {
		if got, err := parseReport(typed{text: word + ": x"}); err != nil || got != (incident.Report{Status: want, Text: "x"}) {
			t.Errorf("%s: %+v, %v", word, got, err)
		}
	}
}
