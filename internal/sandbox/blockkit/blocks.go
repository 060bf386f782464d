package blockkit

import (
	"fmt"
	"unicode/utf8"
)

const (
	mostMarkdown = 12_000 // characters in all markdown blocks of a message
	tableRows    = 100
	tableCells   = 20
)

var blocks = map[string]shape{
	"section": {
		optional: map[string]rule{
			"text": either(3000), "fields": list(1, 10, either(2000)),
			"accessory": typed(elements, inSection...), "expand": boolean,
		},
		also: func(c *checker, at string, o object) {
			if o["text"] == nil && o["fields"] == nil {
				c.say(at, "missing required field: text")
			}
		},
	},
	"header":  {required: map[string]rule{"text": plain(150)}, optional: map[string]rule{"level": whole(1, 4)}},
	"divider": {},
	"image": {
		required: map[string]rule{"alt_text": text(1, 2000)},
		optional: map[string]rule{"image_url": text(1, 3000), "slack_file": slackFile, "title": plain(2000)},
		also:     oneSource,
	},
	"actions": {required: map[string]rule{"elements": list(1, 25, typed(elements, inActions...))}},
	"context": {required: map[string]rule{"elements": list(1, 10, contextElement)}},
	"context_actions": {required: map[string]rule{"elements": list(1, 5, typed(map[string]shape{
		"feedback_buttons": {
			required: map[string]rule{"positive_button": anything, "negative_button": anything},
			optional: map[string]rule{"action_id": actionID},
		},
		"icon_button": acting(map[string]rule{"icon": text(1, 255), "text": plain(75)}, map[string]rule{
			"value": text(0, 2000), "accessibility_label": text(1, 75), "visible_to_user_ids": ids,
		}, nil),
	}))}},
	"input": {
		required: map[string]rule{"label": plain(2000), "element": typed(elements, inInput...)},
		optional: map[string]rule{"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
		also:     func(c *checker, _ string, _ object) { c.inputs++ },
	},
	"markdown": {
		required: map[string]rule{"text": text(1, mostMarkdown)},
		also: func(c *checker, at string, o object) {
			s, _ := o["text"].(string)
			if c.markdown += utf8.RuneCountInString(s); c.markdown > mostMarkdown {
				c.say(at+"/text", "must be less than %d characters", mostMarkdown+1)
			}
		},
	},
	"rich_text": {required: map[string]rule{"elements": list(1, 1000, typed(richText))}},
	"table": {
		required: map[string]rule{"rows": list(1, tableRows, list(1, tableCells, anything))},
		optional: map[string]rule{"column_settings": list(1, tableCells, anything)},
		also: func(c *checker, at string, _ object) {
			if c.tables++; c.tables > 1 {
				c.say(at, "only_one_table_allowed")
			}
		},
	},
}

// richText is checked for its outer form only: clients write it, bots hardly do.
var richText = map[string]shape{
	"rich_text_section": {required: map[string]rule{"elements": list(0, 1000, anything)}},
	"rich_text_list": {
		required: map[string]rule{"elements": list(0, 1000, anything), "style": oneOf("bullet", "ordered")},
		optional: map[string]rule{"indent": whole(0, 8), "offset": whole(0, 1000), "border": whole(0, 1)},
	},
	"rich_text_quote": {
		required: map[string]rule{"elements": list(0, 1000, anything)},
		optional: map[string]rule{"border": whole(0, 1)},
	},
	"rich_text_preformatted": {
		required: map[string]rule{"elements": list(0, 1000, anything)},
		optional: map[string]rule{"border": whole(0, 1), "language": text(0, 100)},
	},
}

// contextElement is a text or a picture.
func contextElement(c *checker, at string, v any) {
	if o, ok := v.(object); ok && o["type"] == "image" {
		c.object(at, o, picture)
		return
	}
	either(2000)(c, at, v)
}

// check checks a list of blocks of the allowed types.
func (c *checker) check(at string, most int, v any, allowed []string) {
	list(0, most, func(c *checker, at string, v any) {
		c.actions = map[string]bool{}
		typed(named, allowed...)(c, at, v)
	})(c, at, v)
}

// named is blocks with what each of them may have: an ID of its own.
var named = func() map[string]shape {
	all := map[string]shape{}
	for kind, s := range blocks {
		all[kind] = s.with(map[string]rule{"block_id": blockID})
	}
	return all
}()

func blockID(c *checker, at string, v any) {
	text(1, 255)(c, at, v)
	id, _ := v.(string)
	if c.blockIDs[id] {
		c.say(at, "%s", fmt.Sprintf("`block_id` must be unique: %s", id))
	}
	c.blockIDs[id] = true
}
