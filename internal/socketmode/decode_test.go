package socketmode

import (
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
)

// oddities is what a payload may hold that no version of slack-go knows.
const oddities = `"message":{"ts":17,"text":7,"attachments":[{"id":"a text","color":7}],"blocks":[
	{"type":"hologram","shape":7},{"type":"actions","elements":[{"type":"hologram"}]},{"type":"context","elements":[{"type":"hologram"}]},
	{"type":"input","element":{"type":"hologram"}},{"type":"section","accessory":{"type":"hologram"},"text":"flat"}]},
	"container":{"type":7,"message_ts":17},"enterprise":"none","is_enterprise_install":"maybe","token":7,"action_ts":17,"message_ts":17,
	"original_message":7,"attachment_id":7,"hash":7,"response_urls":7`

// Whatever stands beside it, the press of a button is the press of a button.
func TestDecode_ButtonBesideOddMessage_IsRead(t *testing.T) {
	raw := `{"type":"interactive","envelope_id":"E1","payload":{"type":"block_actions","trigger_id":"1.2","response_url":"https://x",
		"api_app_id":"A1","team":{"id":"T1","domain":7},"user":{"id":"U1","team_id":"T1","name":7,"profile":"none"},
		"channel":{"id":"C1","name":7,"topic":"flat"},"state":{"values":7},` + oddities + `,
		"actions":[7,{"type":"button","action_id":"ack","block_id":"b","value":"1:x","text":7,"style":7,"action_ts":17,"confirm":7}]}}`
	e, err := decode([]byte(raw))
	c, ok := e.Data.(slack.InteractionCallback)
	if err != nil || !ok {
		t.Fatalf("read %T, %v", e.Data, err)
	}
	if c.Type != slack.InteractionTypeBlockActions || c.TriggerID != "1.2" || c.ResponseURL != "https://x" || c.APIAppID != "A1" ||
		c.Team.ID != "T1" || c.User.ID != "U1" || c.User.TeamID != "T1" || c.Channel.ID != "C1" {
		t.Errorf("read %+v", c)
	}
	if all := c.ActionCallback.BlockActions; len(all) != 1 || all[0].ActionID != "ack" || all[0].Value != "1:x" {
		t.Errorf("read the actions %+v", all)
	}
}

// A menu says what was chosen.
func TestDecode_MenuWithOddOption_IsRead(t *testing.T) {
	raw := `{"type":"interactive","envelope_id":"E1","payload":{"type":"block_actions",` + oddities + `,
		"actions":[{"type":"overflow","action_id":"menu","block_id":"b","selected_option":{"value":"snooze 1:x","text":7,"description":7}}]}}`
	e, err := decode([]byte(raw))
	c, _ := e.Data.(slack.InteractionCallback)
	if all := c.ActionCallback.BlockActions; err != nil || len(all) != 1 || all[0].SelectedOption.Value != "snooze 1:x" {
		t.Errorf("read %+v, %v", c, err)
	}
}

// A form holds what was filled in, and which fields it has.
func TestDecode_FormWithOddParts_IsRead(t *testing.T) {
	raw := `{"type":"interactive","envelope_id":"E1","payload":{"type":"view_submission","trigger_id":"1.2",` + oddities + `,
		"view":{"id":"V1","callback_id":"update","private_metadata":"{}","app_installed_team_id":"T1","title":7,"hash":7,
			"blocks":[7,{"type":"hologram","block_id":"h"},{"type":"input","block_id":"text","label":7,"element":{"type":"hologram"}}],
			"state":{"values":{"text":{"text":{"type":"plain_text_input","value":"Found it","files":7}},
				"status":{"status":{"type":"static_select","selected_option":{"value":"identified","text":7}}},
				"lead":{"lead":{"type":"users_select","selected_user":"U2"}},
				"flag":{"flag":{"type":"checkboxes","selected_options":[{"value":"yes","text":7}]}},"new":{"new":7}}}}}}`
	e, err := decode([]byte(raw))
	c, ok := e.Data.(slack.InteractionCallback)
	if err != nil || !ok || c.View.State == nil {
		t.Fatalf("read %T, %v", e.Data, err)
	}
	state := c.View.State.Values
	if v := c.View; v.ID != "V1" || v.CallbackID != "update" || v.PrivateMetadata != "{}" || v.AppInstalledTeamID != "T1" {
		t.Errorf("read %+v", v)
	}
	if state["text"]["text"].Value != "Found it" || state["status"]["status"].SelectedOption.Value != "identified" ||
		state["lead"]["lead"].SelectedUser != "U2" || len(state["flag"]["flag"].SelectedOptions) != 1 {
		t.Errorf("read %+v", state)
	}
	var fields []string
	for _, b := range c.View.Blocks.BlockSet {
		if in, ok := b.(*slack.InputBlock); ok {
			fields = append(fields, in.BlockID)
		}
	}
	if len(fields) != 1 || fields[0] != "text" {
		t.Errorf("read the fields %q", fields)
	}
}

func TestDecode_CommandWithOddParts_IsRead(t *testing.T) {
	raw := `{"type":"slash_commands","envelope_id":"E1","payload":{"command":"/incident","text":"list","user_id":"U1","team_id":"T1",
		"channel_id":"C1","api_app_id":"A1","trigger_id":"1.2","channel_name":7,"team_domain":7,"is_enterprise_install":7}}`
	e, err := decode([]byte(raw))
	c, _ := e.Data.(slack.SlashCommand)
	want := slack.SlashCommand{Command: "/incident", Text: "list", UserID: "U1", TeamID: "T1", ChannelID: "C1", APIAppID: "A1", TriggerID: "1.2"}
	if err != nil || c != want {
		t.Errorf("read %+v, %v", c, err)
	}
}

func TestDecode_EventWithOddParts_IsRead(t *testing.T) {
	raw := `{"type":"events_api","envelope_id":"E1","payload":{"type":"event_callback","team_id":"T1","api_app_id":"A1","event_id":"Ev1",
		"event_time":"now","authorizations":7,"token":7,"event":{"type":"channel_archive","channel":"C1","user":7,"event_ts":17,"is_moved":"no"}}}`
	e, err := decode([]byte(raw))
	read, _ := e.Data.(slackevents.EventsAPIEvent)
	archived, ok := read.InnerEvent.Data.(*slackevents.ChannelArchiveEvent)
	callback, called := read.Data.(*slackevents.EventsAPICallbackEvent)
	if err != nil || !ok || !called || archived.Channel != "C1" || callback.EventID != "Ev1" || read.TeamID != "T1" || read.APIAppID != "A1" {
		t.Errorf("read %+v, %v", read, err)
	}
}
