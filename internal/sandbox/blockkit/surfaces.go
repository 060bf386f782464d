package blockkit

import "unicode/utf8"

type surface uint8

const (
	message surface = 1 << iota
	modal
	home
	everywhere = message | modal | home

	messageBlocks = 50
	viewBlocks    = 100
)

// shownOn tells which surfaces show a block.
var shownOn = map[string]surface{
	"actions":            everywhere,
	"alert":              modal,
	"call":               message,
	"card":               everywhere,
	"carousel":           message | home,
	"container":          message | home,
	"context":            everywhere,
	"context_actions":    message,
	"data_table":         message | home,
	"data_visualization": message,
	"divider":            everywhere,
	"file":               message,
	"header":             everywhere,
	"image":              everywhere,
	"input":              everywhere,
	"layout":             everywhere,
	"markdown":           message,
	"plan":               message,
	"rich_text":          everywhere,
	"section":            everywhere,
	"table":              message | home,
	"task_card":          message,
	"video":              everywhere,
}

// kindsOn has the blocks of each surface, with what any block may have: an ID.
var kindsOn = func() map[surface]map[string]shape {
	all := map[surface]map[string]shape{message: {}, modal: {}, home: {}}
	for kind, s := range blocks {
		for on, kinds := range all {
			if shownOn[kind]&on != 0 {
				kinds[kind] = s.with(properties{"block_id": blockID})
			}
		}
	}
	return all
}()

func newChecker(on surface) *checker {
	return &checker{on: on, kinds: kindsOn[on], blockIDs: map[string]bool{}}
}

// Message checks the blocks of a message, and its attachments with theirs;
// pointers begin at /blocks and at /attachments.
func Message(blocks, attachments []any) []Problem {
	c := newChecker(message)
	list(0, messageBlocks, inner())(c, "/blocks", blocks)
	c.attachments(attachments, len(blocks))
	return c.problems()
}

// viewParts is what modals and App Home have in common.
var viewParts = shape{
	required: properties{"blocks": list(0, viewBlocks, inner())},
	optional: properties{"private_metadata": text(0, 3000), "callback_id": text(0, 255), "external_id": text(0, 255)},
}

var views = map[string]struct {
	surface
	shape
}{
	"home": {home, viewParts},
	"modal": {modal, shape{
		required: join(viewParts.required, properties{"title": plain(24)}),
		optional: join(viewParts.optional, properties{
			"submit": plain(24), "close": plain(24), "clear_on_close": boolean, "notify_on_close": boolean,
		}),
		also: func(c *checker, _ string, o object) {
			if _, there := o["submit"]; !there && len(c.inputs) > 0 {
				c.conflict(c.inputs[0]+"/input", "must define `submit` to use an `input` block in modals")
			}
		},
	}},
}

// View checks a modal or an App Home; pointers begin at /view.
func View(view map[string]any) []Problem {
	const at = "/view"
	kind, _ := view["type"].(string)
	found, known := views[kind]
	c := newChecker(found.surface)
	if known {
		c.object(at, view, found.shape, "type")
	} else {
		typed(nil)(c, at, view)
	}
	if len(c.malformed) > 0 { // a view is a choice too, of modal and home
		return append([]Problem{noSchema(at)}, c.malformed...)
	}
	return c.problems()
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
