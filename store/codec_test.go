package store

import (
	"strings"
	"testing"
	"time"

	"muster/internal/incident"
)

func TestDecodeRefusesANewerFormat(t *testing.T) {
	for _, doc := range []string{
		`{"format":2,"number":1,"version":1}`,
		`{"format":2,"severity":"P9","status":{"not":"a string any more"}}`,
	} {
		_, err := DecodeIncident([]byte(doc))
		if err == nil || !strings.Contains(err.Error(), "newer Muster") {
			t.Errorf("%s: %v", doc, err)
		}
	}
}

func TestDecodeRefusesDamage(t *testing.T) {
	b, err := EncodeIncident(incident.Incident{Number: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := DecodeIncident(b[:len(b)/2]); err == nil {
		t.Error("half a document was decoded")
	}
	if _, err := DecodeEntry(nil); err == nil {
		t.Error("no entry was decoded")
	}
	if _, err := DecodeNotice([]byte(`[]`)); err == nil {
		t.Error("a list was decoded as a notice")
	}
}

func TestMomentsKeepTheZeroTime(t *testing.T) {
	for _, at := range []time.Time{{}, time.Date(2026, 3, 2, 9, 0, 0, 7e6, time.UTC)} {
		if got := Moment(Millis(at)); !got.Equal(at) {
			t.Errorf("%v became %v", at, got)
		}
	}
}

func TestCheckFindsWhatCannotBeCommitted(t *testing.T) {
	sound := func() incident.Commit {
		return incident.Commit{Key: "k", Change: incident.Change{
			After:   incident.Incident{Number: 1, Version: 2, Entries: 3},
			Entries: []incident.Entry{{Seq: 2}, {Seq: 3}},
			Timers:  []incident.Timer{{Number: 1, Kind: incident.TimerUpdate}},
			Notices: []incident.Notice{{Key: "n", Lane: "a"}},
		}}
	}
	if err := Check(sound()); err != nil {
		t.Fatal(err)
	}
	for what, spoil := range map[string]func(*incident.Commit){
		"no key":               func(c *incident.Commit) { c.Key = "" },
		"no number":            func(c *incident.Commit) { c.Change.After.Number = 0 },
		"no version":           func(c *incident.Commit) { c.Change.After.Version = 0 },
		"a gap":                func(c *incident.Commit) { c.Change.Entries[1].Seq = 4 },
		"a late beginning":     func(c *incident.Commit) { c.Change.After.Entries = 4 },
		"another's timer":      func(c *incident.Commit) { c.Change.Timers[0].Number = 2 },
		"a timer without kind": func(c *incident.Commit) { c.Change.Timers[0].Kind = "" },
		"no lane":              func(c *incident.Commit) { c.Change.Notices[0].Lane = "" },
		"no notice key":        func(c *incident.Commit) { c.Change.Notices[0].Key = "" },
		"no such priority":     func(c *incident.Commit) { c.Change.Notices[0].Priority = 4 },
	} {
		c := sound()
		spoil(&c)
		if Check(c) == nil {
			t.Errorf("%s is not found", what)
		}
	}
}
