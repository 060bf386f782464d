package sandbox_test

import (
	"encoding/json"
	"fmt"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

const appManifest = `
display_information: {name: Ledger}
features:
  app_home: {home_tab_enabled: true, messages_tab_enabled: true}
  bot_user: {display_name: ledger}
  shortcuts:
    - {name: Open an entry, type: global, callback_id: open, description: Open it}
    - {name: Keep this message, type: message, callback_id: keep, description: Keep it}
  slash_commands:
    - {command: /entry, description: Write an entry, usage_hint: "[declare|list|help]", should_escape: true}
oauth_config:
  scopes:
    bot: [commands, chat:write, channels:read, channels:write.topic, bookmarks:write, pins:write, reactions:write]
settings:
  event_subscriptions: {bot_events: [app_home_opened]}
  interactivity: {is_enabled: true}
  socket_mode_enabled: true
`

// newEntry is the form that the command and the global shortcut open.
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
     "element": {"type": "users_select", "action_id": "v"}},
    {"type": "input", "block_id": "amount", "optional": true, "label": {"type": "plain_text", "text": "Amount"},
     "hint": {"type": "plain_text", "text": "In whole euros."},
     "element": {"type": "number_input", "action_id": "v", "is_decimal_allowed": false, "min_value": "1", "max_value": "500"}},
    {"type": "input", "block_id": "parts", "optional": true, "label": {"type": "plain_text", "text": "Parts"},
     "element": {"type": "checkboxes", "action_id": "v", "options": [
       {"text": {"type": "mrkdwn", "text": "*Public*"}, "description": {"type": "mrkdwn", "text": "All may read it."}, "value": "public"},
       {"text": {"type": "mrkdwn", "text": "Urgent"}, "value": "urgent"}]}},
    {"type": "actions", "block_id": "more", "elements": [
      {"type": "button", "action_id": "when", "text": {"type": "plain_text", "text": "Set a day"}}]}
  ]
}`

// dayForm is laid over the form; its date picker acts at once.
const dayForm = `{
  "type": "modal", "callback_id": "day",
  "title": {"type": "plain_text", "text": "Day"}, "submit": {"type": "plain_text", "text": "Take it"},
  "close": {"type": "plain_text", "text": "Leave it"},
  "blocks": [
    {"type": "section", "block_id": "day", "text": {"type": "mrkdwn", "text": %q},
     "accessory": {"type": "datepicker", "action_id": "day", "placeholder": {"type": "plain_text", "text": "The day"}}}
  ]
}`

// askAgain takes the place of the form for the day.
const askAgain = `{
  "type": "modal", "callback_id": "sure",
  "title": {"type": "plain_text", "text": "Sure?"}, "submit": {"type": "plain_text", "text": "Yes"},
  "blocks": [{"type": "section", "text": {"type": "plain_text", "text": "This ends it all."}}]
}`

// kept is what the message shortcut opens.
const kept = `{
  "type": "modal", "title": {"type": "plain_text", "text": "Kept"},
  "blocks": [{"type": "section", "text": {"type": "plain_text", "text": %q}}]
}`

// home is what the app publishes to whoever opens it.
const home = `{
  "type": "home",
  "blocks": [
    {"type": "header", "text": {"type": "plain_text", "text": "Your entries"}},
    {"type": "section", "text": {"type": "mrkdwn", "text": "Hello <@%s>, there are *two*."}},
    {"type": "actions", "block_id": "do", "elements": [
      {"type": "button", "action_id": "new", "style": "primary", "text": {"type": "plain_text", "text": "New entry"}},
      {"type": "static_select", "action_id": "only", "placeholder": {"type": "plain_text", "text": "Which ones"}, "options": [
        {"text": {"type": "plain_text", "text": "Mine"}, "value": "mine"},
        {"text": {"type": "plain_text", "text": "All"}, "value": "all"}]}]}
  ]
}`

// entryCard is a message of the app: a button that asks first.
func entryCard() slack.Block {
	remove := slack.NewButtonBlockElement("remove", "entry-1", plain("Remove"))
	remove.Confirm = slack.NewConfirmationBlockObject(plain("Remove it?"), plain("It will be gone."), plain("Remove it"), plain("Keep it"))
	return slack.NewActionBlock("card", remove)
}

// ledger answers as the app does. What does not succeed shows in the test.
func ledger(b *bot, e socketmode.Event) {
	switch data := e.Data.(type) {
	case slack.SlashCommand:
		b.ack(e)
		_, _ = b.OpenView(data.TriggerID, modal(newEntry))
	case slackevents.EventsAPIEvent:
		b.ack(e)
		if opened, ok := data.InnerEvent.Data.(*slackevents.AppHomeOpenedEvent); ok {
			b.publish(opened.User)
		}
	case slack.InteractionCallback:
		if data.Type == slack.InteractionTypeViewSubmission {
			b.ack(e, submitted(data.View)...)
			return
		}
		b.ack(e)
		b.interacts(data)
	default:
		b.ack(e)
	}
}

func (b *bot) publish(user string) {
	var view slack.HomeTabViewRequest
	mustRead(fmt.Sprintf(home, user), &view)
	_, _ = b.PublishView(user, view, "")
}

// interacts does what a shortcut or an element is there for.
func (b *bot) interacts(data slack.InteractionCallback) {
	what := data.CallbackID
	if len(data.ActionCallback.BlockActions) > 0 {
		what = data.ActionCallback.BlockActions[0].ActionID
	}
	switch what {
	case "open", "new":
		_, _ = b.OpenView(data.TriggerID, modal(newEntry))
	case "keep":
		_, _ = b.OpenView(data.TriggerID, modal(fmt.Sprintf(kept, data.Message.Text)))
	case "when":
		_, _ = b.PushView(data.TriggerID, modal(fmt.Sprintf(dayForm, "No day yet")))
	case "day":
		said := fmt.Sprintf(dayForm, "It is "+data.ActionCallback.BlockActions[0].SelectedDate)
		_, _ = b.UpdateView(modal(said), "", data.View.Hash, data.View.ID)
	}
}

// submitted is what the acknowledgement of a submission asks for.
func submitted(view slack.View) []any {
	switch view.CallbackID {
	case "day":
		next := modal(askAgain)
		return []any{slack.NewUpdateViewSubmissionResponse(&next)}
	case "sure":
		return []any{slack.NewClearViewSubmissionResponse()}
	}
	values := view.State.Values
	title := values["title"]["v"].Value
	if title == "bad" {
		return []any{slack.NewErrorsViewSubmissionResponse(map[string]string{"title": "Say more than that."})}
	}
	text := fmt.Sprintf("%s is %s, led by %s", title, values["severity"]["v"].SelectedOption.Value, values["lead"]["v"].SelectedUser)
	pushed := slack.ModalViewRequest{
		Type: slack.VTModal, Title: plain("Done"),
		Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewSectionBlock(plain(text), nil, nil)}},
	}
	return []any{slack.NewPushViewSubmissionResponse(&pushed)}
}

func modal(raw string) (view slack.ModalViewRequest) {
	mustRead(raw, &view)
	return view
}

func mustRead(raw string, v any) {
	if err := json.Unmarshal([]byte(raw), v); err != nil {
		panic(err) // a constant of this file is wrong
	}
}
