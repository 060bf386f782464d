//go:build unix

package bot_test

import (
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"muster/internal/sandbox/sandboxtest"
)

// opened starts a process that has its health checks at an address, and waits
// until it is connected.
func opened(t *testing.T, store string) (*world, *process, string) {
	t.Helper()
	workspace := openWorkspace(t, "")
	w := &world{Client: sandboxtest.Dial(t, workspace.URL()), t: t}
	p := newProcess(t, workspace, store)
	address := freeAddress(t)
	p.env = append(p.env, "MUSTER_LISTEN="+address)
	p.start()
	w.Await("Muster to be connected", func() bool { return w.State().Sockets == sockets })
	return w, p, address
}

// A configuration that is wrong changes nothing, one that is right changes the
// process, and the connection stays.
func TestProcess_Hangup_ReadsTheConfigurationAgain(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w, p, _ := opened(t, store)
		openings := w.calls("apps.connections.open")
		w.Command(oncall, "#general", "/incident declare P1 Payments down")
		c := w.Channel("inc-1").ID

		p.reload("severities: {P1: {response: soon}}\nchanels: {}\n")
		p.reload(strings.Replace(fast, "people:", "  P4: {name: Minute, meaning: Next to nothing, response: 1h, update: 1h}\npeople:", 1))
		w.Await("the new severity", func() bool {
			return says(w.Command(oncall, "#general", "/incident declare P4 A scratch"), "INC-")
		})
		w.ExpectMessage(c, "UPDATE DUE") // who was there before is not forgotten
		if again := w.calls("apps.connections.open"); again != openings {
			t.Errorf("connected %d times, %d before", again, openings)
		}
		p.terminate()
		for _, line := range []string{`muster.yaml:1:29:`, `muster.yaml:2:1: unknown key`, "has 2 mistakes", "configuration reloaded"} {
			if !strings.Contains(p.log.String(), line) {
				t.Errorf("not logged: %s", line)
			}
		}
	})
}

// reload gives the process another configuration.
func (p *process) reload(config string) {
	p.t.Helper()
	before := p.reloads()
	if err := os.WriteFile(p.config, []byte(config), 0o600); err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		p.t.Fatal(err)
	}
	for begun := time.Now(); p.reloads() == before; {
		if time.Since(begun) > 20*time.Second {
			p.t.Fatal("the hangup was not answered")
		}
	}
}

// reloads counts the answers to a hangup.
func (p *process) reloads() int { return strings.Count(p.log.String(), `"msg":"configuration `) }

// Everything about a P0 is in the log, but nothing that people wrote.
func TestProcess_LogOfAP0_TellsItsStoryWithoutItsTexts(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w, p, _ := opened(t, store)
		w.Command(oncall, "#general", "/incident declare P0 private Takeover Zanzibar")
		c := w.Channel("inc-1").ID
		w.ExpectMessage(c, "UPDATE DUE")
		w.Await("me to be in the channel", func() bool { return w.isMember(c, oncall) })
		w.Command(oncall, c, "/incident ack")
		w.Command(oncall, c, "/incident update Looking at Madagascar")
		w.Command(oncall, c, "/incident resolve Closed the door to Kilimanjaro")
		w.ExpectMessage(c, "RESOLVED")
		p.terminate()
		log := p.log.String()
		for _, event := range []string{"declared", "escalated", "timer fired", "reminded", "delivered", "acknowledged", "updated", "resolved", "timers"} {
			if !strings.Contains(log, `"msg":"`+event+`"`) {
				t.Errorf("%q is not in the log", event)
			}
		}
		for _, fact := range []string{`"incident":"INC-1"`, `"severity":"P0"`, `"set":["`, `"stopped":["`, `"late":"`, `"users":["U`, `"waited":"`} {
			if !strings.Contains(log, fact) {
				t.Errorf("%s is not in the log", fact)
			}
		}
		for _, secret := range []string{"Zanzibar", "zanzibar", "Madagascar", "Kilimanjaro"} {
			if strings.Contains(log, secret) {
				t.Errorf("the log says %q", secret)
			}
		}
	})
}

func TestProcess_LogFormatText_IsForPeople(t *testing.T) {
	t.Parallel()
	workspace := openWorkspace(t, "")
	w := &world{Client: sandboxtest.Dial(t, workspace.URL()), t: t}
	p := newProcess(t, workspace, "sqlite:"+filepath.Join(t.TempDir(), "muster.db"))
	p.env = append(p.env, "MUSTER_LOG_FORMAT=text")
	p.start()
	w.Await("Muster to be connected", func() bool { return w.State().Sockets == 1 })
	p.terminate()
	if !strings.Contains(p.log.String(), "INFO  workspace  {") {
		t.Errorf("logged %q", p.log.String())
	}
}

// Whoever holds connections to the health checks keeps neither these nor the
// socket from coming back, also where there are few file descriptors.
func TestProcess_IdleHealthConnections_KeepNobodyOut(t *testing.T) {
	t.Parallel()
	workspace := openWorkspace(t, "")
	w := &world{Client: sandboxtest.Dial(t, workspace.URL()), t: t}
	p := newProcess(t, workspace, "sqlite:"+filepath.Join(t.TempDir(), "muster.db"))
	address := freeAddress(t)
	p.env = append(p.env, "MUSTER_LISTEN="+address)
	p.args = []string{"sh", "-c", "ulimit -n 96; exec " + p.args[0] + " run"}
	p.start()
	w.Await("Muster to be connected", func() bool { return w.State().Sockets == 1 })
	for range 500 {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
	}
	w.AddFault(sandboxtest.Fault{Kind: "socket_cut"})
	w.Await("the socket to be cut", func() bool { return w.calls("apps.connections.open") > 1 })
	w.AwaitWithin(20*time.Second, "Muster to be back", func() bool { return w.State().Sockets == 1 })
	awaitStatus(t, "http://"+address+"/readyz", http.StatusOK)
}

// calls counts what the bot has called of a method.
func (w *world) calls(method string) (n int) {
	for _, e := range w.Traffic(0) {
		if e.Kind == "api" && e.Name == method {
			n++
		}
	}
	return n
}

// body asks once for what a check says.
func body(t *testing.T, url string) string {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
