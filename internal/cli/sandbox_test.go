package cli_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/cli"
	"muster/internal/sandbox/sandboxtest"
)

func TestSandbox_StartedAgainWithData_GoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	w, stop := runSandbox(t, cli.SandboxOptions{Listen: "127.0.0.1:0", Data: data, Bot: true})
	c := declareP0(w)
	w.Advance(20 * time.Minute)
	before := w.Now()
	stop()

	w, _ = runSandbox(t, cli.SandboxOptions{Listen: "127.0.0.1:0", Data: data, Bot: true})
	if now := w.Now(); now.Before(before) {
		t.Errorf("the clock went back from %s to %s", before, now)
	}
	w.ExpectMessage(c, "ESCALATED TO L2")
	w.Advance(11 * time.Minute)
	expectHalfAnHour(t, w, c)
}

func TestSandbox_WithoutBot_AnswersNoCommand(t *testing.T) {
	t.Parallel()
	w, _ := runSandbox(t, cli.SandboxOptions{Listen: "127.0.0.1:0"})
	if n := w.State().Sockets; n != 0 {
		t.Errorf("%d sockets", n)
	}
	if ack, err := w.TryCommand(oncall, "#general", "/incident help"); err != nil || ack.Error != "dispatch_failed" {
		t.Errorf("a command without a bot: %+v, %v", ack, err)
	}
}

// The app's commands come from its manifest; one that is wrong is refused.
func TestSandbox_ManifestOfAnotherApp_TakesItsCommands(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "app.yaml")
	own := cli.SandboxOptions{Listen: "127.0.0.1:0", Manifest: file}
	manifest := `
display_information: {name: Ledger}
features: {slash_commands: [{command: /entry, description: Write an entry}]}
oauth_config: {scopes: {bot: [commands]}}
settings: {socket_mode_enabled: true}
`
	refused := func(o cli.SandboxOptions, why string) {
		t.Helper()
		if err := cli.Sandbox(t.Context(), o, io.Discard); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("got %v, and not %q", err, why)
		}
	}
	refused(own, "app.yaml: no such file")
	for content, why := range map[string]string{
		"display_information: [":                          "app.yaml:1:22: this isn't YAML",
		"display_information: " + strings.Repeat("[", 99): "nested more than 64 levels",
		"a: &a [1]\nb: *a":                                "app.yaml:2:4: this is an alias",
		"":                                                "got null, want object",
		"display_information: {name: Ledger}":             "socket_mode_enabled",
		"display_information: {nam: Ledger}":              "line 1, column 23: display_information.nam: Slack knows no such key",
		strings.Replace(manifest, "[commands]", "[]", 1):  "need the scope commands",
	} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		refused(own, why)
	}
	if err := os.WriteFile(file, []byte(manifest), 0o600); err != nil {
		t.Fatal(err)
	}
	withBot := own
	withBot.Bot = true
	refused(withBot, "add --bot=false")

	w, _ := runSandbox(t, own)
	if ack, err := w.TryCommand(oncall, "#general", "/entry"); err != nil || ack.Error != "dispatch_failed" {
		t.Errorf("the app's command: %+v, %v", ack, err)
	}
	if ack, err := w.TryCommand(oncall, "#general", "/incident"); err == nil {
		t.Errorf("a command of another app: %+v", ack)
	}
}

// runSandbox runs `muster sandbox` until stop or the end of the test.
func runSandbox(t *testing.T, o cli.SandboxOptions) (w *sandboxtest.Client, stop func()) {
	t.Helper()
	out, printed := io.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- cli.Sandbox(ctx, o, printed) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("stopped with %v", err)
		}
		_ = printed.Close()
	})
	t.Cleanup(stop)
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
	w = sandboxtest.Dial(t, address.FindString(said.String()))
	if o.Bot {
		w.Await("Muster to be connected", func() bool { return w.State().Sockets > 0 })
	}
	return w, stop
}

// declareP0 declares a P0 and waits until L2 was called.
func declareP0(w *sandboxtest.Client) (channel string) {
	w.Command(oncall, "#general", "/incident declare P0 Payments down")
	channel = w.Channel("inc-1").ID
	w.ExpectMessage(channel, "ESCALATED TO L2")
	return channel
}

// expectHalfAnHour checks what a P0 that nobody acknowledges has led to after half
// an hour.
func expectHalfAnHour(t *testing.T, w *sandboxtest.Client, channel string) {
	t.Helper()
	for _, text := range []string{"UPDATE DUE", "NOT ACKNOWLEDGED", "ESCALATED TO L2"} {
		if n := w.CountMessages(channel, text); n != 1 {
			t.Errorf("%q was said %d times, want once", text, n)
		}
	}
}

func TestSandbox_TakenPort_NamesTheFlag(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	err = cli.Sandbox(t.Context(), cli.SandboxOptions{Listen: l.Addr().String()}, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "--listen") {
		t.Errorf("got %v", err)
	}
}
