package sandbox_test

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/internal/sandbox"
	"muster/internal/sandbox/clock"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

func TestPage_Form_WorksByKeyboardAlone(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: []byte(appManifest)})
	connect(t, w, ledger)
	r := atPage(t, w, 1280, 900, "/"+workspace.Incidents+"?as=oncall")
	r.goesTo("#composer")

	r.types("/e")
	r.reads("[role=option][aria-selected=true]", "/entry")
	r.types(kb.Tab)
	r.reads("[role=option]", "declare")
	r.types("de", kb.Enter)
	r.sees("the completed command", `document.getElementById("composer").value === "/entry declare "`)
	r.types(kb.Enter)
	r.focuses("[data-block=title] input")

	r.types("bad", kb.Tab, "H", kb.Tab, "lena")
	r.reads("[role=option][aria-selected=true]", "Lena Ruiz")
	r.types(kb.Enter)
	r.sees("the lead", `document.querySelector("[data-block=lead] input").value === "Lena Ruiz"`)
	r.types(strings.Repeat(kb.Tab, 6)) // past what is optional, and Cancel
	r.focuses("#modal [type=submit]")
	r.types(kb.Enter)
	r.reads("[data-block=title] .problem", "Say more than that.")
	r.focuses("[data-block=title] input[aria-invalid=true]")

	r.types(strings.Repeat(kb.Backspace, len("bad")), "Ledger is late", kb.Enter)
	r.reads("#modal .body", "Ledger is late is high, led by U0TECHLD01")
	r.focuses("#modal footer button")
	r.types(kb.Escape) // what was typed is still there, below
	r.sees("the form below", `document.querySelector("[data-block=title] input")?.value === "Ledger is late"`)
	r.focuses("#modal [type=submit]") // by which it was left
	r.types(kb.Escape)
	r.sees("no form", `!document.getElementById("modal").open`)
}

// Enter takes what is offered, and so sends no half of a name or a command.
func TestPage_Enter_TakesTheCompletion(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: []byte(appManifest)})
	connect(t, w, ledger)
	r := atPage(t, w, 1280, 900, "/"+workspace.Incidents+"?as=oncall")
	r.goesTo("#composer")
	for _, c := range []struct{ typed, taken string }{
		{"/", "/entry "}, {"@", "@oncall "}, {"@oncall", "@oncall "}, {"#", "#general "}, {"@her", "@here "}, {"@chan", "@channel "},
	} {
		r.does("begin anew", chromedp.Evaluate[chromedp.Void](`document.getElementById("composer").value = ""`))
		r.types(c.typed)
		r.reads("[role=option][aria-selected=true]", strings.TrimSpace(c.taken))
		r.types(kb.Enter)
		r.sees(c.taken, `document.getElementById("composer").value === "`+c.taken+`"`)
	}
	r.types("lunch", kb.Enter)
	r.reads("#messages .mention.me", "@channel")
	if all := sandboxtest.Dial(t, w.URL()).Messages("#incidents"); len(all) != 1 || all[0].Text != "<!channel> lunch" {
		t.Errorf("the channel holds %+v", all)
	}
}

func TestPage_ThreadsMenusUnread_Work(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: []byte(appManifest)})
	b := connect(t, w, ledger)
	ws := sandboxtest.Dial(t, w.URL())
	_, ts, err := b.PostMessage(workspace.Incidents, slack.MsgOptionText("An entry", false))
	wants(t, err, "")
	r := atPage(t, w, 1280, 900, "/"+workspace.Incidents+"?as=oncall")

	r.goesTo("#messages article .tools .button")
	r.types(kb.Enter)
	r.focuses("#thread-composer")
	r.types("on it @sen")
	r.reads("[role=option][aria-selected=true]", "@senior")
	r.types(kb.Enter, kb.Enter)
	r.reads("#thread-log article:last-child", "on it @senior")
	r.reads("#thread-title", "#incidents")
	r.reads("#messages .replies", "1 reply")
	for range 30 {
		ws.Reply("senior", "#incidents", ts, "and so on")
	}
	r.goesTo("#close-thread")
	r.types(kb.Enter)
	r.focuses("#messages article")
	r.goesTo("#messages .replies")
	r.types(kb.Enter)
	r.focuses("#thread-composer")
	r.sees("the last reply", strings.ReplaceAll(atEnd, "messages", "thread-log"))
	r.types("and")
	ws.Say("senior", "#incidents", "Another matter")
	r.reads("#messages article:last-child", "Another matter")
	r.goesTo("#messages article:last-child .tools .button")
	r.types(kb.Enter)
	r.reads("#thread-log article:first-child", "Another matter")
	r.focuses("#thread-composer")
	r.sees("nothing begun there", `document.getElementById("thread-composer").value === ""`)
	r.goesTo("#messages article .tools .button")
	r.types(kb.Enter)
	r.reads("#thread-log article:first-child", "An entry")
	r.focuses("#thread-composer")
	r.sees("what was begun here", `document.getElementById("thread-composer").value === "and"`)
	if all := ws.Messages("#incidents"); len(all) != 33 || !strings.Contains(all[1].Text, "<@U0SENIOR01>") {
		t.Errorf("the channel holds %+v", all)
	}
	r.types(kb.Escape)
	r.focuses("#messages article")

	r.goesTo("#messages article .tools [popovertarget$=more]")
	r.types(kb.Enter)
	r.focuses("[role=menuitem]")
	r.types(kb.ArrowUp, kb.Enter) // up from the first leads round to the last
	if m := b.next(t, socketmode.EventTypeInteractive); m.Data.(slack.InteractionCallback).CallbackID != "keep" {
		t.Errorf("the shortcut sent %+v", m.Data)
	}

	r.reads("#modal-title", "Kept")
	r.focuses("#modal footer button")
	r.types(kb.Escape)
	r.sees("no modal", `!document.getElementById("modal").open`)

	r.goesTo("#composer")
	r.types("not yet")
	ws.Say("senior", "#general", "read me")
	r.reads("#sidebar a.unread", "general")
	r.does("read it", chromedp.Click(chromedp.CSS("#sidebar a.unread")))
	r.reads("#messages .divider.new", "New")
	r.sees("an empty composer", `document.getElementById("composer").value === ""`)
	r.does("go back", chromedp.Click(chromedp.CSS(`#sidebar a[data-key="`+workspace.Incidents+`"]`)))
	r.sees("what was begun", `document.getElementById("composer").value === "not yet"`)
	r.does("go there again", chromedp.Click(chromedp.CSS(`#sidebar a[data-key="`+workspace.General+`"]`)))
	r.reads("#messages", "read me")
	r.sees("nothing unread", `!document.querySelector("#sidebar a.unread")`)

	ws.Say("senior", "#general", strings.Repeat("a long story\n", 60))
	r.reads("#messages", "a long story")
	r.sees("the end of it", atEnd)
	r.goesTo("#composer")
	r.does("write at length", chromedp.Evaluate[chromedp.Void](`document.getElementById("composer").value = "more\n".repeat(9)`))
	r.sees("less room for the log", `document.getElementById("composer").clientHeight > 100`)
	r.sees("still the end", atEnd)
	r.does("think better of it", chromedp.Evaluate[chromedp.Void](`document.getElementById("composer").value = ""`))
	r.does("read back", chromedp.Evaluate[chromedp.Void](`document.getElementById("messages").scrollTop = 0`))
	ws.Say("senior", "#general", "and the moral")
	r.reads("#latest", "New messages")
	r.goesTo("#latest")
	r.types(kb.Enter)
	r.sees("the end again", atEnd+` && document.getElementById("latest").hidden`)
	r.does("read back again", chromedp.Evaluate[chromedp.Void](`document.getElementById("messages").scrollTop = 0`))
	r.goesTo("#composer")
	r.types("/entry list", kb.Escape, kb.Enter)
	r.sees("the end, where the answer comes", atEnd)
}

// What comes due is told in full in a narrow window, and the page keeps its title
// for those who hear it.
func TestPage_NarrowWindow_ShowsAllThatIsDue(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	connect(t, w, acknowledge)
	due := clock.Due{At: w.Now().Add(15 * time.Minute), What: "warning that nobody acknowledged INC-1"}
	w.Attach(expects{due})
	r := atPage(t, w, 1280, 900, "/?as=oncall")
	for _, width := range []int64{390, 768} {
		r.display(display{"narrow", "light", width, 800}) // no window of a desktop is that narrow
		r.sees("the narrow page", fmt.Sprintf("innerWidth === %d", width))
		r.reads("h1", "Sandbox")
		r.reads("#due", due.What)
		r.reads("#due", "in 15 min")
		r.sees("all of it", `[...document.querySelectorAll("#due, #due *")].every((e) => {
			const {left, right, width} = e.getBoundingClientRect();
			return width > 0 && left >= 0 && right <= innerWidth && e.scrollWidth <= e.clientWidth + 1;
		})`)
	}
}

// expects is a bot to which something comes due.
type expects struct{ due clock.Due }

func (e expects) Next(context.Context) (clock.Due, bool, error) { return e.due, true, nil }

func (expects) Settle(context.Context) error { return nil }

// A menu stays beside its message when the log is scrolled, and closes once the
// message is out of sight.
func TestPage_Menu_FollowsItsMessage(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: []byte(appManifest)})
	connect(t, w, ledger)
	ws := sandboxtest.Dial(t, w.URL())
	for range 30 {
		ws.Say("senior", "#incidents", "one line\nand another")
	}
	r := atPage(t, w, 1280, 900, "/"+workspace.Incidents+"?as=oncall")
	r.goesTo("#messages article:last-child .tools [popovertarget$=more]")
	r.types(kb.Enter)
	r.focuses("[role=menuitem]")
	const distance = `((m) => { const b = document.querySelector("[popovertarget=" + CSS.escape(m.id) + "]").getBoundingClientRect(), p = m.getBoundingClientRect();
		return Math.min(Math.abs(p.top - b.bottom), Math.abs(p.bottom - b.top)); })(document.querySelector("#messages [role=menu]:popover-open"))`
	r.sees("the menu beside its button", distance+` < 8`)
	ws.Say("senior", "#incidents", "a new line\nand another")
	r.reads("#messages article:last-child", "a new line")
	r.sees("the menu still there", distance+` < 8`)
	r.does("read back a little", chromedp.Evaluate[chromedp.Void](`document.getElementById("messages").scrollBy(0, -60)`))
	r.sees("the menu still there", distance+` < 8`)
	r.does("read far back", chromedp.Evaluate[chromedp.Void](`document.getElementById("messages").scrollTop = 0`))
	r.sees("no menu", `!document.querySelector(":popover-open")`)
}

// atEnd holds while the last message is in sight.
const atEnd = `(({scrollTop, scrollHeight, clientHeight}) => scrollHeight > clientHeight && scrollHeight - scrollTop - clientHeight < 2)(document.getElementById("messages"))`

func TestPage_Traffic_IsShownAndFiltered(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: []byte(appManifest)})
	connect(t, w, acknowledge)
	sandboxtest.Dial(t, w.URL()).Command("oncall", "#incidents", "/entry list all")
	_, _, err := client(w).PostMessage("C0NOWHERE0", slack.MsgOptionText("x", false))
	wants(t, err, "channel_not_found")
	r := atPage(t, w, 420, 800, "/?as=oncall") // a narrow window has it too

	r.does("open the traffic", chromedp.Click(chromedp.CSS("#show-traffic")))
	r.focuses("#words")
	r.reads("#entries li:first-child", "channel_not_found")
	r.reads("#entries li", "/entry list all")
	r.types("slash")
	r.sees("the command and its ack", `document.querySelectorAll("#entries li").length === 2`)
	r.does("only failures", chromedp.Click(chromedp.CSS("#failed")))
	r.sees("no failure of that name", `document.querySelectorAll("#entries li").length === 0`)
	r.does("forget the words", chromedp.SetValue(chromedp.CSS("#words"), "channel"), chromedp.Focus(chromedp.CSS("#words")))
	r.types("_")
	r.sees("the failure", `document.querySelectorAll("#entries li").length === 1`)
	r.does("look into it", chromedp.Click(chromedp.CSS("#entries summary")))
	r.reads("#entries pre", "C0NOWHERE0")
	form(t, w, "chat.postMessage", "channel", workspace.Incidents, "text", "x", "blocks", `[{"type": "banner"}]`)
	r.does("ask for what was wrong", chromedp.SetValue(chromedp.CSS("#words"), "banner [json"), chromedp.Focus(chromedp.CSS("#words")))
	r.types("-")
	r.reads("#entries .wrong", "unsupported type: banner [json-pointer:/blocks/0/type]")

	if status, answer := control(t, w, "faults", `{"kind": "http_503", "method": "auth.test"}`); status != http.StatusOK {
		t.Fatalf("order a fault: %d %s", status, answer)
	}
	r.reads("#show-traffic", "1 fault")
	r.reads("#faults li", "auth.test")
	r.does("clear it", chromedp.Click(chromedp.CSS("#faults button")))
	r.sees("no fault", `document.getElementById("faults").hidden`)
}

// The form for faults asks for what the chosen kind has, and the list says it in words.
func TestPage_FaultForm_AddsAFault(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	connect(t, w, acknowledge)
	ws := sandboxtest.Dial(t, w.URL())
	r := atPage(t, w, 1280, 900, "/?as=oncall&traffic=1")
	r.goesTo("#trouble summary")
	r.types(kb.Enter)
	field := func(name string) chromedp.CSS { return chromedp.CSS("#fault-form [name=" + name + "]") }
	choose := func(kind, shown string) {
		t.Helper()
		r.does("choose "+kind, chromedp.SetValue(field("kind"), kind),
			chromedp.Evaluate[chromedp.Void](`document.querySelector("#fault-form [name=kind]").dispatchEvent(new Event("change", {bubbles: true}))`))
		r.sees("what "+kind+" has", `[...document.querySelectorAll("#fault-form :is(input, select)")]
			.filter((f) => f.checkVisibility() && !f.disabled).map((f) => f.name).join() === "`+shown+`"`)
	}
	order := func(words string) {
		t.Helper()
		r.does("order it", chromedp.Click(chromedp.CSS("#fault-form [type=submit]")))
		r.reads("#faults li", words)
	}
	choose("socket_silent", "kind,count,share")
	choose("rate_limited", "kind,of,count,share,retry_after")
	r.does("narrow it", chromedp.SetValue(field("of"), "chat.postMessage"), chromedp.SetValue(field("count"), "3"), chromedp.SetValue(field("retry_after"), "7"))
	order("Calls fail with 429, only chat.postMessage Retry-After 7 s, applied 0 of 3 times")
	choose("envelope_late", "kind,of,count,share,delay")
	r.does("narrow it", chromedp.SetValue(field("of"), "slash_commands"), chromedp.SetValue(field("count"), "0"),
		chromedp.SetValue(field("share"), "12.5"), chromedp.SetValue(field("delay"), "1.5"))
	order("Envelopes arrive late, only slash_commands delay 1.5s, 12.5 % share, applied 0 times, until cleared")
	want := []sandboxtest.Fault{
		{ID: "F1", Kind: "rate_limited", Method: "chat.postMessage", Count: 3, Share: 1, RetryAfter: 7},
		{ID: "F2", Kind: "envelope_late", Envelope: "slash_commands", Share: 0.125, Delay: "1.5s"},
	}
	if got := ws.State().Faults; !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}
