package bot_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/bot"
	"muster/internal/sandbox/sandboxtest"
)

// TestSandboxGoesOnWhereItWas: what `muster sandbox --data` keeps.
func TestSandboxGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	w, stop := runSandbox(t, bot.SandboxOptions{Listen: "127.0.0.1:0", Data: data, Bot: true})
	c := w.declared(oncall, "P0 Payments down")
	w.ExpectMessage(c, "ESCALATED TO L2")
	w.Advance(20 * time.Minute)
	before := w.Now()
	stop()

	w, _ = runSandbox(t, bot.SandboxOptions{Listen: "127.0.0.1:0", Data: data, Bot: true})
	if now := w.Now(); now.Before(before) {
		t.Errorf("the clock went back from %s to %s", before, now)
	}
	w.ExpectMessage(c, "ESCALATED TO L2")
	w.Advance(11 * time.Minute)
	w.expectCounts(c, map[string]int{"UPDATE DUE": 1, "NOT ACKNOWLEDGED": 1, "ESCALATED TO L2": 1})
}

// TestSandboxWithoutBot says how to connect one.
func TestSandboxWithoutBot(t *testing.T) {
	t.Parallel()
	w, _ := runSandbox(t, bot.SandboxOptions{Listen: "127.0.0.1:0"})
	if n := w.State().Sockets; n != 0 {
		t.Errorf("%d sockets", n)
	}
	if ack, err := w.TryCommand(oncall, "#general", "/incident help"); err != nil || ack.Error != "dispatch_failed" {
		t.Errorf("a command without a bot: %+v, %v", ack, err)
	}
}

// TestSandboxForAnAppOfOnesOwn takes the app's commands from its manifest, and
// tells what is wrong with one.
func TestSandboxForAnAppOfOnesOwn(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "app.yaml")
	own := bot.SandboxOptions{Listen: "127.0.0.1:0", Manifest: file}
	manifest := `
display_information: {name: Ledger}
features: {slash_commands: [{command: /entry, description: Write an entry}]}
oauth_config: {scopes: {bot: [commands]}}
settings: {socket_mode_enabled: true}
`
	refused := func(o bot.SandboxOptions, why string) {
		t.Helper()
		if err := bot.Sandbox(t.Context(), o, io.Discard); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("got %v, and not %q", err, why)
		}
	}
	refused(own, "app.yaml: no such file")
	for content, why := range map[string]string{
		"display_information: [": "read the app's manifest: [1:22]",
		"":                       "socket_mode_enabled",
		strings.Replace(manifest, "[commands]", "[]", 1): "need the scope commands",
	} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		refused(own, why)
	}
	if err := os.WriteFile(file, []byte(manifest), 0o600); err != nil {
		t.Fatal(err)
	}
	beside := own
	beside.Bot = true
	refused(beside, "add --bot=false")

	w, _ := runSandbox(t, own)
	if ack, err := w.TryCommand(oncall, "#general", "/entry"); err != nil || ack.Error != "dispatch_failed" {
		t.Errorf("the app's command: %+v, %v", ack, err)
	}
	if ack, err := w.TryCommand(oncall, "#general", "/incident"); err == nil {
		t.Errorf("a command of another app: %+v", ack)
	}
}

// runSandbox is `muster sandbox`; it ends with the test, if not before.
func runSandbox(t *testing.T, o bot.SandboxOptions) (w *world, stop func()) {
	t.Helper()
	out, printed := io.Pipe()
	end := inBackground(t, func(ctx context.Context) error { return bot.Sandbox(ctx, o, printed) })
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
	var said bytes.Buffer
	chunk := make([]byte, 1024)
	for !strings.Contains(said.String(), "Ctrl-C") && !strings.Contains(said.String(), "muster run") {
		n, err := out.Read(chunk)
		if err != nil {
			t.Fatal(err)
		}
		said.Write(chunk[:n])
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	t.Cleanup(func() { _ = printed.Close() })
	w = &world{Client: sandboxtest.Dial(t, address.FindString(said.String())), t: t}
	stop = sync.OnceFunc(func() {
		sent.add(t, w.Client)
		end()
	})
	t.Cleanup(stop)
	if o.Bot {
		w.Await("Muster to be connected", func() bool { return w.State().Sockets == 1 })
	}
	return w, stop
}
