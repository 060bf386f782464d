package blockkit

import (
	"fmt"
	"testing"
)

// facts are the rules that are no length, count or range: a layout that keeps
// one, a layout that breaks it, and what Slack says of that.
var facts = []struct {
	fact        string
	surface     string
	kept, broke string // one block, or several
	want        []string
}{
	{
		"a section has a text or fields", "message",
		`{"type":"section","fields":[` + label + `]}`, `{"type":"section"}`,
		[]string{"must define either `text` or `fields` [json-pointer:/blocks/0/type]"},
	},
	{
		"headers are plain", "message",
		`{"type":"header","text":` + label + `}`, `{"type":"header","text":{"type":"mrkdwn","text":"x"}}`,
		[]string{"unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"},
	},
	{
		"mrkdwn knows no emoji", "message",
		`{"type":"section","text":{"type":"plain_text","text":"x","emoji":true}}`,
		`{"type":"section","text":{"type":"mrkdwn","text":"x","emoji":true}}`,
		[]string{noChoice + "/blocks/0/text]", "invalid additional property: emoji [json-pointer:/blocks/0/text]"},
	},
	{
		"blocks are of known kinds", "home",
		divider, `{"type":"marquee"}`,
		[]string{noChoice + "/view]", "unsupported type: marquee [json-pointer:/view/blocks/0/type]"},
	},
	{
		"every refused block is named", "home",
		divider + "," + divider, `{"type":"markdown","text":"x"},{"type":"plan","title":"x"}`,
		[]string{
			noChoice + "/view]", "unsupported type: markdown [json-pointer:/view/blocks/0/type]",
			"unsupported type: plan [json-pointer:/view/blocks/1/type]",
		},
	},
	{
		"a block_id is unique", "message",
		`{"type":"divider","block_id":"a"},{"type":"divider","block_id":"b"}`,
		`{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}`,
		[]string{"`block_id` \"a\" already exists [json-pointer:/blocks/1/block_id]"},
	},
	{
		"a block_id is unique in a view", "modal",
		`{"type":"divider","block_id":"a"},{"type":"divider","block_id":"b"}`,
		`{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}`,
		[]string{"`block_id` \"a\" already exists [json-pointer:/view/blocks/1/block_id]"},
	},
	{
		"a block_id is unique among blocks in blocks", "message",
		`{"type":"carousel","block_id":"a","elements":[{"type":"card","block_id":"b","title":` + label + `}]}`,
		`{"type":"carousel","block_id":"a","elements":[{"type":"card","block_id":"a","title":` + label + `}]}`,
		[]string{"`block_id` \"a\" already exists [json-pointer:/blocks/0/elements/0/block_id]"},
	},
	{
		"an action_id is unique in its block", "message",
		`{"type":"actions","elements":[` + button1 + `]},{"type":"actions","elements":[` + button1 + `]}`,
		`{"type":"actions","elements":[` + button1 + `,` + button1 + `]}`,
		[]string{"`action_id` \"a\" already exists [json-pointer:/blocks/0/elements/1/action_id]"},
	},
	{
		"an action_id is unique in its card", "message",
		`{"type":"carousel","elements":[{"type":"card","actions":[` + button1 + `]},{"type":"card","actions":[` + button1 + `]}]}`,
		`{"type":"card","actions":[` + button1 + `,` + button1 + `]}`,
		[]string{"`action_id` \"a\" already exists [json-pointer:/blocks/0/actions/1/action_id]"},
	},
	{
		"only well-formed objects are compared", "message",
		divider, `{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a","style":"x"}`,
		[]string{"invalid additional property: style [json-pointer:/blocks/1]"},
	},
	{
		"one focus", "modal",
		within("input", element("plain_text_input", `"focus_on_load":true`)) + "," + within("input", element("plain_text_input", `"focus_on_load":false`)),
		within("input", element("plain_text_input", `"focus_on_load":true`)) + "," + within("input", element("users_select", `"focus_on_load":true`)),
		[]string{"must only be set to true once [json-pointer:/view/blocks/1/element/focus_on_load]"},
	},
	{
		"no inputs in actions", "message",
		within("actions", `{"type":"users_select"}`), within("actions", `{"type":"plain_text_input"}`),
		[]string{"unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]"},
	},
	{
		"no buttons in inputs", "message",
		within("input", `{"type":"users_select"}`), within("input", button1),
		[]string{"unsupported type: button [json-pointer:/blocks/0/element/type]"},
	},
	{
		"no datetimepicker in sections", "message",
		within("actions", `{"type":"datetimepicker"}`), within("section", `{"type":"datetimepicker"}`),
		[]string{"unsupported type: datetimepicker [json-pointer:/blocks/0/accessory/type]"},
	},
	{
		"no files without submit", "modal",
		`{"type":"input","label":` + label + `,"dispatch_action":false,"element":{"type":"file_input"}}`,
		`{"type":"input","label":` + label + `,"dispatch_action":true,"element":{"type":"file_input"}}`,
		[]string{"unsupported type: file_input [json-pointer:/view/blocks/0/element/type]"},
	},
	{
		"buttons take no focus", "message",
		within("actions", button1), within("actions", `{"type":"button","text":`+label+`,"focus_on_load":true}`),
		[]string{"invalid additional property: focus_on_load [json-pointer:/blocks/0/elements/0]"},
	},
	{
		"styles", "message",
		within("actions", `{"type":"button","text":`+label+`,"style":"primary"}`), within("actions", `{"type":"button","text":`+label+`,"style":"default"}`),
		[]string{"must be a valid enum value [json-pointer:/blocks/0/elements/0/style]"},
	},
	{
		"no links in menus", "message",
		within("link", `{"text":`+label+`,"value":"v","url":"u"}`), within("option", `{"text":`+label+`,"value":"v","url":"u"}`),
		[]string{"invalid additional property: url [json-pointer:/blocks/0/accessory/options/0]"},
	},
	{
		"options of menus are plain", "message",
		within("box", `{"text":{"type":"mrkdwn","text":"x"},"value":"v"}`), within("option", `{"text":{"type":"mrkdwn","text":"x"},"value":"v"}`),
		[]string{"unsupported type: mrkdwn [json-pointer:/blocks/0/accessory/options/0/text/type]"},
	},
	{
		"options, or groups of them", "message",
		within("section", element("static_select", `"options":[`+choice1+`]`)), within("section", element("static_select", `"placeholder":`+label)),
		[]string{"must define either `options` or `option_groups` [json-pointer:/blocks/0/accessory]"},
	},
	{
		"options or groups, not both", "message",
		within("section", element("static_select", `"option_groups":[{"label":`+label+`,"options":[`+choice1+`]}],"initial_option":`+choice1)),
		within("section", element("static_select", `"options":[`+choice1+`],"option_groups":[{"label":`+label+`,"options":[`+choice1+`]}]`)),
		[]string{"must define either `options` or `option_groups` [json-pointer:/blocks/0/accessory]"},
	},
	{
		"the initial option is one of the options", "message",
		within("section", element("radio_buttons", `"options":[`+choice1+`],"initial_option":`+choice1)),
		within("section", element("radio_buttons", `"options":[`+choice1+`],"initial_option":{"text":`+label+`,"value":"w"}`)),
		[]string{"must match one of the options [json-pointer:/blocks/0/accessory/initial_option]"},
	},
	{
		"the initial options are among the options", "message",
		within("section", element("checkboxes", `"options":[`+choice1+`],"initial_options":[`+choice1+`]`)),
		within("section", element("checkboxes", `"options":[`+choice1+`],"initial_options":[`+choice1+`,{"text":`+label+`,"value":"w"}]`)),
		[]string{"must match one of the options [json-pointer:/blocks/0/accessory/initial_options]"},
	},
	{
		"no initial option is left out", "modal",
		within("input", element("static_select", `"options":[`+choice1+`]`)), within("input", element("static_select", `"options":[`+choice1+`],"initial_option":null`)),
		[]string{noChoice + "/view]", "must provide an object [json-pointer:/view/blocks/0/element/initial_option]"},
	},
	{
		"dates", "message",
		within("section", element("datepicker", `"initial_date":"2028-02-29"`)), within("section", element("datepicker", `"initial_date":"2026-02-29"`)),
		[]string{"must have the format YYYY-MM-DD [json-pointer:/blocks/0/accessory/initial_date]"},
	},
	{
		"times", "message",
		within("section", element("timepicker", `"initial_time":"23:59"`)), within("section", element("timepicker", `"initial_time":"9:05"`)),
		[]string{"must have the format HH:mm [json-pointer:/blocks/0/accessory/initial_time]"},
	},
	{
		"numbers are written as numbers", "message",
		within("input", element("number_input", `"is_decimal_allowed":true,"initial_value":"-0.25"`)),
		within("input", element("number_input", `"is_decimal_allowed":true,"initial_value":"many"`)),
		[]string{"must be a number [json-pointer:/blocks/0/element/initial_value]"},
	},
	{
		"decimals only where allowed", "message",
		within("input", element("number_input", `"is_decimal_allowed":false,"initial_value":"-25"`)),
		within("input", element("number_input", `"is_decimal_allowed":false,"initial_value":"2.5"`)),
		[]string{"must be an integer [json-pointer:/blocks/0/element/initial_value]"},
	},
	{
		"a range of numbers", "message",
		within("input", element("number_input", `"is_decimal_allowed":false,"min_value":"9","max_value":"10"`)),
		within("input", element("number_input", `"is_decimal_allowed":false,"min_value":"11","max_value":"10"`)),
		[]string{"`min_value` must be less than or equal to `max_value` [json-pointer:/blocks/0/element]"},
	},
	{
		"a range of lengths", "message",
		within("input", element("plain_text_input", `"min_length":5,"max_length":5`)), within("input", element("plain_text_input", `"min_length":6,"max_length":5`)),
		[]string{"`min_length` must be less than or equal to `max_length` [json-pointer:/blocks/0/element]"},
	},
	{
		"a filter says something", "message",
		within("filter", `{"exclude_bot_users":false}`), within("filter", `{}`),
		[]string{"must provide at least 1 properties [json-pointer:/blocks/0/accessory/filter]"},
	},
	{
		"an image comes from somewhere", "home",
		within("section", photo), within("section", `{"type":"image"}`),
		[]string{
			noChoice + "/view]", "missing required field: alt_text [json-pointer:/view/blocks/0/accessory]",
			"missing required field: image_url [json-pointer:/view/blocks/0/accessory]",
		},
	},
	{
		"an image comes from one place", "message",
		within("slack_file", `{"id":"F1"}`), `{"type":"image","alt_text":"x","image_url":"u","slack_file":{"id":"F1"}}`,
		[]string{"must define either `image_url` or `slack_file` [json-pointer:/blocks/0]"},
	},
	{
		"a file is named in one way", "message",
		within("slack_file", `{"url":"u"}`), within("slack_file", `{"url":"u","id":"F1"}`),
		[]string{"must define either `id` or `url` [json-pointer:/blocks/0/slack_file]"},
	},
	{
		"markdown blocks share their characters", "message",
		`{"type":"markdown","text":"%x{6000}"},{"type":"markdown","text":"%x{6000}"}`,
		`{"type":"markdown","text":"%x{6000}"},{"type":"markdown","text":"%x{6001}"}`,
		[]string{"must be less than 12001 characters [json-pointer:/blocks/1/text]"},
	},
	{
		"a markdown block's ID is dropped", "message",
		`{"type":"markdown","block_id":"a","text":"x"},{"type":"markdown","block_id":"a","text":"x"}`, `{"type":"markdown","block_id":1,"text":"x"}`,
		[]string{"must provide a string [json-pointer:/blocks/0/block_id]"},
	},
	{
		"one table in a message", "message",
		`{"type":"table","rows":[[` + rawText + `]]}`, `{"type":"table","rows":[[` + rawText + `]]},{"type":"table","rows":[[` + rawText + `]]}`,
		[]string{"only_one_table_allowed [json-pointer:/blocks/1]"},
	},
	{
		"one table in a message, wherever", "message",
		`{"type":"container","title":` + label + `,"child_blocks":[{"type":"table","rows":[[` + rawText + `]]}]}`,
		`{"type":"table","rows":[[` + rawText + `]]},{"type":"container","title":` + label + `,"child_blocks":[{"type":"table","rows":[[` + rawText + `]]}]}`,
		[]string{"only_one_table_allowed [json-pointer:/blocks/1/child_blocks/0]"},
	},
	{
		"numbers in cells have a value", "message",
		within("cell", `{"type":"raw_number","text":"1","value":1}`), within("cell", `{"type":"raw_number","text":"1"}`),
		[]string{"missing required field: value [json-pointer:/blocks/0/rows/0/0]"},
	},
	{
		"buttons in data tables only", "message",
		within("data cell", `{"type":"action_cell","element":`+button1+`}`), within("cell", `{"type":"action_cell","element":`+button1+`}`),
		[]string{"unsupported type: action_cell [json-pointer:/blocks/0/rows/0/0/type]"},
	},
	{
		"columns have names", "message",
		within("data cell", richer), `{"type":"data_table","caption":"x","rows":[[` + richer + `],[` + rawText + `]]}`,
		[]string{"unsupported type: rich_text [json-pointer:/blocks/0/rows/0/0/type]"},
	},
	{
		"rows are of one length", "message",
		within("data cell", rawText), within("data cell", rawText+","+rawText),
		[]string{"must provide 1 items [json-pointer:/blocks/0/rows/1]"},
	},
	{
		"columns may be skipped", "message",
		`{"type":"table","rows":[[` + rawText + `]],"column_settings":[null,{"align":"right"}]}`,
		`{"type":"table","rows":[[` + rawText + `]],"column_settings":[null,{"align":"middle"}]}`,
		[]string{"must be a valid enum value [json-pointer:/blocks/0/column_settings/1/align]"},
	},
	{
		"two charts in a message", "message",
		"%n{2|" + within("chart", `{"type":"pie","segments":[{"label":"x","value":1}]}`) + "}%",
		"%n{3|" + within("chart", `{"type":"pie","segments":[{"label":"x","value":1}]}`) + "}%",
		[]string{"no more than 2 data_visualization blocks allowed [json-pointer:/blocks/2]"},
	},
	{
		"no slice is empty", "message",
		within("chart", `{"type":"pie","segments":[{"label":"x","value":0.1}]}`), within("chart", `{"type":"pie","segments":[{"label":"x","value":0}]}`),
		[]string{"must be greater than 0 [json-pointer:/blocks/0/chart/segments/0/value]"},
	},
	{
		"a value for every category", "message",
		within("chart", fmt.Sprintf(points, "bar")),
		within("chart", `{"type":"bar","series":[{"name":"x","data":[{"label":"b","value":1}]}],"axis_config":{"categories":["a"]}}`),
		[]string{"must have one value for every category [json-pointer:/blocks/0/chart/series/0/data]"},
	},
	{
		"series have names of their own", "message",
		within("chart", `{"type":"bar","series":[{"name":"x","data":[{"label":"a","value":1}]},{"name":"y","data":[{"label":"a","value":1}]}],"axis_config":{"categories":["a"]}}`),
		within("chart", `{"type":"bar","series":[{"name":"x","data":[{"label":"a","value":1}]},{"name":"x","data":[{"label":"a","value":1}]}],"axis_config":{"categories":["a"]}}`),
		[]string{"series \"x\" already exists [json-pointer:/blocks/0/chart/series/1/name]"},
	},
	{
		"a card has content", "message",
		`{"type":"card","actions":[` + button1 + `]}`, `{"type":"card","subtitle":` + label + `}`,
		[]string{"must define one of `hero_image`, `title`, `actions` or `body` [json-pointer:/blocks/0/type]"},
	},
	{
		"a card has one icon", "message",
		within("slack_icon", `{"type":"icon","name":"rocket"}`), `{"type":"card","title":` + label + `,"icon":` + photo + `,"slack_icon":{"type":"icon","name":"rocket"}}`,
		[]string{"must define either `icon` or `slack_icon` [json-pointer:/blocks/0]"},
	},
	{
		"an icon has a name", "home",
		within("slack_icon", `{"type":"icon","name":"rocket"}`), within("slack_icon", `{"type":"icon"}`),
		[]string{noChoice + "/view]", "missing required field: name [json-pointer:/view/blocks/0/slack_icon]"},
	},
	{
		"a card's title is an object", "message",
		`{"type":"carousel","elements":[{"type":"card","title":` + label + `}]}`, `{"type":"carousel","elements":[{"type":"card","title":"x"}]}`,
		[]string{noChoice + "/blocks/0/elements/0/title]", "must provide an object [json-pointer:/blocks/0/elements/0/title]"},
	},
	{
		"a plan's title is a string", "message",
		`{"type":"plan","title":"x"}`, `{"type":"plan","title":` + label + `}`,
		[]string{"must provide a string [json-pointer:/blocks/0/title]"},
	},
	{
		"only tasks of a plan are pending", "message",
		within("task of a plan", `{"task_id":"1","title":"x","status":"pending"}`), `{"type":"task_card","task_id":"1","title":"x","status":"pending"}`,
		[]string{"must be a valid enum value [json-pointer:/blocks/0/status]"},
	},
	{
		"a container has a title", "message",
		`{"type":"container","rich_text_title":` + richer + `,"child_blocks":[` + divider + `]}`, `{"type":"container","child_blocks":[` + divider + `]}`,
		[]string{"must define either `title` or `rich_text_title` [json-pointer:/blocks/0/type]"},
	},
	{
		"what collapses is collapsible", "message",
		`{"type":"container","title":` + label + `,"is_collapsible":true,"default_collapsed":true,"child_blocks":[` + divider + `]}`,
		`{"type":"container","title":` + label + `,"default_collapsed":true,"child_blocks":[` + divider + `]}`,
		[]string{"must define `is_collapsible` to use `default_collapsed` [json-pointer:/blocks/0/default_collapsed]"},
	},
	{
		"no containers in containers", "message",
		`{"type":"container","title":` + label + `,"child_blocks":[` + textual + `]}`,
		`{"type":"container","title":` + label + `,"child_blocks":[{"type":"container","title":` + label + `,"child_blocks":[` + divider + `]}]}`,
		[]string{"unsupported type: container [json-pointer:/blocks/0/child_blocks/0/type]"},
	},
	{
		"blocks in blocks are such as the surface shows", "home",
		grid(divider), grid(`{"type":"file","external_id":"x","source":"remote"}`),
		[]string{noChoice + "/view]", "unsupported type: file [json-pointer:/view/blocks/0/rows/0/items/0/block/type]"},
	},
	{
		"two levels", "message",
		grid(grid(divider)), grid(grid(grid(divider))),
		[]string{"no more than 2 levels of blocks allowed [json-pointer:/blocks/0/rows/0/items/0/block/rows/0/items/0/block/rows]"},
	},
	{
		"lists hold sections", "message",
		within("rich_text", `{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[]}]}`),
		within("rich_text", `{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_list","style":"bullet","elements":[]}]}`),
		[]string{
			"invalid additional property: style [json-pointer:/blocks/0/elements/0/elements/0]",
			"must be a valid enum value [json-pointer:/blocks/0/elements/0/elements/0/type]",
		},
	},
	{
		"preformatted text mentions nobody", "message",
		within("rich_text", `{"type":"rich_text_preformatted","elements":[{"type":"link","url":"u"}]}`),
		within("rich_text", `{"type":"rich_text_preformatted","elements":[{"type":"user","user_id":"U1"}]}`),
		[]string{"unsupported type: user [json-pointer:/blocks/0/elements/0/elements/0/type]"},
	},
}

// grid is a layout of one block.
func grid(block string) string {
	return `{"type":"layout","label":"x","rows":[{"items":[{"block":` + block + `}]}]}`
}

func TestMessage_Mistakes_AreReportedInSlacksWords(t *testing.T) {
	for _, f := range facts {
		t.Run(f.fact, func(t *testing.T) {
			expect(t, on(f.surface, f.kept))
			expect(t, on(f.surface, f.broke), f.want...)
		})
	}
}

func TestSize_Texts_AreCounted(t *testing.T) {
	blocks := parse[[]any](t, `[{"type":"section","text":{"type":"mrkdwn","text":"%x{10}"},"fields":[`+label+`]},{"type":"markdown","text":"%x{5}"}]`)
	if got := Size(blocks); got != 16 {
		t.Errorf("got %d", got)
	}
}
