package cli_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"muster/internal/cli"
	"muster/internal/sandbox/workspace"
	"muster/store/redis/redistest"
)

// What SQLite holds goes on in Redis.
func TestMigrate_SQLiteToRedis_GoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	file, url := "sqlite:"+filepath.Join(data, "muster.db"), redistest.Start(t)
	w, stop := runSandbox(t, cli.SandboxOptions{Listen: "127.0.0.1:0", Data: data, Store: file, Bot: true})
	c := declareP0(w)
	stop()
	var out strings.Builder
	if err := cli.Migrate(t.Context(), file, url, workspace.TeamID, &out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "1 incidents") {
		t.Errorf("reported %q", out.String())
	}
	if err := cli.Migrate(t.Context(), file, url, workspace.TeamID, &out); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("a second time: %v", err)
	}
	w, _ = runSandbox(t, cli.SandboxOptions{Listen: "127.0.0.1:0", Data: data, Store: url, Bot: true})
	w.Advance(30 * time.Minute)
	expectHalfAnHour(t, w, c)
}

func TestMigrate_NoSource_IsRefused(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	from, to := filepath.Join(t.TempDir(), "none.db"), filepath.Join(t.TempDir(), "new.db")
	if err := cli.Migrate(t.Context(), "sqlite:"+from, "sqlite:"+to, workspace.TeamID, &out); err == nil || !strings.Contains(err.Error(), "no store to copy") {
		t.Errorf("got %v", err)
	}
}
