package blockkit

import "unicode/utf8"

const (
	messageBlocks = 50
	viewBlocks    = 100
)

// Blocks that only some surfaces show.
var (
	inMessage = []string{
		"section", "header", "divider", "image", "actions", "context", "context_actions", "input", "markdown", "rich_text", "table",
	}
	inView = []string{"section", "header", "divider", "image", "actions", "context", "input", "rich_text"}
)

func newChecker() *checker { return &checker{blockIDs: map[string]bool{}} }

// Message checks the blocks of a message; pointers begin at /blocks.
func Message(list []any) []Problem {
	c := newChecker()
	c.check("/blocks", messageBlocks, list, inMessage)
	return c.problems
}

// View checks a modal or an App Home; pointers begin at /view.
func View(view map[string]any) []Problem {
	c := newChecker()
	common := map[string]rule{
		"private_metadata": text(0, 3000), "callback_id": text(0, 255), "external_id": text(0, 255),
	}
	content := func(c *checker, at string, v any) { c.check(at, viewBlocks, v, inView) }
	switch kind, _ := view["type"].(string); kind {
	case "modal":
		c.object("/view", view, shape{
			required: map[string]rule{"title": plain(24), "blocks": content},
			optional: map[string]rule{
				"submit": plain(24), "close": plain(24), "clear_on_close": boolean,
				"notify_on_close": boolean, "submit_disabled": boolean,
			},
		}.with(common))
		if c.inputs > 0 && view["submit"] == nil {
			c.say("", "must define `submit` to use an `input` block in modals")
		}
	case "home":
		c.object("/view", view, shape{required: map[string]rule{"blocks": content}}.with(common))
	case "":
		c.say("/view", "missing required field: type")
	default:
		c.say("/view/type", "unsupported type: %s", kind)
	}
	return c.problems
}

// Size counts the characters of all texts in a message's blocks.
func Size(list []any) int { return size(list) }

func size(v any) int {
	n := 0
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			n += size(item)
		}
	case object:
		for key, item := range v {
			if s, ok := item.(string); ok && key == "text" {
				n += utf8.RuneCountInString(s)
				continue
			}
			n += size(item)
		}
	}
	return n
}
