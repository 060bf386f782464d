package bot_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"muster/internal/sandbox/sandboxtest"
	"muster/store/redis/redistest"
)

// lateBy returns the nth of some delays, spread from 1.5 s to 15 s.
func lateBy(n, of int) string {
	const least, most = 1500 * time.Millisecond, 15 * time.Second
	return (least + (most-least)*time.Duration(n)/time.Duration(of-1)).String()
}

// during has all calls of a method break, and be carried out late, from before
// something happens to half a minute after it.
func (w *world) during(method, delay string, happens func()) {
	w.t.Helper()
	f := w.AddFault(sandboxtest.Fault{Kind: "done_late", Method: method, Share: always, Delay: delay})
	happens()
	w.Await("a call of "+method+" to break", func() bool { return w.Applied(f) > 0 })
	w.Advance(30 * time.Second)
	w.ClearFaults()
}

// carriedOutLate counts the calls that succeeded after their connection had broken.
func (w *world) carriedOutLate() (n int) {
	for _, e := range w.Traffic(0) {
		if e.Kind == "api" && e.OK && e.Fault == "done_late" {
			n++
		}
	}
	return n
}

// Slack carries out each post seconds after its connection broke, and none comes twice.
func TestLate_Posts_AreThereOnce(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		const posts = 24
		w := newWorld(t, store)
		c := w.declared(oncall, "P2 Payments down")
		w.Advance(time.Minute)
		for n := range posts {
			w.during("chat.postMessage", lateBy(n, posts), func() {
				w.Command(oncall, c, fmt.Sprintf("/incident update Finding number %d.", n))
			})
			w.expectCounts(c, map[string]int{"UPDATE: P2": n + 1})
		}
		if n := w.carriedOutLate(); n < posts {
			t.Errorf("%d calls were carried out late, want at least %d", n, posts)
		}
		onlyOnce(t, w)
	})
}

// A new store's INC-1 has the old one's name and number, minutes later, and its
// channel is in doubt. The old one's channel is left alone.
func TestLate_ChannelOfLostStore_IsNotAdopted(t *testing.T) {
	for name, fresh := range map[string]func(t *testing.T) string{
		"sqlite": func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "muster.db") },
		"redis":  func(t *testing.T) string { return redistest.Start(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fresh(t))
			w.declared(oncall, "P1 Payments down")
			w.Advance(time.Minute)
			w.stop()
			w.store = fresh(t)
			w.start()
			f := w.AddFault(sandboxtest.Fault{Kind: "done_late", Method: "conversations.create", Delay: "5s"})
			w.Command(oncall, "#general", "/incident declare P1 Payments down")
			w.AwaitApplied(f)
			w.Advance(30 * time.Second)
			for _, channel := range []string{"inc-1-payments-down", "inc-1-payments-down-2"} {
				w.expectCounts("#"+channel, map[string]int{"INC-1: P1": 1})
			}
			onlyOnce(t, w)
		})
	}
}

// The same for channels.
func TestLate_Channels_AreOpenedOnce(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		const incidents = 6
		w := newWorld(t, store)
		for n := range incidents {
			w.during("conversations.create", lateBy(n, incidents), func() {
				w.Command(oncall, "#general", "/incident declare P1 Payments down")
			})
		}
		channels := slices.DeleteFunc(w.State().Channels, func(c sandboxtest.Channel) bool { return c.IM != "" })
		if want := 3 + incidents; len(channels) != want || w.carriedOutLate() != incidents {
			t.Errorf("%d channels, %d of them opened late; want %d and %d", len(channels), w.carriedOutLate(), want, incidents)
		}
		onlyOnce(t, w)
	})
}
