package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"muster/internal/sandbox"
)

// reader is a person at the page, in a real browser.
type reader struct {
	t   *testing.T
	ctx context.Context
}

var stopBrowser = func() {} // once it was started

// browser is the headless Chromium in which each test has a tab; the first of them
// starts it. They share no state in it: each workspace is an origin of its own.
var browser = sync.OnceValues(func() (context.Context, error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
	)
	allocated, end := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, closeAll := chromedp.NewContext(allocated)
	stopBrowser = func() { closeAll(); end() }
	return ctx, chromedp.Do(ctx)
})

// thenBrowser stops the browser after the tests.
type thenBrowser struct{ *testing.M }

func (m thenBrowser) Run() int {
	defer func() { stopBrowser() }()
	return m.M.Run()
}

// atPage opens the page in a tab of its own, or skips the test where there is no
// Chromium, unless it has to be there. (A window would cost Chromium much more.)
func atPage(t *testing.T, w *sandbox.Server, width, height int64, address string) reader {
	t.Helper()
	all, err := browser()
	switch {
	case errors.Is(err, exec.ErrNotFound) && os.Getenv("MUSTER_REQUIRE_TOOLS") == "":
		t.Skip("left out: the page in a real browser, for want of chromium")
	case err != nil:
		t.Fatalf("start the browser: %v", err)
	}
	ctx, cancel := chromedp.NewContext(all, chromedp.WithNewWindow(false))
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)
	r := reader{t, ctx}
	r.does("open the page", chromedp.EmulateViewport(width, height), chromedp.Navigate(w.URL()+address), chromedp.WaitVisible(chromedp.CSS("#bot.on")))
	return r
}

func (r reader) does(what string, actions ...chromedp.Action[chromedp.Void]) {
	r.t.Helper()
	if err := chromedp.Do(r.ctx, actions...); err != nil {
		r.t.Fatalf("%s: %v", what, err)
	}
}

// goesTo puts the focus where the keyboard would take it.
func (r reader) goesTo(selector string) {
	r.t.Helper()
	r.does("go to "+selector, chromedp.Focus(chromedp.CSS(selector)))
}

// types presses keys, one after the other, wherever the focus is. A key goes as
// one press that carries its character, as from a keyboard: the page can then
// keep Enter from becoming a new line.
func (r reader) types(keys ...string) {
	r.t.Helper()
	for _, k := range strings.Join(keys, "") {
		press := kb.Encode(k)
		down, up := *press[0], *press[len(press)-1]
		down.Text = press[len(press)/2].Text
		for _, event := range []input.DispatchKeyEventParams{down, up} {
			if _, err := chromedp.Call(r.ctx, input.DispatchKeyEvent, event); err != nil {
				r.t.Fatalf("press %q: %v", k, err)
			}
		}
	}
}

// sees waits until a condition holds in the page, given in its own language.
func (r reader) sees(what, condition string) {
	r.t.Helper()
	if _, err := chromedp.Run(r.ctx, chromedp.Poll[any](condition, chromedp.WithPollingInterval(20*time.Millisecond))); err != nil {
		r.t.Fatalf("never saw %s: %v", what, err)
	}
}

// focuses waits until what matches the selector has the focus.
func (r reader) focuses(selector string) {
	r.t.Helper()
	r.sees("the focus at "+selector, fmt.Sprintf(`document.activeElement.matches(%q)`, selector))
}

// reads waits until what matches the selector says text.
func (r reader) reads(selector, text string) {
	r.t.Helper()
	r.sees(fmt.Sprintf("%q in %s", text, selector),
		fmt.Sprintf(`[...document.querySelectorAll(%q)].some((e) => e.checkVisibility() && e.textContent.includes(%q))`, selector, text))
}
