package blockkit

import "fmt"

// sample is one kind of block, element or object, with all it may have.
type sample struct {
	in       string // the key of carriers
	required string // beside type
	json     string
}

// carrier is a block that holds a sample at a place, and where it is shown.
type carrier struct{ surfaces, block, at string }

var carriers = map[string]carrier{
	"all":            {"message modal home", "%s", ""},
	"messages":       {"message", "%s", ""},
	"modals":         {"modal", "%s", ""},
	"message, home":  {"message home", "%s", ""},
	"section":        {"message modal home", `{"type":"section","text":` + label + `,"accessory":%s}`, "/accessory"},
	"actions":        {"message modal home", `{"type":"actions","elements":[%s]}`, "/elements/0"},
	"input":          {"message modal home", `{"type":"input","label":` + label + `,"element":%s}`, "/element"},
	"context":        {"message modal home", `{"type":"context","elements":[%s]}`, "/elements/0"},
	"footer":         {"message", `{"type":"context_actions","elements":[%s]}`, "/elements/0"},
	"rich_text":      {"message modal home", `{"type":"rich_text","elements":[%s]}`, "/elements/0"},
	"span":           {"message modal home", `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[%s]}]}`, "/elements/0/elements/0"},
	"cell":           {"message home", `{"type":"table","rows":[[%s]]}`, "/rows/0/0"},
	"data cell":      {"message home", `{"type":"data_table","caption":"x","rows":[[{"type":"raw_text","text":"x"}],[%s]]}`, "/rows/1/0"},
	"chart":          {"message", `{"type":"data_visualization","title":"x","chart":%s}`, "/chart"},
	"confirm":        {"message modal home", `{"type":"actions","elements":[{"type":"button","text":` + label + `,"confirm":%s}]}`, "/elements/0/confirm"},
	"option":         {"message modal home", `{"type":"section","text":` + label + `,"accessory":{"type":"static_select","options":[%s]}}`, "/accessory/options/0"},
	"group":          {"message modal home", `{"type":"section","text":` + label + `,"accessory":{"type":"static_select","option_groups":[%s]}}`, "/accessory/option_groups/0"},
	"box":            {"message modal home", `{"type":"section","text":` + label + `,"accessory":{"type":"checkboxes","options":[%s]}}`, "/accessory/options/0"},
	"link":           {"message modal home", `{"type":"section","text":` + label + `,"accessory":{"type":"overflow","options":[%s]}}`, "/accessory/options/0"},
	"filter":         {"message modal home", `{"type":"section","text":` + label + `,"accessory":{"type":"conversations_select","filter":%s}}`, "/accessory/filter"},
	"slack_file":     {"message modal home", `{"type":"image","alt_text":"x","slack_file":%s}`, "/slack_file"},
	"task of a plan": {"message", `{"type":"plan","title":"x","tasks":[%s]}`, "/tasks/0"},
	"slack_icon":     {"message modal home", `{"type":"card","title":` + label + `,"slack_icon":%s}`, "/slack_icon"},
}

const (
	acted    = `"action_id":"a","confirm":` + confirms
	menued   = acted + `,"focus_on_load":false,"placeholder":` + label
	typedIn  = `"action_id":"a","focus_on_load":false,"placeholder":` + label + `,"dispatch_action_config":{"trigger_actions_on":["on_enter_pressed","on_character_entered"]}`
	shared   = `"block_id":"b"`
	filtered = `{"include":["im","mpim","private","public"],"exclude_external_shared_channels":true,"exclude_bot_users":true}`
	rawText  = `{"type":"raw_text","text":"x"}`
	styled   = `"style":{"bold":true,"italic":true,"strike":true,"code":true,"underline":true}`
	aText    = `{"type":"text","text":"x",` + styled + `}`
	points   = `{"series":[{"name":"x","data":[{"label":"a","value":-1.5}]}],"axis_config":{"categories":["a"],"x_label":"x","y_label":"y"},"type":"%s"}`
	tasked   = `"task_id":"1","title":"x","details":` + richer + `,"output":` + richer + `,"hide_title":true,"sources":[{"type":"url","url":"https://example.com","text":"x"}]`
)

// samples has every kind that the package knows, by type or by what it is.
var samples = map[string]sample{
	"section":            {"all", "", `{"type":"section",` + shared + `,"text":{"type":"mrkdwn","text":"x","verbatim":true},"fields":[{"type":"plain_text","text":"x","emoji":true}],"accessory":` + button1 + `,"expand":true}`},
	"header":             {"all", "text", `{"type":"header",` + shared + `,"text":` + label + `,"level":1}`},
	"divider":            {"all", "", `{"type":"divider",` + shared + `}`},
	"context":            {"all", "elements", `{"type":"context",` + shared + `,"elements":[` + label + `]}`},
	"actions":            {"all", "elements", `{"type":"actions",` + shared + `,"elements":[` + button1 + `]}`},
	"context_actions":    {"messages", "elements", `{"type":"context_actions",` + shared + `,"elements":[{"type":"icon_button","icon":"trash","text":` + label + `}]}`},
	"input":              {"all", "label element", `{"type":"input",` + shared + `,"label":` + label + `,"element":{"type":"plain_text_input"},"hint":` + label + `,"optional":true,"dispatch_action":true}`},
	"markdown":           {"messages", "text", `{"type":"markdown",` + shared + `,"text":"x"}`},
	"rich_text":          {"all", "elements", `{"type":"rich_text",` + shared + `,"elements":[{"type":"rich_text_section","elements":[]}]}`},
	"image":              {"all", "alt_text image_url", `{"type":"image",` + shared + `,"alt_text":"x","image_url":"https://example.com/x.png","title":` + label + `}`},
	"video":              {"all", "alt_text title thumbnail_url video_url", `{"type":"video",` + shared + `,"alt_text":"x","title":` + label + `,"thumbnail_url":"https://example.com/x.png","video_url":"https://example.com/x","title_url":"https://example.com","author_name":"x","provider_name":"x","provider_icon_url":"https://example.com/y.png","description":` + label + `}`},
	"file":               {"messages", "external_id source", `{"type":"file",` + shared + `,"external_id":"x","source":"remote"}`},
	"call":               {"messages", "call_id", `{"type":"call",` + shared + `,"call_id":"R1"}`},
	"table":              {"message, home", "rows", `{"type":"table",` + shared + `,"rows":[[` + rawText + `]],"column_settings":[{"align":"right","is_wrapped":true}]}`},
	"data_table":         {"message, home", "caption rows", `{"type":"data_table",` + shared + `,"caption":"x","rows":[[` + rawText + `],[` + rawText + `]],"page_size":5,"row_header_column_index":0}`},
	"data_visualization": {"messages", "title chart", `{"type":"data_visualization",` + shared + `,"title":"x","chart":{"type":"pie","segments":[{"label":"x","value":1}]}}`},
	"alert":              {"modals", "text", `{"type":"alert",` + shared + `,"text":` + label + `,"level":"warning"}`},
	"card":               {"all", "", `{"type":"card",` + shared + `,"hero_image":` + photo + `,"icon":` + photo + `,"title":` + label + `,"subtitle":` + label + `,"body":` + label + `,"subtext":` + label + `,"actions":[` + button1 + `]}`},
	"carousel":           {"message, home", "elements", `{"type":"carousel",` + shared + `,"elements":[{"type":"card","title":` + label + `}]}`},
	"container":          {"message, home", "child_blocks", `{"type":"container",` + shared + `,"title":` + label + `,"rich_text_title":` + richer + `,"subtitle":` + label + `,"icon":` + photo + `,"width":"wide","is_collapsible":true,"default_collapsed":true,"has_header_divider":false,"child_blocks":[` + divider + `]}`},
	"layout":             {"all", "label rows", `{"type":"layout",` + shared + `,"label":"x","is_label_visible":true,"grid_lines":"rows","fallback":[` + divider + `],"rows":[{"items":[{"block":` + divider + `,"width":"wide","horizontal_alignment":"end"}]}]}`},
	"plan":               {"messages", "title", `{"type":"plan",` + shared + `,"title":"x","status":"pending","tasks":[{"task_id":"1","title":"x"}]}`},
	"task_card":          {"messages", "task_id title", `{"type":"task_card",` + shared + `,"status":"error",` + tasked + `}`},

	"button":           {"actions", "text", `{"type":"button","text":` + label + `,"value":"v","url":"https://example.com","style":"primary","accessibility_label":"x",` + acted + `}`},
	"overflow":         {"section", "options", `{"type":"overflow","options":[` + choice1 + `],` + acted + `}`},
	"workflow_button":  {"section", "text workflow", `{"type":"workflow_button","text":` + label + `,"workflow":{"trigger":{"url":"https://example.com","customizable_input_parameters":[{"name":"n","value":"v"}]}},"style":"danger","accessibility_label":"x",` + acted + `}`},
	"icon_button":      {"footer", "icon text", `{"type":"icon_button","icon":"trash","text":` + label + `,"value":"v","accessibility_label":"x","visible_to_user_ids":["U1"],` + acted + `}`},
	"feedback_buttons": {"footer", "positive_button negative_button", `{"type":"feedback_buttons","action_id":"a","positive_button":{"text":` + label + `,"value":"v","accessibility_label":"x"},"negative_button":{"text":` + label + `,"value":"w"}}`},
	"image element":    {"context", "alt_text", `{"type":"image","alt_text":"x","slack_file":{"id":"F1"}}`},

	"static_select":              {"actions", "", `{"type":"static_select","options":[` + choice1 + `],"initial_option":` + choice1 + `,` + menued + `}`},
	"multi_static_select":        {"section", "", `{"type":"multi_static_select","option_groups":[{"label":` + label + `,"options":[` + choice1 + `]}],"initial_options":[` + choice1 + `],"max_selected_items":2,` + menued + `}`},
	"external_select":            {"actions", "", `{"type":"external_select","initial_option":` + choice1 + `,"min_query_length":0,` + menued + `}`},
	"multi_external_select":      {"input", "", `{"type":"multi_external_select","initial_options":[` + choice1 + `],"min_query_length":3,"max_selected_items":1,` + menued + `}`},
	"users_select":               {"actions", "", `{"type":"users_select","initial_user":"U1",` + menued + `}`},
	"multi_users_select":         {"actions", "", `{"type":"multi_users_select","initial_users":["U1"],"max_selected_items":1,` + menued + `}`},
	"channels_select":            {"input", "", `{"type":"channels_select","initial_channel":"C1","response_url_enabled":true,` + menued + `}`},
	"multi_channels_select":      {"section", "", `{"type":"multi_channels_select","initial_channels":["C1"],"max_selected_items":1,` + menued + `}`},
	"conversations_select":       {"input", "", `{"type":"conversations_select","initial_conversation":"C1","default_to_current_conversation":true,"response_url_enabled":true,"filter":` + filtered + `,` + menued + `}`},
	"multi_conversations_select": {"input", "", `{"type":"multi_conversations_select","initial_conversations":["C1"],"default_to_current_conversation":true,"filter":` + filtered + `,"max_selected_items":1,` + menued + `}`},
	"radio_buttons":              {"section", "options", `{"type":"radio_buttons","options":[` + choice1 + `],"focus_on_load":false,` + acted + `}`},
	"checkboxes":                 {"actions", "options", `{"type":"checkboxes","options":[` + choice1 + `],"focus_on_load":false,` + acted + `}`},
	"datepicker":                 {"section", "", `{"type":"datepicker","initial_date":"2026-02-28",` + menued + `}`},
	"timepicker":                 {"section", "", `{"type":"timepicker","initial_time":"09:05","timezone":"Europe/Berlin",` + menued + `}`},
	"datetimepicker":             {"actions", "", `{"type":"datetimepicker","initial_date_time":1628633820,"focus_on_load":false,` + acted + `}`},

	"plain_text_input": {"input", "", `{"type":"plain_text_input","initial_value":"x","multiline":true,"min_length":0,"max_length":3000,` + typedIn + `}`},
	"email_text_input": {"input", "", `{"type":"email_text_input","initial_value":"a@example.com",` + typedIn + `}`},
	"url_text_input":   {"input", "", `{"type":"url_text_input","initial_value":"https://example.com",` + typedIn + `}`},
	"number_input":     {"input", "is_decimal_allowed", `{"type":"number_input","is_decimal_allowed":true,"initial_value":"1.5","min_value":"-1","max_value":"10",` + typedIn + `}`},
	"rich_text_input":  {"input", "", `{"type":"rich_text_input","initial_value":` + richer + `,"min_lines":1,"max_lines":100,` + typedIn + `}`},
	"file_input":       {"input", "", `{"type":"file_input","action_id":"a","filetypes":["png"],"max_files":10}`},

	"confirmation":   {"confirm", "title text confirm deny", confirms},
	"option":         {"option", "text value", `{"text":` + label + `,"value":"v","description":` + label + `}`},
	"option group":   {"group", "label options", `{"label":` + label + `,"options":[` + choice1 + `]}`},
	"rich option":    {"box", "text value", `{"text":{"type":"mrkdwn","text":"x"},"value":"v","description":{"type":"mrkdwn","text":"x"}}`},
	"linked option":  {"link", "text value", `{"text":` + label + `,"value":"v","description":` + label + `,"url":"https://example.com"}`},
	"filter":         {"filter", "", filtered},
	"slack_file":     {"slack_file", "", `{"url":"https://files.slack.com/x"}`},
	"slack_icon":     {"slack_icon", "type name", `{"type":"icon","name":"rocket"}`},
	"task of a plan": {"task of a plan", "task_id title", `{"type":"task_card","block_id":"b","status":"pending",` + tasked + `}`},

	"rich_text_section":      {"rich_text", "elements", `{"type":"rich_text_section","elements":[` + aText + `]}`},
	"rich_text_list":         {"rich_text", "elements style", `{"type":"rich_text_list","style":"ordered","indent":8,"offset":0,"border":1,"elements":[{"type":"rich_text_section","elements":[` + aText + `]}]}`},
	"rich_text_quote":        {"rich_text", "elements", `{"type":"rich_text_quote","border":0,"elements":[` + aText + `]}`},
	"rich_text_preformatted": {"rich_text", "elements", `{"type":"rich_text_preformatted","border":0,"language":"go","elements":[` + aText + `]}`},

	"text":      {"span", "text", aText},
	"link":      {"span", "url", `{"type":"link","url":"https://example.com","text":"x","unsafe":true,` + styled + `}`},
	"emoji":     {"span", "name", `{"type":"emoji","name":"wave","unicode":"1f44b","url":"https://example.com","skin_tone":2,` + styled + `}`},
	"user":      {"span", "user_id", `{"type":"user","user_id":"U1","style":{"highlight":true,"client_highlight":true,"unlink":true}}`},
	"usergroup": {"span", "usergroup_id", `{"type":"usergroup","usergroup_id":"S1",` + styled + `}`},
	"channel":   {"span", "channel_id", `{"type":"channel","channel_id":"C1",` + styled + `}`},
	"team":      {"span", "team_id", `{"type":"team","team_id":"T1",` + styled + `}`},
	"broadcast": {"span", "range", `{"type":"broadcast","range":"here",` + styled + `}`},
	"color":     {"span", "value", `{"type":"color","value":"#ff0000",` + styled + `}`},
	"date":      {"span", "timestamp format", `{"type":"date","timestamp":1628633820,"format":"{date}","url":"https://example.com","fallback":"x",` + styled + `}`},

	"raw_text":    {"cell", "text", rawText},
	"raw_number":  {"cell", "text value", `{"type":"raw_number","text":"1","value":1}`},
	"rich cell":   {"cell", "elements", richer},
	"action_cell": {"data cell", "element", `{"type":"action_cell","element":` + button1 + `,"fallback":` + rawText + `}`},

	"pie":  {"chart", "segments", `{"type":"pie","segments":[{"label":"x","value":0.5}]}`},
	"bar":  {"chart", "series axis_config", fmt.Sprintf(points, "bar")},
	"area": {"chart", "series axis_config", fmt.Sprintf(points, "area")},
	"line": {"chart", "series axis_config", fmt.Sprintf(points, "line")},
}
