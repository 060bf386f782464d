package sandbox_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/slack-go/slack"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

// What is unread is bold; a number counts what is for the reader: mentions, and
// messages to nobody else. In a narrow window the way to the list says so too.
func TestPage_UnreadBadge_CountsMentions(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: []byte(appManifest)})
	b := connect(t, w, ledger)
	ws := sandboxtest.Dial(t, w.URL())
	r := atPage(t, w, 390, 800, "/"+workspace.Incidents+"?as=oncall")
	const dot = `getComputedStyle(document.getElementById("show-sidebar"), "::after").content`
	r.sees("no mark", dot+` === "none"`)

	ws.Say("senior", "#general", "Nothing for anybody, @techlead aside")
	r.sees("a mark", dot+` !== "none" && document.getElementById("show-sidebar").ariaLabel === "Channels, with unread messages"`)
	r.does("open the list", chromedp.Click(chromedp.CSS("#show-sidebar")))
	r.reads("#sidebar a.unread", "general unread")
	r.sees("no number", `!document.querySelector("#sidebar .badge")`)

	for _, text := range []string{"@oncall, look", "Nor this: @leads-l2", "@oncall-l1 please", "@here lunch"} {
		ws.Say("senior", "#general", text)
	}
	mention := slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, "Hello <@U0ONCALL01>", false, false), nil, nil)
	_, _, err := b.PostMessage(workspace.Incidents, slack.MsgOptionText("Hello", false), slack.MsgOptionBlocks(mention))
	wants(t, err, "")
	r.reads(`#sidebar a[data-key="`+workspace.General+`"] .badge`, "3 for you")
	_, _, err = b.PostMessage("U0ONCALL01", slack.MsgOptionText("To you alone", false))
	wants(t, err, "")
	r.reads("#sidebar a[data-key=app] .badge", "1 for you")
	if body := fetch(t, w.URL()+"/"+workspace.General+"?as=U0ONCALL01"); strings.Count(body, `<span class="badge">`) != 1 {
		t.Error("what is open is marked as unread")
	}

	r = atPage(t, w, 390, 800, "/"+workspace.General+"?as=senior")
	r.does("open the list", chromedp.Click(chromedp.CSS("#show-sidebar")))
	r.reads(`#sidebar a.unread[data-key="`+workspace.Incidents+`"]`, "incidents")
	r.sees("no number of what is for others", `!document.querySelector("#sidebar .badge")`)
}
