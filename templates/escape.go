package templates

import (
	"regexp"
	"strings"
)

var (
	escaper   = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	mentioned = regexp.MustCompile(`<(@[UW][A-Z0-9]+|#[CG][A-Z0-9]+)(?:\|[^<>|]*)?>`)
)

// escape makes text from people harmless in mrkdwn: Slack asks for these three
// characters (docs.slack.dev/messaging/formatting-message-text), and without
// "<" nothing can notify anybody. Mentions of single users and channels stay,
// since people write those on purpose; "<!channel>" and its like do not.
func escape(s string) string {
	var b strings.Builder
	at := 0
	for _, m := range mentioned.FindAllStringSubmatchIndex(s, -1) {
		b.WriteString(escaper.Replace(s[at:m[0]]))
		b.WriteString("<" + s[m[2]:m[3]] + ">") // without the label, which could be a private channel's name
		at = m[1]
	}
	b.WriteString(escaper.Replace(s[at:]))
	return b.String()
}
