package workspace

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of channels, in characters.
const (
	MaxNameLength  = 80
	MaxTopicLength = 250
)

var channelName = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}_-]+$`)

// NameProblem returns Slack's code for what is wrong with a channel's name, or "".
func NameProblem(name string) string {
	switch {
	case strings.TrimSpace(name) == "":
		return "invalid_name_required"
	case utf8.RuneCountInString(name) > MaxNameLength:
		return "invalid_name_maxlength"
	case strings.Trim(name, "-_") == "" || allPunctuation(name):
		return "invalid_name_punctuation"
	case !channelName.MatchString(name):
		return "invalid_name_specials"
	}
	return ""
}

func allPunctuation(name string) bool {
	return strings.IndexFunc(name, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) < 0
}
