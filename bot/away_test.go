package bot_test

import (
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"muster/bot"
	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
	"muster/store/redis/redistest"
)

// TestTheStoreDoesNotAnswer: the person is told within Slack's three seconds,
// and what is said is true.
func TestTheStoreDoesNotAnswer(t *testing.T) {
	t.Parallel()
	url := redistest.Start(t)
	w := newWorld(t, url)
	c := w.declared(oncall, "P1 Payments down")
	w.Await("me to be in the channel", func() bool { return w.isMember(c, oncall) })
	pauseRedis(t, url, 5*time.Second)
	answer := w.Command(oncall, c, "/incident ack")
	if !says(answer, "Nothing was recorded") {
		t.Errorf("told %q", answer.Text())
	}
	if answer.MS > 3000 {
		t.Errorf("told after %.0f ms", answer.MS)
	}
	w.AwaitWithin(20*time.Second, "the store to answer again", func() bool {
		return says(w.Command(oncall, "#general", "/incident status 1"), "Payments down")
	})
	w.ExpectNoMessage(c, "Acknowledged after")
	w.Command(oncall, c, "/incident ack")
	w.ExpectMessage(c, "Acknowledged after")
}

// pauseRedis has the server keep all its clients waiting.
func pauseRedis(t *testing.T, url string, d time.Duration) {
	t.Helper()
	out, err := exec.Command("redis-cli", "-u", url, "client", "pause", strconv.FormatInt(d.Milliseconds(), 10), "all").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "OK") {
		t.Fatalf("pause for %s: %v, %s", d, err, out)
	}
}

// TestHealth: ready while the socket is fresh, not ready when the workspace is
// gone, and alive all the time.
func TestHealth(t *testing.T) {
	t.Parallel()
	workspace, err := sandbox.Open(sandbox.Options{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	leave := inBackground(t, workspace.Run)
	w := sandboxtest.Dial(t, workspace.URL())
	p := newProcess(t, workspace, "sqlite:"+filepath.Join(t.TempDir(), "muster.db"))
	address := freeAddress(t)
	p.env = append(p.env, "MUSTER_LISTEN="+address)
	p.start()
	w.Await("Muster to be connected", func() bool { return w.State().Sockets == 1 })
	awaitStatus(t, "http://"+address+"/readyz", http.StatusOK)
	leave()
	awaitStatus(t, "http://"+address+"/readyz", http.StatusServiceUnavailable)
	awaitStatus(t, "http://"+address+"/healthz", http.StatusOK)
	if took := p.terminate(); took > 10*time.Second {
		t.Errorf("took %s to stop while Slack is away", took)
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// awaitStatus asks until the answer is the wanted one.
func awaitStatus(t *testing.T, url string, want int) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 2 * time.Second}
	for begun := time.Now(); ; {
		got := 0
		if r, err := client.Get(url); err == nil {
			got = r.StatusCode
			_ = r.Body.Close()
		}
		if got == want {
			return
		}
		if time.Since(begun) > 20*time.Second {
			t.Fatalf("%s answers %d, want %d", url, got, want)
		}
	}
}

// TestMigrate: what SQLite holds goes on in Redis.
func TestMigrate(t *testing.T) {
	t.Parallel()
	file, url := "sqlite:"+filepath.Join(t.TempDir(), "muster.db"), redistest.Start(t)
	w := newWorld(t, file)
	c := w.declared(oncall, "P0 Payments down")
	w.ExpectMessage(c, "ESCALATED TO L2")
	w.stop()
	var out strings.Builder
	if err := bot.Migrate(t.Context(), file, url, workspace.TeamID, &out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "1 incidents") {
		t.Errorf("reported %q", out.String())
	}
	if err := bot.Migrate(t.Context(), file, url, workspace.TeamID, &out); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("a second time: %v", err)
	}
	w.store = url
	w.start()
	w.Advance(30 * time.Minute)
	w.expectCounts(c, map[string]int{"UPDATE DUE": 1, "NOT ACKNOWLEDGED": 1, "ESCALATED TO L2": 1})
	if err := bot.Migrate(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "none.db"), url, workspace.TeamID, &out); err == nil {
		t.Error("a store that is not there was copied")
	}
}
