package sandbox_test

import (
	"fmt"
	"math/rand/v2"
	"net"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

// Who has the page open sees that the sandbox is stopped, and goes on with the
// next one at the same address, where nobody has read anything yet.
func TestPage_SandboxRestarted_GoesOn(t *testing.T) {
	here := sandbox.Options{Listen: lasting(t)}
	w, stop := sandboxtest.Start(t, here)
	connect(t, w, acknowledge)
	ws := sandboxtest.Dial(t, w.URL())
	r := atPage(t, w, 1280, 900, "/"+workspace.Incidents+"?as=oncall")
	for range 3 {
		ws.Say("senior", "#general", "of the first workspace")
	}
	r.does("read it", chromedp.Click(chromedp.CSS("#sidebar a.unread")))
	r.reads("#messages", "of the first workspace")

	stop()
	r.reads("#away", "The sandbox isn't responding")
	r.goesTo("#composer")
	r.types("lost?", kb.Enter)
	r.reads("main > .problem", "The sandbox isn't responding.")
	r.sees("what was typed", `document.getElementById("composer").value === "lost?"`)

	w = sandboxtest.Serve(t, here)
	r.sees("that it answers again", `document.getElementById("away").hidden && document.querySelector("main > .problem").hidden`)
	r.does("go elsewhere", chromedp.Click(chromedp.CSS(`#sidebar a[data-key="`+workspace.Incidents+`"]`)))
	sandboxtest.Dial(t, w.URL()).Say("senior", "#general", "of the second")
	r.reads("#sidebar a.unread", "general")
}

// lasting is an address that nobody else is given in between: the ports from
// which connections and servers of other tests get theirs are higher.
func lasting(t *testing.T) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(20_000))
		if l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address); err == nil {
			_ = l.Close()
			return address
		}
	}
	t.Fatal("no port is free")
	return ""
}
