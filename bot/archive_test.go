package bot_test

import (
	"path/filepath"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/sandbox/sandboxtest"
	"muster/templates"
)

const day = 24 * time.Hour

// closedP3 declares a P3 as support, and closes it once its people are there.
func (w *world) closedP3() (channel string) {
	w.t.Helper()
	c := w.declared(support, "P3 Typo on the start page")
	w.Await("people to be in the channel", func() bool { return w.isMember(c, support) && w.isMember(c, oncall) })
	w.Await("the card to be pinned", func() bool { return w.pinned(c, "INC-1") })
	w.Command(oncall, c, "/incident resolve Fixed the typo")
	w.Command(oncall, c, "/incident close")
	w.ExpectMessage(c, "closed the incident")
	w.Await("the card to say when", func() bool { return w.pinned(c, "*Channel:* will be archived") })
	return c
}

// A channel's way to the archive and back.
func TestStory_ClosedIncident_ArchivesItsChannelAndReturns(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		c := w.closedP3()
		w.expectNext("archiving of INC-1")
		w.Advance(6*day - time.Hour)
		w.expectCounts(c, map[string]int{"ARCHIVING SOON": 0})
		w.Advance(2 * time.Hour)
		w.expectCounts(c, map[string]int{"ARCHIVING SOON": 1})
		w.Say(oncall, c, "Still writing the report")

		w.Click(oncall, c, templates.ActionID(incident.VerbKeep))
		w.ExpectMessage(c, "kept the channel: it will be archived")
		w.Advance(6*day - 2*time.Hour)
		w.expectCounts(c, map[string]int{"ARCHIVING SOON": 1})
		w.Advance(day + time.Hour)
		w.expectCounts(c, map[string]int{"ARCHIVING SOON": 2})
		if w.channelOf(c).Archived {
			t.Error("archived too early")
		}
		w.Advance(2 * time.Hour)
		w.Await("the channel to be archived", func() bool { return w.channelOf(c).Archived })
		w.Advance(30 * day)
		for command, want := range map[string]string{
			"/incident status INC-1": "*Channel:* archived", "/incident retry INC-1": "Nothing to retry", "/incident list": "No open incidents",
			"/incident keep INC-1": "already archived", "/incident close INC-1": "already *closed*", "/incident cancel INC-1 why": "already *closed*",
			"/incident digest": "Nothing to report",
		} {
			if answer := w.Command(oncall, "#general", command); !says(answer, want) {
				t.Errorf("%s: %s", command, answer.Text())
			}
		}
		w.ExpectCleanTraffic()

		w.reopenedArchived(c, oncall)
		w.Unarchive(senior, c)
		w.Click(support, w.direct(support), templates.ActionID(incident.VerbRetry))
		w.ExpectMessage(c, "returned to the channel")
		w.Await("its people to be invited", func() bool { return w.isMember(c, support) && w.isMember(c, oncall) && w.isMember(c, senior) })
		w.Await("the card to be up to date", func() bool { return w.pinned(c, "Identified") && !w.pinned(c, "archived") })
		w.Command(senior, c, "/incident update monitoring Fixed again")
		w.ExpectMessage(c, "Fixed again")
		if answer := w.Command(oncall, c, "/incident retry"); !says(answer, "Nothing to retry") {
			t.Errorf("something was given up: %s", answer.Text())
		}
	})
}

// reopenedArchived reopens INC-1, which support declared, and works on it while
// its channel stays archived, since Slack lets no bot unarchive one.
func (w *world) reopenedArchived(c, by string) {
	w.t.Helper()
	w.Command(by, "#general", "/incident reopen INC-1 It is back")
	for _, user := range []string{support, oncall} {
		w.expectDirect(user, "its channel can't be used: it's archived, and Slack doesn't let apps unarchive channels")
	}
	w.Command(by, "#general", "/incident update INC-1 identified Somebody reverted it")
	w.expectDirect(support, "The channel of INC-1 is archived, so its messages come to you")
	w.expectDirect(support, "Somebody reverted it")
	w.Command(by, "#general", "/incident escalate INC-1")
	w.expectDirect(senior, "because its channel is archived")
	w.Command(by, "#general", "/incident assign INC-1 product_manager @ceo")
	w.expectDirect("ceo", "because its channel is archived")
	if answer := w.Command(by, "#general", "/incident status INC-1"); !says(answer, "Channel: failed (it's archived, and Slack doesn't let apps unarchive channels)") {
		w.t.Errorf("the status hides it: %s", answer.Text())
	}
	if !w.channelOf(c).Archived {
		w.t.Error("the bot unarchived a channel, which Slack lets no bot do")
	}
}

// Somebody archives the channel before Muster does, and brings it back later.
func TestStory_ChannelArchivedByHand_IsNoTrouble(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		c := w.closedP3()
		w.Advance(3 * day)
		w.Archive(oncall, c)
		w.Advance(5 * day)
		if answer := w.Command(oncall, "#general", "/incident status INC-1"); !says(answer, "*Channel:* archived") || says(answer, "Not delivered") {
			t.Errorf("status: %s", answer.Text())
		}
		w.Unarchive(oncall, c)
		w.Advance(day)
		w.expectCounts(c, map[string]int{"ARCHIVING SOON": 0})
		w.Command(oncall, c, "/incident reopen It is back")
		w.ExpectMessage(c, "REOPENED: P3")
		w.Await("its people to be invited", func() bool { return w.isMember(c, support) })
		w.Await("the card to be up to date", func() bool { return w.pinned(c, "Investigating") && !w.pinned(c, "archived") })
		if to := w.direct(support); to != "" && w.CountMessages(to, "REOPENED") > 0 {
			t.Error("people were told directly, though the channel was there")
		}
	})
}

// Somebody archives it by hand, and it is back before Muster knows.
func TestStory_ArchivedByHandAndReopened_TellsPeopleDirectly(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		c := w.closedP3()
		w.Archive(oncall, c)
		w.reopenedArchived(c, oncall)
	})
}

func TestStory_PrivateIncident_IsArchivedAndReturnsToItsPeople(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		c := w.declared("security", "P3 private Leaked customer records")
		w.Await("its people to be in the channel", func() bool { return w.isMember(c, "security") && w.isMember(c, oncall) })
		w.Command("security", c, "/incident cancel An old copy")
		w.Advance(7*day + time.Hour)
		w.Await("the channel to be archived", func() bool { return w.channelOf(c).Archived })
		w.Command("security", "#general", "/incident reopen INC-1 It was the real one")
		w.expectDirect("security", "Leaked customer records")
		w.expectDirect(oncall, "its channel can't be used")
		w.Unarchive("security", c)
		w.Command("security", c, "/incident retry")
		w.ExpectMessage(c, "returned to the channel")
		for _, elsewhere := range w.State().Channels {
			if elsewhere.ID != c && elsewhere.IM == "" {
				w.expectCounts(elsewhere.ID, map[string]int{"Leaked": 0})
			}
		}
	})
}

// Whoever turns archiving off keeps also the channels that were to be archived.
func TestStory_ArchivingTurnedOff_ArchivesNothing(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		c := w.closedP3()
		w.Advance(6*day + time.Hour)
		w.expectCounts(c, map[string]int{"ARCHIVING SOON": 1})
		w.stop()
		w.policy.Archive = policy.Archive{}
		w.start()
		w.Advance(30 * day)
		if w.channelOf(c).Archived {
			t.Error("archived all the same")
		}
		if answer := w.Command(oncall, c, "/incident keep"); !says(answer, "no plans to archive") {
			t.Errorf("answered %s", answer.Text())
		}
	})
}

// Slack's answer to archiving or to the way back is lost: neither is taken for a failure.
func TestFaults_OfArchiving_LeaveNothingUndelivered(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"drop_reply", "http_503", "rate_limited"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "muster.db"))
			c := w.closedP3()
			archiving := w.AddFault(sandboxtest.Fault{Kind: kind, Method: "conversations.archive"})
			looking := w.AddFault(sandboxtest.Fault{Kind: kind, Method: "conversations.info"})
			w.Advance(7*day + time.Hour)
			w.Await("the channel to be archived", func() bool { return w.channelOf(c).Archived })
			w.Advance(time.Hour)
			w.Unarchive(oncall, c)
			w.Command(oncall, c, "/incident reopen It is back")
			w.Advance(time.Hour)
			w.expectCounts(c, map[string]int{"REOPENED: P3": 1, "returned to the channel": 1})
			if w.Applied(archiving) != 1 || w.Applied(looking) != 1 {
				t.Error("the faults did not strike")
			}
			if answer := w.Command(oncall, c, "/incident retry"); !says(answer, "Nothing to retry") {
				t.Errorf("something was given up: %s", answer.Text())
			}
		})
	}
}
