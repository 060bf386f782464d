package cli_test

import (
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"muster/internal/cli"
	"muster/internal/sandbox/workspace"
	"muster/store/redis/redistest"
)

// noEnv is an environment in which nothing is set.
func noEnv(string) string { return "" }

// What SQLite holds goes on in Redis.
func TestMigrate_SQLiteToRedis_GoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	file, url := "sqlite:"+filepath.Join(data, "muster.db"), redistest.Start(t)
	w, stop := runSandbox(t, cli.SandboxOptions{Listen: "127.0.0.1:0", Data: data, Store: file, Bot: true})
	c := declareP0(w)
	stop()
	var out strings.Builder
	if err := cli.Migrate(t.Context(), file, url, workspace.TeamID, noEnv, &out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "1 incidents") {
		t.Errorf("reported %q", out.String())
	}
	if err := cli.Migrate(t.Context(), file, url, workspace.TeamID, noEnv, &out); err == nil || !strings.Contains(err.Error(), "not empty") {
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
	if err := cli.Migrate(t.Context(), "sqlite:"+from, "sqlite:"+to, workspace.TeamID, noEnv, &out); err == nil || !strings.Contains(err.Error(), "no store to copy") {
		t.Errorf("got %v", err)
	}
}

func TestMigrate_WrongTeam_NamesThoseThatAreThere(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	file, url, to := "sqlite:"+filepath.Join(data, "muster.db"), redistest.Start(t), "sqlite:"+filepath.Join(t.TempDir(), "new.db")
	w, stop := runSandbox(t, cli.SandboxOptions{Listen: "127.0.0.1:0", Data: data, Store: file, Bot: true})
	declareP0(w)
	stop()
	refused := func(from, to, team, why string) {
		t.Helper()
		err := cli.Migrate(t.Context(), from, to, team, noEnv, io.Discard)
		if err == nil || !strings.Contains(err.Error(), why) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s to %s of %q: %v", from, to, team, err)
		}
	}
	refused(url, to, "T0123", "FROM holds no workspace")
	if err := cli.Migrate(t.Context(), file, url, workspace.TeamID, noEnv, io.Discard); err != nil {
		t.Fatal(err)
	}
	refused(url, to, "T0123", "FROM holds nothing of T0123; it holds "+workspace.TeamID)
	refused(url, to, "", "name the workspace to copy with --team; FROM holds "+workspace.TeamID)
	refused(url, to, "T0123", "it holds "+workspace.TeamID+":") // asking has made none
	for _, team := range []string{"*", "t0123", "T01 23", "T0{1}", "U0123"} {
		refused(url, to, team, "isn't a workspace's ID")
		refused(file, to, team, "isn't a workspace's ID")
	}
	refused(file, url, "", "TO is a Redis")
	refused("redi://u:hush@h", to, "T0123", "FROM: this isn't a store")
	refused(file, "redi://u:hush@h", "T0123", "TO: this isn't a store")
	refused("redis://u:hush%zz@h", to, "T0123", "hexadecimal")
	refused("redis://u:hush@127.0.0.1:1/x", to, "T0123", "not a number")
}
