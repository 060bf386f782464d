package templates_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"muster/templates"
)

var rewrite = flag.Bool("update", false, "rewrite the golden files")

// said is a message or an answer.
type said struct {
	Text   string
	Blocks []slack.Block
}

func answer(t testing.TB) func(templates.Reply, error) said {
	t.Helper()
	return func(r templates.Reply, err error) said {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return said{r.Text, r.Blocks}
	}
}

func view(t testing.TB) func(slack.ModalViewRequest, error) slack.ModalViewRequest {
	t.Helper()
	return func(v slack.ModalViewRequest, err error) slack.ModalViewRequest {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// golden compares with testdata/golden/NAME.json. There a message's text is a
// list of its lines, to be read in a review.
func golden(t *testing.T, name string, what any) {
	t.Helper()
	if s, ok := what.(said); ok {
		what = map[string]any{"text": strings.Split(s.Text, "\n"), "blocks": s.Blocks}
	}
	got := pretty(t, what)
	file := filepath.Join("testdata", "golden", filepath.FromSlash(name)+".json")
	if *rewrite {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (go test ./templates -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (go test ./templates -update rewrites it):\n%s", file, diff)
	}
}

// pretty is JSON for people: keys sorted, nothing escaped for HTML.
func pretty(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var plain any
	if err := json.Unmarshal(raw, &plain); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(plain); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
