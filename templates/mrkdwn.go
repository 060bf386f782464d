package templates

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"time"
	"unicode"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// mrkdwn is text in Slack's markup that is safe to show. What people wrote
// becomes mrkdwn in [safe] only, so that a template cannot forget to escape.
type mrkdwn string

// limitLink is the longest address that becomes a link. A link cannot be cut.
const limitLink = 500

var (
	address = regexp.MustCompile(`<https?://[^\s<>|]+>|https?://[^\s<>|]*[^\s<>|.,;:!?)\]}'"*_~` + "`" + `]`)
	token   = regexp.MustCompile(`<[^<>]*>`)
)

// safe is what people wrote, harmless: escaped, without invisible characters
// that turn the reading direction of what follows. Its addresses become links
// here, since messages are sent verbatim, for which Slack looks for none (nor
// for an "@here"). It is shortened to the limit.
func escapeText(s string, limit int) mrkdwn {
	s = legible(cutPlain(s, 2*limit)) // of what cannot be shown anyway, nothing is escaped
	var b strings.Builder
	done := 0
	for _, at := range address.FindAllStringIndex(s, -1) {
		url := strings.Trim(s[at[0]:at[1]], "<>")
		if length(url) > limitLink {
			continue
		}
		b.WriteString(incident.Escape(s[done:at[0]]))
		b.WriteString("<" + incident.Escape(url) + ">")
		done = at[1]
	}
	return clip(limit, mrkdwn(b.String()+incident.Escape(s[done:])))
}

// legible is what of a text can be shown at all.
func legible(s string) string { return strings.Map(visible, strings.ToValidUTF8(s, "�")) }

// visible drops control characters and explicit directions. Letters that read
// from right to left stay as they are.
func visible(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return r
	case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r) && r != '\u200e' && r != '\u200f':
		return -1
	}
	return r
}

// quoted is what people wrote in a code span, which a backtick would end.
func quoted(s string) mrkdwn {
	return "`" + escapeText(strings.ReplaceAll(cutPlain(s, 40), "`", "'"), limitName) + "`"
}

// limitName is how much of a name from the configuration is shown.
const limitName = 75

// named is a name from the configuration.
func named(s string) mrkdwn { return escapeText(s, limitName) }

// clip shortens, for templates: {{clip 300 .Progress}}.
func clip(limit int, m mrkdwn) mrkdwn { return mrkdwn(cut(string(m), limit)) }

// plain is mrkdwn for where Slack shows text as it is: headers, labels, errors.
func plain(m mrkdwn) string {
	s := token.ReplaceAllStringFunc(string(m), func(t string) string {
		t = strings.Trim(t, "<>")
		if _, label, ok := strings.Cut(t, "|"); ok {
			return label
		}
		return t
	})
	return html.UnescapeString(s)
}

// Plain is a sentence in mrkdwn, such as a Rejection's, without its markup: for
// the error at a form's field, which Slack shows as it is.
func Plain(sentence string) string {
	return strings.NewReplacer("`", "", "*", "").Replace(plain(mrkdwn(sentence)))
}

// when is a moment as the reader's clock and language show it.
func when(t time.Time) mrkdwn {
	if t.IsZero() {
		return ""
	}
	return mrkdwn(fmt.Sprintf("<!date^%d^{date_short_pretty} {time}|%s>", t.Unix(), t.UTC().Format("2006-01-02 15:04 UTC")))
}

// clock is a moment of today.
func clock(t time.Time) mrkdwn {
	return mrkdwn(fmt.Sprintf("<!date^%d^{time}|%s>", t.Unix(), t.UTC().Format("15:04 UTC")))
}

// span is a length of time.
func span(d time.Duration) mrkdwn { return mrkdwn(incident.Span(d)) }

// mention names a user, "" where there is none.
func mention(u slackid.User) mrkdwn {
	if u == "" {
		return ""
	}
	return mrkdwn(u.Mention())
}

// limitMentions is how many people one message names.
const limitMentions = 30

// mentions names people, and notifies them where it is posted.
func mentions(p policy.People) mrkdwn {
	var all []string
	for g := range p.Groups.All() {
		all = append(all, g.Mention())
	}
	for u := range p.Users.All() {
		all = append(all, u.Mention())
	}
	more := ""
	if n := len(all) - limitMentions; n > 0 {
		all, more = all[:limitMentions], fmt.Sprintf(" and %d more", n)
	}
	return mrkdwn(strings.Join(all, ", ") + more)
}
