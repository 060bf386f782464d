package handlers

import (
	"html"
	"regexp"
	"strings"

	"muster/internal/incident"
)

var (
	link      = regexp.MustCompile(`<(?:mailto:|(https?:))([^|>]+)(?:\|[^>]*)?>`)
	userLink  = regexp.MustCompile(`^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$`)
	number    = regexp.MustCompile(`(?i)^(?:inc-|#)[0-9]+$`)
	anyNumber = regexp.MustCompile(`(?i)^(?:inc-|#)?[0-9]+$`)
	sevLike   = regexp.MustCompile(`(?i)^(?:p|sev)-?[0-9]+$`)
)

// literal keeps what somebody spelled out from passing for a mention that
// Slack made: the two characters are set apart by an invisible one.
var literal = strings.NewReplacer("&lt;@", "<\u2060@", "&lt;#", "<\u2060#")

// decode undoes Slack's escaping of a command's text: links become their
// addresses and the three entities characters. Mentions stay as they are.
// (docs.slack.dev/interactivity/implementing-slash-commands, "should_escape".)
func decode(text string) string {
	return strings.TrimSpace(html.UnescapeString(literal.Replace(link.ReplaceAllString(text, "$1$2"))))
}

// cut takes the first word.
func cut(text string) (word, rest string) {
	text = strings.TrimSpace(text)
	at := strings.IndexFunc(text, func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\u00a0' })
	if at < 0 {
		return text, ""
	}
	return text[:at], strings.TrimSpace(text[at:])
}

// target takes the incident off the front of a text, where it names one as
// INC-7 or #7. Without one, it is the channel's.
func splitIncident(r Request) (incident.Ref, string) {
	word, rest := cut(r.Text)
	if number.MatchString(word) {
		if n, ok := incident.ParseNumber(word); ok {
			return incident.Ref{Number: n}, rest
		}
	}
	return r.ref(), r.Text
}

// command is what a person can type instead of what they did.
func command(verb string, ref incident.Ref, text string) string {
	words := []string{"/incident", verb}
	if ref.Number > 0 {
		words = append(words, ref.Number.String())
	}
	words = append(words, strings.Fields(text)...) // a code span has one line, and ends at a backtick
	return strings.ReplaceAll(strings.Join(words, " "), "`", "'")
}

// only is target for commands that take nothing else: a bare 7 will do.
func incidentArgument(r Request) (incident.Ref, error) {
	if r.Text == "" {
		return r.ref(), nil
	}
	n, ok := incident.ParseNumber(r.Text)
	if !ok {
		return incident.Ref{}, incident.Rejectf("bad_number", "`%s` isn't an incident number. Numbers look like `INC-7`. `/incident list` shows what's open.", r.Text)
	}
	return incident.Ref{Number: n}, nil
}
