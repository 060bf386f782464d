package incident_test

import (
	"testing"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// answers delivers the last change's notices of an op to a level, each with a receipt.
func answers(s *incidenttest.Scenario, queued []notice.Notice, op notice.Op, l policy.Level, r notice.Receipt) {
	for _, n := range queued {
		if n.Op == op && n.To.Level == l {
			s.Do(func(i incident.Incident, o incident.Origin) (incident.Change, error) { return i.Delivered(o, n, r) })
		}
	}
}

// opens has the channel opened.
func opens(s *incidenttest.Scenario, queued []notice.Notice) {
	answers(s, queued, notice.OpOpen, 0, notice.Receipt{Message: notice.Message{Channel: "C0NEW"}, Name: "inc-7"})
}

// queuedFor counts the notices of an op to a level.
func queuedFor(queued []notice.Notice, op notice.Op, l policy.Level) (n int) {
	for _, q := range queued {
		if q.Op == op && q.To.Level == l {
			n++
		}
	}
	return n
}

var emptyGroup = map[slackid.User]string{"S0L1": "the user group is empty"}

func TestCall_LevelOfNobody_CallsTheNextAtOnce(t *testing.T) {
	s := incidenttest.Declared(t, policy.P2) // whose rules never escalate
	declared := s.Notices
	opens(s, declared)
	answers(s, declared, notice.OpInvite, 1, notice.Receipt{Refused: emptyGroup})
	if s.Incident.Level != 2 || s.Count(incident.EntryEscalated) != 1 || queuedFor(s.Notices, notice.OpInvite, 2) != 1 {
		t.Fatalf("level %s, queued %+v", s.Incident.Level, s.Notices)
	}
	if e := s.Timeline[len(s.Timeline)-1]; e.By != slackid.Muster || e.Facts["because"] != incident.EscalatedNobody || e.Facts["level"] != "L1" {
		t.Errorf("recorded %+v", e)
	}
	answers(s, s.Notices, notice.OpInvite, 2, notice.Receipt{Users: []slackid.User{"U0LEAD"}})
	if s.Incident.Level != 2 || s.Incident.CalledNobody() || s.Due(incident.TimerReach) >= 0 {
		t.Errorf("level %s, calls %+v", s.Incident.Level, s.Incident.Calls)
	}
}

func TestCall_NoLevelHasAnybody_SaysSoToChannelAndDeclarer(t *testing.T) {
	s := incidenttest.Declared(t, policy.P3)
	queued := s.Notices
	opens(s, queued)
	for l := policy.Level(1); l <= s.Policy.Top(); l++ {
		answers(s, queued, notice.OpInvite, l, notice.Receipt{Refused: emptyGroup})
		queued = s.Notices
	}
	if !s.Incident.CalledNobody() || s.Posted(incident.TemplateNobody) != 2 || s.Count(incident.EntryNobody) != 1 {
		t.Errorf("calls %+v, told %d", s.Incident.Calls, s.Posted(incident.TemplateNobody))
	}
}

func TestCall_NobodyInTheConfiguration_IsKnownWhenDeclaring(t *testing.T) {
	s := incidenttest.New(t)
	s.Policy.Roles[0].Holder = policy.People{}
	s.Declare(incident.Declaration{Title: "Payments down", Severity: policy.P3})
	if s.Incident.Level != 2 || queuedFor(s.Notices, notice.OpInvite, 2) != 1 {
		t.Errorf("level %s, calls %+v", s.Incident.Level, s.Incident.Calls)
	}
}

// A post that finds the channel archived brings it back, and follows; the second
// time, and where Slack lets nobody, another one is opened.
func TestChannelGone_WhilePeopleAreAtWork_GoesOn(t *testing.T) {
	s := incidenttest.Declared(t, policy.P0)
	declared := s.Notices
	opens(s, declared)
	s.Do(incident.Incident.Acknowledge)
	s.Do(update("found it", ""))
	news := s.Notices[0]
	lost := func(o incident.Incident, c incident.Origin) (incident.Change, error) {
		return o.Lost(c, news, "the channel is archived")
	}
	s.Do(lost)
	back := s.Notices
	if back[0].Op != notice.OpUnarchive || back[1].Template != incident.TemplateUpdate || s.Incident.HasChannel() {
		t.Fatalf("queued %+v", back)
	}
	answers(s, back, notice.OpUnarchive, 0, notice.Receipt{})
	if !s.Incident.HasChannel() || queuedFor(s.Notices, notice.OpInvite, 1) != 1 {
		t.Errorf("back with %+v", s.Notices)
	}
	s.Do(lost)
	if s.Incident.Channel != "" || queuedFor(s.Notices, notice.OpOpen, 0) != 1 || queuedFor(s.Notices, notice.OpInvite, 2) != 1 ||
		s.Posted(incident.TemplateChannelGone) != 1 || s.Posted(incident.TemplateUpdate) != 1 {
		t.Errorf("the second time: %+v", s.Notices)
	}
}

func TestChannelGone_CannotBeBroughtBack_OpensAnother(t *testing.T) {
	for name, gone := range map[string]incident.Transition{
		"unarchive is refused": func(i incident.Incident, o incident.Origin) (incident.Change, error) {
			change, err := i.ChannelGone(o, incident.GoneArchived)
			if err != nil {
				return change, err
			}
			return change.After.Failed(o, change.Notices[0], "Slack doesn't let apps unarchive channels")
		},
		"deleted": func(i incident.Incident, o incident.Origin) (incident.Change, error) {
			return i.ChannelGone(o, incident.GoneDeleted)
		},
	} {
		s := incidenttest.Declared(t, policy.P1)
		opens(s, s.Notices)
		change, err := gone(s.Incident, incident.Origin{By: slackid.Muster, At: s.Now, Policy: s.Policy})
		if err != nil || change.After.Channel != "" || queuedFor(change.Notices, notice.OpOpen, 0) != 1 {
			t.Errorf("%s: %+v, %v", name, change.Notices, err)
		}
	}
}

func TestChannelMoved_ID_IsFollowed(t *testing.T) {
	s := incidenttest.Declared(t, policy.P1)
	opens(s, s.Notices)
	s.Do(func(i incident.Incident, o incident.Origin) (incident.Change, error) {
		return i.ChannelMoved(o, "C0MOVED")
	})
	if s.Incident.Channel != "C0MOVED" || s.Count(incident.EntryChannelMoved) != 1 {
		t.Errorf("channel %s", s.Incident.Channel)
	}
}

// Whoever cannot be invited is called by direct message; the others are not.
func TestCall_SomeCannotBeInvited_GetDirectMessages(t *testing.T) {
	s := incidenttest.Declared(t, policy.P3)
	declared := s.Notices
	opens(s, declared)
	some := []slackid.User{incidenttest.Ana, incidenttest.Ben}
	answers(s, declared, notice.OpInvite, 1, notice.Receipt{Users: some, Refused: map[slackid.User]string{incidenttest.Ben: "guests can't join"}})
	direct := queuedFor(s.Notices, notice.OpPost, 1)
	if direct != 1 || s.Incident.Level != 1 || !s.Incident.Calls[1].Reached {
		t.Errorf("%d direct messages, calls %+v", direct, s.Incident.Calls)
	}
}

func TestCall_OnlyDeactivatedPeople_CallsTheNext(t *testing.T) {
	s := incidenttest.Declared(t, policy.P3)
	declared := s.Notices
	opens(s, declared)
	gone := notice.Receipt{Users: []slackid.User{incidenttest.Ben}, Refused: map[slackid.User]string{incidenttest.Ben: "the account is deactivated"}}
	answers(s, declared, notice.OpInvite, 1, gone)
	for _, n := range s.Notices {
		if n.To.User == incidenttest.Ben {
			s.Do(func(i incident.Incident, o incident.Origin) (incident.Change, error) {
				return i.Failed(o, n, "the account is deactivated")
			})
		}
	}
	if s.Incident.Level != 2 || s.Incident.Calls[1].Nobody == "" {
		t.Errorf("level %s, calls %+v", s.Incident.Level, s.Incident.Calls)
	}
}

// With no channel in time, the called levels get direct messages, once;
// when it opens later they are invited without another alarm.
func TestCall_NoChannelInTime_CallsDirectlyOnce(t *testing.T) {
	s := incidenttest.Declared(t, policy.P0)
	declared := s.Notices
	if s.Due(incident.TimerReach) != incident.ReachUrgently {
		t.Fatalf("due after %s", s.Due(incident.TimerReach))
	}
	s.Pass(incident.ReachUrgently)
	late := s.Notices
	if queuedFor(late, notice.OpExpand, 1) != 1 || queuedFor(late, notice.OpExpand, 2) != 1 || s.Posted(incident.TemplateNoChannel) != 1 {
		t.Fatalf("queued %+v", late)
	}
	if s.Due(incident.TimerReach) >= 0 || !s.Incident.Calls[1].Late() || !s.Incident.WithoutChannel() {
		t.Errorf("calls %+v", s.Incident.Calls)
	}
	answers(s, late, notice.OpExpand, 1, notice.Receipt{Users: []slackid.User{incidenttest.Ben}})
	if !s.Incident.Involves(incidenttest.Ben) {
		t.Error("who was called by direct message is not involved")
	}
	answers(s, s.Notices, notice.OpPost, 1, notice.Receipt{Message: notice.Message{Channel: "D0BEN", TS: "1.1"}})
	if !s.Incident.Calls[1].Reached || s.Incident.Calls[2].Reached {
		t.Errorf("calls %+v", s.Incident.Calls)
	}
	s.Do(func(i incident.Incident, o incident.Origin) (incident.Change, error) {
		return i.Escalate(o, incident.Escalation{To: 3})
	})
	if queuedFor(s.Notices, notice.OpExpand, 3) != 1 || queuedFor(s.Notices, notice.OpInvite, 3) != 1 {
		t.Errorf("a level called meanwhile waits for the channel: %+v", s.Notices)
	}
	opens(s, declared)
	for _, n := range append(declared, s.Notices...) {
		alarm := n.To.InChannel && (n.Template == incident.TemplateAlert || n.Template == incident.TemplateEscalation)
		if (alarm || n.Op == notice.OpInvite) && s.Incident.Obsolete(n) != alarm {
			t.Errorf("%s %s obsolete: %t", n.Op, n.Template, s.Incident.Obsolete(n))
		}
	}
}
