package handlers

import (
	"errors"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/policy"
)

func TestParsePause_PlainWords_AreDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"30": 30 * time.Minute, "30m": 30 * time.Minute, "30 min": 30 * time.Minute, "2 hours": 2 * time.Hour, "45 Minutes": 45 * time.Minute,
		"1d": 24 * time.Hour, "1h30m": 90 * time.Minute, "1h 30m": 90 * time.Minute, "1h30": 90 * time.Minute, "2 h 30 min": 150 * time.Minute,
		"1 hour, 5 mins": 65 * time.Minute, "1.5h": 90 * time.Minute, "1,5 h": 90 * time.Minute, "for 2h": 2 * time.Hour, "in 10 min": 10 * time.Minute,
		"2\u3000h": 2 * time.Hour, "90 s": 90 * time.Second, "": 0,
	} {
		if got, err := parsePause(typed{text: text}); (got != incident.Pause{For: want}) || err != nil {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestParsePause_TimesOfDay_AreRead(t *testing.T) {
	for text, want := range map[string]incident.TimeOfDay{
		"until 09:00": {Hour: 9}, "until 9": {Hour: 9}, "09:00": {Hour: 9}, "9:30": {Hour: 9, Minute: 30}, "till 9pm": {Hour: 21}, "9 am": {Hour: 9},
		"12am": {}, "until 12:15 pm": {Hour: 12, Minute: 15}, "Until 23.59": {Hour: 23, Minute: 59}, "until 18h30": {Hour: 18, Minute: 30},
	} {
		if got, err := parsePause(typed{text: text}); err != nil || got.Until == nil || *got.Until != want {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
}

func TestParsePause_WhatIsNeither_IsRejected(t *testing.T) {
	for _, text := range []string{"soon", "-5m", "0", "0 min", "1h1h", "5 min 2 h", "until 24:00", "until 13pm", "until 0am", "until 9:60", "5 parsecs", "until tomorrow", "h"} {
		if got, err := parsePause(typed{text: text}); !rejected(err, "bad_snooze") {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

// A time of day is meant in the zone of whoever names it; where Slack does not say
// which that is, the policy's is taken and named.
func TestSnooze_UntilATimeOfDay_IsInTheirZone(t *testing.T) {
	kolkata, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	now := incidenttest.Start.Add(time.Hour)
	for name, f := range map[string]*fakeSlack{"Asia/Kolkata": {zone: kolkata}, "UTC": {err: errors.New("missing_scope")}} {
		s := &incidents{inc: incidenttest.Declared(t, policy.P1).Incident}
		zone, _ := time.LoadLocation(name)
		want := now.Add(2 * time.Hour).In(zone)
		a := router(t, s, f).Route(t.Context(), types("snooze until "+want.Format("15:04")))
		if len(s.wrote) != 1 {
			t.Fatalf("%s: %s", name, answered(t, a))
		}
		facts := s.wrote[0].Facts
		if facts["for"] != "2h0m0s" || facts["zone"] != name || facts["until"] != want.UTC().Format(time.RFC3339) {
			t.Errorf("%s: %v", name, facts)
		}
	}
}
