package bot_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"muster/store/redis/redistest"
)

// The store vanishes under a running Muster. Nothing that people type after that is
// taken, nothing they read looks like a store without incidents, and whoever
// watches is told what happened and what to do.
func TestStore_GoneUnderRunningMuster_TakesNothing(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "muster.db")
	redis := redistest.Start(t)
	for name, tt := range map[string]struct {
		store  string
		vanish func() error
		reason string
	}{
		"file removed": {"sqlite:" + file, func() error { return os.Remove(file) }, "muster.db is gone"},
		"redis emptied": {redis, func() error {
			return exec.Command("redis-cli", "-u", redis, "flushall").Run()
		}, "Redis was emptied"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _, address := opened(t, tt.store)
			c := w.declared(oncall, "P1 Payments down")
			w.ExpectMessage(c, "INC-1: P1")
			ready := "http://" + address + "/readyz"
			awaitStatus(t, ready, http.StatusOK)
			if err := tt.vanish(); err != nil {
				t.Fatal(err)
			}
			for _, typed := range []string{
				"declare P1 Search down", "ack INC-1", "update INC-1 identified Said in vain", "severity INC-1 P0",
				"resolve INC-1 Said in vain", "status INC-1", "list", "retry INC-1",
			} {
				answer := w.Command(oncall, "#general", "/incident "+typed)
				if !says(answer, "Nothing was recorded") || says(answer, "Payments") || says(answer, "No open") {
					t.Errorf("%s: told %q", typed, answer.Text())
				}
			}
			awaitStatus(t, ready, http.StatusServiceUnavailable)
			if said := body(t, ready); !strings.Contains(said, tt.reason) || !strings.Contains(said, "restart Muster") {
				t.Errorf("readiness says %s", said)
			}
			w.expectCounts(c, map[string]int{"Said in vain": 0, "acknowledged after": 0})
			for _, channel := range w.State().Channels {
				if strings.Contains(channel.Name, "search") {
					t.Errorf("%s was opened", channel.Name)
				}
			}
		})
	}
}
