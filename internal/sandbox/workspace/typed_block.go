package workspace

import (
	"regexp"
	"strings"
)

// typedToken finds what is more than text in a person's message, once Slack has
// stored it: references, links, emoji, code.
var typedToken = regexp.MustCompile("<[^<>]+>|:[a-z0-9_+-]+:|`[^`\n]+`")

// typedBlock returns the rich_text block that Slack's client sends beside a text that
// a person has typed.
func typedBlock(text string) Object {
	elements := []Object{}
	from := 0
	for _, at := range typedToken.FindAllStringIndex(text, -1) {
		elements = appendText(elements, text[from:at[0]])
		elements = append(elements, typedElement(text[at[0]:at[1]]))
		from = at[1]
	}
	elements = appendText(elements, text[from:])
	return Object{
		"type": "rich_text", "block_id": "typed",
		"elements": []Object{{"type": "rich_text_section", "elements": elements}},
	}
}

func appendText(elements []Object, text string) []Object {
	if text == "" {
		return elements
	}
	return append(elements, Object{"type": "text", "text": unescapeText(text)})
}

// unescapeText turns what Slack stores back into what was typed.
func unescapeText(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

// typedElement returns the element for one token.
func typedElement(token string) Object {
	inner := token[1 : len(token)-1]
	id, _, _ := strings.Cut(inner, "|")
	switch token[0] {
	case ':':
		return Object{"type": "emoji", "name": inner}
	case '`':
		return Object{"type": "text", "text": unescapeText(inner), "style": Object{"code": true}}
	}
	switch id[0] {
	case '@':
		return Object{"type": "user", "user_id": id[1:]}
	case '#':
		return Object{"type": "channel", "channel_id": id[1:]}
	case '!':
		if group, ok := strings.CutPrefix(id, "!subteam^"); ok {
			return Object{"type": "usergroup", "usergroup_id": group}
		}
		return Object{"type": "broadcast", "range": id[1:]}
	}
	return Object{"type": "link", "url": unescapeText(id)}
}
