package clients_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// oldest is the first Node that the clients run on.
const oldest = 20

// node finds Node and the packages, or leaves the test out where they are
// missing, unless they have to be there.
func node(t *testing.T) string {
	t.Helper()
	path, want := search(t)
	if want == "" {
		return path
	}
	if os.Getenv("MUSTER_REQUIRE_NODE") != "" {
		t.Fatal("missing: " + want)
	}
	t.Skip("left out: Slack's own clients against the sandbox, for want of " + want)
	return ""
}

// search gives Node's path, or says what there is to be installed.
func search(t *testing.T) (path, want string) {
	t.Helper()
	path, err := exec.LookPath("node")
	if err != nil {
		return "", "Node (node), version 20 or newer"
	}
	version, err := exec.CommandContext(t.Context(), path, "--version").Output()
	if err != nil {
		t.Fatalf("ask Node for its version: %v", err)
	}
	major := regexp.MustCompile(`^v(\d+)`).FindSubmatch(version)
	if major == nil {
		t.Fatalf("Node says that its version is %q", version)
	}
	if n, _ := strconv.Atoi(string(major[1])); n < oldest {
		return "", "Node (node), version 20 or newer; there is " + strings.TrimSpace(string(version))
	}
	if _, err := os.Stat(filepath.Join("node_modules", ".package-lock.json")); err != nil {
		return "", "its packages: run .ci/clients, which needs npm"
	}
	return path, ""
}

// open runs a workspace without a bot for the length of a test.
func open(t *testing.T) (*sandbox.Workspace, *sandboxtest.Client) {
	t.Helper()
	manifest, err := os.ReadFile(filepath.Join("testdata", "manifest.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	w, err := sandbox.Open(sandbox.Options{Listen: "127.0.0.1:0", Manifest: manifest})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	return w, sandboxtest.Dial(t, w.URL())
}

// deed does something in the workspace that sandboxtest has no word for.
func deed(t *testing.T, w *sandbox.Workspace, path string, body map[string]any) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.URL()+"/sandbox/v1/"+path, bytes.NewReader(raw))
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
