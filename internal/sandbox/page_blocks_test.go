package sandbox_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

// everyBlock is a message with every block and element that a message can hold.
const everyBlock = `[
  {"type": "header", "text": {"type": "plain_text", "text": ":rotating_light: ENTRY: P0 - Payments fail"}},
  {"type": "section", "text": {"type": "mrkdwn", "text": "*Detected* by <@U0ONCALL01> in <#C0GENERAL1>, _see_ ` + "`/entry list`" + ` and https://status.example/a_b.\n> a quote\n` + "```code\\nin lines```" + `"},
   "fields": [{"type": "mrkdwn", "text": "*Status:* Investigating"}, {"type": "mrkdwn", "text": "*Called:* <!subteam^S0ONCALL01>"},
              {"type": "plain_text", "text": "Due <soon> & plain"}],
   "accessory": {"type": "button", "action_id": "remove", "style": "danger", "text": {"type": "plain_text", "text": "Remove"}, "value": "entry-1",
     "confirm": {"title": {"type": "plain_text", "text": "Remove it?"}, "text": {"type": "mrkdwn", "text": "It will be *gone*."},
       "confirm": {"type": "plain_text", "text": "Remove it"}, "deny": {"type": "plain_text", "text": "Keep it"}, "style": "danger"}}},
  {"type": "section", "text": {"type": "mrkdwn", "text": "With a picture"},
   "accessory": {"type": "image", "image_url": "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='88' height='60'%3E%3Crect width='88' height='60' fill='teal'/%3E%3C/svg%3E", "alt_text": "A teal square"}},
  {"type": "divider"},
  {"type": "actions", "block_id": "acts", "elements": [
    {"type": "button", "action_id": "ack", "style": "primary", "text": {"type": "plain_text", "text": "Acknowledge"}, "value": "1"},
    {"type": "button", "action_id": "plain", "text": {"type": "plain_text", "text": "Post update"}, "value": "1"},
    {"type": "static_select", "action_id": "few", "placeholder": {"type": "plain_text", "text": "Severity"}, "options": [
      {"text": {"type": "plain_text", "text": "P0"}, "value": "0"}, {"text": {"type": "plain_text", "text": "P1"}, "value": "1"}]},
    {"type": "users_select", "action_id": "who", "placeholder": {"type": "plain_text", "text": "Who leads"}},
    {"type": "datepicker", "action_id": "day", "placeholder": {"type": "plain_text", "text": "The day"}, "initial_date": "2026-11-30"},
    {"type": "timepicker", "action_id": "time", "placeholder": {"type": "plain_text", "text": "The time"}, "initial_time": "14:30"},
    {"type": "datetimepicker", "action_id": "moment", "initial_date_time": 1795475996},
    {"type": "overflow", "action_id": "rest", "options": [
      {"text": {"type": "plain_text", "text": "Open runbook"}, "value": "a"}, {"text": {"type": "plain_text", "text": "Snooze"}, "value": "b"}]}]},
  {"type": "actions", "block_id": "marks", "elements": [
    {"type": "radio_buttons", "action_id": "one", "options": [
      {"text": {"type": "plain_text", "text": "Now"}, "value": "n", "description": {"type": "plain_text", "text": "At once"}}, {"text": {"type": "plain_text", "text": "Later"}, "value": "l"}]},
    {"type": "checkboxes", "action_id": "some", "options": [
      {"text": {"type": "mrkdwn", "text": "*Told* support"}, "value": "s"}, {"text": {"type": "plain_text", "text": "Told sales"}, "value": "t"}]}]},
  {"type": "section", "block_id": "tags", "text": {"type": "mrkdwn", "text": "What it touches"},
   "accessory": {"type": "multi_static_select", "action_id": "tags", "placeholder": {"type": "plain_text", "text": "Services"},
     "initial_options": [{"text": {"type": "plain_text", "text": "Cards"}, "value": "c"}],
     "options": [{"text": {"type": "plain_text", "text": "Cards"}, "value": "c"}, {"text": {"type": "plain_text", "text": "PayPal"}, "value": "p"}]}},
  {"type": "section", "block_id": "room", "text": {"type": "mrkdwn", "text": "Where to tell of it"},
   "accessory": {"type": "conversations_select", "action_id": "room", "placeholder": {"type": "plain_text", "text": "A channel"}}},
  {"type": "input", "block_id": "said", "dispatch_action": true, "label": {"type": "plain_text", "text": "A word on it"},
   "element": {"type": "plain_text_input", "action_id": "said", "placeholder": {"type": "plain_text", "text": "What happened"}}},
  {"type": "markdown", "text": "## Steps\n1. **Look** at [the board](https://board.example)\n2. ~~Guess~~ *measure*\n\n- [x] done\n- left\n\n> as ever\n\n---\nThat is ` + "`all`" + `."},
  {"type": "rich_text", "elements": [
    {"type": "rich_text_section", "elements": [{"type": "text", "text": "Rich ", "style": {"bold": true, "italic": true}}, {"type": "emoji", "name": "tada"},
      {"type": "user", "user_id": "U0SENIOR01"}, {"type": "text", "text": " and "}, {"type": "link", "url": "https://x.example", "text": "a link"}]},
    {"type": "rich_text_list", "style": "ordered", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "first"}]}]},
    {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "below it"}]}]},
    {"type": "rich_text_quote", "elements": [{"type": "text", "text": "quoted"}]},
    {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "as it is"}]}]},
  {"type": "table", "column_settings": [{}, {"align": "right"}], "rows": [
    [{"type": "raw_text", "text": "Service"}, {"type": "raw_text", "text": "Errors"}],
    [{"type": "raw_text", "text": "Cards"}, {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "412", "style": {"bold": true}}]}]}]]},
  {"type": "image", "title": {"type": "plain_text", "text": "Errors a minute"}, "alt_text": "A line that rises",
   "image_url": "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='300' height='60'%3E%3Cpath d='M0 55 200 50 300 5' stroke='crimson' fill='none'/%3E%3C/svg%3E"},
  {"type": "context", "elements": [
    {"type": "image", "alt_text": "Ledger", "image_url": "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='20' height='20'%3E%3Ccircle cx='10' cy='10' r='9' fill='teal'/%3E%3C/svg%3E"},
    {"type": "mrkdwn", "text": "Declared by <@U0ONCALL01> <!date^1795475996^{date_short_pretty} at {time}|then>"}]}
]`

// A button in an attachment is pressed like any other.
func TestPage_ButtonInAttachment_CanBePressed(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: []byte(appManifest)})
	b := connect(t, w, acknowledge)
	if answer := form(t, w, "chat.postMessage", "channel", workspace.Incidents, "text", "x", "attachments",
		`[{"text": "An alert", "blocks": [{"type": "actions", "elements": [{"type": "button", "action_id": "see", "text": {"type": "plain_text", "text": "See it"}}]}]}]`); answer["ok"] != true {
		t.Fatal(answer)
	}
	r := atPage(t, w, 1280, 900, "/"+workspace.Incidents+"?as=oncall")
	r.goesTo("[data-action=see]")
	r.types(kb.Enter)
	i, _ := b.next(t, socketmode.EventTypeInteractive).Data.(slack.InteractionCallback)
	if i.Container.Type != "message_attachment" || i.ActionCallback.BlockActions[0].ActionID != "see" {
		t.Errorf("the press is %+v", i)
	}
}
