package slack

import (
	"strings"
	"unicode/utf8"
)

// Slack's limits, in characters.
const (
	maxText  = 4000 // chat.update refuses more (msg_too_long); posts keep to it, since they are edited later
	maxTopic = 250
)

// clip shortens to at most limit characters, with an ellipsis, and never in the
// middle of an escaped character or a link: "&am" and "<@U06" would show.
func clip(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	cut := string([]rune(s)[:limit-1])
	if at := strings.LastIndexByte(cut, '<'); at >= 0 && !strings.Contains(cut[at:], ">") {
		cut = cut[:at]
	}
	if at := strings.LastIndexByte(cut, '&'); at >= 0 && startsEscape(cut[at:]) {
		cut = cut[:at]
	}
	return strings.TrimRight(cut, " \n") + "…"
}

// startsEscape reports whether the text ends within an escaped character.
func startsEscape(tail string) bool {
	for _, whole := range []string{"&amp;", "&lt;", "&gt;"} {
		if tail != whole && strings.HasPrefix(whole, tail) {
			return true
		}
	}
	return false
}
