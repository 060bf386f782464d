package storetest

import (
	"errors"
	"time"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
)

var loading = []rule{
	{"of nothing yet gives the first number", func(s *suite) {
		i, repeated, err := s.Load(s.ctx(), incident.Ref{}, "key")
		s.must(err)
		s.same(i, incident.Incident{Number: 1})
		s.same(repeated, false)
	}},
	{"of a new one gives the next number", func(s *suite) {
		s.declare()
		s.declare()
		i, _, err := s.Load(s.ctx(), incident.Ref{}, "")
		s.must(err)
		s.same(i, incident.Incident{Number: 3})
	}},
	{"gives back every field", func(s *suite) {
		c := s.next(incident.Incident{Number: 1})
		c.Change.After = whole(s.now)
		c.Change.Entries = nil
		s.must(s.Commit(s.ctx(), c))
		s.same(s.load(1), c.Change.After)
	}},
	{"by channel", func(s *suite) {
		s.declare()
		want := s.declare(channel("C2"))
		got, _, err := s.Load(s.ctx(), incident.Ref{Channel: "C2"}, "")
		s.must(err)
		s.same(got, want)
	}},
	{"by a channel that it had before", func(s *suite) {
		i := s.declare(channel("C1"))
		want := s.commit(i, channel("C2"))
		for _, id := range []slackid.Channel{"C1", "C2"} {
			got, _, err := s.Load(s.ctx(), incident.Ref{Channel: id}, "")
			s.must(err)
			s.same(got, want)
		}
	}},
	{"of what is not there", func(s *suite) {
		s.declare(channel("C1"))
		for _, ref := range []incident.Ref{{Number: 2}, {Number: -1}, {Channel: "C2"}, {Number: 2, Channel: "C1"}} {
			_, _, err := s.Load(s.ctx(), ref, "")
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
			got, repeated, err := s.Load(s.ctx(), ref, "once")
			s.must(err)
			s.same(got, first)
			s.same(repeated, true)
		}
	}},
	{"finds the newest first", func(s *suite) {
		a, b, c := s.declare(), s.declare(), s.declare()
		s.finds(incident.Query{}, c, b, a)
		s.finds(incident.Query{Limit: 2}, c, b)
	}},
	{"finds the open ones", func(s *suite) {
		a, b, c := s.declare(), s.declare(), s.declare()
		s.commit(b, status(incident.Resolved))
		s.finds(incident.Query{Open: true}, c, a)
		s.finds(incident.Query{Open: true, Limit: 1}, c)
		b = s.commit(s.load(b.Number), status(incident.Investigating))
		s.finds(incident.Query{Open: true}, c, b, a)
	}},
	{"finds more than fit in one answer", func(s *suite) {
		var want []incident.Incident
		for range 1100 {
			want = append([]incident.Incident{s.declare()}, want...)
		}
		s.finds(incident.Query{}, want...)
		s.finds(incident.Query{Open: true}, want...)
	}},
	{"gives the timeline in order", func(s *suite) {
		i := s.declare()
		c := s.next(i)
		second := c.Change.Entries[0]
		second.Data = map[string]string{"why": "<b> & \"quotes\" 🚨"}
		third := second
		third.Seq, third.Text, third.Data = second.Seq+1, "and another", nil
		c.Change.Entries = []incident.Entry{second, third}
		c.Change.After.Entries = third.Seq
		s.must(s.Commit(s.ctx(), c))
		s.commit(c.Change.After)
		entries, err := s.Timeline(s.ctx(), i.Number)
		s.must(err)
		s.same(len(entries), 4)
		s.same(entries[1:3], c.Change.Entries)
	}},
}

func (s *suite) finds(q incident.Query, want ...incident.Incident) {
	s.Helper()
	got, err := s.Find(s.ctx(), q)
	s.must(err)
	s.same(got, want)
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
		Number: 1, Version: 1, Title: "Ünïcode \"quoted\" <&> \u2028 end", Impact: "line\nbreak\x00",
		Severity: policy.P0, Status: incident.Monitoring, Private: true,
		Declared: by, Acked: by, Mitigated: by, Ended: by,
		Resolution: incident.Resolution{Summary: "s", Cause: "c", CustomerImpact: true},
		Level:      2, Reached: now, Since: now, Updated: by, Progress: incident.Progress{Text: "p", ETA: "e"},
		Reminded: now, Snoozed: now.Add(time.Millisecond), Warned: true,
		Channel: "C1", ChannelName: "inc-1", Card: incident.Message{Channel: "C1", TS: "1.2"},
		Announced:  incident.Message{Channel: "C0", TS: "3.4"},
		Roles:      map[policy.Role]slackid.User{policy.OnCallEngineer: "U1"},
		Responders: slackid.NewSet[slackid.User]("U1", "U2"),
		Timers: map[incident.TimerKind]incident.Timer{
			incident.TimerUpdate: {Number: 1, Kind: incident.TimerUpdate, At: now, Gen: 1},
		},
		Steps: map[incident.StepName]incident.Outcome{incident.StepPin: {State: incident.StepFailed, Reason: "r"}},
		Undelivered: []incident.DeadLetter{{
			Notice: incident.Notice{Key: "k", To: incident.Target{People: policy.NewPeople([]slackid.User{"U3"}, nil)}, At: now},
			Reason: "r", At: now,
		}},
		Entries: 0, Head: "h",
	}
}
