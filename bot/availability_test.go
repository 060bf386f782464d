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

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
	"muster/store/redis/redistest"
)

// The person is told within Slack's three seconds,
// and what is said is true.
func TestStore_NotAnswering_SaysNothingWasRecorded(t *testing.T) {
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
	w.ExpectNoMessage(c, "acknowledged after")
	w.Command(oncall, c, "/incident ack")
	w.ExpectMessage(c, "acknowledged after")
}

// pauseRedis has the server keep all its clients waiting.
func pauseRedis(t *testing.T, url string, d time.Duration) {
	t.Helper()
	out, err := exec.Command("redis-cli", "-u", url, "client", "pause", strconv.FormatInt(d.Milliseconds(), 10), "all").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "OK") {
		t.Fatalf("pause for %s: %v, %s", d, err, out)
	}
}

// Ready while the socket is fresh, not ready when the workspace is
// gone, and alive all the time.
func TestHealth_SlackGone_TurnsUnready(t *testing.T) {
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
	w.Await("Muster to be connected", func() bool { return w.State().Sockets == sockets })
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
	again := time.NewTicker(50 * time.Millisecond) // the checks tell nobody when they change
	defer again.Stop()
	for begun := time.Now(); ; <-again.C {
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
