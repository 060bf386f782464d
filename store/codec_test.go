package store

import (
	"strings"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
)

func TestDecodeRefusesANewerFormat(t *testing.T) {
	for _, doc := range []string{
		`{"format":4,"number":1,"version":1}`,
		`{"format":4,"severity":"P9","status":{"not":"a string any more"}}`,
	} {
		_, err := DecodeHead([]byte(doc))
		if err == nil || !strings.Contains(err.Error(), "newer Muster") {
			t.Errorf("%s: %v", doc, err)
		}
	}
}

func TestDecodeRefusesDamage(t *testing.T) {
	e, err := EncodeChange(incident.Change{After: incident.Incident{Number: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := DecodeHead(e.Head[:len(e.Head)/2]); err == nil {
		t.Error("half a head was decoded")
	}
	if _, err := DecodeEntry(nil); err == nil {
		t.Error("no entry was decoded")
	}
	if _, err := DecodeNotice([]byte(`[]`)); err == nil {
		t.Error("a list was decoded as a notice")
	}
	if _, err := DecodeSummary([]byte(`{"severity":9}`)); err == nil {
		t.Error("a number was decoded as a severity")
	}
}

func TestEncode_Texts_KeepTheirSize(t *testing.T) {
	text := "<&> 🚨"
	e, err := EncodeChange(incident.Change{
		After: incident.Incident{Number: 1, Title: text}, Summary: incident.Summary{Title: text},
		Entries: []incident.Entry{{Facts: map[string]string{"text": text}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for what, b := range map[string][]byte{"head": e.Head, "row": e.Row, "entry": e.Entries[0]} {
		if !strings.Contains(string(b), text) || strings.HasSuffix(string(b), "\n") {
			t.Errorf("%s: %q", what, b)
		}
	}
}

func TestMomentsKeepTheZeroTime(t *testing.T) {
	for _, at := range []time.Time{{}, time.Date(2026, 3, 2, 9, 0, 0, 7e6, time.UTC)} {
		if got := Moment(Millis(at)); !got.Equal(at) {
			t.Errorf("%v became %v", at, got)
		}
	}
}

func TestEncode_UnsoundCommit_IsRefused(t *testing.T) {
	sound := func() incident.Commit {
		return incident.Commit{
			Key: "k", Notices: []notice.Notice{{Key: "d", Lane: "a", Subject: notice.Subject{Kind: notice.Digest, ID: "x"}}},
			Slot: &incident.Slot{Job: "digest", At: time.Unix(1, 0)},
			Changes: []incident.Change{{
				After:   incident.Incident{Number: 1, Version: 2, Entries: 3, Texts: map[incident.Topic]int{incident.TopicImpact: 3}},
				Summary: incident.Summary{Number: 1},
				Entries: []incident.Entry{{Seq: 2}, {Seq: 3}},
				Parts:   []incident.Part{{Kind: "task", ID: "1"}, {Kind: "task", ID: "2"}, {Kind: "undo", ID: "1"}},
				Timers:  []incident.Timer{{Number: 1, Name: incident.TimerUpdate}},
				Notices: []notice.Notice{{Key: "n", Lane: "a", Subject: incident.Number(1).Subject()}},
			}, {
				After: incident.Incident{Number: 2, Version: 1}, Summary: incident.Summary{Number: 2},
			}},
		}
	}
	if _, err := Encode(sound()); err != nil {
		t.Fatal(err)
	}
	for what, spoil := range map[string]func(*incident.Commit){
		"no key":               func(c *incident.Commit) { c.Key = "" },
		"no number":            func(c *incident.Commit) { c.Changes[0].After.Number = 0 },
		"no version":           func(c *incident.Commit) { c.Changes[1].After.Version = 0 },
		"one number twice":     func(c *incident.Commit) { c.Changes[1].After.Number, c.Changes[1].Summary.Number = 1, 1 },
		"another's summary":    func(c *incident.Commit) { c.Changes[1].Summary.Number = 1 },
		"a gap":                func(c *incident.Commit) { c.Changes[0].Entries[1].Seq = 4 },
		"a late beginning":     func(c *incident.Commit) { c.Changes[0].After.Entries = 4 },
		"a text of no entry":   func(c *incident.Commit) { c.Changes[0].After.Texts[incident.TopicImpact] = 4 },
		"a part twice":         func(c *incident.Commit) { c.Changes[0].Parts[1].ID = "1" },
		"a part without kind":  func(c *incident.Commit) { c.Changes[0].Parts[1].Kind = "" },
		"another's timer":      func(c *incident.Commit) { c.Changes[0].Timers[0].Number = 2 },
		"a timer without name": func(c *incident.Commit) { c.Changes[0].Timers[0].Name = "" },
		"a timer of two words": func(c *incident.Commit) { c.Changes[0].Timers[0].Name = "two words" },
		"no lane":              func(c *incident.Commit) { c.Changes[0].Notices[0].Lane = "" },
		"no notice key":        func(c *incident.Commit) { c.Notices[0].Key = "" },
		"no subject":           func(c *incident.Commit) { c.Notices[0].Subject = notice.Subject{} },
		"no such priority":     func(c *incident.Commit) { c.Changes[0].Notices[0].Priority = 4 },
		"no job":               func(c *incident.Commit) { c.Slot.Job = "" },
		"no slot":              func(c *incident.Commit) { c.Slot.At = time.Time{} },
		"a large head":         func(c *incident.Commit) { c.Changes[1].After.Title = strings.Repeat("x", incident.MaxHead) },
	} {
		c := sound()
		spoil(&c)
		if _, err := Encode(c); err == nil {
			t.Errorf("%s is not found", what)
		}
	}
}
