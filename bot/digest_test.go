package bot_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"muster/bot"
	"muster/internal/policy"
	sandboxclock "muster/internal/sandbox/clock"
	"muster/internal/slackid"
	"muster/store/redis/redistest"
)

// digestAfter makes the digest come so long after a workspace was opened.
const digestAfter = 6 * time.Hour

// newWorldWithDigest lets Muster in, and returns how long it is until the digest.
func newWorldWithDigest(t *testing.T, store string) (w *world, wait func() time.Duration) {
	t.Helper()
	var at time.Duration
	w = newWorldWith(t, store, func(p *policy.Policy) {
		soon := time.Now().UTC().Add(digestAfter).Truncate(time.Minute)
		at = soon.Sub(soon.Truncate(24 * time.Hour))
		p.Digest.At = at
	})
	w.Advance(time.Millisecond) // which ticks: the first tick claims the slot that is past
	return w, func() time.Duration {
		now := w.Now()
		slot := now.Truncate(24 * time.Hour).Add(at)
		if !slot.After(now) {
			slot = slot.Add(24 * time.Hour)
		}
		return slot.Sub(now)
	}
}

// digests returns the digests that were posted.
func (w *world) digests() (all []string) {
	for _, m := range w.Messages("#managers") {
		if strings.Contains(m.Text, "Incident digest") {
			all = append(all, m.Text)
		}
	}
	return all
}

func expectSays(t *testing.T, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%q isn't in:\n%s", w, text)
		}
	}
}

func TestStory_Digest_EachDayOnceAndNothingPrivate(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w, wait := newWorldWithDigest(t, store)
		w.Command(oncall, "#general", "/incident declare P0 Payments down")
		w.Command(oncall, "#general", "/incident declare P2 Search is slow")
		w.Command(support, "#general", "/incident declare P3 A typo")
		w.Command("security", "#general", "/incident declare P1 private Leaked customer records")
		w.Command(support, "#general", "/incident declare P2 Search is slow, too")
		w.Command(oncall, "#general", "/incident ack INC-2")
		w.Command(support, "#general", "/incident merge INC-5 INC-2")
		w.Command(support, "#general", "/incident resolve INC-3 Corrected it")
		w.Advance(wait() - time.Second)
		if n := len(w.digests()); n != 0 {
			t.Fatalf("%d digests were posted too early", n)
		}
		w.Advance(time.Second)
		if n := len(w.digests()); n != 1 {
			t.Fatalf("%d digests were posted, want one", n)
		}
		first := w.digests()[0]
		expectSays(
			t, first, "Open: 2", "INC-1: P0* - Payments down", "lead: nobody yet", "*not acknowledged*", "INC-2: P2* - Search is slow",
			"1 private incident is open.", "Declared: 4", "INC-5: P2 - Search is slow, too · merged into INC-2", "INC-3: P3 - A typo · resolved", "Escalated: 1", "Resolved: 1", "Private: 1 declared",
		)
		for _, secret := range []string{"Leaked", "INC-4", "is late"} {
			if strings.Contains(first, secret) {
				t.Errorf("the digest says %q:\n%s", secret, first)
			}
		}
		for _, c := range []string{"INC-1 Paid again", "INC-2 Faster"} {
			w.Command(oncall, "#general", "/incident resolve "+c)
		}
		w.Command("security", "#general", "/incident cancel INC-4 a test")
		w.Advance(wait())
		if n := len(w.digests()); n != 2 {
			t.Fatalf("%d digests were posted in two days", n)
		}
		expectSays(t, w.digests()[1], "No open incidents.", "INC-1: P0 - Payments down · after", "INC-2: P2", "Resolved: 2")
		w.Advance(wait())
		if n := len(w.digests()); n != 3 {
			t.Fatalf("%d digests were posted in three days", n)
		}
		expectSays(t, w.digests()[2], "Nothing to report since")
	})
}

func TestStory_DigestAfterAnOutage_IsOneAndSaysThatItIsLate(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w, wait := newWorldWithDigest(t, store)
		w.Command(oncall, "#general", "/incident declare P2 Search is slow")
		w.stop()
		w.Advance(wait() + 51*time.Hour) // three slots, the last of them three hours ago
		w.start()
		w.ExpectMessage("#managers", "This digest is 3 h")
		if n := len(w.digests()); n != 1 {
			t.Errorf("%d digests were posted, want one", n)
		}
		expectSays(t, w.digests()[0], "Declared: 1", "INC-1: P2")
	})
}

// Nothing is dropped in silence: who asks is told, and so is whoever reads the next.
func TestStory_DigestThatCannotBeDelivered_IsSaid(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w, wait := newWorldWithDigest(t, store)
		w.Command(oncall, "#general", "/incident declare P2 Search is slow")
		w.Archive(manager, "#managers")
		w.Advance(wait())
		const missed = "couldn't be delivered to the managers' channel"
		expectSays(t, w.Command(manager, "#general", "/incident digest").Text(), missed, "Declared: 1", "INC-1: P2")
		w.stop()
		w.policy.Managers = slackid.Channel(w.Channel("general").ID)
		w.start()
		w.Advance(wait())
		w.ExpectMessage("#general", missed)
		w.ExpectMessage("#general", "Declared: 1") // two days ago: what nobody was told
		w.Advance(wait())
		w.expectCounts("#general", map[string]int{missed: 1, "Incident digest": 2})
	})
}

func TestStory_DigestAskedFor_IsForTheAskerOnly(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		w.Command(oncall, "#general", "/incident declare P1 Search is slow")
		answer := w.Command(manager, "#general", "/incident digest")
		expectSays(t, answer.Text(), "Open: 1", "INC-1: P1* - Search is slow", "Declared: 1")
		for _, c := range []string{"#general", "#managers"} {
			w.expectCounts(c, map[string]int{"Incident digest": 0})
		}
	})
}

func TestStory_NextDigest_IsWhereTheClockStops(t *testing.T) {
	t.Parallel()
	w, wait := newWorldWithDigest(t, "sqlite:"+t.TempDir()+"/muster.db")
	next := w.Next()
	if next == nil || next.What != "the daily digest" || next.At.Sub(w.Now()) > wait()+time.Second {
		t.Errorf("next is %+v, want the daily digest in %s", next, wait())
	}
}

// replicas move with the clock together.
type replicas []*bot.Bot

func (r replicas) Next(ctx context.Context) (sandboxclock.Due, bool, error) { return r[0].Next(ctx) }

func (r replicas) Settle(ctx context.Context) error {
	var all errgroup.Group
	for _, b := range r {
		all.Go(func() error { return b.Settle(ctx) })
	}
	return all.Wait()
}

func TestStory_DigestOfTwoReplicas_IsPostedOnce(t *testing.T) {
	t.Parallel()
	w, wait := newWorldWithDigest(t, redistest.Start(t))
	second := w.open()
	inBackground(t, second.Run)
	w.workspace.Attach(replicas{w.bot, second})
	w.Await("both to be connected", func() bool { return w.State().Sockets == 2*sockets })
	for day := range 5 {
		w.Advance(wait())
		if n := len(w.digests()); n != day+1 {
			t.Fatalf("%d digests were posted in %d days", n, day+1)
		}
	}
	onlyOnce(t, w)
}
