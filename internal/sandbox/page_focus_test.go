package sandbox_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/slack-go/slack"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

// What opens has its focus by the time it can be seen: the next key is for it,
// however soon it comes.
func TestWhatOpensHasItsFocusAtOnce(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: []byte(appManifest)})
	b := connect(t, w, ledger)
	_, _, err := b.PostMessage(workspace.Incidents, slack.MsgOptionText("An entry", false), slack.MsgOptionBlocks(entryCard()))
	wants(t, err, "")
	r := atPage(t, w, 1280, 900, "/"+workspace.Incidents+"?as=oncall")
	const entry = "[role=menu]:popover-open [role=menuitem]:first-child"
	for _, c := range []struct{ opener, opens, focus string }{
		{"#messages [popovertarget$=react]", "#messages [role=menu]:popover-open", entry},
		{"#messages [popovertarget$=more]", "#messages [role=menu]:popover-open", entry},
		{"#composer-form [popovertarget]", "#shortcuts", entry},
		{"#messages article .tools .button", "#thread", "#thread-composer"},
		{"#close-thread", "body:not(:has(#thread))", "#messages article"},
		{"#show-traffic", "#traffic", "#words"},
		{"#close-traffic", "body:not(:has(#traffic))", "#show-traffic"},
		{`#sidebar a[data-key="` + workspace.General + `"]`, `#messages[data-place*="` + workspace.General + `"]`, "#composer"},
		{`#sidebar a[data-key="` + workspace.Incidents + `"]`, "#messages [data-action=remove]", "#composer"},
		{"#messages [data-action=remove]", "#confirm", "#confirm button:first-child"},
		{"#confirm button:first-child", "body:not(:has(#confirm[open]))", "#composer"},
		{"#shortcuts [role=menuitem]", "#modal", "[data-block=title] input"},
	} {
		had, err := chromedp.Run(r.ctx, chromedp.Evaluate[string](fmt.Sprintf(`new Promise((seen) => {
			const look = () => { if (document.querySelector(%q)?.checkVisibility()) seen(document.activeElement.matches(%q) ? "" : document.activeElement.cloneNode().outerHTML); };
			new MutationObserver(look).observe(document, {subtree: true, childList: true, attributes: true});
			document.querySelector(%q).click();
			look();
		})`, c.opens, c.focus, c.opener), chromedp.EvalAwaitPromise))
		if err != nil || had != "" {
			t.Errorf("%s opens %s while the focus is at %s: %v", c.opener, c.opens, had, err)
		}
	}
}
