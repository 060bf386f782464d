package sandbox_test

import (
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

// TestPage_References_AreComplete follows every reference from the page to its parts, and
// wants none that leads elsewhere: the page must work without a network.
func TestPage_References_AreComplete(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	refers := regexp.MustCompile(`(?:src|href)="(/page/[^"]+|[a-z]+:[^"]*)"|from "\./([^"]+)"|url\("?([^"')]+)`)
	seen := map[string]bool{}
	for todo := []string{"/"}; len(todo) > 0; todo = todo[1:] {
		if seen[todo[0]] {
			continue
		}
		seen[todo[0]] = true
		for _, m := range refers.FindAllStringSubmatch(fetch(t, w.URL()+todo[0]), -1) {
			switch {
			case m[2] != "":
				todo = append(todo, "/page/"+m[2])
			case strings.HasPrefix(m[1], "/"):
				todo = append(todo, m[1])
			case !strings.HasPrefix(m[3], "data:"):
				t.Errorf("%q leads to %s", todo[0], m[0])
			}
		}
	}
	parts, err := filepath.Glob("page/static/*")
	if err != nil || len(parts) == 0 {
		t.Fatalf("the page's files: %v, %v", parts, err)
	}
	for _, part := range parts {
		if name := "/page/" + filepath.Base(part); !seen[name] {
			t.Errorf("nothing refers to %s", name)
		}
	}
}

// TestPage_FaultForm_OffersEveryKind holds what can be set to go wrong in the page
// against what the workspace knows.
func TestPage_FaultForm_OffersEveryKind(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	status, answer := control(t, w, "faults", `{"kind": "none"}`)
	_, list, listed := strings.Cut(answer, "; use one of ")
	if status != http.StatusBadRequest || !listed {
		t.Fatalf("a fault of no kind: %d %s", status, answer)
	}
	list, _, _ = strings.Cut(list, `"`)
	known := regexp.MustCompile(`[a-z][a-z0-9_]+`).FindAllString(list, -1)
	_, form, _ := strings.Cut(fetch(t, w.URL()+"/?traffic=1"), `<form id="fault-form"`)
	form, _, _ = strings.Cut(form, "</form>")
	var offered []string
	for _, m := range regexp.MustCompile(`<option value="([a-z0-9_]+)"`).FindAllStringSubmatch(form, -1) {
		offered = append(offered, m[1])
	}
	slices.Sort(known)
	slices.Sort(offered)
	if !slices.Equal(known, offered) {
		t.Errorf("the page offers %v, the workspace knows %v", offered, known)
	}
}

// A picture on the web is described in words, with the way there: the page fetches
// nothing from elsewhere, and lets nothing in that would.
func TestPage_PictureOnTheWeb_IsNotFetched(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	const picture = `"type": "image", "image_url": "https://pictures.example/a.png"`
	answer := form(t, w, "chat.postMessage", "channel", workspace.Incidents, "text", "x", "blocks", `[
		{`+picture+`, "alt_text": "A curve"},
		{"type": "section", "text": {"type": "mrkdwn", "text": "See"}, "accessory": {`+picture+`, "alt_text": "A face"}},
		{"type": "context", "elements": [{`+picture+`, "alt_text": "A sign"}]}]`)
	if answer["ok"] != true {
		t.Fatal(answer)
	}
	body, header := visit(t, w.URL()+"/"+workspace.Incidents+"?as=U0ONCALL01")
	for _, alt := range []string{"A curve", "A face", "A sign"} {
		if !strings.Contains(body, `<a href="https://pictures.example/a.png" rel="noopener" target="_blank">`+alt+`</a>`) {
			t.Errorf("nothing leads to the picture of %q", alt)
		}
	}
	if strings.Contains(body, "<img") {
		t.Error("a picture is fetched")
	}
	if policy := header.Get("Content-Security-Policy"); !strings.Contains(policy, "img-src 'self' data:;") || strings.Contains(policy, "http") {
		t.Errorf("the page may fetch by %q", policy)
	}
}

func fetch(t *testing.T, address string) string {
	t.Helper()
	body, _ := visit(t, address)
	return body
}

func visit(t *testing.T, address string) (body string, header http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	raw, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", address, answer.Status, err)
	}
	return string(raw), answer.Header
}

// A page shows what its reader may see, and looking at it changes nothing.
func TestPage_Viewer_SeesOnlyTheirOwn(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	ws.Create("ceo", "board-secret", true)
	ws.Say("ceo", "#board-secret", "We sell the shop")
	secret := ws.Channel("board-secret").ID
	before := len(ws.State().Channels)
	for who, sees := range map[string]bool{"U0CEO00001": true, "U0ONCALL01": false} {
		body := fetch(t, w.URL()+"/"+secret+"?as="+who)
		if strings.Contains(body, "We sell the shop") != sees || strings.Contains(body, "board-secret") != sees {
			t.Errorf("%s sees the private channel: %v", who, !sees)
		}
	}
	if after := len(ws.State().Channels); after != before {
		t.Errorf("looking opened %d channels", after-before)
	}
	for n := range 320 {
		ws.Say("ceo", "#general", fmt.Sprintf("message %d.", n))
	}
	body := fetch(t, w.URL()+"/"+workspace.General+"?as=U0ONCALL01")
	if strings.Contains(body, "message 19.") || !strings.Contains(body, "message 20.") || !strings.Contains(body, "Show 20 earlier messages") {
		t.Error("the page does not show the newest 300 messages and the way to the rest")
	}
	if !strings.Contains(fetch(t, w.URL()+"/"+workspace.General+"?as=U0ONCALL01&all=1"), "message 0.") {
		t.Error("the rest is not there")
	}
}
