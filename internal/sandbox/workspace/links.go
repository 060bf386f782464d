package workspace

import "regexp"

// Slack stores a bare address as a link. What is a link already, or another
// reference, is left alone, and so is punctuation behind an address.
const bareAddress = `https?://[^\s<>|]*[^\s<>|.,;:!?()\[\]{}'"*_~` + "`" + `]`

var addressOrToken = regexp.MustCompile(`<[^<>]*>|` + bareAddress)

// linkAddresses returns a bot's text as Slack stores it.
func linkAddresses(text string) string {
	return addressOrToken.ReplaceAllStringFunc(text, func(s string) string {
		if s[0] == '<' {
			return s
		}
		return "<" + s + ">"
	})
}

// linkInBlocks does that to the mrkdwn texts in blocks, except for those that say
// "verbatim", which is what that is for.
func linkInBlocks(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			linkInBlocks(item)
		}
	case Object:
		if verbatim, _ := v["verbatim"].(bool); v["type"] == "mrkdwn" && !verbatim {
			if text, ok := v["text"].(string); ok {
				v["text"] = linkAddresses(text)
			}
		}
		for _, inner := range v {
			linkInBlocks(inner)
		}
	}
}
