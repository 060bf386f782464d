package sandbox_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

// interaction is the next thing of a kind that the app hears of.
func (b *bot) interaction(t *testing.T, kind slack.InteractionType) slack.InteractionCallback {
	t.Helper()
	for {
		if got := b.next(t, socketmode.EventTypeInteractive).Data.(slack.InteractionCallback); got.Type == kind {
			return got
		}
	}
}

func TestPage_AppHome_ShowsAndActs(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: []byte(appManifest)})
	b := connect(t, w, ledger)
	r := atPage(t, w, 1280, 900, "/"+workspace.General+"?as=oncall")
	r.does("open the app", chromedp.Click(chromedp.CSS(`#sidebar a[data-key=app]`)))
	r.reads("#head .tabs [aria-current=page]", "Home")
	r.reads("#messages .home", "Hello @oncall, there are two.")
	r.goesTo("[data-action=only] input")
	r.types(kb.ArrowDown)
	r.reads("[role=option]", "Mine")
	r.types(kb.ArrowDown, kb.ArrowDown, kb.Enter) // nothing is picked before Enter
	if got := b.interaction(t, slack.InteractionTypeBlockActions); got.ActionCallback.BlockActions[0].SelectedOption.Value != "all" || got.View.Type != slack.VTHomeTab {
		t.Errorf("the menu of a %s sent %+v", got.View.Type, got.ActionCallback)
	}
	r.sees("what was picked", `document.querySelector("[data-action=only] input").value === "All"`)
	r.goesTo("[data-action=new]")
	r.types(kb.Enter)
	r.reads("#modal-title", "New entry")
	r.focuses("[data-block=title] input")
	r.types(kb.Escape)
	r.focuses("[data-action=new]")

	r.does("act as somebody else", chromedp.SetValue(chromedp.CSS("#actor"), "U0SENIOR01"),
		chromedp.Evaluate[chromedp.Void](`document.getElementById("actor").dispatchEvent(new Event("change"))`))
	r.reads("#messages .home", "Hello @senior")
	r.goesTo(".tabs a:last-child")
	r.types(kb.Enter)
	r.focuses("#composer")
	r.types("good morning", kb.Enter)
	r.reads("#messages article", "good morning")
	sandboxtest.Dial(t, w.URL()).ExpectMessage("senior", "good morning")
}

func TestPage_AppWithoutMessages_HasNoComposer(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: []byte(strings.Replace(appManifest, "messages_tab_enabled: true", "messages_tab_read_only_enabled: true", 1))})
	b := connect(t, w, ledger)
	_, _, err := b.PostMessage("U0ONCALL01", slack.MsgOptionText("Good to know", false), slack.MsgOptionBlocks(entryCard()))
	wants(t, err, "")
	r := atPage(t, w, 1280, 900, "/app?as=oncall")
	r.reads("main", "Sending messages to this app has been turned off.")
	r.sees("no composer", `document.getElementById("composer-form").hidden`)
	r.goesTo("[data-action=remove]") // what the app sent works as ever
	r.types(kb.Enter)
	r.reads("#confirm", "It will be gone.")
}

func TestPage_Shortcuts_ReachTheApp(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: []byte(appManifest)})
	b := connect(t, w, ledger)
	sandboxtest.Dial(t, w.URL()).Say("senior", "#incidents", "remember this")
	r := atPage(t, w, 1280, 900, "/"+workspace.Incidents+"?as=oncall")

	r.goesTo("#composer-form [aria-haspopup=menu]")
	r.types(kb.Enter)
	r.reads("[role=menuitem]", "Open an entry")
	r.focuses("#shortcuts [role=menuitem]")
	r.types(kb.Enter)
	r.reads("#modal-title", "New entry")
	if got := b.interaction(t, slack.InteractionTypeShortcut); got.CallbackID != "open" || got.User.ID != "U0ONCALL01" {
		t.Errorf("the global shortcut sent %+v", got)
	}
	r.focuses("[data-block=title] input")
	r.types(kb.Escape)
	r.sees("no form", `!document.getElementById("modal").open`)

	r.goesTo("#messages article .tools [popovertarget$=more]")
	r.types(kb.Enter)
	r.focuses("[role=menuitem]")
	r.types(kb.End, kb.Enter)
	r.reads("#modal .body", "remember this")
	if got := b.interaction(t, slack.InteractionTypeMessageAction); got.CallbackID != "keep" || got.Channel.ID != workspace.Incidents {
		t.Errorf("the message shortcut sent %+v", got)
	}
}

// A menu to search in says why it offers nothing.
func TestPage_EmptyMenu_SaysWhy(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: []byte(appManifest)})
	b := connect(t, w, ledger)
	answer := form(t, w, "chat.postMessage", "channel", workspace.Incidents, "text", "x", "blocks", `[{"type": "actions", "elements": [
		{"type": "multi_users_select", "action_id": "who", "max_selected_items": 2, "placeholder": {"type": "plain_text", "text": "Who"}}]}]`)
	if answer["ok"] != true {
		t.Fatal(answer)
	}
	r := atPage(t, w, 1280, 900, "/"+workspace.Incidents+"?as=oncall")
	r.goesTo("[data-action=who] input")
	r.types("nobody")
	r.reads("[role=option][aria-disabled]", "No matches.")
	r.types(kb.Enter) // which chooses nothing
	for i, who := range []string{"lena", "sam"} {
		r.does("begin anew", chromedp.Evaluate[chromedp.Void](`document.activeElement.value = ""`))
		r.types(who, kb.Enter)
		if got := b.interaction(t, slack.InteractionTypeBlockActions).ActionCallback.BlockActions[0].SelectedUsers; len(got) != i+1 {
			t.Errorf("%v are chosen", got)
		}
		r.focuses("[data-action=who] input")
	}
	r.types(kb.ArrowDown)
	r.reads("[role=option][aria-disabled]", "You can choose up to 2.")
	r.types(kb.Tab)
	r.sees("the list closed, and the menu left", `!document.querySelector(":popover-open") && !document.activeElement.closest("[data-action=who]")`)
}

func TestPage_ConfirmDialog_AsksFirst(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: []byte(appManifest)})
	b := connect(t, w, ledger)
	_, _, err := b.PostMessage(workspace.Incidents, slack.MsgOptionText("An entry", false), slack.MsgOptionBlocks(entryCard()))
	wants(t, err, "")
	r := atPage(t, w, 1280, 900, "/"+workspace.Incidents+"?as=oncall")
	for _, leave := range []string{kb.Escape, kb.Enter} { // the focus begins at what does no harm
		r.goesTo("[data-action=remove]")
		r.types(kb.Enter)
		r.reads("#confirm", "It will be gone.")
		r.focuses("#confirm button:first-child")
		r.types(leave)
		r.sees("no dialog", `!document.getElementById("confirm").open`)
		r.focuses("[data-action=remove]")
	}
	r.types(kb.Enter)
	r.focuses("#confirm button:first-child")
	r.types(kb.Tab, kb.Enter)
	if got := b.interaction(t, slack.InteractionTypeBlockActions); got.ActionCallback.BlockActions[0].ActionID != "remove" {
		t.Errorf("the button sent %+v", got)
	}
	sent := 0
	for _, e := range sandboxtest.Dial(t, w.URL()).Traffic(0) {
		if e.Kind == "envelope" && e.Name == "interactive" {
			sent++
		}
	}
	if sent != 1 {
		t.Errorf("the app was sent %d interactions", sent)
	}
}

// TestPage_StackedViews_OpenAndClose opens a form, lays a second view over it, has
// that one updated and replaced, and ends them all at once.
func TestPage_StackedViews_OpenAndClose(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: []byte(appManifest)})
	b := connect(t, w, ledger)
	r := atPage(t, w, 1280, 900, "/"+workspace.Incidents+"?as=oncall")
	r.goesTo("#composer")
	r.types("/entry", kb.Enter)
	r.focuses("[data-block=title] input")
	r.types("Half written")
	push := func() {
		r.goesTo("[data-action=when]")
		r.types(kb.Enter)
		r.reads("#modal-title", "Day")
		r.reads("#modal footer", "Leave it")
		r.focuses("[data-action=day]")
	}

	push()
	r.types("12242026", kb.Enter)
	r.reads("#modal .body", "It is 2026-12-24")
	r.focuses("[data-action=day]") // as the update left it
	if got := b.interaction(t, slack.InteractionTypeBlockActions); got.View.State.Values["title"]["v"].Value != "Half written" {
		t.Errorf("the button sent the fields %+v", got.View.State)
	}
	r.types(kb.Escape)
	r.reads("#modal-title", "New entry")
	r.sees("what was typed", `document.querySelector("[data-block=title] input").value === "Half written"`)
	r.focuses("[data-action=when]") // where the view that is gone was opened

	push()
	r.goesTo("#modal [type=submit]")
	r.types(kb.Tab, kb.Tab, kb.Tab, kb.Tab, kb.Tab)
	r.sees("the focus kept inside", `document.activeElement === document.body || document.activeElement.closest("#modal") !== null`)
	r.goesTo("#modal [type=submit]")
	r.types(kb.Enter)
	r.reads("#modal-title", "Sure?")
	r.focuses("#modal footer button")
	r.goesTo("#modal [type=submit]")
	r.types(kb.Enter)
	r.sees("no view", `!document.getElementById("modal").open`)
	r.focuses("#composer")
	if views := sandboxtest.Dial(t, w.URL()).State().Views; len(views) != 0 {
		t.Errorf("still open: %+v", views)
	}
}

// What is wrong with a number is said at its field.
func TestPage_NumberField_HasBounds(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: []byte(appManifest)})
	connect(t, w, ledger)
	r := atPage(t, w, 1280, 900, "/"+workspace.Incidents+"?as=oncall")
	r.goesTo("#composer")
	r.types("/entry", kb.Enter)
	r.focuses("[data-block=title] input")
	r.types("Ledger is late", kb.Tab, "H", kb.Tab, "lena", kb.Enter)
	for typed, problem := range map[string]string{"0": "at least 1", "501": "at most 500", "1.5": "a whole number"} {
		r.goesTo("[data-block=amount] input")
		r.does("begin anew", chromedp.Evaluate[chromedp.Void](`document.activeElement.value = ""`))
		r.types(typed, kb.Enter)
		r.reads("[data-block=amount] .problem", problem)
		r.focuses("[data-block=amount] input[aria-invalid=true]")
	}
	r.does("begin anew", chromedp.Evaluate[chromedp.Void](`document.activeElement.value = ""`))
	r.types("500", kb.Enter)
	r.reads("#modal .body", "Ledger is late is high")
}

func TestPage_ReactionAndPin_CanBeTakenBack(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	connect(t, w, acknowledge)
	ts := ws.Say("senior", "#incidents", "It is the certificate")
	ws.React("senior", "#incidents", ts, "eyes")
	r := atPage(t, w, 1280, 900, "/"+workspace.Incidents+"?as=oncall")
	const chip = ".reactions button"
	r.goesTo("#messages article")
	r.types(kb.Tab, kb.Tab) // past the reaction that is there
	r.focuses("article [aria-label='Add a reaction']")
	r.types(kb.Enter)
	r.focuses("[role=menuitem][aria-label='Check mark']")
	r.types(kb.ArrowRight, kb.ArrowRight, kb.Enter)
	r.reads(chip+"[aria-pressed=true]", "🙌 1")
	r.focuses("article [aria-label='Add a reaction']")
	r.goesTo(chip + ":last-child")
	r.types(kb.Enter)
	r.sees("it taken back", `document.querySelectorAll(".reactions button").length === 1`)
	r.goesTo(chip)
	r.types(kb.Enter)
	r.reads(chip+"[aria-pressed=true]", "2")
	r.goesTo(chip)
	r.types(kb.Enter)
	r.reads(chip+"[aria-pressed=false]", "1")
	entry := func(label string) {
		t.Helper()
		r.goesTo("article .tools [popovertarget$=more]")
		r.types(kb.Enter)
		r.focuses("[role=menuitem]")
		r.types(kb.End)
		r.reads("[role=menuitem]", label)
		r.does("choose "+label, chromedp.Evaluate[chromedp.Void](
			`[...document.querySelectorAll("[role=menuitem]")].find((e) => e.textContent === "`+label+`").click()`))
	}
	entry("Pin to channel")
	r.reads("#head", "It is the certificate")
	entry("Unpin from channel")
	r.sees("no pin", `!document.querySelector("#head").textContent.includes("certificate")`)
}

// Whatever is pinned is a click away, also a reply, and what was said long ago.
func TestPage_PinnedMessage_CanBeOpened(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: []byte(appManifest)})
	ws := sandboxtest.Dial(t, w.URL())
	b := connect(t, w, ledger)
	post := func(text, thread string) string {
		_, ts, err := b.PostMessage(workspace.Incidents, slack.MsgOptionText(text, false), slack.MsgOptionTS(thread))
		wants(t, err, "")
		wants(t, b.AddPin(workspace.Incidents, slack.NewRefToMessage(workspace.Incidents, ts)), "")
		return ts
	}
	post("The old one", "")
	for range 300 {
		ws.Say("senior", "#incidents", "and so on")
	}
	post("The reply", post("The new one", ""))
	r := atPage(t, w, 1280, 900, "/"+workspace.Incidents+"?as=oncall")
	for _, pinned := range []struct{ says, in string }{
		{"The new one", "#messages"}, {"The reply", "#thread-log"}, {"The old one", "#messages"},
	} {
		r.does("press "+pinned.says, chromedp.Evaluate[chromedp.Void](
			`[...document.querySelectorAll("#head .links a")].find((a) => a.textContent.includes("`+pinned.says+`")).click()`))
		r.focuses(pinned.in + " article")
		r.sees(pinned.says, `document.activeElement.textContent.includes("`+pinned.says+`")`)
	}
}

// What an app writes leads to other pages only, and runs nothing.
func TestPage_ScriptAddress_LeadsNowhere(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: []byte(appManifest)})
	b := connect(t, w, ledger)
	_, _, err := b.PostMessage(workspace.Incidents, slack.MsgOptionText(
		"<javascript:alert(1)|one> <!date^1795475996^{date}^javascript:alert(1)|two> <https://ledger.example|three>", false))
	wants(t, err, "")
	r := atPage(t, w, 1280, 900, "/"+workspace.Incidents+"?as=oncall")
	r.reads("#messages .content a", "three")
	r.sees("one address", `[...document.querySelectorAll("#messages .content a")].map((a) => a.getAttribute("href")).join() === ",,https://ledger.example"`)
}
