package sandbox

import "regexp"

// Slack stores a bare address as a link. What is a link already, or another
// reference, is left alone, and so is punctuation behind an address.
const bareAddress = `https?://[^\s<>|]*[^\s<>|.,;:!?()\[\]{}'"*_~` + "`" + `]`

var addressOrToken = regexp.MustCompile(`<[^<>]*>|` + bareAddress)

// linked is a bot's text as Slack stores it.
func linked(text string) string {
	return addressOrToken.ReplaceAllStringFunc(text, func(s string) string {
		if s[0] == '<' {
			return s
		}
		return "<" + s + ">"
	})
}

// linkTexts does that to the mrkdwn texts in blocks, except for those that say
// "verbatim", which is what that is for.
func linkTexts(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			linkTexts(item)
		}
	case object:
		if verbatim, _ := v["verbatim"].(bool); v["type"] == "mrkdwn" && !verbatim {
			if text, ok := v["text"].(string); ok {
				v["text"] = linked(text)
			}
		}
		for _, inner := range v {
			linkTexts(inner)
		}
	}
}
