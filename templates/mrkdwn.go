package templates

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"muster/internal/incident"
	"muster/internal/slackid"
)

// mrkdwn holds text in Slack's markup that is safe to show. What people wrote
// becomes mrkdwn in [escapeText] only, so that a template cannot forget to escape.
type mrkdwn string

// limitLink bounds an address that becomes a link. A link cannot be cut.
const limitLink = 500

var (
	address = regexp.MustCompile(`<https?://[^\s<>|]+>|https?://[^\s<>|]*[^\s<>|.,;:!?)\]}'"*_~` + "`" + `]`)
	token   = regexp.MustCompile(`<[^<>]*>`)
)

// escapeText returns what people wrote, harmless: escaped, and without what cannot
// be seen. Its addresses become links here, since messages are sent verbatim, for which Slack looks for none (nor
// for an "@here"). It is shortened to the limit.
func escapeText(s string, limit int) mrkdwn {
	s = incident.Visible(cutPlain(s, 2*limit)) // of what cannot be shown anyway, nothing is escaped
	var b strings.Builder
	done := 0
	for _, at := range address.FindAllStringIndex(s, -1) {
		url := strings.Trim(s[at[0]:at[1]], "<>")
		if length(url) > limitLink {
			continue
		}
		b.WriteString(escape(s[done:at[0]]))
		b.WriteString("<" + escape(url) + ">")
		done = at[1]
	}
	return clip(limit, mrkdwn(b.String()+escape(s[done:])))
}

// bold finds what Slack shows in bold: a field's label is, so nothing that people
// write within a line may be.
var bold = regexp.MustCompile(`(^|[^\pL\pN])\*([^\s*](?:[^*\n]*[^\s*])?)\*`)

// inline returns what people wrote in one line, none of it in bold, so that it
// cannot pass for a field.
func inline(s string, limit int) mrkdwn {
	s = oneLine(incident.Visible(s))
	for bold.MatchString(s) { // what was between two may be bold now
		s = bold.ReplaceAllString(s, "$1$2")
	}
	return escapeText(s, limit)
}

// written returns what people wrote as they wrote it: in its place if that is a
// plain line, else as a quote on lines of its own, in which nothing can pass for
// a field.
func written(s string, limit int) mrkdwn {
	s = strings.TrimSpace(incident.Visible(s))
	if !strings.Contains(s, "\n") && !bold.MatchString(s) {
		return escapeText(s, limit)
	}
	return clip(limit, mrkdwn("\n> "+strings.ReplaceAll(string(escapeText(s, limit)), "\n", "\n> ")))
}

// limitWord bounds how much of a word that somebody typed is repeated to them.
const limitWord = 40

// quoted returns what people wrote in a code span, which has one line and ends at a
// backtick.
func quoted(s string, limit int) mrkdwn {
	return mrkdwn("`" + escape(strings.ReplaceAll(cutPlain(oneLine(incident.Visible(s)), limit), "`", "'")) + "`")
}

// oneLine joins the lines of a text.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// capital writes a word's first letter large.
func capital(s string) string {
	if s == "" {
		return ""
	}
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// limitName bounds how much of a name from the configuration is shown.
const limitName = 75

// named returns a name from the configuration.
func named(s string) mrkdwn { return inline(s, limitName) }

// fence begins and ends a block of code.
const fence = "```"

// clip shortens, for templates: {{clip 300 .Text}}. A block of code that it leaves
// open would swallow what follows, so it is none then.
func clip(limit int, m mrkdwn) mrkdwn {
	s := cut(string(m), limit)
	if strings.Count(s, fence)%2 == 1 {
		at := strings.LastIndex(s, fence)
		s = s[:at] + "'''" + s[at+len(fence):]
	}
	return mrkdwn(s)
}

// lower writes one of Muster's own words within a sentence: {{lower .Status}}.
func lower(word mrkdwn) mrkdwn { return mrkdwn(strings.ToLower(string(word))) }

// plain returns mrkdwn as text for where Slack shows text as it is: headers, labels, errors.
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

// Plain returns a sentence in mrkdwn, such as an answer's, without its markup: for
// the error at a form's field, which Slack shows as it is.
func Plain(sentence string) string {
	return strings.NewReplacer("`", "", "*", "").Replace(plain(mrkdwn(sentence)))
}

// when returns a moment as the reader's clock and language show it.
func when(t time.Time) mrkdwn {
	if t.IsZero() {
		return ""
	}
	return mrkdwn(fmt.Sprintf("<!date^%d^{date_short_pretty} {time}|%s>", t.Unix(), t.UTC().Format("2006-01-02 15:04 UTC")))
}

// clock returns a moment of today.
func clock(t time.Time) mrkdwn {
	return mrkdwn(fmt.Sprintf("<!date^%d^{time}|%s>", t.Unix(), t.UTC().Format("15:04 UTC")))
}

// span returns a length of time.
func span(d time.Duration) mrkdwn { return mrkdwn(incident.Span(d)) }

// mention names a user, "" where there is none.
func mention(u slackid.User) mrkdwn {
	if u == "" {
		return ""
	}
	return mrkdwn(u.Mention())
}
