package incident_test

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
)

const off = time.Duration(-1)

func update(text string, to incident.Status) incident.Transition {
	return func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Update(c, incident.Report{Text: text, Status: to})
	}
}

func severity(to policy.Severity) incident.Transition {
	return func(i incident.Incident, c incident.Origin) (incident.Change, error) { return i.ChangeSeverity(c, to) }
}

func escalateTo(to policy.Level) incident.Transition {
	return func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Escalate(c, incident.Escalation{To: to})
	}
}

func resolve(i incident.Incident, c incident.Origin) (incident.Change, error) {
	return i.Resolve(c, incident.Resolution{Summary: "rolled back"})
}

func reopen(i incident.Incident, c incident.Origin) (incident.Change, error) {
	changes, err := incident.Separate(i, incident.Incident{Number: i.MergedInto.Number}, c, "it is back")
	if err != nil {
		return incident.Change{}, err
	}
	return changes[0], nil
}

// TestClock holds the figures of the process: which timers are armed when.
// With another policy than the one they were armed by, timers follow the new one.
func TestRearm_PolicyChanged_TimersFollowIt(t *testing.T) {
	const m, h = time.Minute, time.Hour
	rearm := func(s *incidenttest.Scenario) incident.Transition {
		row := s.Incident.Summary(incidenttest.Policy(), s.Now)
		return func(inc incident.Incident, o incident.Origin) (incident.Change, error) { return inc.Rearm(o, row) }
	}
	s := incidenttest.Declared(t, policy.P1)
	if err := s.By(slackid.Muster, rearm(s)); !errors.Is(err, incident.ErrNoChange) {
		t.Errorf("with the same policy: %v", err)
	}
	s.Pass(30 * m)
	s.Policy.Severities = slices.Clone(s.Policy.Severities)
	rules := &s.Policy.Severities[1]
	rules.Response, rules.Update, rules.Escalate = 45*m, 20*m, []policy.Step{{To: 2, After: 25 * m}, {To: 3, After: 4 * h}}
	s.Must(s.By(slackid.Muster, rearm(s)))
	if s.Due(incident.TimerRespond) != 45*m || s.Due(incident.TimerUpdate) != 30*m || s.Incident.Level != 2 {
		t.Errorf("respond at +%s, update at +%s (now, not in the past), level %s",
			s.Due(incident.TimerRespond), s.Due(incident.TimerUpdate), s.Incident.Level)
	}
	s.Pass(0)
	if e := s.Timeline[len(s.Timeline)-1]; e.Kind != incident.EntryReminded || e.Facts["late"] != "" {
		t.Errorf("a reminder of new rules says that it is late: %+v", e)
	}
	timers := maps.Clone(s.Incident.Timers)
	s.Policy.Severities = s.Policy.Severities[:1]
	if err := s.By(slackid.Muster, rearm(s)); !errors.Is(err, incident.ErrNoChange) || !maps.Equal(timers, s.Incident.Timers) {
		t.Errorf("a severity that is gone: %v, %v", err, s.Incident.Timers)
	}
}

// An announcement is brought up to date where it was posted.
func TestAnnouncement_PolicyChanged_IsEditedWhereItIs(t *testing.T) {
	for name, announce := range map[string]slackid.Channel{"taken out": "", "another": "C0OTHER"} {
		s := incidenttest.Declared(t, policy.P1)
		s.Incident.Announced = notice.Message{Channel: incidenttest.Announcement, TS: "1.000001"}
		s.Policy.Announce = announce
		s.Do(resolve)
		at := slices.IndexFunc(s.Notices, func(n notice.Notice) bool { return n.Template == incident.TemplateAnnouncement })
		if at < 0 || s.Notices[at].To.Channel != incidenttest.Announcement {
			t.Errorf("%s: %+v", name, s.Notices)
		}
	}
}

func TestClock(t *testing.T) {
	const h, m = time.Hour, time.Minute
	ack := incident.Incident.Acknowledge
	for _, tc := range []struct {
		name                      string
		start                     policy.Severity
		act                       func(*incidenttest.Scenario)
		level                     policy.Level
		respond, update, escalate time.Duration
	}{
		{"P0 calls L2 at once", policy.P0, func(*incidenttest.Scenario) {}, 2, 15 * m, 30 * m, h},
		{"P1", policy.P1, func(*incidenttest.Scenario) {}, 1, h, 2 * h, 2 * h},
		{"P2", policy.P2, func(*incidenttest.Scenario) {}, 1, 4 * h, 2 * h, off},
		{"P3", policy.P3, func(*incidenttest.Scenario) {}, 1, 24 * h, 2 * h, off},
		{"acknowledging ends the watch only", policy.P0, func(s *incidenttest.Scenario) { s.Do(ack) }, 2, off, 30 * m, h},
		{"an acknowledged P0 goes to L3 after an hour", policy.P0, func(s *incidenttest.Scenario) {
			s.Do(ack)
			s.Pass(h)
		}, 3, off, 90 * m, off},
		{"a monitored P0 does not", policy.P0, func(s *incidenttest.Scenario) {
			s.Pass(20 * m)
			s.Do(update("fix is out", incident.Monitoring))
			s.Pass(25 * m)
		}, 2, off, 50 * m, off},
		{"a P1 climbs every two hours", policy.P1, func(s *incidenttest.Scenario) {
			s.Do(ack)
			s.Pass(2 * h)
		}, 2, off, 4 * h, 4 * h},
		{"up to the top", policy.P1, func(s *incidenttest.Scenario) { s.Pass(4 * h) }, 3, off, 6 * h, off},
		{"the cadence runs from the last update", policy.P0, func(s *incidenttest.Scenario) {
			s.Pass(20 * m)
			s.Do(update("still looking", ""))
		}, 2, off, 50 * m, h},
		{"a reminder repeats", policy.P2, func(s *incidenttest.Scenario) { s.Pass(2*h + m) }, 1, 4 * h, 4 * h, off},
		{"a snooze moves one reminder", policy.P0, func(s *incidenttest.Scenario) {
			s.Do(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
				return i.Snooze(c, incident.Pause{For: 50 * m})
			})
		}, 2, 15 * m, 50 * m, h},
		{"and not the ones after", policy.P0, func(s *incidenttest.Scenario) {
			s.Do(ack)
			s.Do(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
				return i.Snooze(c, incident.Pause{For: 50 * m})
			})
			s.Pass(50 * m)
		}, 2, off, 80 * m, h},
		{"an update ends a snooze", policy.P0, func(s *incidenttest.Scenario) {
			s.Do(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
				return i.Snooze(c, incident.Pause{For: 50 * m})
			})
			s.Pass(10 * m)
			s.Do(update("found it", incident.Identified))
		}, 2, off, 40 * m, h},
		{"raising starts the new rules now", policy.P2, func(s *incidenttest.Scenario) {
			s.Pass(h)
			s.Do(severity(policy.P0))
		}, 2, h + 15*m, h + 30*m, 2 * h},
		{"raising again", policy.P2, func(s *incidenttest.Scenario) {
			s.Pass(h)
			s.Do(severity(policy.P1))
		}, 1, 2 * h, 3 * h, 3 * h},
		{"lowering re-times from the start", policy.P0, func(s *incidenttest.Scenario) {
			s.Pass(10 * m)
			s.Do(severity(policy.P1))
		}, 2, h, 2 * h, 4 * h},
		{"lowering stops the climb", policy.P0, func(s *incidenttest.Scenario) {
			s.Pass(10 * m)
			s.Do(severity(policy.P3))
		}, 2, 24 * h, 2 * h, off},
		{"by hand the next step stays at its moment", policy.P1, func(s *incidenttest.Scenario) {
			s.Pass(h / 2)
			s.Do(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
				return i.Escalate(c, incident.Escalation{})
			})
		}, 2, h, 2 * h, 4 * h},
		{"resolved is never nagged", policy.P0, func(s *incidenttest.Scenario) {
			s.Do(resolve)
			s.Pass(48 * h)
		}, 2, off, off, off},
		{"after hours of monitoring nobody is called at once", policy.P1, func(s *incidenttest.Scenario) {
			s.Do(update("fix is out", incident.Monitoring))
			s.Pass(5 * h)
			s.Do(update("it is back", incident.Investigating))
		}, 1, off, 7 * h, 7 * h},
		{"reopening starts the rules anew", policy.P1, func(s *incidenttest.Scenario) {
			s.Do(resolve)
			s.Pass(h)
			s.Do(reopen)
		}, 1, off, 3 * h, 3 * h},
		{"back from monitoring the time without mitigation begins again", policy.P1, func(s *incidenttest.Scenario) {
			s.Do(update("fix is out", incident.Monitoring))
			s.Pass(h)
			s.Do(update("it is back", incident.Investigating))
		}, 1, off, 3 * h, 3 * h},
		{"from one status that hurts to another it goes on", policy.P1, func(s *incidenttest.Scenario) {
			s.Pass(h)
			s.Do(update("found it", incident.Identified))
			s.Do(update("not so", incident.Investigating))
		}, 1, off, 3 * h, 2 * h},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := incidenttest.Declared(t, tc.start)
			tc.act(s)
			for kind, want := range map[incident.TimerName]time.Duration{
				incident.TimerRespond: tc.respond, incident.TimerUpdate: tc.update, incident.TimerEscalate: tc.escalate,
			} {
				if got := s.Due(kind); got != want {
					t.Errorf("timer %s: armed at +%v, want +%v", kind, got, want)
				}
			}
			if s.Incident.Level != tc.level {
				t.Errorf("level %s, want %s", s.Incident.Level, tc.level)
			}
			if err := s.Incident.Verify(s.Timeline); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestNobodyAnswers(t *testing.T) {
	s := incidenttest.Declared(t, policy.P1)
	s.Pass(8 * time.Hour)
	for kind, want := range map[incident.EntryKind]int{
		incident.EntryWarned: 1, incident.EntryEscalated: 2, incident.EntryReminded: 4,
	} {
		if got := s.Count(kind); got != want {
			t.Errorf("%d entries %q in eight hours, want %d", got, kind, want)
		}
	}
}

func TestAnOutdatedTimerDoesNothing(t *testing.T) {
	s := incidenttest.Declared(t, policy.P0)
	old := s.Timers[incident.TimerUpdate]
	s.Now = old.At
	s.Do(update("just now", ""))
	fire := func(at time.Time) error {
		_, err := s.Incident.Fire(incident.Origin{By: slackid.Muster, At: at, Policy: s.Policy}, old, incident.Outage{})
		return err
	}
	if err := fire(s.Now); !errors.Is(err, incident.ErrNoChange) {
		t.Errorf("outdated timer: %v, want ErrNoChange", err)
	}
	old = s.Timers[incident.TimerUpdate]
	if err := fire(old.At.Add(-time.Second)); err != nil {
		t.Errorf("a claimed timer, when the clock went back meanwhile: %v; it must not be lost", err)
	}
}

func TestALateReminderSaysSoOnce(t *testing.T) {
	s := incidenttest.Declared(t, policy.P0)
	due := s.Timers[incident.TimerUpdate]
	s.Now = due.At.Add(100 * time.Minute) // three cadences were missed
	outage := incident.Outage{From: due.At.Add(-5 * time.Minute), To: s.Now}
	s.Must(s.By(slackid.Muster, func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
		return inc.Fire(o, due, outage)
	}))
	last := s.Timeline[len(s.Timeline)-1]
	for _, e := range s.Timeline {
		if e.Kind == incident.EntryReminded {
			last = e
		}
	}
	if last.Facts["late"] != "1h40m0s" || last.Facts["offline_from"] == "" {
		t.Errorf("late reminder: %+v", last)
	}
	if got, want := s.Timers[incident.TimerUpdate].At, s.Now.Add(30*time.Minute); !got.Equal(want) {
		t.Errorf("next reminder at %s, want %s: one, not a burst", got, want)
	}
}

func TestRejections(t *testing.T) {
	resolved := func(t *testing.T) *incidenttest.Scenario {
		s := incidenttest.Declared(t, policy.P2)
		s.Do(resolve)
		return s
	}
	open := func(t *testing.T) *incidenttest.Scenario { return incidenttest.Declared(t, policy.P2) }
	for _, tc := range []struct {
		name, code string
		in         func(*testing.T) *incidenttest.Scenario
		do         incident.Transition
	}{
		{"acknowledge a resolved one", "not_open", resolved, incident.Incident.Acknowledge},
		{"update a resolved one", "not_open", resolved, update("x", "")},
		{"close an open one", "not_allowed", open, incident.Incident.Close},
		{"reopen an open one", "not_allowed", open, reopen},
		{"reopen without a reason", "missing", resolved, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
			return i.Reopen(c, "  ")
		}},
		{"empty update", "missing", open, update(" ", "")},
		{"update to resolved", "not_allowed", open, update("done", incident.Resolved)},
		{"same severity", "same_severity", open, severity(policy.P2)},
		{"no such severity", "unknown_severity", open, severity("P9")},
		{"no such role", "unknown_role", open, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
			return i.Assign(c, incident.Assignment{Role: "astronaut", User: incidenttest.Ben})
		}},
		{"snooze for a week", "bad_snooze", open, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
			return i.Snooze(c, incident.Pause{For: 7 * 24 * time.Hour})
		}},
		{"nothing to retry", "nothing_undelivered", open, incident.Incident.Retry},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := tc.in(t)
			_, err := tc.do(s.Incident, incident.Origin{By: incidenttest.Ana, At: s.Now, Policy: s.Policy})
			if incidenttest.Code(err) != tc.code {
				t.Errorf("got %v, want %s", err, tc.code)
			}
		})
	}
	t.Run("acknowledge twice", func(t *testing.T) {
		s := open(t)
		s.Do(incident.Incident.Acknowledge)
		if err := s.By(incidenttest.Ben, incident.Incident.Acknowledge); incidenttest.Code(err) != "already_acknowledged" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("beyond the top", func(t *testing.T) {
		s := incidenttest.Declared(t, policy.P0)
		s.Pass(time.Hour)
		if err := s.By(incidenttest.Ben, escalateTo(0)); incidenttest.Code(err) != "top_level" {
			t.Errorf("got %v", err)
		}
	})
}

func TestAFailedStepIsMarkedAndTheRestGoesOn(t *testing.T) {
	s := incidenttest.Declared(t, policy.P1)
	var open notice.Notice
	for _, n := range s.Notices {
		if n.Op == notice.OpOpen {
			open = n
		}
	}
	s.Do(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Failed(c, open, "the workspace allows no new channels")
	})
	if got := s.Incident.Steps[incident.StepChannel]; got.State != incident.StepFailed || got.Reason == "" {
		t.Errorf("channel step: %+v", got)
	}
	if s.Posted(incident.TemplateNoChannel) != 1 {
		t.Error("the declarer was not told that there is no channel")
	}
	to, ok := s.Incident.Audience(notice.Notice{Op: notice.OpPost, To: notice.Address{InChannel: true}})
	if !ok || to.User != incidenttest.Ana {
		t.Errorf("without a channel messages go to %+v, want the declarer", to)
	}
	s.Do(incident.Incident.Retry)
	if s.Incident.Steps[incident.StepChannel].State != incident.StepPending || s.Incident.Undelivered != 0 {
		t.Errorf("after retry: %+v", s.Incident.Steps)
	}
}

func TestPrivateGoesNowhereElse(t *testing.T) {
	s := incidenttest.New(t).Declare(incident.Declaration{Title: "Data leak", Impact: "cards", Severity: policy.P0, Private: true})
	for _, n := range s.Notices {
		if n.To.Channel != "" {
			t.Errorf("a private incident tells channel %s: %+v", n.To.Channel, n)
		}
	}
	s.Incident.Channel = "G0PRIVATE"
	if _, ok := s.Incident.Audience(notice.Notice{Op: notice.OpPost, To: notice.Address{Channel: "C0INCIDENTS"}}); ok {
		t.Error("a private incident may be posted to another channel")
	}
	if s.Incident.Sees("U0STRANGER", "C0GENERAL") {
		t.Error("a stranger sees a private incident")
	}
	if !s.Incident.Sees("U0STRANGER", "G0PRIVATE") || !s.Incident.Sees(incidenttest.Ana, "C0GENERAL") {
		t.Error("those inside do not see it")
	}
	to, ok := s.Incident.Audience(notice.Notice{Op: notice.OpPost, To: notice.Address{User: "U0LEAD"}})
	if !ok || !to.Outsider {
		t.Fatalf("the audience is %+v, allowed %v; want an outsider", to, ok)
	}
	shown := s.Incident.For(to)
	if shown.Title == "Data leak" || shown.Impact() != "" || shown.Channel != "" || len(shown.Loaded.Entries[1].Facts["title"]) > 0 {
		t.Errorf("an outsider is shown %+v", shown)
	}
	if row := s.Incident.Summary(s.Policy, s.Now); row.Sees("U0STRANGER", "C0GENERAL") || !row.Sees(incidenttest.Ana, "") {
		t.Errorf("the row is seen by others than the incident: %+v", row)
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", 45 * time.Second: "45 s", 30 * time.Minute: "30 min", 2 * time.Hour: "2 h",
		90 * time.Minute: "1 h 30 min", 51*time.Hour + 10*time.Minute: "2 d 3 h", 59*time.Minute + 50*time.Second: "1 h",
	} {
		if got := incident.Span(d); got != want {
			t.Errorf("Span(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestParseSpan_WhateverSpanWrites_IsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(0, int64(9000*24*time.Hour)).Draw(t, "duration"))
		said := incident.Span(d)
		read, ok := incident.ParseSpan(said)
		if !ok || incident.Span(read) != said || (read-d).Abs() > time.Hour {
			t.Fatalf("%s is written %q and read as %s, %t", d, said, read, ok)
		}
	})
}

func TestAnUpdateMaySayTheImpact(t *testing.T) {
	s := incidenttest.Declared(t, policy.P1)
	s.Do(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Update(c, incident.Report{Text: "more is known", Impact: "nobody can pay"})
	})
	s.Do(update("and more", ""))
	if s.Incident.Impact() != "nobody can pay" {
		t.Errorf("impact %q", s.Incident.Impact())
	}
}

func TestEditsThatCannotBeDeliveredCountOnce(t *testing.T) {
	s := incidenttest.Declared(t, policy.P1)
	for _, to := range []policy.Severity{policy.P2, policy.P3, policy.P2} {
		s.Do(severity(to))
		for _, n := range s.Notices {
			if n.Op != notice.OpEdit || n.Template != incident.TemplateAnnouncement {
				continue
			}
			s.Do(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
				return i.Failed(c, n, "archived")
			})
			break
		}
	}
	if n := s.Incident.Undelivered; n != 1 || len(s.Incident.Loaded.Parts[incident.PartDeadLetter]) != 1 {
		t.Errorf("%d dead letters for edits of one announcement", n)
	}
}

func TestReopeningTellsEverybodyCalled(t *testing.T) {
	s := incidenttest.Declared(t, policy.P1)
	s.Do(resolve)
	s.Do(reopen)
	if s.Posted(incident.TemplateReopened) != 1 || s.Incident.Acked.By != incidenttest.Ana || !s.Incident.Acked.At.Equal(s.Now) {
		t.Errorf("told %d times, acknowledged %+v", s.Posted(incident.TemplateReopened), s.Incident.Acked)
	}
}

func TestAnUpdateIsOverdueSinceItWasDue(t *testing.T) {
	s := incidenttest.Declared(t, policy.P0)
	s.Pass(95 * time.Minute)
	since, overdue := s.Incident.OverdueUpdate(s.Policy)
	if !overdue || !since.Equal(incidenttest.Start.Add(30*time.Minute)) {
		t.Errorf("overdue %v since %s", overdue, since)
	}
	s.Do(update("news", ""))
	if _, overdue := s.Incident.OverdueUpdate(s.Policy); overdue {
		t.Error("overdue right after an update")
	}
}

func TestASecondEscalationToTheSameLevelIsRefused(t *testing.T) {
	s := incidenttest.Declared(t, policy.P2)
	to2 := escalateTo(2)
	s.Do(to2)
	if err := s.By(incidenttest.Ben, to2); incidenttest.Code(err) != "already_escalated" {
		t.Errorf("got %v", err)
	}
}

func TestACardThatCannotBeEditedIsPostedAnewOnce(t *testing.T) {
	s := incidenttest.Declared(t, policy.P2)
	s.Incident.Card = notice.Message{Channel: "C0INC", TS: "1.1"}
	s.Do(update("news", ""))
	var edit notice.Notice
	for _, n := range s.Notices {
		if n.Op == notice.OpEdit && n.Template == incident.TemplateCard {
			edit = n
		}
	}
	for n, want := range []int{1, 0, 0} {
		s.Do(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
			return i.Failed(c, edit, "it cannot be edited")
		})
		if got := s.Posted(incident.TemplateCard); got != want {
			t.Errorf("failure %d: posted %d times, want %d", n+1, got, want)
		}
	}
}

func TestWhoCannotBeInvitedIsTold(t *testing.T) {
	s := incidenttest.Declared(t, policy.P0)
	for _, n := range s.Notices {
		if n.Op == notice.OpInvite && n.To.Level == 2 {
			s.Do(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
				return i.Failed(c, n, "archived")
			})
		}
	}
	var paged bool
	for _, n := range s.Notices {
		paged = paged || n.Op == notice.OpExpand && n.To.Level == 2
	}
	if !paged {
		t.Errorf("nobody of L2 is told: %+v", s.Notices)
	}
}

func TestRetryBringsBackEverybody(t *testing.T) {
	s := incidenttest.Declared(t, policy.P0)
	told := s.Notices
	fail := func(act notice.Op) {
		for _, n := range told {
			if n.Op == act {
				s.Do(func(i incident.Incident, c incident.Origin) (incident.Change, error) { return i.Failed(c, n, "no") })
			}
		}
	}
	fail(notice.OpOpen)
	fail(notice.OpInvite)
	s.Must(s.By(incidenttest.Ben, incident.Incident.Acknowledge))
	s.Do(incident.Incident.Retry)
	levels := map[policy.Level]bool{}
	var users slackid.Set[slackid.User]
	for _, n := range s.Notices {
		if n.Op == notice.OpInvite {
			levels[n.To.Level] = true
			users = users.Union(n.To.People.Users).Union(n.To.Also)
		}
	}
	if !levels[1] || !levels[2] || !users.Has(incidenttest.Ana) || !users.Has(incidenttest.Ben) {
		t.Errorf("invited levels %v, users %v", levels, users)
	}
	if s.Posted(incident.TemplateAnnouncement) != 0 {
		t.Error("announced a second time")
	}
}
