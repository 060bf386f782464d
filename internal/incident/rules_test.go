package incident_test

import (
	"errors"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
)

const off = time.Duration(-1)

func update(text string, to incident.Status) func(incident.Incident, incident.Origin) (incident.Change, error) {
	return func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Update(c, incident.Report{Text: text, Status: to})
	}
}

func severity(to policy.Severity) func(incident.Incident, incident.Origin) (incident.Change, error) {
	return func(i incident.Incident, c incident.Origin) (incident.Change, error) { return i.ChangeSeverity(c, to) }
}

func resolve(i incident.Incident, c incident.Origin) (incident.Change, error) {
	return i.Resolve(c, incident.Resolution{Summary: "rolled back"})
}

func reopen(i incident.Incident, c incident.Origin) (incident.Change, error) {
	return i.Reopen(c, "it is back")
}

// TestClock holds the figures of the process: which timers are armed when.
func TestClock(t *testing.T) {
	const h, m = time.Hour, time.Minute
	ack := incident.Incident.Acknowledge
	for _, tc := range []struct {
		name                      string
		start                     policy.Severity
		act                       func(*story)
		level                     policy.Level
		respond, update, escalate time.Duration
	}{
		{"P0 calls L2 at once", policy.P0, func(*story) {}, 2, 15 * m, 30 * m, h},
		{"P1", policy.P1, func(*story) {}, 1, h, 2 * h, 2 * h},
		{"P2", policy.P2, func(*story) {}, 1, 4 * h, 2 * h, off},
		{"P3", policy.P3, func(*story) {}, 1, 24 * h, 2 * h, off},
		{"acknowledging ends the watch only", policy.P0, func(s *story) { s.do(ack) }, 2, off, 30 * m, h},
		{"an acknowledged P0 goes to L3 after an hour", policy.P0, func(s *story) {
			s.do(ack)
			s.pass(h)
		}, 3, off, 90 * m, off},
		{"a monitored P0 does not", policy.P0, func(s *story) {
			s.pass(20 * m)
			s.do(update("fix is out", incident.Monitoring))
			s.pass(25 * m)
		}, 2, off, 50 * m, off},
		{"a P1 climbs every two hours", policy.P1, func(s *story) {
			s.do(ack)
			s.pass(2 * h)
		}, 2, off, 4 * h, 4 * h},
		{"up to the top", policy.P1, func(s *story) { s.pass(4 * h) }, 3, off, 6 * h, off},
		{"the cadence runs from the last update", policy.P0, func(s *story) {
			s.pass(20 * m)
			s.do(update("still looking", ""))
		}, 2, off, 50 * m, h},
		{"a reminder repeats", policy.P2, func(s *story) { s.pass(2*h + m) }, 1, 4 * h, 4 * h, off},
		{"a snooze moves one reminder", policy.P0, func(s *story) {
			s.do(func(i incident.Incident, c incident.Origin) (incident.Change, error) { return i.Snooze(c, 50*m) })
		}, 2, 15 * m, 50 * m, h},
		{"and not the ones after", policy.P0, func(s *story) {
			s.do(ack)
			s.do(func(i incident.Incident, c incident.Origin) (incident.Change, error) { return i.Snooze(c, 50*m) })
			s.pass(50 * m)
		}, 2, off, 80 * m, h},
		{"an update ends a snooze", policy.P0, func(s *story) {
			s.do(func(i incident.Incident, c incident.Origin) (incident.Change, error) { return i.Snooze(c, 50*m) })
			s.pass(10 * m)
			s.do(update("found it", incident.Identified))
		}, 2, off, 40 * m, h},
		{"raising starts the new rules now", policy.P2, func(s *story) {
			s.pass(h)
			s.do(severity(policy.P0))
		}, 2, h + 15*m, h + 30*m, 2 * h},
		{"raising again", policy.P2, func(s *story) {
			s.pass(h)
			s.do(severity(policy.P1))
		}, 1, 2 * h, 3 * h, 3 * h},
		{"lowering re-times from the start", policy.P0, func(s *story) {
			s.pass(10 * m)
			s.do(severity(policy.P1))
		}, 2, h, 2 * h, 4 * h},
		{"lowering stops the climb", policy.P0, func(s *story) {
			s.pass(10 * m)
			s.do(severity(policy.P3))
		}, 2, 24 * h, 2 * h, off},
		{"by hand the next step stays at its moment", policy.P1, func(s *story) {
			s.pass(h / 2)
			s.do(func(i incident.Incident, c incident.Origin) (incident.Change, error) { return i.Escalate(c, 0, "") })
		}, 2, h, 2 * h, 4 * h},
		{"resolved is never nagged", policy.P0, func(s *story) {
			s.do(resolve)
			s.pass(48 * h)
		}, 2, off, off, off},
		{"held by monitoring, the levels still come one after the other", policy.P1, func(s *story) {
			s.do(update("fix is out", incident.Monitoring))
			s.pass(5 * h)
			s.do(update("it is back", incident.Investigating))
		}, 2, off, 7 * h, 7 * h},
		{"reopening starts the rules anew", policy.P1, func(s *story) {
			s.do(resolve)
			s.pass(h)
			s.do(reopen)
		}, 1, off, 3 * h, 3 * h},
		{"back from monitoring the climb goes on", policy.P1, func(s *story) {
			s.do(update("fix is out", incident.Monitoring))
			s.pass(h)
			s.do(update("it is back", incident.Investigating))
		}, 1, off, 3 * h, 2 * h},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := declared(t, tc.start)
			tc.act(s)
			for kind, want := range map[incident.TimerKind]time.Duration{
				incident.TimerRespond: tc.respond, incident.TimerUpdate: tc.update, incident.TimerEscalate: tc.escalate,
			} {
				if got := s.after(kind); got != want {
					t.Errorf("timer %s: armed at +%v, want +%v", kind, got, want)
				}
			}
			if s.i.Level != tc.level {
				t.Errorf("level %s, want %s", s.i.Level, tc.level)
			}
			if err := s.i.Verify(s.timeline); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestNobodyAnswers(t *testing.T) {
	s := declared(t, policy.P1)
	s.pass(8 * time.Hour)
	for kind, want := range map[incident.EntryKind]int{
		incident.EntryWarned: 1, incident.EntryEscalated: 2, incident.EntryReminded: 4,
	} {
		if got := s.count(kind); got != want {
			t.Errorf("%d entries %q in eight hours, want %d", got, kind, want)
		}
	}
}

func TestAnOutdatedTimerDoesNothing(t *testing.T) {
	s := declared(t, policy.P0)
	old := s.armed[incident.TimerUpdate]
	s.now = old.At
	s.do(update("just now", ""))
	fire := func(at time.Time) error {
		_, err := s.i.Fire(incident.Origin{By: slackid.Muster, At: at, Policy: s.policy}, old, incident.Outage{})
		return err
	}
	if err := fire(s.now); !errors.Is(err, incident.ErrNoChange) {
		t.Errorf("outdated timer: %v, want ErrMoot", err)
	}
	old = s.armed[incident.TimerUpdate]
	if err := fire(old.At.Add(-time.Second)); err != nil {
		t.Errorf("a claimed timer, when the clock went back meanwhile: %v; it must not be lost", err)
	}
}

func TestALateReminderSaysSoOnce(t *testing.T) {
	s := declared(t, policy.P0)
	due := s.armed[incident.TimerUpdate]
	s.now = due.At.Add(100 * time.Minute) // three cadences were missed
	outage := incident.Outage{From: due.At.Add(-5 * time.Minute), To: s.now}
	s.must(s.by(slackid.Muster, func(c incident.Origin) (incident.Change, error) { return s.i.Fire(c, due, outage) }))
	last := s.timeline[len(s.timeline)-1]
	for _, e := range s.timeline {
		if e.Kind == incident.EntryReminded {
			last = e
		}
	}
	if last.Data["late"] != "1 h 40 min" || last.Data["offline_from"] == "" {
		t.Errorf("late reminder: %+v", last)
	}
	if got, want := s.armed[incident.TimerUpdate].At, s.now.Add(30*time.Minute); !got.Equal(want) {
		t.Errorf("next reminder at %s, want %s: one, not a burst", got, want)
	}
}

func TestRejections(t *testing.T) {
	resolved := func(t *testing.T) *story {
		s := declared(t, policy.P2)
		s.do(resolve)
		return s
	}
	open := func(t *testing.T) *story { return declared(t, policy.P2) }
	for _, tc := range []struct {
		name, code string
		in         func(*testing.T) *story
		do         func(incident.Incident, incident.Origin) (incident.Change, error)
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
			return i.Assign(c, "astronaut", ben)
		}},
		{"snooze for a week", "bad_snooze", open, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
			return i.Snooze(c, 7*24*time.Hour)
		}},
		{"nothing to retry", "nothing_undelivered", open, incident.Incident.Retry},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := tc.in(t)
			_, err := tc.do(s.i, incident.Origin{By: ana, At: s.now, Policy: s.policy})
			if code(err) != tc.code {
				t.Errorf("got %v, want %s", err, tc.code)
			}
		})
	}
	t.Run("acknowledge twice", func(t *testing.T) {
		s := open(t)
		s.do(incident.Incident.Acknowledge)
		if err := s.by(ben, s.i.Acknowledge); code(err) != "already_acknowledged" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("beyond the top", func(t *testing.T) {
		s := declared(t, policy.P0)
		s.pass(time.Hour)
		if err := s.by(ben, func(c incident.Origin) (incident.Change, error) { return s.i.Escalate(c, 0, "") }); code(err) != "top_level" {
			t.Errorf("got %v", err)
		}
	})
}

func TestAFailedStepIsMarkedAndTheRestGoesOn(t *testing.T) {
	s := declared(t, policy.P1)
	var open incident.Notice
	for _, n := range s.notices {
		if n.Op == incident.OpOpen {
			open = n
		}
	}
	s.do(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Failed(c, open, "the workspace allows no new channels")
	})
	if got := s.i.Steps[incident.StepChannel]; got.State != incident.StepFailed || got.Reason == "" {
		t.Errorf("channel step: %+v", got)
	}
	if s.told(incident.TemplateNoChannel) != 1 {
		t.Error("the declarer was not told that there is no channel")
	}
	to, ok := s.i.Destination(incident.Notice{Op: incident.OpPost, To: incident.Target{InChannel: true}})
	if !ok || to.User != ana {
		t.Errorf("without a channel messages go to %+v, want the declarer", to)
	}
	s.do(incident.Incident.Retry)
	if s.i.Steps[incident.StepChannel].State != incident.StepPending || len(s.i.Undelivered) != 0 {
		t.Errorf("after retry: %+v", s.i.Steps)
	}
}

func TestPrivateGoesNowhereElse(t *testing.T) {
	s := &story{t: t, policy: process(), now: t0, i: incident.Incident{Number: 8}, armed: map[incident.TimerKind]incident.Timer{}}
	s.do(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Declare(c, incident.Declaration{Title: "Data leak", Impact: "cards", Severity: policy.P0, Private: true})
	})
	for _, n := range s.notices {
		if n.To.Channel != "" {
			t.Errorf("a private incident tells channel %s: %+v", n.To.Channel, n)
		}
	}
	s.i.Channel = "G0PRIVATE"
	if _, ok := s.i.Destination(incident.Notice{Op: incident.OpPost, To: incident.Target{Channel: "C0INCIDENTS"}}); ok {
		t.Error("a private incident may be posted to another channel")
	}
	if s.i.Sees("U0STRANGER", "C0GENERAL") {
		t.Error("a stranger sees a private incident")
	}
	if !s.i.Sees("U0STRANGER", "G0PRIVATE") || !s.i.Sees(ana, "C0GENERAL") {
		t.Error("those inside do not see it")
	}
	shown := s.i.Redacted(incident.Destination{User: "U0LEAD"})
	if shown.Title == "Data leak" || shown.Impact != "" || shown.Channel != "" {
		t.Errorf("redacted: %+v", shown)
	}
}

func TestPostMortemRules(t *testing.T) {
	for _, tc := range []struct {
		name  string
		s     policy.Severity
		cust  bool
		after time.Duration
		want  bool
	}{
		{"P0", policy.P0, false, time.Minute, true},
		{"P1", policy.P1, false, time.Minute, false},
		{"P1 with customer impact", policy.P1, true, time.Minute, true},
		{"P3 of four hours", policy.P3, false, 4 * time.Hour, false},
		{"P3 of more", policy.P3, false, 4*time.Hour + time.Minute, true},
	} {
		s := declared(t, tc.s)
		s.pass(tc.after)
		s.do(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
			return i.Resolve(c, incident.Resolution{Summary: "x", CustomerImpact: tc.cust})
		})
		if got, _ := s.i.NeedsPostMortem(s.policy, s.now.Add(time.Hour)); got != tc.want {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
	}
}

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		"<!channel> & <!here|x>":    "&lt;!channel&gt; &amp; &lt;!here|x&gt;",
		"ask <@U0ANA|ana>":          "ask <@U0ANA>",
		"see <#C0PAY|secret-plans>": "see <#C0PAY>",
		"<https://x|y>":             "&lt;https://x|y&gt;",
		"<!subteam^S1>":             "&lt;!subteam^S1&gt;",
	} {
		if got := incident.Escape(in); got != want {
			t.Errorf("Escape(%q) = %q, want %q", in, got, want)
		}
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

func TestAnUpdateMaySayTheImpact(t *testing.T) {
	s := declared(t, policy.P1)
	s.do(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Update(c, incident.Report{Text: "more is known", Impact: "nobody can pay"})
	})
	s.do(update("and more", ""))
	if s.i.Impact != "nobody can pay" {
		t.Errorf("impact %q", s.i.Impact)
	}
}

func TestEditsThatCannotBeDeliveredCountOnce(t *testing.T) {
	s := declared(t, policy.P1)
	for _, to := range []policy.Severity{policy.P2, policy.P3, policy.P2} {
		s.do(severity(to))
		for _, n := range s.notices {
			if n.Op != incident.OpEdit || n.Template != incident.TemplateAnnouncement {
				continue
			}
			s.do(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
				return i.Failed(c, n, "archived")
			})
			break
		}
	}
	if n := len(s.i.Undelivered); n != 1 {
		t.Errorf("%d dead letters for edits of one announcement", n)
	}
}

func TestReopeningTellsEverybodyCalled(t *testing.T) {
	s := declared(t, policy.P1)
	s.do(resolve)
	s.do(reopen)
	if s.told(incident.TemplateReopened) != 1 || s.i.Acked.By != ana || !s.i.Acked.At.Equal(s.now) {
		t.Errorf("told %d times, acknowledged %+v", s.told(incident.TemplateReopened), s.i.Acked)
	}
}

func TestAnUpdateIsOverdueSinceItWasDue(t *testing.T) {
	s := declared(t, policy.P0)
	s.pass(95 * time.Minute)
	since, overdue := s.i.OverdueUpdate(s.policy)
	if !overdue || !since.Equal(t0.Add(30*time.Minute)) {
		t.Errorf("overdue %v since %s", overdue, since)
	}
	s.do(update("news", ""))
	if _, overdue := s.i.OverdueUpdate(s.policy); overdue {
		t.Error("overdue right after an update")
	}
}

func TestASecondEscalationToTheSameLevelIsRefused(t *testing.T) {
	s := declared(t, policy.P2)
	to2 := func(i incident.Incident, c incident.Origin) (incident.Change, error) { return i.Escalate(c, 2, "") }
	s.do(to2)
	if err := s.by(ben, func(c incident.Origin) (incident.Change, error) { return to2(s.i, c) }); code(err) != "already_escalated" {
		t.Errorf("got %v", err)
	}
}

func TestACardThatCannotBeEditedIsPostedAnewOnce(t *testing.T) {
	s := declared(t, policy.P2)
	s.do(update("news", ""))
	var edit incident.Notice
	for _, n := range s.notices {
		if n.Op == incident.OpEdit && n.Template == incident.TemplateCard {
			edit = n
		}
	}
	for n, want := range []int{1, 0, 0} {
		s.do(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
			return i.Failed(c, edit, "it cannot be edited")
		})
		if got := s.told(incident.TemplateCard); got != want {
			t.Errorf("failure %d: posted %d times, want %d", n+1, got, want)
		}
	}
}

func TestWhoCannotBeInvitedIsTold(t *testing.T) {
	s := declared(t, policy.P0)
	for _, n := range s.notices {
		if n.Op == incident.OpInvite && n.To.Level == 2 {
			s.do(func(i incident.Incident, c incident.Origin) (incident.Change, error) {
				return i.Failed(c, n, "archived")
			})
		}
	}
	var paged bool
	for _, n := range s.notices {
		paged = paged || n.Op == incident.OpExpand && n.To.Level == 2
	}
	if !paged {
		t.Errorf("nobody of L2 is told: %+v", s.notices)
	}
}

func TestRetryBringsBackEverybody(t *testing.T) {
	s := declared(t, policy.P0)
	told := s.notices
	fail := func(act incident.Op) {
		for _, n := range told {
			if n.Op == act {
				s.do(func(i incident.Incident, c incident.Origin) (incident.Change, error) { return i.Failed(c, n, "no") })
			}
		}
	}
	fail(incident.OpOpen)
	fail(incident.OpInvite)
	s.must(s.by(ben, s.i.Acknowledge))
	s.do(incident.Incident.Retry)
	levels := map[policy.Level]bool{}
	var users slackid.Set[slackid.User]
	for _, n := range s.notices {
		if n.Op == incident.OpInvite {
			levels[n.To.Level] = true
			users = users.Union(n.To.People.Users)
		}
	}
	if !levels[1] || !levels[2] || !users.Has(ana) || !users.Has(ben) {
		t.Errorf("invited levels %v, users %v", levels, users)
	}
	if s.told(incident.TemplateAnnouncement) != 0 {
		t.Error("announced a second time")
	}
}
