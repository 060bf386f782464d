package sandbox_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"muster/internal/sandbox"
	"muster/internal/sandbox/clock"
	"muster/internal/sandbox/sandboxtest"
)

func TestSave_Restart_KeepsTheWorkspace(t *testing.T) {
	dir := t.TempDir()
	var before time.Time
	run := func(name string, f func(*sandbox.Server, *sandboxtest.Client)) {
		t.Run(name, func(t *testing.T) {
			w := sandboxtest.Serve(t, sandbox.Options{Data: dir})
			f(w, sandboxtest.Dial(t, w.URL()))
		})
	}
	run("first", func(_ *sandbox.Server, ws *sandboxtest.Client) {
		ws.Create("oncall", "war-room", true)
		ws.Say("oncall", "war-room", "still here")
		before = ws.Advance(6 * time.Hour)
	})
	run("second", func(w *sandbox.Server, ws *sandboxtest.Client) {
		m := ws.ExpectMessage("war-room", "still here")
		if w.Now().Before(before) {
			t.Errorf("the clock went back from %s to %s", before, w.Now())
		}
		ws.Say("oncall", "war-room", "and on")
		if again := ws.ExpectMessage("war-room", "and on"); again.TS <= m.TS {
			t.Errorf("ts went back from %s to %s", m.TS, again.TS)
		}
		ws.Create("oncall", "second-room", false)
		if ws.Channel("second-room").ID == ws.Channel("war-room").ID {
			t.Error("an ID was given twice")
		}
	})
}

// TestSave_Answered_OutlivesAKill opens, after each answer, what a kill at that
// moment would have left.
func TestSave_Answered_OutlivesAKill(t *testing.T) {
	dir := t.TempDir()
	w := sandboxtest.Serve(t, sandbox.Options{Data: dir})
	ws := sandboxtest.Dial(t, w.URL())
	ws.Say("oncall", "#incidents", "said")
	after(t, dir).ExpectMessage("#incidents", "said")
	_, _, err := client(w).PostMessage("C0INCIDEN1", slack.MsgOptionText("posted", false))
	wants(t, err, "")
	after(t, dir).ExpectMessage("#incidents", "posted")

	seen := &witness{due: w.Now().Add(time.Hour), now: w.Now, left: func() time.Time { return after(t, dir).State().Now }}
	w.Attach(seen)
	ws.Advance(2 * time.Hour)
	if seen.acted != 1 || seen.early != 0 {
		t.Errorf("acted %d times; %d times a kill would have turned the clock back", seen.acted, seen.early)
	}
}

// after drives a workspace that finds what dir holds now.
func after(t *testing.T, dir string) *sandboxtest.Client {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "workspace.json"))
	wants(t, err, "")
	left := t.TempDir()
	wants(t, os.WriteFile(filepath.Join(left, "workspace.json"), raw, 0o600), "")
	return sandboxtest.Dial(t, sandboxtest.Serve(t, sandbox.Options{Data: left}).URL())
}

// witness is a bot that acts at one moment, and looks then what the clock would
// be after a kill.
type witness struct {
	due          time.Time
	now          func() time.Time
	left         func() time.Time
	acted, early int
}

func (b *witness) Next(context.Context) (clock.Due, bool, error) {
	return clock.Due{At: b.due}, b.acted == 0, nil
}

func (b *witness) Settle(context.Context) error {
	now := b.now()
	if b.acted > 0 || now.Before(b.due) {
		return nil
	}
	b.acted++
	if b.left().Before(now) {
		b.early++
	}
	return nil
}

func TestOpen_DirectoryInUse_IsRefused(t *testing.T) {
	dir := t.TempDir()
	t.Run("one runs", func(t *testing.T) {
		sandboxtest.Serve(t, sandbox.Options{Data: dir})
		_, err := sandbox.Open(sandbox.Options{Listen: "127.0.0.1:0", Data: dir})
		if err == nil || !strings.Contains(err.Error(), "another sandbox keeps its workspace in "+dir) {
			t.Errorf("got %v", err)
		}
	})
	sandboxtest.Serve(t, sandbox.Options{Data: dir}) // the first has ended
}

func TestOpen_DamagedFile_IsNamed(t *testing.T) {
	for content, want := range map[string]string{
		`{"format":`:    "is damaged",
		`{"format":99}`: "has format 99",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "workspace.json"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := sandbox.Open(sandbox.Options{Listen: "127.0.0.1:0", Data: dir})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), dir) {
			t.Errorf("got %v", err)
		}
	}
}

func TestRun_ClientsWaiting_Ends(t *testing.T) {
	w, err := sandbox.Open(sandbox.Options{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	ws := sandboxtest.Dial(t, w.URL())
	_, address, err := client(w).StartSocketModeContext(t.Context())
	wants(t, err, "")
	if _, _, err := dial(t, address); err != nil { // a socket that nobody closes
		t.Fatal(err)
	}
	polled := make(chan error, 1)
	go func() {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL()+"/sandbox/v1/wait?after=999999&timeout=50s", nil)
		answer, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
		if err == nil {
			err = answer.Body.Close()
		}
		polled <- err
	}()
	ws.Say("oncall", "#general", "x")
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("Run did not end")
	}
	if err := <-polled; err != nil {
		t.Logf("the poll was cut: %v", err)
	}
}
