package handlers

import (
	"testing"
	"time"
)

func TestParseLength_PlainWords_AreDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"30": 30 * time.Minute, "30m": 30 * time.Minute, "30 min": 30 * time.Minute, "2 hours": 2 * time.Hour, "45 Minutes": 45 * time.Minute,
		"1d": 24 * time.Hour, "1h30m": 90 * time.Minute, "1h 30m": 90 * time.Minute, "-5m": -5 * time.Minute, "": 0,
	} {
		if got, err := parseLength(typed{text: text}); got != want || err != nil {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
	if _, err := parseLength(typed{text: "soon"}); !rejected(err, "bad_snooze") {
		t.Errorf("soon: %v", err)
	}
}
