package blockkit

import "unicode/utf8"

// mostMarkdown is how many characters all markdown blocks of a message may have.
const mostMarkdown = 12_000

var blocks = join(plainBlocks, mediaBlocks, gridBlocks, chartBlocks, cardBlocks, taskBlocks, nestingBlocks)

// plainBlocks are those that most layouts consist of.
var plainBlocks = map[string]shape{
	"section": {
		optional: properties{
			"text": either(3000), "fields": list(1, 10, either(2000)),
			"accessory": typed(elements, inSection...), "expand": boolean,
		},
		also: func(c *checker, at string, o object) {
			_, whole := o["text"]
			_, parts := o["fields"]
			if !whole && !parts {
				c.conflict(at+"/type", "must define either `text` or `fields`")
			}
		},
	},
	"header":          {required: properties{"text": plain(150)}, optional: properties{"level": whole(1, 4)}},
	"divider":         {},
	"context":         {required: properties{"elements": list(1, 10, contextElement)}},
	"actions":         {required: properties{"elements": list(1, 25, typed(elements, inActions...))}},
	"context_actions": {required: properties{"elements": list(1, 5, typed(elements, "feedback_buttons", "icon_button"))}},
	"input": {
		required: properties{"label": plain(2000), "element": typed(elements, inInput...)},
		optional: properties{"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
		also:     inputRules,
	},
	"markdown": {
		required: properties{"text": text(1, mostMarkdown)},
		optional: properties{"block_id": text(0, unlimited)}, // which Slack drops
		also: func(c *checker, at string, o object) {
			s, _ := o["text"].(string)
			if c.markdown += utf8.RuneCountInString(s); c.markdown > mostMarkdown {
				c.conflict(at+"/text", "must be less than %d characters", mostMarkdown+1)
			}
		},
	},
	"rich_text": richTextBlock,
}

func inputRules(c *checker, at string, o object) {
	c.inputs = append(c.inputs, at)
	element, _ := o["element"].(object)
	if o["dispatch_action"] == true && element["type"] == "file_input" {
		c.conflict(at+"/element/type", "unsupported type: file_input")
	}
}

// contextElement returns a text or a picture.
func contextElement(c *checker, at string, v any) {
	if o, ok := v.(object); ok && o["type"] == "image" {
		c.object(at, o, picture, "type")
		return
	}
	either(2000)(c, at, v)
}

// mediaBlocks show what is kept elsewhere.
var mediaBlocks = map[string]shape{
	"image": picture.with(properties{"title": plain(2000)}),
	"video": {
		required: properties{
			"alt_text": text(1, 2000), "title": plain(199), "thumbnail_url": link, "video_url": link,
		},
		optional: properties{
			"title_url": link, "author_name": text(1, 49), "provider_name": text(1, unlimited),
			"provider_icon_url": link, "description": plain(199),
		},
	},
	"file": {required: properties{"external_id": id, "source": oneOf("remote")}},
	"call": {required: properties{"call_id": id}},
}

// blockID returns unique in a message or view.
func blockID(c *checker, at string, v any) {
	id(c, at, v)
	if s, _ := v.(string); s != "" {
		if c.blockIDs[s] {
			c.conflict(at, "`block_id` %q already exists", s)
		}
		c.blockIDs[s] = true
	}
}
