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

// typed holds the text behind a verb's word and its incident, with what it can
// refer to.
type typed struct {
	text   string
	by     slackid.User // who typed it
	ref    incident.Ref
	policy policy.Policy
}

// link finds an address as Slack writes it in a command's text.
var link = regexp.MustCompile(`<(?:mailto:|(https?:))([^|>]+)(?:\|[^>]*)?>`)

// literal keeps what somebody spelled out from passing for markup that Slack
// made: the two characters are set apart by an invisible one.
var literal = strings.NewReplacer("&lt;@", "<\u2060@", "&lt;#", "<\u2060#", "&lt;!", "<\u2060!")

// decode undoes Slack's escaping of a command's text: links become their
// addresses and the three entities characters. Mentions stay as they are, and
// what cannot be seen is gone.
// (docs.slack.dev/interactivity/implementing-slash-commands, "should_escape".)
func decode(text string) string {
	plain := html.UnescapeString(literal.Replace(link.ReplaceAllString(text, "$1$2")))
	return strings.TrimSpace(incident.Visible(plain))
}

// cut takes the first word, which ends at any space that Unicode knows.
func cut(text string) (word, rest string) {
	text = strings.TrimSpace(text)
	at := strings.IndexFunc(text, unicode.IsSpace)
	if at < 0 {
		return text, ""
	}
	return text[:at], strings.TrimSpace(text[at:])
}

// What sets a word apart from the text behind it, as the colon in "INC-7: text":
// separators end a word, dashes may stand at its end or by themselves.
const (
	separators = ":,;：，；、。"
	dashes     = ".-–—－．"
)

// cutLabel takes the first word without what sets it apart from the rest, and
// reports whether anything but a space does.
func cutLabel(text string) (word, rest string, apart bool) {
	text = strings.TrimSpace(text)
	end := strings.IndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(separators, r) })
	if end < 0 {
		end = len(text)
	}
	word = strings.TrimRight(text[:end], dashes)
	rest = strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(text[end:]), separators))
	if dash, after := cut(rest); strings.Trim(dash, dashes+separators) == "" {
		rest = after
	}
	between := strings.TrimSuffix(text[len(word):], rest)
	return word, rest, strings.TrimSpace(between) != ""
}

// How people name an incident: by its number, or by its channel's name, which
// Slack makes a mention.
var (
	number      = regexp.MustCompile(`(?i)^(?:#|#?inc[-_]?)([0-9]+)$`)
	channelName = regexp.MustCompile(`(?i)^(?:#|<#[CG][A-Z0-9]+\|)inc-([0-9]+)(?:-[^\s>]*)?>?$`)
	bareNumber  = regexp.MustCompile(`^([0-9]+)$`)
)

// incidentNamed returns the incident that a word names. A bare 7 names none: it
// may be the text's first word.
func incidentNamed(word string) (incident.Number, bool) {
	for _, form := range []*regexp.Regexp{number, channelName} {
		if m := form.FindStringSubmatch(word); m != nil {
			return incident.ParseNumber(m[1])
		}
	}
	return 0, false
}

// incidentOrBare reads a bare number, too.
func incidentOrBare(word string) (incident.Number, bool) {
	if bareNumber.MatchString(word) {
		return incident.ParseNumber(word)
	}
	return incidentNamed(word)
}

// leading takes the incident off the front of a text that names one. Where it
// names none, the request's is meant.
func leading(r Request) (incident.Ref, string, error) {
	word, rest, _ := cutLabel(r.Text)
	if n, ok := incidentNamed(word); ok {
		return incident.Ref{Number: n}, rest, nil
	}
	return r.ref(), r.Text, nil
}

// alone takes the incident from a text that holds nothing else: a bare 7 will do.
func alone(r Request) (incident.Ref, string, error) {
	if r.Text == "" {
		return r.ref(), "", nil
	}
	n, err := onlyIncident(r.Text)
	return incident.Ref{Number: n}, "", err
}

// onlyIncident reads a text that is an incident's number and nothing else.
func onlyIncident(text string) (incident.Number, error) {
	word, rest, _ := cutLabel(text)
	if n, ok := incidentOrBare(word); ok && rest == "" {
		return n, nil
	}
	return 0, incident.Reject("bad_number", incident.Args{"word": text})
}

// usable returns the command that a person can type instead of what they did.
func usable(word string, ref incident.Ref, text string) string {
	words := []string{"/incident", word}
	if ref.Number > 0 {
		words = append(words, ref.Number.String())
	}
	return strings.Join(append(words, strings.Fields(text)...), " ")
}
