package storetest

import (
	"errors"
	"maps"
	"slices"
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
)

var loading = []rule{
	{"of nothing yet gives the first number", func(s *suite) {
		i, repeated, err := s.Load(s.ctx(), incident.Ref{}, "key", incident.Want{})
		s.must(err)
		s.same(i, incident.Incident{Number: 1})
		s.same(repeated, false)
	}},
	{"of a new one gives the next number", func(s *suite) {
		s.declare()
		s.declare()
		i, _, err := s.Load(s.ctx(), incident.Ref{}, "", incident.Want{})
		s.must(err)
		s.same(i, incident.Incident{Number: 3})
	}},
	{"gives back every field", func(s *suite) {
		c := s.next(incident.Incident{Number: 1})
		c.Changes[0].After = whole(s.now)
		s.must(s.Commit(s.ctx(), summarized(c)))
		s.same(s.load(1), c.Changes[0].After)
		s.finds(incident.Query{}, c.Changes[0].Summary)
	}},
	{"by channel", func(s *suite) {
		s.declare()
		want := s.declare(channel("C2"))
		got, _, err := s.Load(s.ctx(), incident.Ref{Channel: "C2"}, "", incident.Want{})
		s.must(err)
		s.same(got, want)
	}},
	{"by a channel that it had before", func(s *suite) {
		i := s.declare(channel("C1"))
		want := s.commit(i, channel("C2"))
		for _, id := range []slackid.Channel{"C1", "C2"} {
			got, _, err := s.Load(s.ctx(), incident.Ref{Channel: id}, "", incident.Want{})
			s.must(err)
			s.same(got, want)
		}
	}},
	{"of what is not there", func(s *suite) {
		s.declare(channel("C1"))
		for _, ref := range []incident.Ref{{Number: 2}, {Number: -1}, {Channel: "C2"}, {Number: 2, Channel: "C1"}} {
			_, _, err := s.Load(s.ctx(), ref, "", incident.Want{})
			s.fails(err, incident.ErrNotFound)
		}
		_, err := s.Timeline(s.ctx(), 2)
		s.fails(err, incident.ErrNotFound)
	}},
	{"with a key that was committed gives that incident as it stands", func(s *suite) {
		first := s.declare(key("once"))
		first = s.commit(first, channel("C1"))
		second := s.declare()
		for _, ref := range []incident.Ref{{}, {Number: first.Number}, {Number: second.Number}, {Channel: "C9"}} {
			got, repeated, err := s.Load(s.ctx(), ref, "once", incident.Want{})
			s.must(err)
			s.same(got, first)
			s.same(repeated, true)
		}
	}},
	{"gives beside the head only what is wanted", func(s *suite) {
		inc := s.declare(part("task", "1", `{"a":1}`))
		s.same(s.load(inc.Number).Loaded, incident.Loaded{})
		s.same(s.loadWith(inc.Number, incident.Want{Texts: true}).Loaded, incident.Loaded{Entries: map[int]incident.Entry{}})
		got := s.loadWith(inc.Number, incident.Want{Parts: []incident.PartKind{"deadletter"}, Entries: []int{7}})
		s.same(got.Loaded, incident.Loaded{
			Parts: map[incident.PartKind][]incident.Part{"deadletter": {}}, Entries: map[int]incident.Entry{},
		})
	}},
	{"gives the entries that hold the texts, and those that are named", func(s *suite) {
		inc := s.declare()
		for range 4 {
			inc = s.commit(inc)
		}
		inc.Texts = map[incident.Topic]int{incident.TopicImpact: 2, incident.TopicProgress: 4, incident.TopicResolution: 2}
		inc = s.commit(inc, channel("C1"), key("once"))
		timeline, err := s.Timeline(s.ctx(), inc.Number)
		s.must(err)
		for _, test := range []struct {
			want incident.Want
			seqs []int
		}{
			{incident.Want{Texts: true}, []int{2, 4}},
			{incident.Want{Entries: []int{5, 1, 5}}, []int{1, 5}},
			{incident.Want{Texts: true, Entries: []int{4, 6, 7}}, []int{2, 4, 6}},
		} {
			entries := map[int]incident.Entry{}
			for _, seq := range test.seqs {
				entries[seq] = timeline[seq-1]
			}
			for _, ref := range []incident.Ref{{Number: inc.Number}, {Channel: "C1"}} {
				got, _, err := s.Load(s.ctx(), ref, "", test.want)
				s.must(err)
				s.same(got.Loaded.Entries, entries)
			}
			got, _, err := s.Load(s.ctx(), incident.Ref{}, "once", test.want)
			s.must(err)
			s.same(got.Loaded.Entries, entries)
		}
		inc.Texts = map[incident.Topic]int{incident.TopicProgress: 7}
		inc = s.commit(inc)
		got := s.loadWith(inc.Number, incident.Want{Texts: true})
		s.same(slices.Collect(maps.Keys(got.Loaded.Entries)), []int{7})
	}},
	{"gives the timeline in order", func(s *suite) {
		i := s.declare()
		c := s.next(i)
		second := c.Changes[0].Entries[0]
		second.Facts = map[string]string{"why": "<b> & \"quotes\" 🚨"}
		third := second
		third.Seq, third.Facts = second.Seq+1, nil
		c.Changes[0].Entries = []incident.Entry{second, third}
		c.Changes[0].After.Entries = third.Seq
		s.must(s.Commit(s.ctx(), c))
		s.commit(c.Changes[0].After)
		entries, err := s.Timeline(s.ctx(), i.Number)
		s.must(err)
		s.same(len(entries), 4)
		s.same(entries[1:3], c.Changes[0].Entries)
	}},
}

func (s *suite) fails(err, want error) {
	s.Helper()
	if !errors.Is(err, want) {
		s.Fatalf("the error is %v; want %v", err, want)
	}
}

// whole is an incident with every field set, some of them to what encoders trip over.
func whole(now time.Time) incident.Incident {
	by := incident.Stamp{By: "U1", At: now}
	return incident.Incident{
		Number: 1, Version: 1, Title: "Ünïcode \"quoted\" <&> \u2028 line\nbreak\x00 end",
		Severity: policy.P0, Status: incident.Monitoring, Private: true,
		Declared: by, Acked: by, Mitigated: by, Ended: by, CustomerImpact: true,
		Level: 2, Reached: now, Since: now, Updated: by,
		Reminded: now, Snoozed: now.Add(time.Millisecond), Warned: true,
		Channel: "C1", ChannelName: "inc-1", Card: notice.Message{Channel: "C1", TS: "1.2"},
		Announced: notice.Message{Channel: "C0", TS: "3.4"},
		Texts:     map[incident.Topic]int{incident.TopicImpact: 1}, Undelivered: 3,
		Roles:      map[policy.Role]slackid.User{policy.OnCallEngineer: "U1"},
		Responders: slackid.NewSet[slackid.User]("U1", "U2"),
		Timers:     map[incident.TimerName]incident.Armed{incident.TimerUpdate: {At: now, Gen: 1}},
		Steps:      map[incident.StepName]incident.Outcome{incident.StepPin: {State: incident.StepFailed, Reason: "r"}},
		Entries:    1, LastHash: "h",
	}
}
