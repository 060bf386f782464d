package bot_test

import (
	"context"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap/zaptest"

	"muster/bot"
	"muster/deploy"
	"muster/internal/config"
	"muster/internal/policy"
	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
	"muster/store/redis/redistest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(thenTypes{m}) }

// Who is who in the sandbox.
const (
	oncall  = "oncall"
	senior  = "senior"
	support = "support"
	manager = "manager"
)

// world is a workspace with Muster in it, driven like a person drives it.
type world struct {
	*sandboxtest.Client
	t         testing.TB
	workspace *sandbox.Server
	store     string
	policy    policy.Policy
	bot       *bot.Bot
	stop      func() // stops the bot and waits until it has stopped
}

// onEachStore runs a test on SQLite and on a real Redis, in parallel with the
// other tests.
func onEachStore(t *testing.T, test func(t *testing.T, store string)) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, "sqlite:"+filepath.Join(t.TempDir(), "muster.db"))
	})
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		test(t, redistest.Start(t))
	})
}

// newWorld opens a fresh workspace and lets Muster in. It posts no digest, since
// the workspace's clock begins at whatever time of day it is.
func newWorld(t testing.TB, store string) *world {
	t.Helper()
	return newWorldWith(t, store, func(p *policy.Policy) { p.Managers = "" })
}

// sockets is how many each process keeps.
const sockets = 2

// newWorldWith lets Muster in with another policy than the sandbox's own.
func newWorldWith(t testing.TB, store string, change func(*policy.Policy)) *world {
	t.Helper()
	cfg, err := config.Parse("sandbox.yaml", deploy.SandboxConfig)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, store: store, policy: cfg.Policy}
	change(&w.policy)
	w.workspace = openWorkspace(t, "")
	w.Client = sandboxtest.Dial(t, w.workspace.URL())
	t.Cleanup(w.ExpectCleanTraffic)
	w.start()
	return w
}

// openWorkspace runs a workspace until the test ends. The blocks and views that
// it was sent by then are collected, to be checked when all tests are done.
func openWorkspace(t testing.TB, data string) *sandbox.Server {
	t.Helper()
	w := sandboxtest.Serve(t, sandbox.Options{Data: data, Manifest: deploy.Manifest})
	ws := sandboxtest.Dial(t, w.URL())
	t.Cleanup(func() { sent.add(t, ws) })
	return w
}

// open assembles a bot for the workspace.
func (w *world) open() *bot.Bot {
	w.t.Helper()
	b, err := bot.Open(w.t.Context(), bot.Options{
		BotToken: w.workspace.BotToken(), AppToken: w.workspace.AppToken(), APIURL: w.workspace.URL() + "/api/",
		StoreURL: w.store, Policy: w.policy, Now: w.workspace.Now, Log: zaptest.NewLogger(w.t),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

// start lets Muster in, until stop or the end of the test.
func (w *world) start() {
	w.t.Helper()
	w.bot = w.open()
	w.workspace.Attach(w.bot)
	stop := inBackground(w.t, w.bot.Run)
	w.stop = func() {
		w.workspace.Attach(nil)
		stop()
	}
	w.t.Cleanup(w.stop)
	w.Await("Muster to be connected", func() bool { return w.State().Sockets == sockets })
}

// inBackground runs a loop; the function it returns stops it and waits.
func inBackground(t testing.TB, run func(context.Context) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := run(ctx); err != nil {
			t.Errorf("stopped with %v", err)
		}
	}()
	stop = func() {
		cancel()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			t.Error("did not stop within 10 s")
		}
	}
	t.Cleanup(stop)
	return stop
}

// declared types the command and waits for the channel.
func (w *world) declared(user, text string) string {
	w.t.Helper()
	w.Command(user, "#general", "/incident declare "+text)
	return w.Channel("inc-1").ID
}

// expectCounts checks how often each text was said in a channel.
func (w *world) expectCounts(channel string, want map[string]int) {
	w.t.Helper()
	for text, n := range want {
		if got := w.CountMessages(channel, text); got != n {
			w.t.Errorf("%q was said %d times, want %d", text, got, n)
		}
	}
}

// expectNext moves the clock past all deliveries that wait, and checks what it
// comes to then.
func (w *world) expectNext(what string) {
	w.t.Helper()
	next := w.Next()
	for next != nil && next.What == "delivery of what waits" {
		w.Advance(time.Millisecond) // which also waits for those under way
		if next = w.Next(); next != nil && next.What == "delivery of what waits" {
			w.Advance(max(next.At.Sub(w.Now()), time.Millisecond))
			next = w.Next()
		}
	}
	if next == nil || next.What != what {
		w.t.Errorf("next is %+v, want %s", next, what)
	}
}

// says reports whether the answer to a command contains a text.
func says(a sandboxtest.Ack, text string) bool { return strings.Contains(a.Text(), text) }

// isMember reports whether somebody is in a channel.
func (w *world) isMember(channel, user string) bool {
	return slices.Contains(w.channelOf(channel).Members, w.UserID(user))
}

// pinned reports whether a message that says text is pinned.
func (w *world) pinned(channel, text string) bool {
	return slices.ContainsFunc(w.Messages(channel), func(m sandboxtest.Message) bool { return m.Pinned && m.Says(text) })
}

// channelOf returns the channel with an ID.
func (w *world) channelOf(id string) sandboxtest.Channel {
	channels := w.State().Channels
	at := slices.IndexFunc(channels, func(c sandboxtest.Channel) bool { return c.ID == id })
	if at < 0 {
		w.t.Fatalf("there is no channel %s", id)
	}
	return channels[at]
}

// direct returns somebody's direct messages with Muster, "" while there are none.
func (w *world) direct(user string) string {
	for _, c := range w.State().Channels {
		if c.IM == w.UserID(user) {
			return c.ID
		}
	}
	return ""
}

// expectDirect waits for a direct message.
func (w *world) expectDirect(user, text string) {
	w.t.Helper()
	w.Await(user+" to get a direct message", func() bool { return w.direct(user) != "" })
	w.ExpectMessage(w.direct(user), text)
}

// key returns the notice that a message delivers, "" if none.
func key(m sandboxtest.Message) string {
	k, _ := m.Metadata.Payload["key"].(string)
	return k
}

// posted returns when a message was posted.
func posted(m sandboxtest.Message) time.Time {
	seconds, err := strconv.ParseFloat(m.TS, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(int64(seconds * 1000))
}
