package slackid

import "regexp"

var (
	special = regexp.MustCompile(`<![a-z]+(?:\^[^<>|]*)?(?:\|([^<>|]*))?>`)
	group   = regexp.MustCompile(`<!subteam\^[A-Z0-9]+>`)
	named   = regexp.MustCompile(`<([@#])([A-Z][A-Z0-9]+)\|([^<>|]*)>`)
	user    = regexp.MustCompile(`<@[UW][A-Z0-9]+>`)
	channel = regexp.MustCompile(`<#[CG][A-Z0-9]+>`)
	wide    = regexp.MustCompile(`<!(here|channel|everyone)(?:\|[^<>]*)?>`)
)

// Readable returns a text from Slack with no more markup than Muster keeps: the
// mentions of single users and channels, without their names, which may be a
// private channel's. What mentions many people becomes the words that Slack
// shows, "@leads" or "@here", and notifies nobody.
// (docs.slack.dev/messaging/formatting-message-text, "Advanced formatting".)
func Readable(text string) string {
	text = wide.ReplaceAllString(text, "@$1")
	text = group.ReplaceAllString(text, "@group")
	text = special.ReplaceAllString(text, "$1")
	return named.ReplaceAllString(text, "<$1$2>")
}

// Words returns a text from Slack without any markup, for where Slack shows none:
// people by their names, where Slack told them, and no channel's name.
func Words(text string) string {
	text = named.ReplaceAllStringFunc(text, func(mention string) string {
		m := named.FindStringSubmatch(mention)
		if m[1] == "#" || m[3] == "" {
			return "<" + m[1] + m[2] + ">"
		}
		return "@" + m[3]
	})
	return channel.ReplaceAllString(user.ReplaceAllString(Readable(text), "someone"), "a channel")
}
