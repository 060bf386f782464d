package page

import (
	"regexp"
	"sync"

	"github.com/yuin/goldmark-emoji/definition"
)

// code is an emoji's name between colons, with or without a skin tone.
var code = regexp.MustCompile(`:([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?`)

var known = sync.OnceValue(func() definition.Emojis { return definition.Github() })

// slackNames are names that only Slack gives, by the common ones.
var slackNames = map[string]string{
	"thinking_face": "thinking", "hammer_and_wrench": "hammer_and_wrench", "large_yellow_circle": "yellow_circle",
	"large_green_circle": "green_circle", "large_orange_circle": "orange_circle", "large_purple_circle": "purple_circle",
	"large_red_square": "red_square", "large_green_square": "green_square", "large_yellow_square": "yellow_square",
	"large_orange_square": "orange_square", "large_blue_square": "blue_square", "flag-white": "white_flag",
	"face_with_rolling_eyes": "roll_eyes", "white_frowning_face": "frowning_face", "hugging_face": "hugs",
}

// emoji returns the character of that name, or its code where there is none.
func emoji(name string) string {
	if common, ok := slackNames[name]; ok {
		name = common
	}
	if e, ok := known().Get(name); ok && e.IsUnicode() {
		return string(e.Unicode)
	}
	return ":" + name + ":"
}

// emojis puts them in the place of their codes in a text.
func emojis(text string) string {
	return code.ReplaceAllStringFunc(text, func(s string) string { return emoji(code.FindStringSubmatch(s)[1]) })
}
