package bot_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap/zaptest"

	"muster/bot"
	"muster/internal/sandbox/sandboxtest"
)

// A socket is cut each second. The other one answers meanwhile; only what was on
// its way over the one that was cut can fail.
func TestSocket_CutEachSecond_AnswersCommands(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "muster.db"))
	const seconds, each = 8, 5
	tick := time.NewTicker(time.Second / each)
	defer tick.Stop()
	failed := 0
	for n := range seconds * each {
		<-tick.C // the moments are those of a network that breaks
		if n%each == 0 {
			w.AddFault(sandboxtest.Fault{Kind: "socket_cut"})
		}
		if a, err := w.TryCommand(oncall, "#general", "/incident list"); err != nil || !a.OK {
			failed++
		}
	}
	w.ClearFaults()
	t.Logf("%d of %d commands failed", failed, seconds*each)
	if most := seconds * each / 4; failed > most {
		t.Errorf("%d of %d commands failed, want %d at most", failed, seconds*each, most)
	}
}

// A command that was on its way over a socket that is refreshed or cut is done once,
// and so is one that comes over both.
func TestSocket_EnvelopeOverBothSockets_ActsOnce(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		f := w.AddFault(sandboxtest.Fault{Kind: "envelope_twice", Share: always})
		c := w.declared(oncall, "P3 Odd errors")
		const times = 12 // each is over the same socket twice, or over both: all alike once in 2,000
		for n := range times {
			w.Command(oncall, "#general", "/incident update INC-1 news "+strings.Repeat("!", n+1))
		}
		w.ClearFault(f)
		w.Advance(time.Minute)
		w.expectCounts(c, map[string]int{"UPDATE: P3": times})
		onlyOnce(t, w)
	})
}

// The program ends, and says where the right token is.
func TestSocket_AppTokenRefused_EndsWithHint(t *testing.T) {
	t.Parallel()
	workspace := openWorkspace(t, "")
	b, err := bot.Open(t.Context(), bot.Options{
		BotToken: workspace.BotToken(), AppToken: "xapp-1-wrong", APIURL: workspace.URL() + "/api/",
		StoreURL: "sqlite:" + filepath.Join(t.TempDir(), "muster.db"), Now: workspace.Now, Log: zaptest.NewLogger(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	err = b.Run(t.Context())
	for _, part := range []string{"invalid_auth", "App-Level Token", "connections:write", "Basic Information"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("it ends with %v, want %q in it", err, part)
		}
	}
}
