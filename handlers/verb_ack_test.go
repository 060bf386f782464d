package handlers

import (
	"testing"

	"muster/internal/incident"
)

func TestPolitely_WordsBesideTheIncident_AreIgnored(t *testing.T) {
	for text, want := range map[string]incident.Ref{
		"": {Channel: "C1"}, "on it": {Channel: "C1"}, "INC-7 on it": {Number: 7}, "7": {Number: 7},
	} {
		if ref, _, err := politely(Request{Channel: "C1", Text: text}); ref != want || err != nil {
			t.Errorf("%q: %+v, %v", text, ref, err)
		}
	}
	if ref, _, err := politely(Request{Channel: "C1", Text: "7 pods"}); !rejected(err, "bad_number") {
		t.Errorf("a number that may be meant for another incident: %+v, %v", ref, err)
	}
}
