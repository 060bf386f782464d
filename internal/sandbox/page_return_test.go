package sandbox_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
)

// Who has the page open sees that the sandbox is stopped, and goes on with the
// next one at the same address, where nobody has read anything yet.
func TestTheSandboxIsStoppedAndStartedAgain(t *testing.T) {
	w, stop := stoppable(t, "127.0.0.1:0")
	connect(t, w, acknowledge)
	ws := sandboxtest.Dial(t, w.URL())
	r := atPage(t, w, 1280, 900, "/?as=oncall#"+sandbox.Incidents)
	for range 3 {
		ws.Say("senior", "#general", "of the first workspace")
	}
	r.does("read it", chromedp.Click(chromedp.CSS("#sidebar a.unread")))
	r.reads("#messages", "of the first workspace")

	stop()
	r.reads("#away", "The sandbox does not answer")
	r.goesTo("#composer")
	r.types("lost?", kb.Enter)
	r.reads("#problem", "The sandbox does not answer.")
	r.sees("what was typed", `document.getElementById("composer").value === "lost?"`)

	w, _ = stoppable(t, strings.TrimPrefix(w.URL(), "http://"))
	r.sees("that it answers again", `document.getElementById("away").hidden && document.getElementById("problem").hidden`)
	r.does("go elsewhere", chromedp.Click(chromedp.CSS(`#sidebar a[href="#`+sandbox.Incidents+`"]`)))
	sandboxtest.Dial(t, w.URL()).Say("senior", "#general", "of the second")
	r.reads("#sidebar a.unread .badge", "1")
}

// stoppable is a workspace that can be stopped before the test ends.
func stoppable(t *testing.T, listen string) (*sandbox.Workspace, func()) {
	t.Helper()
	w, err := sandbox.Open(sandbox.Options{Listen: listen, Log: strict(t)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	t.Cleanup(stop)
	return w, stop
}
