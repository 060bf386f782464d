package blockkit

var (
	richTextBlock = shape{required: properties{"elements": list(1, unlimited, typed(paragraphs))}}

	// richText is a rich_text block that is part of something else.
	richText = typed(map[string]shape{"rich_text": richTextBlock.with(properties{"block_id": id})})

	// paragraphs are what a rich_text block consists of.
	paragraphs = map[string]shape{
		"rich_text_section": richTextSection,
		"rich_text_list": {
			required: properties{"elements": list(0, unlimited, listItem), "style": oneOf("bullet", "ordered")},
			optional: join(bordered, properties{"indent": whole(0, 8), "offset": whole(0, unlimited)}),
		},
		"rich_text_quote": {required: properties{"elements": inline}, optional: bordered},
		"rich_text_preformatted": {
			required: properties{"elements": list(0, unlimited, typed(spans, "text", "link"))},
			optional: join(bordered, properties{"language": text(0, unlimited)}),
		},
	}

	bordered        = properties{"border": whole(0, 1)}
	inline          = list(0, unlimited, typed(spans))
	richTextSection = shape{required: properties{"elements": inline}}

	// A list holds sections and nothing else, so Slack does not look at what
	// else the type may be: of a list in a list it says that it has a style.
	listItem = like(shape{required: properties{"type": oneOf("rich_text_section"), "elements": inline}})
)

// spans are what paragraphs consist of.
var spans = map[string]shape{
	"text": span(properties{"text": text(1, unlimited)}, nil),
	"link": span(properties{"url": link}, properties{"text": text(0, unlimited), "unsafe": boolean}),
	"emoji": span(properties{"name": text(1, unlimited)}, properties{
		"unicode": text(1, unlimited), "url": link, "skin_tone": whole(1, 6),
	}),
	"user":      span(properties{"user_id": id}, nil),
	"usergroup": span(properties{"usergroup_id": id}, nil),
	"channel":   span(properties{"channel_id": id}, nil),
	"team":      span(properties{"team_id": id}, nil),
	"broadcast": span(properties{"range": oneOf("here", "channel", "everyone")}, nil),
	"color":     span(properties{"value": text(1, unlimited)}, nil),
	"date": span(properties{"timestamp": whole(0, 9_999_999_999), "format": text(1, unlimited)}, properties{
		"url": link, "fallback": text(0, unlimited),
	}),
}

func span(required, optional properties) shape {
	return shape{required: required, optional: join(optional, properties{"style": like(shape{optional: properties{
		"bold": boolean, "italic": boolean, "strike": boolean, "code": boolean, "underline": boolean,
		"highlight": boolean, "client_highlight": boolean, "unlink": boolean,
	}})})}
}
