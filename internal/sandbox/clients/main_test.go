package clients_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// open runs a workspace without a bot for the length of a test.
func open(t *testing.T) (*sandbox.Workspace, *sandboxtest.Client) {
	t.Helper()
	manifest, err := os.ReadFile(filepath.Join("testdata", "manifest.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: manifest})
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
