package sandbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
)

// appManifest is what the fake app of these tests has.
const appManifest = `
display_information: {name: Ledger}
features:
  shortcuts:
    - {name: Open an entry, type: global, callback_id: open}
    - {name: Keep this message, type: message, callback_id: keep}
  slash_commands:
    - {command: /entry, description: Write an entry, usage_hint: "[declare|list|help]", should_escape: true}
oauth_config:
  scopes:
    bot:
      - commands
      - chat:write
      - channels:read
settings: {socket_mode_enabled: true, interactivity: {is_enabled: true}}
`

// newEntry is the form of the fake app.
const newEntry = `{
  "type": "modal", "callback_id": "entry",
  "title": {"type": "plain_text", "text": "New entry"}, "submit": {"type": "plain_text", "text": "Declare"},
  "blocks": [
    {"type": "input", "block_id": "title", "label": {"type": "plain_text", "text": "Title"},
     "element": {"type": "plain_text_input", "action_id": "v"}},
    {"type": "input", "block_id": "severity", "label": {"type": "plain_text", "text": "Severity"},
     "element": {"type": "static_select", "action_id": "v", "options": [
       {"text": {"type": "plain_text", "text": "Low"}, "value": "low"},
       {"text": {"type": "plain_text", "text": "High"}, "value": "high"}]}},
    {"type": "input", "block_id": "lead", "label": {"type": "plain_text", "text": "Lead"},
     "element": {"type": "users_select", "action_id": "v"}}
  ]
}`

// entryCard is a message of the fake app: a button that asks first.
func entryCard() slack.Block {
	plain := func(s string) *slack.TextBlockObject { return slack.NewTextBlockObject("plain_text", s, false, false) }
	remove := slack.NewButtonBlockElement("remove", "entry-1", plain("Remove"))
	remove.Confirm = slack.NewConfirmationBlockObject(plain("Remove it?"), plain("It will be gone."), plain("Remove it"), plain("Keep it"))
	return slack.NewActionBlock("card", remove)
}

// ledger answers as the fake app does: a command opens the form, whose first
// submission is complained about and whose second pushes what was understood.
func ledger(b *bot, e socketmode.Event) {
	switch data := e.Data.(type) {
	case slack.SlashCommand:
		b.ack(e)
		var form slack.ModalViewRequest
		if json.Unmarshal([]byte(newEntry), &form) == nil {
			_, _ = b.OpenView(data.TriggerID, form) // a form that does not open shows in the test
		}
	case slack.InteractionCallback:
		title := ""
		if data.View.State != nil {
			title = data.View.State.Values["title"]["v"].Value
		}
		switch {
		case data.Type != slack.InteractionTypeViewSubmission:
			b.ack(e)
		case title == "bad":
			b.ack(e, slack.NewErrorsViewSubmissionResponse(map[string]string{"title": "Say more than that."}))
		default:
			text := fmt.Sprintf("%s is %s, led by %s", title, data.View.State.Values["severity"]["v"].SelectedOption.Value, data.View.State.Values["lead"]["v"].SelectedUser)
			shown := slack.NewSectionBlock(slack.NewTextBlockObject("plain_text", text, false, false), nil, nil)
			pushed := slack.ModalViewRequest{
				Type: slack.VTModal, Title: slack.NewTextBlockObject("plain_text", "Done", false, false),
				Blocks: slack.Blocks{BlockSet: []slack.Block{shown}},
			}
			b.ack(e, slack.NewPushViewSubmissionResponse(&pushed))
		}
	default:
		b.ack(e)
	}
}

// reader is a person at the page, in a real browser.
type reader struct {
	t   *testing.T
	ctx context.Context
}

// atPage opens the page in a headless Chromium, or skips the test where there is
// none, unless it has to be there.
func atPage(t *testing.T, w *sandbox.Workspace, width, height int, address string) reader {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("MUSTER_REQUIRE_TOOLS") != "" {
			t.Fatal("chromium is not installed")
		}
		t.Skip("left out: the page in a real browser, for want of chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WindowSize(width, height), chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
	)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, time.Minute)
	t.Cleanup(cancel)
	r := reader{t, ctx}
	r.does("open the page", chromedp.Navigate(w.URL()+address), chromedp.WaitVisible(chromedp.CSS("#bot.on")))
	return r
}

func (r reader) does(what string, actions ...chromedp.Action[chromedp.Void]) {
	r.t.Helper()
	if err := chromedp.Do(r.ctx, actions...); err != nil {
		r.t.Fatalf("%s: %v", what, err)
	}
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

func TestAFormByKeyboardAlone(t *testing.T) {
	w := open(t, sandbox.Options{Manifest: []byte(appManifest)})
	connect(t, w, ledger)
	r := atPage(t, w, 1280, 900, "/?as=oncall#"+sandbox.Incidents)
	r.does("go to the composer", chromedp.Focus(chromedp.CSS("#composer")))

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
	r.types(kb.Tab, kb.Tab) // past Cancel
	r.focuses("#modal [type=submit]")
	r.types(kb.Enter)
	r.reads("[data-block=title] .problem", "Say more than that.")
	r.focuses("[data-block=title] input[aria-invalid=true]")

	r.types(strings.Repeat(kb.Backspace, len("bad")), "Ledger is late", kb.Enter)
	r.reads("#modal .body", "Ledger is late is high, led by U0TECHLD01")
	r.types(kb.Escape) // what was typed is still there, below
	r.sees("the form below", `document.querySelector("[data-block=title] input")?.value === "Ledger is late"`)
	r.types(kb.Escape)
	r.sees("no form", `!document.getElementById("modal").open`)
}

func TestThreadsMenusAndUnreadMarks(t *testing.T) {
	w := open(t, sandbox.Options{Manifest: []byte(appManifest)})
	b := connect(t, w, ledger)
	ws := sandboxtest.Dial(t, w.URL())
	_, _, err := b.PostMessage(sandbox.Incidents, slack.MsgOptionText("An entry", false), slack.MsgOptionBlocks(entryCard()))
	wants(t, err, "")
	r := atPage(t, w, 1280, 900, "/?as=oncall#"+sandbox.Incidents)

	r.does("reply", chromedp.Focus(chromedp.CSS("#messages article .tools button")))
	r.types(kb.Enter)
	r.focuses("#thread-composer")
	r.types("on it @sen")
	r.reads("[role=option][aria-selected=true]", "@senior")
	r.types(kb.Enter, kb.Enter)
	r.reads("#thread-log article:last-child", "on it @senior")
	r.reads("#messages .replies", "1 reply")
	if all := ws.Messages("#incidents"); len(all) != 2 || !strings.Contains(all[1].Text, "<@U0SENIOR01>") {
		t.Errorf("the channel holds %+v", all)
	}
	r.types(kb.Escape)
	r.focuses("#messages article")

	r.does("use the message's menu", chromedp.Focus(chromedp.CSS("#messages article .tools [aria-haspopup]")))
	r.types(kb.Enter)
	r.focuses("[role=menuitem]")
	r.types(kb.ArrowUp, kb.Enter) // up from the first leads round to the last
	if m := b.next(t, socketmode.EventTypeInteractive); m.Data.(slack.InteractionCallback).CallbackID != "keep" {
		t.Errorf("the shortcut sent %+v", m.Data)
	}

	r.does("press a button that asks", chromedp.Focus(chromedp.CSS("#messages [data-key] .block-actions button")))
	r.types(kb.Enter)
	r.reads("#confirm", "It will be gone.")
	r.types(kb.Tab, kb.Enter)
	if m := b.next(t, socketmode.EventTypeInteractive); m.Data.(slack.InteractionCallback).ActionCallback.BlockActions[0].ActionID != "remove" {
		t.Errorf("the button sent %+v", m.Data)
	}

	ws.Say("senior", "#general", "read me")
	r.reads("#sidebar a.unread", "general")
	r.does("read it", chromedp.Click(chromedp.CSS("#sidebar a.unread")))
	r.reads("#messages .divider.new", "New")
	r.sees("nothing unread", `!document.querySelector("#sidebar a.unread")`)
}

func TestTheTrafficIsShownAndFiltered(t *testing.T) {
	w := open(t, sandbox.Options{Manifest: []byte(appManifest)})
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

	if status, answer := deed(t, w, "faults", `{"kind": "http_503", "method": "auth.test"}`); status != http.StatusOK {
		t.Fatalf("order a fault: %d %s", status, answer)
	}
	r.reads("#show-traffic", "1 fault")
	r.reads("#faults li", "auth.test")
	r.does("clear it", chromedp.Click(chromedp.CSS("#faults button")))
	r.sees("no fault", `document.getElementById("faults").hidden`)
}
