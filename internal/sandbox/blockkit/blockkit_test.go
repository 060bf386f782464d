package blockkit

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// parse reads JSON with the placeholders %x{N}, a text of N characters.
func parse(t *testing.T, layout string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(expand(layout)), &v); err != nil {
		t.Fatalf("%s: %v", layout, err)
	}
	return v
}

func expand(s string) string {
	for {
		before, after, found := strings.Cut(s, "%x{")
		if !found {
			return s
		}
		var n int
		_, _ = fmt.Sscanf(after, "%d}", &n)
		_, after, _ = strings.Cut(after, "}")
		s = before + strings.Repeat("x", n) + after
	}
}

// many is a JSON list of n items.
func many(n int, item string) string {
	return "[" + strings.TrimSuffix(strings.Repeat(item+",", n), ",") + "]"
}

const (
	label   = `{"type":"plain_text","text":"x"}`
	option1 = `{"text":{"type":"plain_text","text":"x"},"value":"v"}`
)

func TestMessages(t *testing.T) {
	button := `{"type":"button","text":` + label + `,"action_id":"a"}`
	actions := func(elements string) string { return `[{"type":"actions","elements":` + elements + `}]` }
	section := func(rest string) string { return `[{"type":"section",` + rest + `}]` }
	menu := func(rest string) string {
		return section(`"text":` + label + `,"accessory":{"type":"static_select","action_id":"a",` + rest + `}`)
	}
	const choice = "failed to match all allowed schemas [json-pointer:/blocks/0/text]"
	for name, c := range map[string]struct {
		layout string
		want   []string
	}{
		"nothing":            {`[]`, nil},
		"section":            {section(`"text":{"type":"mrkdwn","text":"%x{3000}","verbatim":true}`), nil},
		"section too long":   {section(`"text":{"type":"mrkdwn","text":"%x{3001}"}`), []string{choice, "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"}},
		"section empty text": {section(`"text":{"type":"mrkdwn","text":""}`), []string{choice, "must be more than 0 characters [json-pointer:/blocks/0/text/text]"}},
		"section bare":       {`[{"type":"section"}]`, []string{"missing required field: text [json-pointer:/blocks/0]"}},
		"section style":      {section(`"text":` + label + `,"style":"x"`), []string{"invalid additional property: style [json-pointer:/blocks/0]"}},
		"ten fields":         {section(`"fields":` + many(10, label)), nil},
		"eleven fields":      {section(`"fields":` + many(11, label)), []string{"no more than 10 items allowed [json-pointer:/blocks/0/fields]"}},
		"no fields":          {section(`"fields":[]`), []string{"must provide at least 1 items [json-pointer:/blocks/0/fields]"}},
		"fifty blocks":       {many(50, `{"type":"divider"}`), nil},
		"fifty-one blocks":   {many(51, `{"type":"divider"}`), []string{"no more than 50 items allowed [json-pointer:/blocks]"}},
		"header":             {`[{"type":"header","text":{"type":"plain_text","text":"%x{151}"}}]`, []string{"must be less than 151 characters [json-pointer:/blocks/0/text/text]"}},
		"header in mrkdwn":   {`[{"type":"header","text":{"type":"mrkdwn","text":"x"}}]`, []string{"unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"}},
		"unknown block":      {`[{"type":"marquee"}]`, []string{"unsupported type: marquee [json-pointer:/blocks/0/type]"}},
		"no type":            {`[{}]`, []string{"missing required field: type [json-pointer:/blocks/0]"}},
		"no object":          {`["x"]`, []string{"must be an object [json-pointer:/blocks/0]"}},
		"long block_id":      {`[{"type":"divider","block_id":"%x{256}"}]`, []string{"must be less than 256 characters [json-pointer:/blocks/0/block_id]"}},
		"same block_id":      {many(2, `{"type":"divider","block_id":"b"}`), []string{"`block_id` must be unique: b [json-pointer:/blocks/1/block_id]"}},
		"buttons":            {actions("[" + button + "]"), nil},
		"same action_id":     {actions(many(2, button)), []string{"`action_id` must be unique within a block: a [json-pointer:/blocks/0/elements/1/action_id]"}},
		"same, other block":  {`[{"type":"actions","elements":[` + button + `]},{"type":"actions","elements":[` + button + `]}]`, nil},
		"no elements":        {actions("[]"), []string{"must provide at least 1 items [json-pointer:/blocks/0/elements]"}},
		"26 elements":        {actions(many(26, `{"type":"button","text":`+label+`}`)), []string{"no more than 25 items allowed [json-pointer:/blocks/0/elements]"}},
		"button text":        {actions(`[{"type":"button","text":{"type":"plain_text","text":"%x{76}"}}]`), []string{"must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"}},
		"button style":       {actions(`[{"type":"button","text":` + label + `,"style":"default"}]`), []string{"must be a valid enum value: primary, danger [json-pointer:/blocks/0/elements/0/style]"}},
		"button value":       {actions(`[{"type":"button","text":` + label + `,"value":"%x{2001}"}]`), []string{"must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]"}},
		"input in actions":   {actions(`[{"type":"plain_text_input"}]`), []string{"unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]"}},
		"overflow of six":    {section(`"text":` + label + `,"accessory":{"type":"overflow","options":` + many(6, option1) + `}`), []string{"no more than 5 items allowed [json-pointer:/blocks/0/accessory/options]"}},
		"menu":               {menu(`"options":[` + option1 + `],"initial_option":` + option1), nil},
		"menu of 101":        {menu(`"options":` + many(101, option1)), []string{"no more than 100 items allowed [json-pointer:/blocks/0/accessory/options]"}},
		"menu of nothing":    {menu(`"placeholder":` + label), []string{"must provide either `options` or `option_groups` [json-pointer:/blocks/0/accessory]"}},
		"menu's value":       {menu(`"options":[{"text":` + label + `,"value":"%x{151}"}]`), []string{"must be less than 151 characters [json-pointer:/blocks/0/accessory/options/0/value]"}},
		"foreign initial":    {menu(`"options":[` + option1 + `],"initial_option":{"text":` + label + `,"value":"w"}`), []string{"must match one of the options [json-pointer:/blocks/0/accessory/initial_option]"}},
		"grouped initial":    {menu(`"option_groups":[{"label":` + label + `,"options":[` + option1 + `]}],"initial_option":` + option1), nil},
		"placeholder":        {menu(`"options":[` + option1 + `],"placeholder":{"type":"plain_text","text":"%x{151}"}`), []string{"must be less than 151 characters [json-pointer:/blocks/0/accessory/placeholder/text]"}},
		"confirm":            {actions(`[{"type":"button","text":` + label + `,"confirm":{"title":` + label + `,"text":` + label + `,"confirm":` + label + `}}]`), []string{"missing required field: deny [json-pointer:/blocks/0/elements/0/confirm]"}},
		"context":            {`[{"type":"context","elements":` + many(11, label) + `}]`, []string{"no more than 10 items allowed [json-pointer:/blocks/0/elements]"}},
		"image without alt":  {`[{"type":"image","image_url":"https://example.com/x.png"}]`, []string{"missing required field: alt_text [json-pointer:/blocks/0]"}},
		"two tables":         {many(2, `{"type":"table","rows":[[{"type":"raw_text","text":"x"}]]}`), []string{"only_one_table_allowed [json-pointer:/blocks/1]"}},
		"markdown together":  {many(2, `{"type":"markdown","text":"%x{7000}"}`), []string{"must be less than 12001 characters [json-pointer:/blocks/1/text]"}},
	} {
		t.Run(name, func(t *testing.T) {
			list, ok := parse(t, c.layout).([]any)
			if !ok {
				t.Fatal("not a list")
			}
			compare(t, Message(list), c.want)
		})
	}
}

func TestViews(t *testing.T) {
	input := `{"type":"input","label":` + label + `,"element":{"type":"plain_text_input","action_id":"a"}}`
	modal := func(rest string) string { return `{"type":"modal","title":` + label + `,` + rest + `}` }
	for name, c := range map[string]struct {
		layout string
		want   []string
	}{
		"modal":            {modal(`"submit":` + label + `,"blocks":[` + input + `]`), nil},
		"title":            {`{"type":"modal","title":{"type":"plain_text","text":"%x{25}"},"blocks":[]}`, []string{"must be less than 25 characters [json-pointer:/view/title/text]"}},
		"no title":         {`{"type":"modal","blocks":[]}`, []string{"missing required field: title [json-pointer:/view]"}},
		"no submit":        {modal(`"blocks":[` + input + `]`), []string{"must define `submit` to use an `input` block in modals"}},
		"metadata":         {modal(`"blocks":[],"private_metadata":"%x{3001}"`), []string{"must be less than 3001 characters [json-pointer:/view/private_metadata]"}},
		"callback_id":      {modal(`"blocks":[],"callback_id":"%x{256}"`), []string{"must be less than 256 characters [json-pointer:/view/callback_id]"}},
		"101 blocks":       {modal(`"blocks":` + many(101, `{"type":"divider"}`)), []string{"no more than 100 items allowed [json-pointer:/view/blocks]"}},
		"markdown":         {modal(`"blocks":[{"type":"markdown","text":"x"}]`), []string{"unsupported type: markdown [json-pointer:/view/blocks/0/type]"}},
		"button in input":  {modal(`"submit":` + label + `,"blocks":[{"type":"input","label":` + label + `,"element":{"type":"button","text":` + label + `}}]`), []string{"unsupported type: button [json-pointer:/view/blocks/0/element/type]"}},
		"input min_length": {modal(`"submit":` + label + `,"blocks":[{"type":"input","label":` + label + `,"element":{"type":"plain_text_input","min_length":3001}}]`), []string{"must be less than or equal to 3000 [json-pointer:/view/blocks/0/element/min_length]"}},
		"home":             {`{"type":"home","blocks":[{"type":"divider"}]}`, nil},
		"home with title":  {`{"type":"home","title":` + label + `,"blocks":[]}`, []string{"invalid additional property: title [json-pointer:/view]"}},
		"another type":     {`{"type":"toast"}`, []string{"unsupported type: toast [json-pointer:/view/type]"}},
	} {
		t.Run(name, func(t *testing.T) {
			view, ok := parse(t, c.layout).(map[string]any)
			if !ok {
				t.Fatal("not an object")
			}
			compare(t, View(view), c.want)
		})
	}
}

func compare(t *testing.T, problems []Problem, want []string) {
	t.Helper()
	var got []string
	for _, p := range problems {
		got = append(got, p.String())
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestSize(t *testing.T) {
	list, _ := parse(t, `[{"type":"section","text":{"type":"mrkdwn","text":"%x{10}"},"fields":[`+label+`]},{"type":"markdown","text":"%x{5}"}]`).([]any)
	if got := Size(list); got != 16 {
		t.Errorf("got %d", got)
	}
}
