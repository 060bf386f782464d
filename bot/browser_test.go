package bot_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"muster/store/redis/redistest"
)

// newBrowser opens a real, headless Chromium, or skips the test where there is
// none, unless it has to be there.
func newBrowser(t *testing.T, width, height int) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv(redistest.Required) != "" {
			t.Fatal("chromium is not installed")
		}
		t.Skip("left out: the page in a real browser, for want of chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WindowSize(width, height), chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
	)
	allocated, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 5*time.Minute) // it ends what hangs, not what is slow
	t.Cleanup(cancel)
	return ctx
}

// button presses a button by what it says, within an element, as soon as it is
// there and can be pressed.
func button(within, label string) chromedp.Action[chromedp.Void] {
	return until(fmt.Sprintf(`(() => {
		const found = [...document.querySelectorAll(%q)].filter((b) => b.textContent.trim() === %q && !b.disabled && b.checkVisibility());
		found.at(-1)?.click();
		return found.length > 0;
	})()`, within+" button", label))
}

// clicked clicks an element, as soon as it is there.
func clicked(element string) chromedp.Action[chromedp.Void] {
	return until(fmt.Sprintf(`(() => {
		const found = document.querySelector(%q);
		found?.click();
		return found !== null;
	})()`, element))
}

// sees waits until a message says something.
func sees(text string) chromedp.Action[chromedp.Void] {
	return until(fmt.Sprintf(`[...document.querySelectorAll("#messages article")].some((m) => m.textContent.includes(%q))`, text))
}

// until waits until an expression is true in the page.
func until(expression string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := chromedp.Poll[bool](expression, chromedp.WithPollingInterval(20*time.Millisecond))(ctx, target)
		return err
	})
}

// focused waits until an element has the focus, as the first field of a form has
// it from when the form is seen.
func focused(element chromedp.CSS) chromedp.Action[chromedp.Void] {
	return until(fmt.Sprintf(`document.activeElement.matches(%q)`, element))
}

func field(block string) chromedp.CSS {
	return chromedp.CSS(fmt.Sprintf(`[data-block=%q] [data-action]`, block))
}

// The way of a newcomer: declare by the form, acknowledge,
// post an update, move the clock, resolve.
func TestBrowser_FirstIncident_GoesFromDeclaringToResolving(t *testing.T) {
	t.Parallel()
	ctx := newBrowser(t, 1280, 960)
	w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "muster.db"))
	must := func(what string, actions ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, actions...); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	must("declare by the form",
		chromedp.Navigate(w.workspace.URL()+"/C0GENERAL1?as=oncall"),
		chromedp.WaitVisible(chromedp.CSS("#bot.on")), // the page's script is at work
		chromedp.SendKeys(chromedp.CSS("#composer"), "/incident"),
		button("main", "Send"),
		focused(field("title")),
		chromedp.SendKeys(field("title"), "Payments fail at checkout"),
		chromedp.SetValue(field("severity"), "P0"),
		chromedp.SendKeys(field("impact"), "Nobody can pay by card; PayPal works."),
		button("dialog", "Declare"),
		until(`document.querySelector("#modal").textContent.includes("INC-1 declared")`),
		button("dialog", "Close"),
		chromedp.WaitNotVisible(chromedp.CSS("#modal")),
	)
	c := w.Channel("inc-1-payments").ID
	w.Await("the channel to be set up", func() bool {
		return w.pinned(c, "INC-1") && w.isMember(c, oncall) && w.CountMessages(c, "ESCALATED TO L2") == 1
	})
	must("acknowledge on the card",
		clicked(fmt.Sprintf("#sidebar a[data-key=%s]", c)),
		sees("INCIDENT: P0 - Payments fail at checkout"), sees("ESCALATED TO L2"),
		button("article", "Acknowledge"),
		sees("acknowledged after"),
	)
	must("post an update by the form",
		button("article", "Post update"),
		focused(field("text")),
		chromedp.SendKeys(field("text"), "The card processor refuses our certificate"),
		chromedp.SetValue(field("status"), "identified"),
		button("dialog", "Post update"),
		chromedp.WaitNotVisible(chromedp.CSS("#modal")),
		sees("The card processor refuses our certificate"),
	)
	w.Advance(time.Millisecond) // returns when all is delivered; the page looks again then
	must("look at the card, once it is brought up to date",
		until(`document.querySelector("#messages article.is-pinned").textContent.includes("Identified")`),
		until(`document.querySelector("#due").textContent.startsWith("update reminder")`),
	)
	must("come back later, and jump to the reminder",
		chromedp.Reload(),
		sees("The card processor refuses our certificate"),
		until(`document.querySelector("#due").textContent.startsWith("update reminder")`),
		button("header", "Next due"),
		sees("UPDATE DUE"),
	)
	must("and move the clock past the escalation", button("header", "+30 min"), sees("ESCALATED TO L3"))
	must("resolve by the form",
		button("article", "Resolve incident"),
		focused(field("resolution")),
		chromedp.SendKeys(field("resolution"), "Renewed the certificate"),
		button("dialog", "Resolve incident"),
		chromedp.WaitNotVisible(chromedp.CSS("#modal")),
		sees("RESOLVED: P0"),
		chromedp.Reload(),
		sees("RESOLVED: P0"),
	)
}
