package bot_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
	"muster/store/redis/redistest"
)

// fast is a process whose clock runs in seconds.
const fast = `
channels: {announce: C0INCIDEN1}
severities:
  P0: {response: 20s, update: 2s, escalate: [{to: L2, after: 0s}, {to: L3, after: 3s}]}
  P1: {response: 20s, update: 2s, escalate: [{to: L2, after: 3s}, {to: L3, after: 6s}]}
  P2: {response: 20s, update: 20s}
people:
  on_call_engineer: [S0ONCALL01]
  senior_engineer: [U0SENIOR01]
  tech_lead: [U0TECHLD01]
  engineering_manager: [U0ENGMGR01]
`

// process is `muster run` as a process of its own.
type process struct {
	t      *testing.T
	args   []string
	env    []string
	config string
	cmd    *exec.Cmd
	done   chan error
	log    logged
}

// logged is what a process has logged so far.
type logged struct {
	more chan struct{} // gets a value when there is more
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.more <- struct{}{}:
	default: // nobody has looked since
	}
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func newProcess(t *testing.T, w *sandbox.Server, store string) *process {
	t.Helper()
	path, err := sandboxtest.Binary()
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(t.TempDir(), "muster.yaml")
	if err := os.WriteFile(config, []byte(fast), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, config: config, log: logged{more: make(chan struct{}, 1)}, args: []string{path, "run"}, env: append(os.Environ(),
		"SLACK_API_URL="+w.URL()+"/api/", "SLACK_BOT_TOKEN="+w.BotToken(), "SLACK_APP_TOKEN="+w.AppToken(),
		"MUSTER_STORE="+store, "MUSTER_CONFIG="+config, "MUSTER_LISTEN=127.0.0.1:0", "MUSTER_LOG=info",
	)}
	t.Cleanup(p.kill)
	return p
}

func (p *process) start() {
	p.t.Helper()
	p.cmd = exec.Command(p.args[0], p.args[1:]...)
	p.cmd.Env, p.cmd.Stderr = p.env, io.MultiWriter(p.t.Output(), &p.log)
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.done = make(chan error, 1)
	go func(cmd *exec.Cmd, done chan error) { done <- cmd.Wait() }(p.cmd, p.done)
}

// kill ends it with SIGKILL: no deferred call runs.
func (p *process) kill() {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Kill()
	if err := <-p.done; err == nil {
		p.t.Error("it stopped by itself before it was killed")
	}
	p.cmd = nil
}

// terminate asks it to stop and reports how long that took.
func (p *process) terminate() time.Duration {
	p.t.Helper()
	asked := time.Now()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	if err := <-p.done; err != nil {
		p.t.Errorf("after SIGTERM: %v", err)
	}
	p.cmd = nil
	return time.Since(asked)
}

func TestProcess_TwoReplicas_PostEachReminderOnce(t *testing.T) {
	t.Parallel()
	workspace := openWorkspace(t, "")
	w := &world{Client: sandboxtest.Dial(t, workspace.URL()), t: t}
	store := redistest.Start(t)
	for range 2 {
		newProcess(t, workspace, store).start()
	}
	w.Await("both to be connected", func() bool { return w.State().Sockets == 2*sockets })
	w.Command(oncall, "#general", "/incident declare P1 Payments down")
	c := w.Channel("inc-1").ID
	w.AwaitWithin(time.Minute, "five reminders", func() bool { return w.CountMessages(c, "UPDATE DUE") >= 5 })
	var last time.Time
	for _, m := range w.Messages(c) {
		if !m.Says("UPDATE DUE") {
			continue
		}
		if gap := posted(m).Sub(last); gap < time.Second {
			t.Errorf("two reminders within %s", gap)
		}
		last = posted(m)
	}
	for text, want := range map[string]int{"ESCALATED TO L2": 1, "ESCALATED TO L3": 1, "INCIDENT: P1": 1} {
		if got := w.CountMessages(c, text); got != want {
			t.Errorf("%q was said %d times, want %d", text, got, want)
		}
	}
	onlyOnce(t, w)
}

// onlyOnce: no notice was posted twice, anywhere.
func onlyOnce(t *testing.T, w *world) {
	t.Helper()
	where := map[string]string{}
	for _, c := range w.State().Channels {
		for _, m := range w.Messages(c.ID) {
			notice := key(m)
			if notice == "" {
				continue
			}
			if before, twice := where[notice]; twice {
				t.Errorf("notice %s was posted twice: in %s and in %s", notice, before, c.Name)
			}
			where[notice] = c.Name
		}
	}
	if len(where) == 0 {
		t.Error("no notice was posted at all")
	}
}

// Kills the process again and again, at random moments, while people
// type. What was acknowledged is there in the end, and nothing is there twice. What
// waited at a start is looked for in Slack first, some 50 a minute: they type little
// enough that the kills meet deliveries, and not only the wait for these looks.
func TestProcess_KilledAgainAndAgain_LosesNothing(t *testing.T) {
	const rounds, incidents, each = 20, 4, 4
	onEachStore(t, func(t *testing.T, store string) {
		workspace := openWorkspace(t, "")
		w := &world{Client: sandboxtest.Dial(t, workspace.URL()), t: t}
		p := newProcess(t, workspace, store)
		p.start()
		w.Await("Muster to be connected", func() bool { return w.State().Sockets == sockets })
		for n := range incidents {
			w.Command(oncall, "#general", fmt.Sprintf("/incident declare P1 Trouble %d", n+1))
		}
		acked := map[string]bool{} // all that was typed: whether it was acknowledged
		for round := range rounds {
			typed := make(chan struct{})
			go func() {
				defer close(typed)
				for n := range each {
					text := fmt.Sprintf("news %d-%d.", round, n)
					command := fmt.Sprintf("/incident update INC-%d %s", n%incidents+1, text)
					if n == each/2 && round%4 == 0 {
						command = "/incident declare P2 " + text
					}
					answer, err := w.TryCommand(oncall, "#general", command)
					acked[text] = err == nil && answer.OK && says(answer, "INC-")
				}
			}()
			<-time.After(rand.N(30 * time.Millisecond)) // the moment of the kill is what is random
			p.kill()
			p.start()
			<-typed
			w.AwaitWithin(20*time.Second, "Muster to be back", func() bool { return w.State().Sockets == sockets })
		}
		typed, kept := 0, 0
		var missing []string
		defer func() {
			if len(missing) > 0 {
				t.Errorf("acknowledged, and not posted: %q", missing)
			}
		}()
		w.AwaitWithin(4*time.Minute, "all that was acknowledged to be posted", func() bool {
			typed, kept, missing = 0, 0, nil
			said := everything(w)
			for text, ok := range acked {
				if !ok {
					continue
				}
				typed++
				if strings.Contains(said, text) {
					kept++
				} else {
					missing = append(missing, text)
				}
			}
			return kept == typed
		})
		t.Logf("%d rounds: %d typed, %d acknowledged, %d kept", rounds, len(acked), typed, kept)
		if typed < rounds*each/4 {
			t.Errorf("only %d commands were acknowledged in %d rounds: that tests nothing", typed, rounds)
		}
		onlyOnce(t, w)
	})
}

// everything is all that is to be read in the workspace.
func everything(w *world) string {
	var b strings.Builder
	for _, c := range w.State().Channels {
		for _, m := range w.Messages(c.ID) {
			b.WriteString(m.Text)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// SIGTERM in the middle of work; it stops in time, and what was
// acknowledged is there after the next start.
func TestProcess_Terminated_StopsInTime(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		workspace := openWorkspace(t, "")
		w := &world{Client: sandboxtest.Dial(t, workspace.URL()), t: t}
		p := newProcess(t, workspace, store)
		p.start()
		w.Await("Muster to be connected", func() bool { return w.State().Sockets == sockets })
		w.Command(oncall, "#general", "/incident declare P0 Payments down")
		c := w.Channel("inc-1").ID
		w.Await("me to be in the channel", func() bool { return w.isMember(c, oncall) })
		for n := range 6 {
			w.Command(oncall, c, fmt.Sprintf("/incident update news %d.", n))
		}
		if took := p.terminate(); took > 10*time.Second {
			t.Errorf("took %s to stop", took)
		}
		p.start()
		for n := range 6 {
			w.ExpectMessage(c, fmt.Sprintf("news %d.", n))
		}
		onlyOnce(t, w)
	})
}
