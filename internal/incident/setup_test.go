package incident_test

import (
	"slices"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/notice"
	"muster/internal/policy"
)

// only returns the one notice that fits.
func only(t *testing.T, all []notice.Notice, what string, fits func(notice.Notice) bool) notice.Notice {
	t.Helper()
	var found []notice.Notice
	for _, n := range all {
		if fits(n) {
			found = append(found, n)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d notices are %s, want one: %+v", len(found), what, all)
	}
	return found[0]
}

func isOp(op notice.Op) func(notice.Notice) bool {
	return func(n notice.Notice) bool { return n.Op == op }
}

func isPostOf(tmpl notice.Template) func(notice.Notice) bool {
	return func(n notice.Notice) bool { return n.Op == notice.OpPost && n.Template == tmpl }
}

// What only decorates the channel follows when it is possible, in lanes of its own:
// were it refused, limited or in doubt, the people would be called all the same.
func TestDeclared_CardTopicAndPin_NeverKeepTheCallsWaiting(t *testing.T) {
	s := incidenttest.Declared(t, policy.P0)
	declared := s.Notices
	open := only(t, declared, "opening", isOp(notice.OpOpen))
	for _, n := range declared {
		if n.Op == notice.OpTopic || n.Op == notice.OpPin || n.Template == incident.TemplateCard {
			t.Errorf("before there is a channel, %s %s waits", n.Op, n.Template)
		}
		calls := n.Op == notice.OpInvite || n.Template == incident.TemplateAlert || n.Template == incident.TemplateEscalation
		if calls && n.Lane != open.Lane {
			t.Errorf("%s %s is in lane %q, want that of the channel's opening: %q", n.Op, n.Template, n.Lane, open.Lane)
		}
	}
	deliver := func(n notice.Notice, r notice.Receipt) {
		s.Do(func(i incident.Incident, o incident.Origin) (incident.Change, error) { return i.Delivered(o, n, r) })
	}
	deliver(open, notice.Receipt{Message: notice.Message{Channel: "C0INC"}, Name: "inc-7"})
	topic := only(t, s.Notices, "the topic", isOp(notice.OpTopic))
	card := only(t, s.Notices, "the card", isPostOf(incident.TemplateCard))
	if card.Entry != 1 {
		t.Errorf("the card tells of entry %d, want that of the declaration", card.Entry)
	}
	if slices.ContainsFunc(s.Notices, isOp(notice.OpPin)) {
		t.Error("pinned before it is posted")
	}
	deliver(card, notice.Receipt{Message: notice.Message{Channel: "C0INC", TS: "1.1"}})
	pin := only(t, s.Notices, "the pin", isOp(notice.OpPin))
	edit := only(t, s.Notices, "the card's edit", func(n notice.Notice) bool {
		return n.Op == notice.OpEdit && n.Template == incident.TemplateCard
	})
	lanes := []string{open.Lane, topic.Lane, card.Lane, pin.Lane}
	for i, lane := range lanes {
		if slices.Contains(lanes[i+1:], lane) {
			t.Errorf("lane %q is shared: %q", lane, lanes)
		}
	}
	if edit.Lane != card.Lane {
		t.Errorf("the card is posted in lane %q and edited in %q", card.Lane, edit.Lane)
	}
	if paced, with := notice.Destination(card.Lane), notice.Destination(open.Lane); paced != with {
		t.Errorf("the card is paced with %q, the channel's other posts with %q", paced, with)
	}
}

// Until the card is posted there is nothing to edit: it is posted as things are then.
func TestCard_NotPostedYet_IsNotEdited(t *testing.T) {
	s := incidenttest.Declared(t, policy.P1)
	s.Do(incident.Incident.Acknowledge)
	if slices.ContainsFunc(s.Notices, func(n notice.Notice) bool { return n.Op == notice.OpEdit && n.Template == incident.TemplateCard }) {
		t.Errorf("queued %+v", s.Notices)
	}
}

// Without a channel the card goes to whoever declared it, and the channel of a later
// try gets its own.
func TestCard_ChannelCannotBeOpened_GoesToTheDeclarer(t *testing.T) {
	s := incidenttest.Declared(t, policy.P1)
	open := only(t, s.Notices, "opening", isOp(notice.OpOpen))
	s.Do(func(i incident.Incident, o incident.Origin) (incident.Change, error) {
		return i.Failed(o, open, "no new channels")
	})
	card := only(t, s.Notices, "the card", isPostOf(incident.TemplateCard))
	if to, ok := s.Incident.Audience(card); !ok || to.User != incidenttest.Ana {
		t.Errorf("the card goes to %+v", to)
	}
	s.Do(incident.Incident.Retry)
	again := only(t, s.Notices, "opening", isOp(notice.OpOpen))
	s.Do(func(i incident.Incident, o incident.Origin) (incident.Change, error) {
		return i.Delivered(o, again, notice.Receipt{Message: notice.Message{Channel: "C0INC"}})
	})
	card = only(t, s.Notices, "the card", isPostOf(incident.TemplateCard))
	if to, ok := s.Incident.Audience(card); !ok || to.Channel != "C0INC" {
		t.Errorf("the channel's card goes to %+v", to)
	}
}

// A reminder or a warning that had to wait, such as for Slack's limit, speaks of a
// clock that has begun again since.
func TestObsolete_ClockBeganAgain_DropsWhatWaited(t *testing.T) {
	for name, steps := range map[string][]incident.Transition{
		"resolved":              {resolve},
		"resolved and reopened": {resolve, reopen},
		"severity changed":      {severity(policy.P0)},
	} {
		for _, tmpl := range []notice.Template{incident.TemplateReminder, incident.TemplateWarning} {
			s := incidenttest.Declared(t, policy.P1)
			s.Pass(2 * time.Hour)
			waited := notice.Notice{Op: notice.OpPost, Template: tmpl, To: notice.Address{InChannel: true}, At: s.Now}
			if tmpl == incident.TemplateReminder && s.Incident.Obsolete(waited) {
				t.Fatalf("%s: obsolete from the start", tmpl)
			}
			s.Pass(time.Minute)
			for _, step := range steps {
				s.Do(step)
			}
			if !s.Incident.Obsolete(waited) {
				t.Errorf("%s, %s: it would be posted", name, tmpl)
			}
			fresh := waited
			fresh.At = s.Now
			if open := s.Incident.Status.Open(); tmpl == incident.TemplateReminder && s.Incident.Obsolete(fresh) == open {
				t.Errorf("%s, %s: one of now would be obsolete: %t", name, tmpl, open)
			}
		}
	}
}

// What follows with the next channel must not run ahead of it: it would fail, or go to
// the declarer.
func TestLost_AnotherChannelIsOpened_WhatFollowsIsNotQueuedTwice(t *testing.T) {
	for name, n := range map[string]notice.Notice{
		"topic": {Op: notice.OpTopic},
		"pin":   {Op: notice.OpPin},
		"card":  {Op: notice.OpPost, Template: incident.TemplateCard},
		"edit":  {Op: notice.OpEdit, Template: incident.TemplateCard},
	} {
		s := withChannel(t, policy.P1)
		s.Incident.Archive.Back = true // it was brought back before
		n.To = notice.Address{InChannel: true}
		s.Do(func(i incident.Incident, o incident.Origin) (incident.Change, error) {
			return i.Lost(o, n, "the channel is archived")
		})
		opening := slices.ContainsFunc(s.Notices, isOp(notice.OpOpen))
		again := slices.ContainsFunc(s.Notices, func(q notice.Notice) bool {
			return q.Op == n.Op && q.Template == n.Template && q.To.InChannel
		})
		if !opening || again {
			t.Errorf("%s: opening another channel %t, queued ahead of it %t", name, opening, again)
		}
	}
}
