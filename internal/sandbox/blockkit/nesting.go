package blockkit

// deepest is how many blocks that hold others may be inside one another.
const deepest = 2

// nestingBlocks hold blocks, which must be such as the surface shows.
var nestingBlocks = map[string]shape{
	"container": {
		required: properties{"child_blocks": deeper(list(1, 10, inner(inContainer...)))},
		optional: properties{
			"title": plain(150), "rich_text_title": richText, "subtitle": either(150), "icon": pictured,
			"width":          oneOf("narrow", "standard", "wide", "full"),
			"is_collapsible": boolean, "default_collapsed": boolean, "has_header_divider": boolean,
		},
		also: func(c *checker, at string, o object) {
			if !hasAny(o, "title", "rich_text_title") {
				c.conflict(at+"/type", "must define either `title` or `rich_text_title`")
			}
			if o["default_collapsed"] == true && o["is_collapsible"] != true {
				c.conflict(at+"/default_collapsed", "must define `is_collapsible` to use `default_collapsed`")
			}
		},
	},
	"layout": {
		required: properties{"label": text(1, 150), "rows": deeper(list(1, 5, row))},
		optional: properties{
			"is_label_visible": boolean, "grid_lines": oneOf("none", "rows", "outer"),
			"fallback": list(0, unlimited, inner(inFallback...)),
		},
	},
}

var row = like(shape{required: properties{"items": list(1, 3, like(shape{
	required: properties{"block": inner(inLayout...)},
	optional: properties{
		"width": oneOf("narrow", "standard", "wide"), "horizontal_alignment": oneOf("start", "center", "end"),
	},
}))}})

var (
	inFallback  = []string{"context", "divider", "header", "image", "rich_text", "section", "table", "video"}
	inContainer = append([]string{"actions", "file", "input", "layout"}, inFallback...)
	inLayout    = append([]string{
		"actions", "alert", "card", "carousel", "container", "data_table", "data_visualization", "file", "input", "layout",
	}, inFallback...)
)

// inner returns a block inside a block.
func inner(allowed ...string) rule {
	return func(c *checker, at string, v any) { c.block(at, v, allowed...) }
}

func deeper(r rule) rule {
	return func(c *checker, at string, v any) {
		if c.depth++; c.depth > deepest {
			c.conflict(at, "no more than %d levels of blocks allowed", deepest)
		} else {
			r(c, at, v)
		}
		c.depth--
	}
}
