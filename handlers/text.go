package handlers

import (
	"html"
	"regexp"
	"strings"
	"unicode"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// typed is the text behind a verb's word and its incident, with what it can
// refer to.
type typed struct {
	text   string
	by     slackid.User // who typed it
	ref    incident.Ref
	policy policy.Policy
}

var (
	link      = regexp.MustCompile(`<(?:mailto:|(https?:))([^|>]+)(?:\|[^>]*)?>`)
	number    = regexp.MustCompile(`(?i)^(?:inc-|#)[0-9]+$`)
	anyNumber = regexp.MustCompile(`(?i)^(?:inc-|#)?[0-9]+$`)
)

// literal keeps what somebody spelled out from passing for a mention that
// Slack made: the two characters are set apart by an invisible one.
var literal = strings.NewReplacer("&lt;@", "<\u2060@", "&lt;#", "<\u2060#", "&lt;!", "<\u2060!")

// decode undoes Slack's escaping of a command's text: links become their
// addresses and the three entities characters. Mentions stay as they are, and
// what cannot be seen is gone.
// (docs.slack.dev/interactivity/implementing-slash-commands, "should_escape".)
func decode(text string) string {
	plain := html.UnescapeString(literal.Replace(link.ReplaceAllString(text, "$1$2")))
	return strings.TrimSpace(incident.Visible(plain))
}

// cut takes the first word.
func cut(text string) (word, rest string) {
	text = strings.TrimSpace(text)
	at := strings.IndexFunc(text, unicode.IsSpace)
	if at < 0 {
		return text, ""
	}
	return text[:at], strings.TrimSpace(text[at:])
}

// leading takes the incident off the front of a text that names one as INC-7 or
// #7. Where it names none, the request's is meant.
func leading(r Request) (incident.Ref, string, error) {
	word, rest := cut(r.Text)
	if number.MatchString(word) {
		if n, ok := incident.ParseNumber(word); ok {
			return incident.Ref{Number: n}, rest, nil
		}
	}
	return r.ref(), r.Text, nil
}

// alone takes the incident from a text that holds nothing else: a bare 7 will do.
func alone(r Request) (incident.Ref, string, error) {
	if r.Text == "" {
		return r.ref(), "", nil
	}
	n, ok := incident.ParseNumber(r.Text)
	if !ok {
		return incident.Ref{}, "", incident.Reject("bad_number", incident.Args{"word": r.Text})
	}
	return incident.Ref{Number: n}, "", nil
}

// usable returns the command that a person can type instead of what they did.
func usable(word string, ref incident.Ref, text string) string {
	words := []string{"/incident", word}
	if ref.Number > 0 {
		words = append(words, ref.Number.String())
	}
	return strings.Join(append(words, strings.Fields(text)...), " ")
}
