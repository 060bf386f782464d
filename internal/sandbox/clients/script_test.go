package clients_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"muster/internal/sandbox/clients"
)

// patience is how long a test waits for a script; Node takes its time to start
// on a busy machine.
const patience = 2 * time.Minute

// sight is what a script tells of what it saw.
type sight map[string]any

// script is a program in Node that is connected to a workspace.
type script struct {
	name string
	to   connection
	saw  chan sight
}

// start runs a script until the test ends, and wants it to end well.
func start(t *testing.T, name string, to connection, args ...string) *script {
	t.Helper()
	s := &script{name: name, to: to, saw: make(chan sight, 100)}
	cmd, err := clients.Command(context.Background(), name, args...) // ended by its input, or else killed below
	if errors.Is(err, clients.ErrLeftOut) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(os.Environ(),
		"SLACK_API_URL="+to.api, "SLACK_BOT_TOKEN="+to.botToken, "SLACK_APP_TOKEN="+to.appToken)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go s.listen(t, output)
	t.Cleanup(func() {
		_ = input.Close() // one that has ended already needs no word
		kill := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
		defer kill.Stop()
		for range s.saw { // read to the end, which Wait would cut off
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if complaints.Len() > 0 {
			t.Logf("%s complained:\n%s", name, &complaints)
		}
	})
	return s
}

// listen passes on what the script tells, until it ends.
func (s *script) listen(t *testing.T, output io.Reader) {
	defer close(s.saw)
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		var v sight
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Errorf("%s wrote %q, which is no sight", s.name, lines.Text())
			continue
		}
		s.saw <- v
	}
}

// reports waits for the next sight of a kind, and passes over others.
func (s *script) tells(t *testing.T, what string) sight {
	t.Helper()
	limit := time.After(patience)
	for {
		select {
		case v, open := <-s.saw:
			if !open {
				t.Fatalf("%s ended before it printed %q", s.name, what)
			}
			if v["what"] == what {
				return v
			}
		case <-limit:
			t.Fatalf("%s did not tell of %q", s.name, what)
		}
	}
}
