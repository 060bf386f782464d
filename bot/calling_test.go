package bot_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"muster/internal/policy"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/slackid"
)

// withLevel replaces the people of the role that L1 consists of.
func withLevel(first policy.People) func(*policy.Policy) {
	return func(p *policy.Policy) {
		p.Managers = ""
		for i := range p.Roles {
			if p.Roles[i].Role == policy.OnCallEngineer {
				p.Roles[i].Holder = first
			}
		}
	}
}

// A level that has nobody is not called: the next is, at once, and everything says so.
func TestStory_LevelOfNobody_CallsTheNextAtOnce(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorldWith(t, store, withLevel(policy.NewPeople(nil, []slackid.Group{"S0NOSUCH"})))
		c := w.declared(support, "P3 Payments down")
		w.Advance(10 * time.Second)
		if !w.isMember(c, senior) || w.isMember(c, manager) {
			t.Error("L2 was not called, or L3 was")
		}
		const why = "L1 has nobody to page: <!subteam^S0NOSUCH> couldn't be reached (Slack doesn't know this user group)"
		w.expectCounts(c, map[string]int{"ESCALATED TO L2": 1, "*Why:* " + why: 1})
		for _, where := range []string{c, "#incidents"} {
			if w.CountMessages(where, "*Paged:* L2 (Senior engineer and tech lead). "+why) == 0 {
				t.Errorf("%s does not say that nobody of L1 was paged", where)
			}
		}
		if answer := w.Command(support, c, "/incident status"); !says(answer, why) {
			t.Errorf("status: %s", answer.Text())
		}
	})
}

func TestStory_NoLevelHasAnybody_IsSaidLoudly(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorldWith(t, store, func(p *policy.Policy) {
			p.Managers = ""
			for i := range p.Roles {
				p.Roles[i].Holder = policy.NewPeople(nil, []slackid.Group{"S0NOSUCH"})
			}
		})
		c := w.declared(support, "P2 Payments down")
		w.Advance(30 * time.Second)
		w.expectCounts(c, map[string]int{"NOBODY COULD BE PAGED": 1})
		w.expectDirect(support, "NOBODY COULD BE PAGED")
		if w.CountMessages("#incidents", "nobody, so please call someone yourself") != 1 {
			t.Error("the announcement does not say so")
		}
	})
}

// unguessable is the name of the first incident's channel where that is private.
var unguessable = regexp.MustCompile(`^inc-1-private-[a-z2-7]{8}$`)

// Somebody who takes every name that can be guessed delays nobody's being called.
func TestStory_NamesAreTaken_TakesOneThatNobodyCouldGuess(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		for _, name := range []string{"inc-1-payments-down", "inc-1-payments-down-2", "inc-1-payments-down-3", "inc-1-payments-down-4"} {
			w.Create(manager, name, false)
		}
		w.Command(support, "#general", "/incident declare P0 Payments down")
		w.Advance(10 * time.Second)
		for _, c := range w.State().Channels {
			if strings.HasPrefix(c.Name, "inc-1-") && w.isMember(c.ID, oncall) && w.isMember(c.ID, senior) {
				return
			}
		}
		t.Errorf("nobody was called within 10 s; there are %+v", w.State().Channels)
	})
}

// While no channel can be opened, a P0 calls its people by direct message within
// the minute, and invites them when it can, without a second alarm.
func TestStory_ChannelCannotBeOpened_CallsDirectly(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		f := w.AddFault(sandboxtest.Fault{Kind: "http_500", Method: "conversations.create", Share: always})
		w.Command(support, "#general", "/incident declare P0 Payments down")
		w.Advance(65 * time.Second)
		w.expectDirect(oncall, "You've been paged for INC-1 as L1")
		w.expectDirect(senior, "You've been paged for INC-1 as L2")
		w.expectDirect(support, "its channel hasn't been created yet")
		w.Advance(2 * time.Hour)
		w.expectDirect(manager, "You've been paged for INC-1 as L3")
		if w.CountMessages("#incidents", "*Paged:* L3 (Engineering manager and external resources)\n*Channel:* not created yet") != 1 {
			t.Errorf("the announcement does not say that L3 was reached, and that there is no channel: %+v", w.Messages("#incidents"))
		}
		w.ClearFault(f)
		w.Advance(2 * time.Minute)
		c := w.Channel("inc-1").ID
		for _, user := range []string{oncall, senior, manager, support} {
			if !w.isMember(c, user) {
				t.Errorf("%s was not invited", user)
			}
		}
		w.expectCounts(c, map[string]int{"INC-1: P0 Critical": 1, "INCIDENT: P0": 0, "ESCALATED TO L3": 0})
		for _, user := range []string{oncall, senior, manager} {
			if n := w.CountMessages(w.direct(user), "You've been paged"); n != 1 {
				t.Errorf("%s was paged %d times", user, n)
			}
		}
	})
}

// Somebody archives the channel of an open incident: its people are told, and go on
// in another one.
func TestStory_ChannelArchivedAtWork_GoesOnElsewhere(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		c := w.declared(oncall, "P0 Payments down")
		w.Advance(10 * time.Second)
		w.Command(oncall, c, "/incident ack")
		w.Archive(oncall, c)
		w.Advance(20 * time.Second)
		w.expectGoesOn(c)
		w.expectDirect(senior, "The channel of INC-1 can't be used any more")
	})
}

func TestStory_ChannelDeleted_GoesOnElsewhere(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		c := w.declared(oncall, "P0 Payments down")
		w.Advance(10 * time.Second)
		w.Command(oncall, c, "/incident ack")
		w.happens(map[string]any{"type": "channel_deleted", "channel": c})
		w.Advance(20 * time.Second)
		w.expectGoesOn(c)
		w.expectDirect(senior, "The channel of INC-1 can't be used any more")
	})
}

func TestStory_ChannelHasAnotherID_IsFollowed(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		c := w.declared(oncall, "P2 Search is slow")
		w.Advance(10 * time.Second)
		w.Create(manager, "moved", false)
		moved := w.Channel("moved").ID
		w.Join(oncall, moved)
		w.happens(map[string]any{"type": "channel_id_changed", "old_channel_id": c, "new_channel_id": moved})
		w.Command(oncall, moved, "/incident update Still looking")
		w.Advance(10 * time.Second)
		w.expectCounts(moved, map[string]int{"UPDATE: P2": 1})
		if answer := w.Command(oncall, moved, "/incident status"); !says(answer, "INC-1") {
			t.Errorf("status: %s", answer.Text())
		}
	})
}

// happens sends an event.
func (w *world) happens(event map[string]any) {
	w.t.Helper()
	w.Envelope("events_api", map[string]any{
		"type": "event_callback", "team_id": w.State().Team.ID, "api_app_id": "A0SANDBOX1", "event_id": "Ev0STORY", "event": event,
	})
}

// expectGoesOn checks that the incident has another channel than c, with everybody in
// it, where it is reminded of updates.
func (w *world) expectGoesOn(c string) {
	w.t.Helper()
	var other string
	for _, ch := range w.State().Channels {
		if strings.HasPrefix(ch.Name, "inc-1-") && ch.ID != c {
			other = ch.ID
		}
	}
	if other == "" {
		w.t.Fatal("no other channel was opened")
	}
	for _, user := range []string{oncall, senior} {
		if !w.isMember(other, user) {
			w.t.Errorf("%s was not invited", user)
		}
	}
	w.Advance(31 * time.Minute)
	w.expectCounts(other, map[string]int{"INC-1: P0 Critical": 1, "UPDATE DUE": 1})
	if answer := w.Command(oncall, other, "/incident status"); !says(answer, "INC-1") {
		w.t.Errorf("status: %s", answer.Text())
	}
}
