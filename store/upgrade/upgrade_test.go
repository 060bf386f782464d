package upgrade

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
)

var start = time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC)

// chained numbers the lines and links them, as schema 1 did.
func chained(t *testing.T, lines ...line) (timeline [][]byte, head string) {
	t.Helper()
	for i, l := range lines {
		l.Seq, l.Prev = i+1, head
		if l.At.IsZero() {
			l.At = start.Add(time.Duration(i) * time.Minute)
		}
		var err error
		if l.Hash, err = l.digest(); err != nil {
			t.Fatal(err)
		}
		head = l.Hash
		b, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		timeline = append(timeline, b)
	}
	return timeline, head
}

var declared = line{Kind: incident.EntryDeclared, By: "U1", Text: "Declared P1: Down", Data: facts{"severity": "P1", "title": "Down", "impact": "All"}}

type facts = map[string]string

func TestFacts(t *testing.T) {
	for name, test := range map[string]struct {
		line line
		want facts
	}{
		"declared without impact": {
			line{Kind: incident.EntryDeclared, Text: "Declared P2: Slow", Data: facts{"severity": "P2", "title": "Slow", "impact": ""}},
			facts{"severity": "P2", "title": "Slow"},
		},
		"acknowledged": {
			line{Kind: incident.EntryAcknowledged, Text: "Acknowledged after 1 min", At: start.Add(83*time.Second + 7*time.Millisecond)},
			facts{"after": "1m23.007s"},
		},
		"updated": {
			line{Kind: incident.EntryUpdated, Text: "News", Data: facts{"text": "News", "status": "identified", "eta": "soon", "impact": "EU"}},
			facts{"text": "News", "status": "identified", "eta": "soon", "impact": "EU"},
		},
		"raised": {
			line{Kind: incident.EntrySeverity, Text: "Severity raised from P1 to P0 (Critical)", Data: facts{"from": "P1", "to": "P0"}},
			facts{"from": "P1", "to": "P0", "direction": "raised"},
		},
		"lowered": {
			line{Kind: incident.EntrySeverity, Text: "Severity lowered from P1 to P3 (Low)", Data: facts{"from": "P1", "to": "P3"}},
			facts{"from": "P1", "to": "P3", "direction": "lowered"},
		},
		"assigned": {
			line{Kind: incident.EntryAssigned, Text: "<@U2> is now Tech Lead", Data: facts{"role": "tech_lead", "user": "U2"}},
			facts{"role": "tech_lead", "user": "U2"},
		},
		"escalated at once": {
			line{Kind: incident.EntryEscalated, By: slackid.Muster, Data: facts{"from": "L1", "to": "L2", "why": "at once, as every P1 does"}},
			facts{"from": "L1", "to": "L2", "because": "immediately", "after": "0s", "severity": "P1"},
		},
		"escalated unacknowledged": {
			line{Kind: incident.EntryEscalated, By: slackid.Muster, Data: facts{"from": "L1", "to": "L2", "why": "after 1 h 30 min without acknowledgement"}},
			facts{"from": "L1", "to": "L2", "because": "unacknowledged", "after": "1h30m0s", "severity": "P1"},
		},
		"escalated unmitigated": {
			line{Kind: incident.EntryEscalated, By: slackid.Muster, Data: facts{"from": "L2", "to": "L3", "why": "after 1 d 4 h without mitigation"}},
			facts{"from": "L2", "to": "L3", "because": "unmitigated", "after": "28h0m0s", "severity": "P1"},
		},
		"escalated by somebody, who said why": {
			line{Kind: incident.EntryEscalated, By: "U1", Data: facts{"from": "L1", "to": "L3", "why": "after 2 h without mitigation"}},
			facts{"from": "L1", "to": "L3", "why": "after 2 h without mitigation"},
		},
		"escalated by somebody": {
			line{Kind: incident.EntryEscalated, By: "U1", Data: facts{"from": "L1", "to": "L2", "why": "by hand"}},
			facts{"from": "L1", "to": "L2"},
		},
		"snoozed": {
			line{Kind: incident.EntrySnoozed, Text: "Snoozed: …", At: start.Add(900 * time.Millisecond), Data: facts{"until": "2026-03-02T04:30:00Z"}},
			facts{"until": "2026-03-02T04:30:00Z", "for": "1h29m59s"},
		},
		"resolved": {
			line{Kind: incident.EntryResolved, Text: "Resolved after 2 h: Rolled back", At: start.Add(2 * time.Hour), Data: facts{"summary": "Rolled back", "cause": "A release"}},
			facts{"summary": "Rolled back", "cause": "A release", "after": "2h0m0s"},
		},
		"reopened":  {line{Kind: incident.EntryReopened, Text: "Reopened: again", Data: facts{"why": "again"}}, facts{"why": "again"}},
		"cancelled": {line{Kind: incident.EntryCancelled, Text: "Cancelled: a test", Data: facts{"why": "a test"}}, facts{"why": "a test"}},
		"closed":    {line{Kind: incident.EntryClosed, Text: "Closed"}, nil},
		"reminded for the first time": {
			line{
				Kind: incident.EntryReminded, By: slackid.Muster,
				Text: "Reminded: an update is due. No update since it was declared, 2 h ago", Data: facts{"last": "2026-03-02T03:00:00Z"},
			}, nil,
		},
		"reminded late": {
			line{
				Kind: incident.EntryReminded, By: slackid.Muster,
				Text: "Reminded: an update is due. The last update, 2 h ago; this reminder is 5 min late, because Muster was offline 03:00–03:10 UTC",
				Data: facts{"last": "2026-03-02T03:01:00Z", "late": "5 min", "offline_from": "2026-03-02T03:00:00Z", "offline_to": "2026-03-02T03:10:00Z"},
			},
			facts{"last": "2026-03-02T03:01:00Z", "late": "5m0s", "offline_from": "2026-03-02T03:00:00Z", "offline_to": "2026-03-02T03:10:00Z"},
		},
		"warned": {
			line{Kind: incident.EntryWarned, Text: "Warned: nobody has acknowledged within 15 min", Data: facts{"response": "15 min"}},
			facts{"response": "15m0s"},
		},
		"a step": {
			line{Kind: incident.EntryStep, Text: "Invitations: <@U2> could not be reached (gone)"},
			facts{"step": "invitations", "reason": "<@U2> could not be reached (gone)"},
		},
		"undelivered": {
			line{Kind: incident.EntryUndelivered, Text: "Could not be delivered: pin (x)", Data: facts{"what": "pin", "reason": "x"}},
			facts{"what": "pin", "reason": "x"},
		},
		"retried": {line{Kind: incident.EntryRetried, Text: "Retried what could not be delivered: 12"}, facts{"count": "12"}},
	} {
		t.Run(name, func(t *testing.T) {
			if test.line.By == "" {
				test.line.By = "U1"
			}
			timeline, last := chained(t, declared, test.line)
			doc, err := json.Marshal(map[string]any{
				"number": 1, "version": 2, "severity": "P1", "declared": incident.Stamp{By: "U1", At: start}, "entries": 2, "head": last,
			})
			if err != nil {
				t.Fatal(err)
			}
			h, err := Incident(doc, timeline)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, h.Entries[1].Facts); diff != "" {
				t.Error(diff)
			}
			if e := h.Entries[1]; e.Kind != test.line.Kind || e.By != test.line.By || e.Seq != 2 {
				t.Errorf("the entry is %+v", e)
			}
			if err := h.Incident.Verify(h.Entries); err != nil {
				t.Error(err)
			}
		})
	}
}

// full is a document with all that schema 1 knew.
const full = `{"format":1,"number":7,"version":9,"title":"A <b> & c","impact":"EU only","severity":"P1","status":"monitoring","private":true,
	"declared":{"by":"U1","at":"2026-03-02T03:00:00Z"},"acked":{"by":"U2","at":"2026-03-02T03:01:00Z"},
	"mitigated":{"by":"U2","at":"2026-03-02T03:02:00Z"},"ended":{"by":"U2","at":"2026-03-02T03:03:00Z"},
	"resolution":{"summary":"Done","cause":"x","customer_impact":true},"level":2,"reached":"2026-03-02T03:04:00Z",
	"since":"2026-03-02T03:05:00Z","updated":{"by":"U3","at":"2026-03-02T03:06:00Z"},"progress":{"text":"News","eta":"soon"},
	"reminded":"2026-03-02T03:07:00Z","snoozed":"2026-03-02T03:08:00Z","warned":true,"channel":"C1","channel_name":"inc-7",
	"card":{"channel":"C1","ts":"1.2"},"announced":{"channel":"C0","ts":"3.4"},
	"roles":{"on_call_engineer":"U2"},"responders":["U1","U2"],
	"timers":{"update":{"number":7,"kind":"update","at":"2026-03-02T05:00:00Z","gen":8}},
	"steps":{"pin":{"state":"failed","reason":"REASON"},"card":{"state":"done"}},
	"undelivered":[
		{"notice":{"key":"INC-7.2.0","number":7,"lane":"user:U9","act":"post","template":"alert","to":{"user":"U9","level":1},"entry":{"seq":1},"priority":1,"at":"2026-03-02T03:00:00Z"},"reason":"gone","at":"2026-03-02T03:00:01Z"},
		{"notice":{"key":"INC-7.2.1","number":7,"lane":"card:INC-7","act":"edit","template":"card","to":{"home":true},"merge":"card","priority":1,"at":"2026-03-02T03:00:00Z"},"reason":"x","at":"2026-03-02T03:00:02Z"}],
	"entries":ENTRIES,"head":"HEAD"}`

func document7(entries, head string) []byte {
	return []byte(strings.NewReplacer("ENTRIES", entries, "HEAD", head, "REASON", strings.Repeat("ü", 1001)).Replace(full))
}

func TestIncident(t *testing.T) {
	timeline, last := chained(t, declared,
		line{Kind: incident.EntryUpdated, By: "U1", Text: "Old", Data: facts{"text": "Old", "status": "investigating", "impact": "EU only"}},
		line{Kind: incident.EntryUpdated, By: "U1", Text: "News", Data: facts{"text": "News", "status": "identified", "eta": "soon"}},
		line{Kind: incident.EntryResolved, By: "U1", Text: "Resolved after 1 h: First", Data: facts{"summary": "First"}},
		line{Kind: incident.EntryReopened, By: "U1", Text: "Reopened: again", Data: facts{"why": "again"}},
		line{Kind: incident.EntryResolved, By: "U1", Text: "Resolved after 1 h: Done", Data: facts{"summary": "Done", "cause": "x"}})
	h, err := Incident(document7("6", last), timeline)
	if err != nil {
		t.Fatal(err)
	}
	at := func(minute int) time.Time { return start.Add(time.Duration(minute) * time.Minute) }
	want := incident.Incident{
		ID: "m7eyxgnqzh475naa", Number: 7, Version: 9, Title: "A <b> & c", Severity: policy.P1, Status: incident.Monitoring, Private: true,
		Declared: incident.Stamp{By: "U1", At: at(0)}, Acked: incident.Stamp{By: "U2", At: at(1)},
		Mitigated: incident.Stamp{By: "U2", At: at(2)}, Ended: incident.Stamp{By: "U2", At: at(3)}, CustomerImpact: true,
		Level: 2, Reached: at(4), Since: at(5), Updated: incident.Stamp{By: "U3", At: at(6)}, Reminded: at(7), Snoozed: at(8), Warned: true,
		Channel: "C1", ChannelName: "inc-7", Card: notice.Message{Channel: "C1", TS: "1.2"}, Announced: notice.Message{Channel: "C0", TS: "3.4"},
		Texts:       map[incident.Topic]int{incident.TopicImpact: 2, incident.TopicProgress: 3, incident.TopicETA: 3, incident.TopicResolution: 6},
		Undelivered: 2, Roles: map[policy.Role]slackid.User{policy.OnCallEngineer: "U2"}, Responders: slackid.NewSet[slackid.User]("U1", "U2"),
		Timers: map[incident.TimerName]incident.Armed{incident.TimerUpdate: {At: at(120), Gen: 8}},
		Steps: map[incident.StepName]incident.Outcome{
			incident.StepPin:  {State: incident.StepFailed, Reason: strings.Repeat("ü", 999) + "…"},
			incident.StepCard: {State: incident.StepDone},
		},
		Entries: 6, LastHash: h.Entries[5].Hash,
	}
	if diff := cmp.Diff(want, h.Incident); diff != "" {
		t.Error(diff)
	}
	if err := h.Incident.Verify(h.Entries); err != nil {
		t.Error(err)
	}
	row := h.Summary
	if row.Rank != 1 || !row.Changed.Equal(at(5)) || !row.NextUpdate.Equal(at(120)) || !row.UpdateSince.IsZero() || !row.AckDue.IsZero() || !row.People.Has("U2") {
		t.Errorf("the row is %+v", row)
	}
}

// What could not be delivered can be retried by the transitions of today.
func TestIncident_DeadLetters_CanBeRetried(t *testing.T) {
	timeline, last := chained(t, declared)
	h, err := Incident(document7("1", last), timeline)
	if err != nil {
		t.Fatal(err)
	}
	inc := h.Incident
	inc.Loaded.Parts = map[incident.PartKind][]incident.Part{incident.PartDeadLetter: h.Parts}
	letters, err := inc.DeadLetters()
	if err != nil || len(letters) != 2 || letters[0].Reason != "gone" || letters[0].Notice.Entry != 1 || letters[1].Notice.Merge != "card" {
		t.Fatalf("the dead letters are %+v, %v", letters, err)
	}
	change, err := inc.Retry(incident.Origin{By: "U1", At: start})
	if err != nil {
		t.Fatal(err)
	}
	removed := map[string]bool{}
	for _, p := range change.Parts {
		removed[p.ID] = len(p.Body) == 0
	}
	for _, p := range h.Parts {
		if !removed[p.ID] {
			t.Errorf("%s %q is not the one that is removed: %v", p.Kind, p.ID, removed)
		}
	}
}

func TestIncident_ChangedTimeline_IsRefused(t *testing.T) {
	sound, last := chained(t, declared, line{Kind: incident.EntryClosed, By: "U1", Text: "Closed"})
	for what, timeline := range map[string][][]byte{
		"a word":      {[]byte(strings.Replace(string(sound[0]), "Down", "Fine", 1)), sound[1]},
		"the order":   {sound[1], sound[0]},
		"the end":     sound[:1],
		"the start":   sound[1:],
		"no timeline": nil,
		"no JSON":     {sound[0], []byte("{")},
	} {
		if _, err := Incident(document7("2", last), timeline); err == nil || !strings.Contains(err.Error(), "INC-7") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := Incident(document7("2", last), sound); err != nil {
		t.Errorf("a sound one: %v", err)
	}
	strange, last := chained(t, line{Kind: "dreamt", Text: "?"})
	if _, err := Incident(document7("1", last), strange); err == nil || !strings.Contains(err.Error(), "dreamt") {
		t.Errorf("an entry of no kind: %v", err)
	}
}

func TestNotice(t *testing.T) {
	got, err := Notice([]byte(`{"key":"INC-7.3.1","number":7,"lane":"incident:INC-7","act":"invite","template":"alert",
		"to":{"home":true,"people":{"Users":["U2","U1"],"Groups":["S1"]},"level":2},
		"entry":{"seq":4,"text":"what happened"},"merge":"m","priority":1,"at":"2026-03-02T03:00:00Z"}`))
	want := notice.Notice{
		Key: "INC-7.3.1", Subject: notice.Subject{Kind: notice.Incident, ID: "7"}, Lane: "incident:INC-7", Op: notice.OpInvite,
		Template: "alert", To: notice.Address{
			Medium: notice.Slack, InChannel: true, Level: 2,
			People: policy.NewPeople([]slackid.User{"U1", "U2"}, []slackid.Group{"S1"}),
		},
		Entry: 4, Merge: "m", Priority: notice.High, At: start,
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	got, err = Notice([]byte(`{"key":"k","number":7,"lane":"channel:C1","act":"pin","to":{"channel":"C1"},"priority":2,"at":"2026-03-02T03:00:00Z"}`))
	if err != nil || got.Entry != 0 || got.To.Channel != "C1" || got.Op != notice.OpPin {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := Notice([]byte(`[]`)); err == nil {
		t.Error("a list was taken for a notice")
	}
}
