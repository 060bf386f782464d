package incident_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
)

const (
	day         = 24 * time.Hour
	itsChannel  = slackid.Channel("C0SEVEN")
	archivedNow = "it's archived"
)

// withChannel returns a scenario whose incident has its channel, called from the
// first moment.
func withChannel(t *testing.T, s policy.Severity) *incidenttest.Scenario {
	t.Helper()
	sc := incidenttest.Declared(t, s)
	for _, n := range sc.Notices {
		if n.Op == notice.OpOpen {
			deliver(sc, n)
		}
	}
	return sc
}

// deliver delivers a notice.
func deliver(s *incidenttest.Scenario, n notice.Notice) {
	s.Do(func(i incident.Incident, o incident.Origin) (incident.Change, error) {
		return i.Delivered(o, n, notice.Receipt{Message: notice.Message{Channel: itsChannel}, Name: "inc-7"})
	})
}

// fail makes a notice a dead letter.
func fail(s *incidenttest.Scenario, n notice.Notice) {
	s.Do(func(i incident.Incident, o incident.Origin) (incident.Change, error) {
		return i.Failed(o, n, archivedNow)
	})
}

// queued returns the last change's notices of an op.
func queued(s *incidenttest.Scenario, op notice.Op) []notice.Notice {
	return slices.DeleteFunc(slices.Clone(s.Notices), func(n notice.Notice) bool { return n.Op != op })
}

func cancel(i incident.Incident, o incident.Origin) (incident.Change, error) {
	return i.Cancel(o, "a test")
}

// closed returns a scenario whose incident was closed at the start.
func closed(t *testing.T) *incidenttest.Scenario {
	t.Helper()
	s := withChannel(t, policy.P3)
	s.Do(resolve)
	s.Do(incident.Incident.Close)
	return s
}

// archived returns a scenario whose closed incident's channel is archived, on
// the seventh day.
func archived(t *testing.T) *incidenttest.Scenario {
	t.Helper()
	s := closed(t)
	s.Pass(7 * day)
	deliver(s, queued(s, notice.OpArchive)[0])
	return s
}

// Which moment the clock watches for, in each state.
func TestArchive_EachState_IsPlannedFromItsEnd(t *testing.T) {
	for name, tc := range map[string]struct {
		act  func(*incidenttest.Scenario)
		want time.Duration
	}{
		"open":                   {func(*incidenttest.Scenario) {}, off},
		"resolved, yet to close": {func(s *incidenttest.Scenario) { s.Do(resolve); s.Pass(30 * day) }, off},
		"closed":                 {func(s *incidenttest.Scenario) { s.Do(resolve); s.Do(incident.Incident.Close) }, 6 * day},
		"closed long after its end": {func(s *incidenttest.Scenario) {
			s.Do(resolve)
			s.Pass(10 * day)
			s.Do(incident.Incident.Close)
		}, 16 * day},
		"cancelled": {func(s *incidenttest.Scenario) { s.Do(cancel) }, 6 * day},
		"announced": {func(s *incidenttest.Scenario) { s.Do(cancel); s.Pass(6 * day) }, 7 * day},
		"kept early": {func(s *incidenttest.Scenario) {
			s.Do(cancel)
			s.Pass(2 * day)
			s.Do(incident.Incident.Keep)
		}, 8 * day},
		"kept when announced": {func(s *incidenttest.Scenario) {
			s.Do(cancel)
			s.Pass(6*day + time.Hour)
			s.Do(incident.Incident.Keep)
		}, 12*day + time.Hour},
		"ordered":  {func(s *incidenttest.Scenario) { s.Do(cancel); s.Pass(7 * day) }, off},
		"reopened": {func(s *incidenttest.Scenario) { s.Do(cancel); s.Pass(6 * day); s.Do(reopen) }, off},
		"with a short delay": {func(s *incidenttest.Scenario) {
			s.Policy.Archive.After = day
			s.Do(cancel)
		}, 0},
		"never": {func(s *incidenttest.Scenario) {
			s.Policy.Archive.After = 0
			s.Do(cancel)
		}, off},
	} {
		s := withChannel(t, policy.P3)
		tc.act(s)
		if got := s.Due(incident.TimerArchive); got != tc.want {
			t.Errorf("%s: due after %s, want %s", name, got, tc.want)
		}
	}
}

func TestArchive_NoChannel_IsNotPlannedUntilThereIsOne(t *testing.T) {
	s := incidenttest.Declared(t, policy.P3)
	open := queued(s, notice.OpOpen)[0]
	s.Do(cancel)
	if got := s.Due(incident.TimerArchive); got != off {
		t.Errorf("without a channel it's due after %s", got)
	}
	s.Pass(10 * day)
	deliver(s, open)
	if got := s.Due(incident.TimerArchive); got != 16*day {
		t.Errorf("with a late channel it's due after %s", got)
	}
}

func TestArchive_TimePasses_IsAnnouncedADayBeforeThenOrderedOnce(t *testing.T) {
	s := closed(t)
	s.Pass(6 * day)
	due, planned := s.Incident.ArchiveDue(s.Policy)
	if s.Posted(incident.TemplateArchiving) != 1 || !planned || !due.Equal(incidenttest.Start.Add(7*day)) {
		t.Errorf("announced %d times, due %s, %t", s.Posted(incident.TemplateArchiving), due, planned)
	}
	s.Pass(day)
	orders := queued(s, notice.OpArchive)
	if len(orders) != 1 || s.Incident.Obsolete(orders[0]) {
		t.Fatalf("orders %+v", orders)
	}
	deliver(s, orders[0])
	s.Pass(30 * day)
	if !s.Incident.Archive.Done.Equal(incidenttest.Start.Add(7*day)) || s.Count(incident.EntryArchived) != 1 || s.Count(incident.EntryArchiving) != 1 {
		t.Errorf("%+v, %d entries", s.Incident.Archive, s.Count(incident.EntryArchived))
	}
}

// Muster was away: people have their day all the same.
func TestArchive_AnnouncedLate_IsPutOff(t *testing.T) {
	s := closed(t)
	timer := s.Timers[incident.TimerArchive]
	s.Now = s.Now.Add(9 * day)
	s.Do(func(i incident.Incident, o incident.Origin) (incident.Change, error) {
		return i.Fire(o, timer, incident.Outage{})
	})
	if got := s.Due(incident.TimerArchive); got != 10*day || len(queued(s, notice.OpArchive)) != 0 {
		t.Errorf("due after %s, %+v", got, s.Notices)
	}
}

// The configuration changes while timers are armed.
func TestArchive_PolicyChanged_FiredTimerKeepsToIt(t *testing.T) {
	for name, tc := range map[string]struct {
		after time.Duration
		pass  time.Duration // before the change
		want  time.Duration
	}{
		"off before the announcement": {0, 0, off},
		"off after the announcement":  {0, 6 * day, off},
		"longer":                      {30 * day, 0, 29 * day},
	} {
		s := closed(t)
		s.Pass(tc.pass)
		s.Policy.Archive.After = tc.after
		s.Pass(8 * day)
		if got := s.Due(incident.TimerArchive); got != tc.want || s.Incident.Archive.Ordered {
			t.Errorf("%s: due after %s, %+v", name, got, s.Incident.Archive)
		}
	}
}

func TestKeep_NothingPlanned_IsRefused(t *testing.T) {
	never := closed(t)
	never.Policy.Archive.After = 0
	open, over := withChannel(t, policy.P3), withChannel(t, policy.P3)
	over.Do(resolve)
	for name, tc := range map[string]struct {
		s    *incidenttest.Scenario
		code string
	}{
		"open":     {open, "not_archiving"},
		"resolved": {over, "not_archiving"},
		"never":    {never, "not_archiving"},
		"archived": {archived(t), "already_archived"},
	} {
		if err := tc.s.By(incidenttest.Ben, incident.Incident.Keep); incidenttest.Code(err) != tc.code {
			t.Errorf("%s: %v, want %s", name, err, tc.code)
		}
	}
}

func TestKeep_Ordered_DropsTheOrder(t *testing.T) {
	s := closed(t)
	s.Pass(7 * day)
	order := queued(s, notice.OpArchive)[0]
	s.Must(s.By(incidenttest.Ben, incident.Incident.Keep))
	if !s.Incident.Obsolete(order) || s.Due(incident.TimerArchive) != 13*day || s.Count(incident.EntryKept) != 1 {
		t.Errorf("obsolete %t, due after %s", s.Incident.Obsolete(order), s.Due(incident.TimerArchive))
	}
}

// Whatever was queued for an archived channel has nothing to say any more while
// the incident is over, and goes elsewhere once it is open.
func TestArchived_WhatIsForTheChannel_IsObsoleteOrGoesToTheDeclarer(t *testing.T) {
	s := archived(t)
	inChannel := notice.Address{InChannel: true}
	for _, tc := range []struct {
		n          notice.Notice
		over, open bool // obsolete while so
	}{
		{notice.Notice{Op: notice.OpTopic, To: inChannel}, true, true},
		{notice.Notice{Op: notice.OpPin, To: inChannel}, true, true},
		{notice.Notice{Op: notice.OpEdit, Template: incident.TemplateCard, To: inChannel}, true, true},
		{notice.Notice{Op: notice.OpPost, Template: incident.TemplateCard, To: inChannel}, true, true},
		{notice.Notice{Op: notice.OpPost, Template: incident.TemplateChange, To: inChannel}, true, false},
		{notice.Notice{Op: notice.OpInvite, To: inChannel}, true, false},
		{notice.Notice{Op: notice.OpUnarchive, To: inChannel}, true, false},
		{notice.Notice{Op: notice.OpArchive, To: inChannel}, true, true},
	} {
		if got := s.Incident.Obsolete(tc.n); got != tc.over {
			t.Errorf("over: %s %s is obsolete: %t", tc.n.Op, tc.n.Template, got)
		}
		open := s.Incident
		open.Status = incident.Investigating
		if got := open.Obsolete(tc.n); got != tc.open {
			t.Errorf("open: %s %s is obsolete: %t", tc.n.Op, tc.n.Template, got)
		}
		a, allowed := open.Audience(tc.n)
		arranges := tc.n.Op == notice.OpArchive || tc.n.Op == notice.OpUnarchive
		if !allowed || (a.Channel == itsChannel) != arranges || (a.User == incidenttest.Ana) == arranges {
			t.Errorf("%s %s goes to %+v", tc.n.Op, tc.n.Template, a)
		}
	}
}

// Somebody archived the channel by hand: the announcement cannot be posted, and
// that is no trouble to anybody once the channel is known to be archived.
func TestArchived_ByHandBefore_LeavesNothingUndelivered(t *testing.T) {
	s := closed(t)
	s.Pass(6 * day)
	announcement := queued(s, notice.OpPost)[0]
	fail(s, announcement)
	elsewhere := announcement
	elsewhere.Key, elsewhere.Template, elsewhere.To = "INC-7.x", incident.TemplateAnnouncement, notice.Address{Channel: incidenttest.Announcement}
	fail(s, elsewhere)
	if s.Incident.Undelivered != 2 {
		t.Fatalf("%d undelivered", s.Incident.Undelivered)
	}
	s.Pass(day)
	deliver(s, queued(s, notice.OpArchive)[0])
	letters, err := s.Incident.DeadLetters()
	if err != nil || len(letters) != 1 || s.Incident.Undelivered != 1 || letters[0].Notice.Template != incident.TemplateAnnouncement {
		t.Errorf("%d undelivered, %+v, %v", s.Incident.Undelivered, letters, err)
	}
}

func TestArchive_Refused_IsADeadLetterThatRetrySendsAgain(t *testing.T) {
	s := closed(t)
	s.Pass(7 * day)
	fail(s, queued(s, notice.OpArchive)[0])
	if s.Incident.Undelivered != 1 || s.Due(incident.TimerArchive) != off {
		t.Errorf("%d undelivered, due after %s", s.Incident.Undelivered, s.Due(incident.TimerArchive))
	}
	s.Do(incident.Incident.Retry)
	if again := queued(s, notice.OpArchive); len(again) != 1 || s.Incident.Obsolete(again[0]) {
		t.Errorf("retried %+v", s.Notices)
	}
}

func TestReopen_Archived_BringsTheChannelBackBeforeAnythingIsSaidThere(t *testing.T) {
	s := archived(t)
	s.Do(reopen)
	here := slices.DeleteFunc(slices.Clone(s.Notices), func(n notice.Notice) bool { return n.Lane != "incident:INC-7" })
	if here[0].Op != notice.OpUnarchive || s.Incident.Steps[incident.StepChannel].State != incident.StepPending {
		t.Fatalf("queued %+v", here)
	}
	deliver(s, here[0])
	invited := queued(s, notice.OpInvite)
	if len(invited) != 1 || !invited[0].To.Also.Has(incidenttest.Ana) || len(queued(s, notice.OpTopic)) != 1 {
		t.Errorf("brought back with %+v", s.Notices)
	}
	if !s.Incident.HasChannel() || s.Incident.Steps[incident.StepChannel].State != incident.StepDone || s.Count(incident.EntryUnarchived) != 1 {
		t.Errorf("%+v, %+v", s.Incident.Archive, s.Incident.Steps)
	}
}

func TestReopen_ChannelInUse_OnlyMakesSure(t *testing.T) {
	s := closed(t)
	s.Do(reopen)
	ensure := queued(s, notice.OpUnarchive)[0]
	origin := incident.Origin{At: s.Now, Policy: s.Policy}
	if _, err := s.Incident.ChannelGone(origin, incident.GoneArchived); !errors.Is(err, incident.ErrNoChange) {
		t.Errorf("Slack told of it late, and it says %v", err)
	}
	change, err := s.Incident.Delivered(origin, ensure, notice.Receipt{})
	if err != nil || len(change.Notices)+len(change.Entries) != 0 || change.After.Archive != (incident.Archiving{}) {
		t.Errorf("got %+v, %v", change, err)
	}
	if _, err := change.After.ChannelGone(origin, incident.GoneArchived); err != nil {
		t.Errorf("archived by hand afterwards: %v", err)
	}
}

// A channel that stays archived, by Muster's hand or by somebody's: everybody
// is told directly, and what comes later is as well.
func TestReopen_ChannelStaysArchived_TellsEverybodyDirectly(t *testing.T) {
	for name, s := range map[string]*incidenttest.Scenario{"by Muster": archived(t), "by hand": closed(t)} {
		s.Must(s.By(incidenttest.Ben, reopen))
		refused := queued(s, notice.OpUnarchive)[0]
		fail(s, refused)
		told := queued(s, notice.OpExpand)
		if len(told) != 1 || told[0].Template != incident.TemplateArchived || s.Incident.Obsolete(told[0]) {
			t.Fatalf("%s: told %+v", name, told)
		}
		people := told[0].To.People
		if !people.Users.Has(incidenttest.Ana) || !people.Users.Has(incidenttest.Ben) || !people.Groups.Has("S0L1") {
			t.Errorf("%s: told %+v", name, people)
		}
		if got := s.Incident.Steps[incident.StepChannel]; got.State != incident.StepFailed || got.Reason != archivedNow || s.Incident.HasChannel() {
			t.Errorf("%s: the card says %+v", name, got)
		}
		s.Do(escalateTo(2))
		if paged := queued(s, notice.OpExpand); len(paged) != 1 || paged[0].To.Level != 2 || len(queued(s, notice.OpInvite)) != 0 {
			t.Errorf("%s: L2 is called by %+v", name, s.Notices)
		}
		s.Do(incident.Incident.Retry)
		again := queued(s, notice.OpUnarchive)
		if len(again) != 1 || len(queued(s, notice.OpOpen)) != 0 || s.Incident.Steps[incident.StepChannel].State != incident.StepPending {
			t.Fatalf("%s: retried %+v", name, s.Notices)
		}
		deliver(s, again[0])
		if len(queued(s, notice.OpInvite)) != 2 {
			t.Errorf("%s: brought back with %+v", name, s.Notices)
		}
	}
}

// An edit of the card was on its way when the channel was archived.
func TestFailed_ArchivedMeanwhile_IsNotMissed(t *testing.T) {
	s := archived(t)
	edit := notice.Notice{Op: notice.OpEdit, Template: incident.TemplateCard, To: notice.Address{InChannel: true}}
	if _, err := s.Incident.Failed(incident.Origin{At: s.Now, Policy: s.Policy}, edit, archivedNow); !errors.Is(err, incident.ErrNoChange) {
		t.Errorf("got %v", err)
	}
}

// The order was on its way when the incident was reopened.
func TestArchived_ReopenedMeanwhile_IsBroughtBack(t *testing.T) {
	s := closed(t)
	s.Pass(7 * day)
	order := queued(s, notice.OpArchive)[0]
	s.Do(reopen)
	deliver(s, order)
	if back := queued(s, notice.OpUnarchive); len(back) != 1 || s.Incident.Obsolete(back[0]) || s.Incident.HasChannel() {
		t.Errorf("queued %+v", s.Notices)
	}
}

// Whoever is given a role hears of it, also where nobody can be invited.
func TestAssign_InvitationFails_IsToldDirectly(t *testing.T) {
	s := withChannel(t, policy.P3)
	s.Do(func(i incident.Incident, o incident.Origin) (incident.Change, error) {
		return i.Assign(o, incident.Assignment{Role: "tech_lead", User: incidenttest.Ben})
	})
	fail(s, queued(s, notice.OpInvite)[0])
	if told := queued(s, notice.OpExpand); len(told) != 1 || !told[0].To.People.Users.Has(incidenttest.Ben) {
		t.Errorf("told %+v", s.Notices)
	}
}
