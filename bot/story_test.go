package bot_test

import (
	"slices"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/sandbox/sandboxtest"
	"muster/templates"
)

// Follows a P0 from declaring to closing, minute by minute.
func TestStory_P0_FromDeclaringToClosing(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		c := w.declared(oncall, "P0 Payments down")

		w.ExpectMessage(c, "INC-1: P0 Critical - Payments down")
		w.ExpectMessage(c, "INCIDENT: P0 - Payments down")
		w.ExpectMessage(c, "ESCALATED TO L2")
		w.ExpectMessage("#incidents", "Payments down")
		w.Await("L2 to be in the channel", func() bool { return w.isMember(c, senior) && w.isMember(c, "techlead") })
		w.Await("the card to be pinned", func() bool { return w.pinned(c, "INC-1: P0 Critical") })

		w.expectNext("warning that nobody acknowledged INC-1")
		w.Advance(14 * time.Minute)
		w.expectCounts(c, map[string]int{"NOT ACKNOWLEDGED": 0})
		w.Advance(time.Minute)
		w.expectCounts(c, map[string]int{"NOT ACKNOWLEDGED": 1})
		w.expectDirect(manager, "Nobody has acknowledged INC-1 for 15 min")

		w.Click(oncall, c, templates.ActionID(incident.VerbAcknowledge))
		w.ExpectMessage(c, "acknowledged after 15 min")
		w.expectNext("update reminder of INC-1")
		w.Advance(15 * time.Minute) // 00:30
		w.expectCounts(c, map[string]int{"UPDATE DUE": 1})
		w.Command(oncall, c, "/incident update identified The card processor refuses us")
		w.ExpectMessage(c, "The card processor refuses us")
		w.Advance(29 * time.Minute) // 00:59
		w.expectNext("escalation of INC-1")
		w.expectCounts(c, map[string]int{"UPDATE DUE": 1, "ESCALATED TO L3": 0})
		w.Advance(time.Minute) // 01:00
		w.expectCounts(c, map[string]int{"UPDATE DUE": 2, "ESCALATED TO L3": 1})
		w.Await("L3 to be in the channel", func() bool { return w.isMember(c, manager) })

		w.Command(senior, c, "/incident update monitoring Switched to the second processor")
		w.Advance(30 * time.Minute) // 01:30
		w.expectCounts(c, map[string]int{"UPDATE DUE": 3})
		w.Command(senior, c, "/incident resolve Payments go through again")
		w.ExpectMessage(c, "RESOLVED: P0 - Payments down")
		w.ExpectMessage(c, "required: it was a P0")
		w.Advance(48 * time.Hour)
		w.Click(oncall, c, templates.ActionID(incident.VerbClose))
		w.ExpectMessage(c, "closed the incident")
		w.Advance(time.Hour)
		w.expectCounts(c, map[string]int{
			"INCIDENT: P0": 1, "NOT ACKNOWLEDGED": 1, "UPDATE DUE": 3, "ESCALATED TO L2": 1, "ESCALATED TO L3": 1, "RESOLVED: P0": 1,
		})
		w.expectCounts("#incidents", map[string]int{"Payments down": 1})
		w.ExpectMessage("#incidents", "Closed") // the same announcement, edited in place
	})
}

// Nobody answers: it climbs by itself every two hours.
func TestStory_UnansweredP1_Escalates(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		c := w.declared(support, "P1 Search is slow")
		w.ExpectMessage(c, "INCIDENT: P1 - Search is slow")
		w.Await("who declared it to be in the channel", func() bool { return w.isMember(c, support) && w.isMember(c, oncall) })

		w.Advance(59 * time.Minute)
		w.expectCounts(c, map[string]int{"NOT ACKNOWLEDGED": 0})
		w.Advance(time.Minute) // 1:00
		w.expectCounts(c, map[string]int{"NOT ACKNOWLEDGED": 1})
		w.expectDirect(senior, "Nobody has acknowledged INC-1 for 1 h")
		w.Advance(59 * time.Minute)
		w.expectCounts(c, map[string]int{"ESCALATED TO L2": 0, "UPDATE DUE": 0})
		w.Advance(time.Minute) // 2:00
		w.expectCounts(c, map[string]int{"ESCALATED TO L2": 1, "UPDATE DUE": 1})
		w.ExpectMessage(c, "not acknowledged after 2 h")
		w.Advance(2 * time.Hour) // 4:00
		w.expectCounts(c, map[string]int{"ESCALATED TO L3": 1, "UPDATE DUE": 2})
		w.Advance(8 * time.Hour) // nothing more to climb; reminders go on
		w.expectCounts(c, map[string]int{"ESCALATED TO": 2, "UPDATE DUE": 6, "NOT ACKNOWLEDGED": 1})
		w.Command(oncall, c, "/incident cancel It was the test environment")
		w.ExpectMessage(c, "cancelled the incident: It was the test environment")
		w.Advance(12 * time.Hour)
		w.expectCounts(c, map[string]int{"UPDATE DUE": 6})
	})
}

func TestStory_P1MitigatedInTime_IsNotEscalated(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		c := w.declared(oncall, "P1 Search is slow")
		w.Await("me to be in the channel", func() bool { return w.isMember(c, oncall) })
		w.Advance(90 * time.Minute)
		w.Command(oncall, c, "/incident update monitoring Rolled back")
		w.Advance(5 * time.Hour)
		w.expectCounts(c, map[string]int{"ESCALATED": 0})
	})
}

// Its clock starts when it is raised.
func TestStory_P2RaisedToP0_EscalatesImmediately(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		c := w.declared(oncall, "P2 Odd errors")
		w.Await("me to be in the channel", func() bool { return w.isMember(c, oncall) })
		w.Advance(90 * time.Minute)
		w.expectCounts(c, map[string]int{"UPDATE DUE": 0, "ESCALATED": 0})
		w.Command(oncall, c, "/incident severity P0")
		w.ExpectMessage(c, "ESCALATED TO L2")
		w.Advance(30 * time.Minute)
		w.expectCounts(c, map[string]int{"UPDATE DUE": 1, "NOT ACKNOWLEDGED": 1})
		w.Advance(30 * time.Minute)
		w.expectCounts(c, map[string]int{"ESCALATED TO L3": 1})
	})
}

func TestStory_Private_StaysInItsChannel(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		c := w.declared("security", "P0 private Leaked customer records")
		w.ExpectMessage(c, "Leaked customer records")
		w.Await("L2 to be in the channel", func() bool { return w.isMember(c, senior) })
		channel := w.Channel("inc-1")
		if !channel.Private || !unguessable.MatchString(channel.Name) {
			t.Errorf("channel %q, private %v", channel.Name, channel.Private)
		}
		w.Advance(2 * time.Hour) // warning, escalation to L3, reminders
		w.expectDirect(manager, "Nobody has acknowledged INC-1")

		for _, text := range []string{"/incident list", "/incident status 1", "/incident ack 1", "/incident update INC-1 hm"} {
			answer := w.Command(support, "#general", text)
			if says(answer, "Leaked") || says(answer, "inc-1") || says(answer, "acknowledged") {
				t.Errorf("%s shows an outsider: %s", text, answer.Text())
			}
		}
		if answer := w.Command("security", "#general", "/incident list"); !says(answer, "Leaked customer records") {
			t.Errorf("who declared it does not see it: %s", answer.Text())
		}
		for _, elsewhere := range w.State().Channels {
			if elsewhere.ID == c {
				continue
			}
			w.expectCounts(elsewhere.ID, map[string]int{"Leaked": 0})
		}
		w.expectCounts("#incidents", map[string]int{"INC-1": 0})
		if to := w.direct(manager); w.CountMessages(to, "Leaked") > 0 {
			t.Error("a direct message shows the title of a private incident to somebody who was not called yet")
		}
	})
}

func TestStory_MusterRestarted_SaysSoOnce(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		c := w.declared(oncall, "P0 Payments down")
		w.ExpectMessage(c, "ESCALATED TO L2")
		w.Advance(20 * time.Minute)
		w.stop()
		w.Advance(100 * time.Minute) // nobody is there to remind
		w.start()
		w.ExpectMessage(c, "Muster was offline")
		w.Advance(29 * time.Minute)
		w.expectCounts(c, map[string]int{"UPDATE DUE": 1, "Muster was offline": 1, "ESCALATED TO L3": 1, "ESCALATED TO L2": 1, "NOT ACKNOWLEDGED": 1})
		w.Advance(time.Minute + 30*time.Minute)
		w.expectCounts(c, map[string]int{"UPDATE DUE": 3, "Muster was offline": 1})
		w.Command(oncall, c, "/incident resolve fixed")
		w.ExpectMessage(c, "RESOLVED")
	})
}

// What is armed and posted follows a configuration that was changed meanwhile.
func TestStory_ConfigurationChanged_OpenIncidentsFollowIt(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		c := w.declared(oncall, "P1 Search is slow")
		w.ExpectMessage("#incidents", "*Status:* Investigating")
		w.Await("the card to be pinned", func() bool { return w.pinned(c, "INC-1") })
		w.Command(oncall, "#general", "/incident ack INC-1")
		w.Advance(time.Minute)
		w.stop()
		w.policy.Severities = slices.Clone(w.policy.Severities)
		w.policy.Severities[1].Update = 30 * time.Minute
		w.policy.Announce = ""
		w.start()
		w.Advance(28 * time.Minute)
		w.expectCounts(c, map[string]int{"UPDATE DUE": 0})
		w.Advance(2 * time.Minute)
		w.expectCounts(c, map[string]int{"UPDATE DUE": 1})
		w.Command(oncall, "#general", "/incident resolve INC-1 Restarted it")
		w.ExpectMessage("#incidents", "*Status:* Resolved")
	})
}

// Two people declare the same thing.
func TestStory_Duplicate_IsMergedIntoTheOther(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		into := w.declared(oncall, "P1 Payments down")
		w.Command(support, "#general", "/incident declare P1 Checkout broken")
		duplicate := w.Channel("inc-2").ID
		w.ExpectMessage(duplicate, "INCIDENT: P1 - Checkout broken")
		w.Await("who declared it to be in its channel", func() bool { return w.isMember(duplicate, support) })
		w.Await("both cards to be pinned", func() bool { return w.pinned(into, "INC-1") && w.pinned(duplicate, "INC-2") })

		w.Command(support, duplicate, "/incident merge INC-1")
		w.ExpectMessage(duplicate, "MERGED INTO INC-1: P1 - Checkout broken")
		w.ExpectMessage(into, "merged INC-2 into this incident: Checkout broken")
		w.Await("who declared the duplicate to be in the other channel", func() bool { return w.isMember(into, support) })
		w.Await("the cards to link", func() bool {
			return w.pinned(into, "*Duplicates:* INC-2") && w.pinned(duplicate, "*Merged into:* INC-1 <#"+into+">")
		})
		w.ExpectMessage("#incidents", "*Merged into:* INC-1 <#"+into+">")
		w.ExpectMessage("#incidents", "*Duplicates:* INC-2")

		w.Advance(3 * time.Hour)
		w.expectCounts(duplicate, map[string]int{"UPDATE DUE": 0, "NOT ACKNOWLEDGED": 0, "ESCALATED": 0})
		w.expectCounts(into, map[string]int{"UPDATE DUE": 1, "NOT ACKNOWLEDGED": 1})

		w.Command(support, duplicate, "/incident reopen Not the same after all")
		w.ExpectMessage(duplicate, "REOPENED: P1 - Checkout broken")
		w.ExpectMessage(into, "reopened INC-2 as an incident of its own: Checkout broken")
		w.Await("the other card to list no duplicates", func() bool { return w.pinned(into, "INC-1") && !w.pinned(into, "*Duplicates:*") })
		w.Await("the card to be an open incident's", func() bool {
			return w.pinned(duplicate, "INC-2") && !w.pinned(duplicate, "*Merged into:*")
		})
		w.Advance(2 * time.Hour)
		w.expectCounts(duplicate, map[string]int{"UPDATE DUE": 1})

		w.Pick(support, duplicate, templates.ActionMenu, string(incident.VerbMerge)) // it was, after all
		w.Submit(support, sandboxtest.Fields{"into": "1."})
		w.ExpectMessage(duplicate, "*Merged into:* INC-1")
		w.Advance(time.Minute)
		w.expectCounts(duplicate, map[string]int{"MERGED INTO INC-1": 2})
	})
}

// The worse one's clock would stop: a P0 merged into a P2 is nobody's P0 any more.
func TestStory_MergeIntoAMilderIncident_IsRefusedWithWhatWorks(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		worse := w.declared(oncall, "P0 Payments down")
		w.Command(support, "#general", "/incident declare P2 Checkout is odd")
		milder := w.Channel("inc-2").ID
		answer := w.Command(oncall, "#general", "/incident merge INC-1 INC-2")
		if !says(answer, "INC-1 is P0, INC-2 only P2") || !says(answer, "`/incident severity INC-2 P0`") {
			t.Fatalf("the answer is %s", answer.Text())
		}
		w.Command(oncall, "#general", "/incident severity INC-2 P0")
		w.Command(oncall, "#general", "/incident merge INC-1 INC-2")
		w.ExpectMessage(worse, "MERGED INTO INC-2: P0 - Payments down")

		w.Command(support, "#general", "/incident declare P2 Baskets are odd")
		w.Channel("inc-3")
		answer = w.Command(oncall, "#general", "/incident merge INC-2 INC-3")
		if !says(answer, "INC-2 is P0, INC-3 only P2") || !says(answer, "`/incident merge INC-3 INC-2`") {
			t.Fatalf("the answer is %s", answer.Text())
		}
		w.Command(oncall, "#general", "/incident merge INC-3 INC-2")
		w.ExpectMessage(milder, "merged INC-3 into this incident: Baskets are odd")
		w.Advance(30 * time.Minute)
		w.expectCounts(milder, map[string]int{"UPDATE DUE": 1, "NOT ACKNOWLEDGED": 1}) // as a P0's
	})
}

func TestStory_MergeThatExposesAPrivateIncident_IsRefused(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		private := w.declared("security", "P2 private Leaked customer records")
		w.Command(support, "#general", "/incident declare P2 Odd downloads")
		public := w.Channel("inc-2").ID
		w.Await("both to be in their channels", func() bool { return w.isMember(public, support) && w.isMember(private, "security") })

		answer := w.Command(support, public, "/incident merge INC-1")
		if !says(answer, "Can't find INC-1") || says(answer, "private") || says(answer, "Leaked") {
			t.Errorf("an outsider is told %s", answer.Text())
		}
		for _, command := range []string{"/incident merge INC-2 INC-1", "/incident merge INC-1 into INC-2"} {
			if answer := w.Command("security", private, command); !says(answer, "INC-1 is private and INC-2 isn't") {
				t.Errorf("%s: %s", command, answer.Text())
			}
		}
		w.Advance(time.Minute)
		w.expectCounts(public, map[string]int{"INC-1": 0, "MERGED": 0})
		w.expectCounts("#incidents", map[string]int{"INC-1": 0})
	})
}
