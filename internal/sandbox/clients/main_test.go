package clients_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"muster/internal/sandbox/sandboxtest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		sandboxtest.RemoveBinary()
		os.Exit(code)
	}))
}

// connection is what `muster sandbox --bot=false` prints of how to connect.
type connection struct{ api, botToken, appToken string }

// open runs `muster sandbox --bot=false` for the length of a test.
func open(t *testing.T) (connection, *sandboxtest.Client) {
	t.Helper()
	path, err := sandboxtest.Binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "sandbox", "--bot=false", "--listen", "127.0.0.1:0", "--manifest", filepath.Join("testdata", "manifest.yaml"))
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		kill := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
		defer kill.Stop()
		if err := cmd.Wait(); err != nil || complaints.Len() > 0 {
			t.Errorf("the sandbox ended with %v, and complained:\n%s", err, &complaints)
		}
	})
	said := map[string]string{}
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.Contains(lines.Text(), "muster run") {
		if name, value, ok := strings.Cut(strings.Trim(lines.Text(), ` \`), "="); ok {
			said[name] = value
		}
	}
	c := connection{said["SLACK_API_URL"], said["SLACK_BOT_TOKEN"], said["SLACK_APP_TOKEN"]}
	return c, sandboxtest.Dial(t, c.url())
}

func (c connection) url() string { return strings.TrimSuffix(c.api, "/api/") }

// control sends a request that sandboxtest has no method for.
func control(t *testing.T, c connection, path string, body map[string]any) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.url()+"/sandbox/v1/"+path, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	var ack sandboxtest.Ack
	if err := json.NewDecoder(answer.Body).Decode(&ack); err != nil || !ack.OK {
		t.Fatalf("%s %s: %+v, %v", path, raw, ack, err)
	}
}
