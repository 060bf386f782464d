package blockkit

import (
	"fmt"
	"strings"
	"testing"
)

// within puts one property of a sample at a place of its carrier; # in it is
// what the test varies.
func within(s, json string) string { return fmt.Sprintf(carriers[s].block, json) }

func element(kind, rest string) string { return `{"type":"` + kind + `",` + rest + `}` }

// lengths are how many characters a text may have, at least and at most; zero
// for least is no lower bound. The text is where # is.
var lengths = []struct {
	fact        string
	surface     string
	block       string
	least, most int
	at          string // in the block
	either      bool   // plain_text or mrkdwn, so that Slack names the choice too
}{
	{"block_id", "message", `{"type":"divider","block_id":"#"}`, 1, 255, "/block_id", false},
	{"section text", "message", `{"type":"section","text":{"type":"mrkdwn","text":"#"}}`, 1, 3000, "/text/text", true},
	{"section text, plain", "home", `{"type":"section","text":{"type":"plain_text","text":"#"}}`, 1, 3000, "/text/text", true},
	{"section field", "message", `{"type":"section","fields":[{"type":"mrkdwn","text":"#"}]}`, 1, 2000, "/fields/0/text", true},
	{"header", "message", `{"type":"header","text":{"type":"plain_text","text":"#"}}`, 1, 150, "/text/text", false},
	{"image alt_text", "message", `{"type":"image","image_url":"u","alt_text":"#"}`, 1, 2000, "/alt_text", false},
	{"image title", "message", `{"type":"image","image_url":"u","alt_text":"x","title":{"type":"plain_text","text":"#"}}`, 1, 2000, "/title/text", false},
	{"image_url", "message", `{"type":"image","image_url":"#","alt_text":"x"}`, 1, 3000, "/image_url", false},
	{"image element alt_text", "message", `{"type":"context","elements":[{"type":"image","image_url":"u","alt_text":"#"}]}`, 1, 2000, "/elements/0/alt_text", false},
	{"slack_file url", "message", `{"type":"image","alt_text":"x","slack_file":{"url":"#"}}`, 1, 3000, "/slack_file/url", false},
	{"input label", "modal", `{"type":"input","label":{"type":"plain_text","text":"#"},"element":{"type":"plain_text_input"}}`, 1, 2000, "/label/text", false},
	{"input hint", "modal", `{"type":"input","label":` + label + `,"hint":{"type":"plain_text","text":"#"},"element":{"type":"plain_text_input"}}`, 1, 2000, "/hint/text", false},
	{"markdown", "message", `{"type":"markdown","text":"#"}`, 1, 12000, "/text", false},
	{"video title", "message", `{"type":"video","alt_text":"x","thumbnail_url":"u","video_url":"u","title":{"type":"plain_text","text":"#"}}`, 1, 199, "/title/text", false},
	{"video author", "message", `{"type":"video","alt_text":"x","thumbnail_url":"u","video_url":"u","title":` + label + `,"author_name":"#"}`, 1, 49, "/author_name", false},
	{"alert", "modal", `{"type":"alert","text":{"type":"mrkdwn","text":"#"}}`, 1, 200, "/text/text", true},
	{"card title", "message", `{"type":"card","title":{"type":"mrkdwn","text":"#"}}`, 1, 150, "/title/text", true},
	{"card subtitle", "message", `{"type":"card","title":` + label + `,"subtitle":{"type":"mrkdwn","text":"#"}}`, 1, 150, "/subtitle/text", true},
	{"card body", "message", `{"type":"card","body":{"type":"mrkdwn","text":"#"}}`, 1, 200, "/body/text", true},
	{"card subtext", "message", `{"type":"card","title":` + label + `,"subtext":{"type":"mrkdwn","text":"#"}}`, 1, 200, "/subtext/text", true},
	{"container title", "home", `{"type":"container","title":{"type":"plain_text","text":"#"},"child_blocks":[` + divider + `]}`, 1, 150, "/title/text", false},
	{"container subtitle", "home", `{"type":"container","title":` + label + `,"subtitle":{"type":"mrkdwn","text":"#"},"child_blocks":[` + divider + `]}`, 1, 150, "/subtitle/text", true},
	{"layout label", "modal", `{"type":"layout","label":"#","rows":[{"items":[{"block":` + divider + `}]}]}`, 1, 150, "/label", false},
	{"chart title", "message", `{"type":"data_visualization","title":"#","chart":{"type":"pie","segments":[{"label":"x","value":1}]}}`, 1, 50, "/title", false},
	{"pie label", "message", within("chart", `{"type":"pie","segments":[{"label":"#","value":1}]}`), 1, 20, "/chart/segments/0/label", false},
	{"axis label", "message", within("chart", `{"type":"bar","series":[{"name":"x","data":[{"label":"a","value":1}]}],"axis_config":{"categories":["a"],"x_label":"#"}}`), 0, 50, "/chart/axis_config/x_label", false},
	{"series name", "message", within("chart", `{"type":"bar","series":[{"name":"#","data":[{"label":"a","value":1}]}],"axis_config":{"categories":["a"]}}`), 1, 20, "/chart/series/0/name", false},
	{"cells of a table", "message", `{"type":"table","rows":[[{"type":"raw_text","text":"#"}]]}`, 0, 10000, "/rows", false},
	{"cells of a data table", "message", `{"type":"data_table","caption":"x","rows":[[{"type":"raw_text","text":"x"}],[{"type":"raw_text","text":"#x"}]]}`, 0, 19998, "/rows", false},

	{"action_id", "message", within("actions", `{"type":"button","text":`+label+`,"action_id":"#"}`), 1, 255, "/elements/0/action_id", false},
	{"button text", "message", within("actions", `{"type":"button","text":{"type":"plain_text","text":"#"}}`), 1, 75, "/elements/0/text/text", false},
	{"button value", "message", within("actions", `{"type":"button","text":`+label+`,"value":"#"}`), 0, 2000, "/elements/0/value", false},
	{"button url", "message", within("actions", `{"type":"button","text":`+label+`,"url":"#"}`), 1, 3000, "/elements/0/url", false},
	{"accessibility_label", "message", within("actions", `{"type":"button","text":`+label+`,"accessibility_label":"#"}`), 1, 75, "/elements/0/accessibility_label", false},
	{"feedback value", "message", within("footer", `{"type":"feedback_buttons","negative_button":{"text":`+label+`,"value":"x"},"positive_button":{"text":`+label+`,"value":"#"}}`), 1, 2000, "/elements/0/positive_button/value", false},
	{"placeholder", "message", within("actions", `{"type":"users_select","placeholder":{"type":"plain_text","text":"#"}}`), 1, 150, "/elements/0/placeholder/text", false},
	{"initial_value", "modal", within("input", `{"type":"plain_text_input","initial_value":"#"}`), 0, 3000, "/element/initial_value", false},
	{"confirm title", "message", within("confirm", strings.Replace(confirms, `"x"`, `"#"`, 1)), 1, 100, "/elements/0/confirm/title/text", false},
	{"confirm text", "message", within("confirm", `{"title":`+label+`,"text":{"type":"mrkdwn","text":"#"},"confirm":`+label+`,"deny":`+label+`}`), 1, 300, "/elements/0/confirm/text/text", true},
	{"confirm button", "message", within("confirm", `{"title":`+label+`,"text":`+label+`,"confirm":{"type":"plain_text","text":"#"},"deny":`+label+`}`), 1, 30, "/elements/0/confirm/confirm/text", false},
	{"deny button", "message", within("confirm", `{"title":`+label+`,"text":`+label+`,"confirm":`+label+`,"deny":{"type":"plain_text","text":"#"}}`), 1, 30, "/elements/0/confirm/deny/text", false},
	{"option text", "message", within("option", `{"text":{"type":"plain_text","text":"#"},"value":"v"}`), 1, 75, "/accessory/options/0/text/text", false},
	{"option value", "message", within("option", `{"text":`+label+`,"value":"#"}`), 1, 150, "/accessory/options/0/value", false},
	{"option description", "message", within("option", `{"text":`+label+`,"value":"v","description":{"type":"plain_text","text":"#"}}`), 1, 75, "/accessory/options/0/description/text", false},
	{"overflow url", "message", within("link", `{"text":`+label+`,"value":"v","url":"#"}`), 1, 3000, "/accessory/options/0/url", false},
	{"video description", "message", `{"type":"video","alt_text":"x","thumbnail_url":"u","video_url":"u","title":` + label + `,"description":{"type":"plain_text","text":"#"}}`, 1, 199, "/description/text", false},
	{"video alt_text", "message", `{"type":"video","alt_text":"#","thumbnail_url":"u","video_url":"u","title":` + label + `}`, 1, 2000, "/alt_text", false},
	{"context text", "message", within("context", `{"type":"mrkdwn","text":"#"}`), 1, 2000, "/elements/0/text", true},
	{"workflow_button text", "message", within("actions", `{"type":"workflow_button","text":{"type":"plain_text","text":"#"},"workflow":{"trigger":{"url":"u"}}}`), 1, 75, "/elements/0/text/text", false},
	{"icon_button text", "message", within("footer", `{"type":"icon_button","icon":"trash","text":{"type":"plain_text","text":"#"}}`), 1, 75, "/elements/0/text/text", false},
	{"icon_button value", "message", within("footer", `{"type":"icon_button","icon":"trash","text":`+label+`,"value":"#"}`), 0, 2000, "/elements/0/value", false},
	{"feedback text", "message", within("footer", `{"type":"feedback_buttons","negative_button":{"text":`+label+`,"value":"x"},"positive_button":{"text":{"type":"plain_text","text":"#"},"value":"x"}}`), 1, 75, "/elements/0/positive_button/text/text", false},
	{"text of a box", "message", within("box", `{"text":{"type":"mrkdwn","text":"#"},"value":"v"}`), 1, 75, "/accessory/options/0/text/text", true},
	{"description of a box", "message", within("box", `{"text":`+label+`,"value":"v","description":{"type":"mrkdwn","text":"#"}}`), 1, 75, "/accessory/options/0/description/text", true},
	{"overflow text", "message", within("link", `{"text":{"type":"plain_text","text":"#"},"value":"v"}`), 1, 75, "/accessory/options/0/text/text", false},
	{"overflow description", "message", within("link", `{"text":`+label+`,"value":"v","description":{"type":"plain_text","text":"#"}}`), 1, 75, "/accessory/options/0/description/text", false},
	{"group label", "message", within("group", `{"label":{"type":"plain_text","text":"#"},"options":[`+choice1+`]}`), 1, 75, "/accessory/option_groups/0/label/text", false},
}

func TestLayout_Lengths_AreBounded(t *testing.T) {
	for _, f := range lengths {
		t.Run(f.fact, func(t *testing.T) {
			with := func(n int) string { return on(f.surface, strings.ReplaceAll(f.block, "#", fmt.Sprintf("%%x{%d}", n))) }
			place := root(f.surface) + f.at
			refused := func(text string) []string {
				want := []string{text + " [json-pointer:" + place + "]"}
				if f.either {
					want = append([]string{noChoice + strings.TrimSuffix(place, "/text") + "]"}, want...)
				}
				if f.surface != "message" {
					want = append([]string{noChoice + "/view]"}, want...)
				}
				return want
			}
			expect(t, with(f.most))
			expect(t, with(f.most+1), refused(fmt.Sprintf("must be less than %d characters", f.most+1+slack(f.fact)))...)
			if f.least > 0 {
				expect(t, with(f.least))
				expect(t, with(f.least-1), refused(fmt.Sprintf("must be more than %d characters", f.least-1))...)
			}
		})
	}
}

// slack is what other texts of the block take of a limit that they share.
func slack(fact string) int {
	if fact == "cells of a data table" {
		return 2
	}
	return 0
}

func TestView_Lengths_AreBounded(t *testing.T) {
	const all = noChoice + "/view]"
	for name, most := range map[string]int{"title": 24, "submit": 24, "close": 24} {
		with := func(n int) string {
			parts := map[string]string{"title": label, "submit": label, "close": label}
			parts[name] = fmt.Sprintf(`{"type":"plain_text","text":"%%x{%d}"}`, n)
			return fmt.Sprintf(`{"type":"modal","title":%s,"submit":%s,"close":%s,"blocks":[]}`, parts["title"], parts["submit"], parts["close"])
		}
		expect(t, with(most))
		expect(t, with(most+1), all, fmt.Sprintf("must be less than %d characters [json-pointer:/view/%s/text]", most+1, name))
		expect(t, with(0), all, fmt.Sprintf("must be more than 0 characters [json-pointer:/view/%s/text]", name))
	}
	for name, most := range map[string]int{"private_metadata": 3000, "callback_id": 255, "external_id": 255} {
		for _, head := range []string{`{"type":"modal","title":` + label, `{"type":"home"`} {
			with := func(n int) string { return fmt.Sprintf(`%s,"blocks":[],"%s":"%%x{%d}"}`, head, name, n) }
			expect(t, with(0))
			expect(t, with(most))
			expect(t, with(most+1), all, fmt.Sprintf("must be less than %d characters [json-pointer:/view/%s]", most+1, name))
		}
	}
}

// counts are how many items a list may have. The items are where ## is; # in an
// item is its number. A row whose least is its most is of the upper bound only.
var counts = []struct {
	fact        string
	block, item string
	least, most int
	at          string
}{
	{"fields", `{"type":"section","fields":[##]}`, label, 1, 10, "/fields"},
	{"elements of actions", within("actions", "##"), `{"type":"button","text":` + label + `,"action_id":"#"}`, 1, 25, "/elements"},
	{"elements of context", within("context", "##"), label, 1, 10, "/elements"},
	{"elements of context_actions", within("footer", "##"), `{"type":"icon_button","icon":"trash","text":` + label + `}`, 1, 5, "/elements"},
	{"options of overflow", within("section", element("overflow", `"options":[##]`)), choice1, 1, 5, "/accessory/options"},
	{"radio buttons", within("section", element("radio_buttons", `"options":[##]`)), choice1, 1, 10, "/accessory/options"},
	{"checkboxes", within("section", element("checkboxes", `"options":[##]`)), choice1, 1, 10, "/accessory/options"},
	{"options", within("section", element("static_select", `"options":[##]`)), choice1, 1, 100, "/accessory/options"},
	{"options, many of them", within("section", element("multi_static_select", `"options":[##]`)), choice1, 1, 100, "/accessory/options"},
	{"option groups", within("section", element("static_select", `"option_groups":[##]`)), `{"label":` + label + `,"options":[` + choice1 + `]}`, 1, 100, "/accessory/option_groups"},
	{"options of a group", within("group", `{"label":`+label+`,"options":[##]}`), choice1, 1, 100, "/accessory/option_groups/0/options"},
	{"conversations", within("filter", `{"include":[##]}`), `"im"`, 1, 4, "/accessory/filter/include"},
	{"rows of a table", `{"type":"table","rows":[##]}`, "[" + rawText + "]", 1, 100, "/rows"},
	{"cells of a row", `{"type":"table","rows":[[##]]}`, rawText, 1, 20, "/rows/0"},
	{"columns", `{"type":"table","rows":[[` + rawText + `]],"column_settings":[##]}`, `{}`, 1, 20, "/column_settings"},
	{"rows of a data table", `{"type":"data_table","caption":"x","rows":[##]}`, "[" + rawText + "]", 2, 201, "/rows"},
	{"cells of a data row", `{"type":"data_table","caption":"x","rows":[[##],[##]]}`, rawText, 1, 20, "/rows/1"},
	{"when to dispatch", within("input", element("plain_text_input", `"dispatch_action_config":{"trigger_actions_on":[##]}`)), `"on_enter_pressed"`, 1, 2, "/element/dispatch_action_config/trigger_actions_on"},
	{"points of a series", within("chart", `{"type":"line","series":[{"name":"x","data":[##]}],"axis_config":{"categories":[%n{20|"#"}%]}}`), `{"label":"#","value":1}`, 20, 20, "/chart/series/0/data"},
	{"cards of a carousel", `{"type":"carousel","elements":[##]}`, `{"type":"card","title":` + label + `}`, 1, 10, "/elements"},
	{"buttons of a card", `{"type":"card","actions":[##]}`, `{"type":"button","text":` + label + `}`, 1, 3, "/actions"},
	{"blocks of a container", `{"type":"container","title":` + label + `,"child_blocks":[##]}`, divider, 1, 10, "/child_blocks"},
	{"rows of a layout", `{"type":"layout","label":"x","rows":[##]}`, `{"items":[{"block":` + divider + `}]}`, 1, 5, "/rows"},
	{"items of a row", `{"type":"layout","label":"x","rows":[{"items":[##]}]}`, `{"block":` + divider + `}`, 1, 3, "/rows/0/items"},
	{"tasks of a plan", `{"type":"plan","title":"x","tasks":[##]}`, `{"task_id":"#","title":"x"}`, 0, 50, "/tasks"},
	{"segments", within("chart", `{"type":"pie","segments":[##]}`), `{"label":"#","value":1}`, 1, 12, "/chart/segments"},
	{"series", within("chart", `{"type":"line","series":[##],"axis_config":{"categories":["a"]}}`), `{"name":"#","data":[{"label":"a","value":1}]}`, 1, 12, "/chart/series"},
}

func TestLayout_Counts_AreBounded(t *testing.T) {
	for _, f := range counts {
		t.Run(f.fact, func(t *testing.T) {
			with := func(n int) string {
				return on("message", strings.ReplaceAll(f.block, "##", fmt.Sprintf("%%n{%d|%s}%%", n, f.item)))
			}
			expect(t, with(f.least))
			expect(t, with(f.most))
			wanted(t, check(t, with(f.most+1)), fmt.Sprintf("no more than %d items allowed [json-pointer:/blocks/0%s]", f.most, f.at))
			if f.least > 0 && f.least < f.most {
				wanted(t, check(t, with(f.least-1)), fmt.Sprintf("must provide at least %d items [json-pointer:/blocks/0%s]", f.least, f.at))
			}
		})
	}
}

func TestMessage_CountOfBlocks_IsBounded(t *testing.T) {
	expect(t, `[]`)
	expect(t, `[%n{50|`+divider+`}%]`)
	expect(t, `[%n{51|`+divider+`}%]`, "no more than 50 items allowed [json-pointer:/blocks]")
	for _, surface := range []string{"modal", "home"} {
		expect(t, on(surface, ""))
		expect(t, on(surface, `%n{100|`+divider+`}%`))
		expect(t, on(surface, `%n{101|`+divider+`}%`), noChoice+"/view]", "no more than 100 items allowed [json-pointer:/view/blocks]")
	}
}

// ranges are what a number may be.
var ranges = []struct {
	fact        string
	block       string
	least, most int
	at          string
}{
	{"header level", `{"type":"header","text":` + label + `,"level":#}`, 1, 4, "/level"},
	{"min_length", within("input", element("plain_text_input", `"min_length":#`)), 0, 3000, "/element/min_length"},
	{"max_length", within("input", element("plain_text_input", `"max_length":#`)), 1, 3000, "/element/max_length"},
	{"min_lines", within("input", element("rich_text_input", `"min_lines":#`)), 1, 100, "/element/min_lines"},
	{"max_lines", within("input", element("rich_text_input", `"max_lines":#`)), 1, 100, "/element/max_lines"},
	{"max_files", within("input", element("file_input", `"max_files":#`)), 1, 10, "/element/max_files"},
	{"initial_date_time", within("input", element("datetimepicker", `"initial_date_time":#`)), 1_000_000_000, 9_999_999_999, "/element/initial_date_time"},
	{"page_size", `{"type":"data_table","caption":"x","rows":[[` + rawText + `],[` + rawText + `]],"page_size":#}`, 1, 100, "/page_size"},
	{"row_header_column_index", `{"type":"data_table","caption":"x","rows":[[` + rawText + `],[` + rawText + `]],"row_header_column_index":#}`, 0, 19, "/row_header_column_index"},
	{"indent", within("rich_text", `{"type":"rich_text_list","elements":[],"style":"bullet","indent":#}`), 0, 8, "/elements/0/indent"},
	{"border", within("rich_text", `{"type":"rich_text_quote","elements":[],"border":#}`), 0, 1, "/elements/0/border"},
}

func TestNumber_Range_IsBounded(t *testing.T) {
	for _, f := range ranges {
		t.Run(f.fact, func(t *testing.T) {
			with := func(n any) string { return on("message", strings.Replace(f.block, "#", fmt.Sprint(n), 1)) }
			at := " [json-pointer:/blocks/0" + f.at + "]"
			expect(t, with(f.least))
			expect(t, with(f.most))
			expect(t, with(f.least-1), fmt.Sprintf("must be greater than or equal to %d", f.least)+at)
			expect(t, with(f.most+1), fmt.Sprintf("must be less than or equal to %d", f.most)+at)
			expect(t, with(fmt.Sprintf("%d.5", f.least)), "must provide an integer"+at)
		})
	}
	expect(t, on("message", within("section", element("multi_users_select", `"max_selected_items":0`))),
		"must be greater than or equal to 1 [json-pointer:/blocks/0/accessory/max_selected_items]")
}
