package incident

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"muster/internal/slackid"
)

// Limits of what people may write, in characters. Slack would take more in
// some places; these fit all of them.
const (
	MaxTitle = 150
	MaxText  = 2800
)

// writing checks what a person wrote for one command, and cleans it first. All
// that people write goes through one. err is the first refusal.
type writing struct{ err error }

// title takes a line that is also shown where Slack shows no markup.
func (w *writing) title(f Field, s string) string {
	s = strings.Join(strings.Fields(Visible(slackid.Words(Visible(s)))), " ")
	w.check(checkText(f, s, MaxTitle))
	return s
}

// text takes a text of one or several lines.
func (w *writing) text(f Field, s string, limit int) string {
	s = readable(s)
	w.check(checkText(f, s, limit))
	return s
}

// optional takes a text that may be empty.
func (w *writing) optional(f Field, s string, limit int) string {
	if s = readable(s); s == "" {
		return ""
	}
	w.check(checkText(f, s, limit))
	return s
}

// readable returns what of a text is kept: what can be seen, also of what Slack
// shows in a mention's place.
func readable(s string) string {
	return strings.TrimSpace(Visible(slackid.Readable(Visible(s))))
}

// check takes what came of another check.
func (w *writing) check(err error) {
	if w.err == nil {
		w.err = err
	}
}

// checkText rejects what is missing or too long.
func checkText(f Field, s string, limit int) error {
	n := utf8.RuneCountInString(s)
	switch {
	case n == 0:
		return InField(f, Reject("missing", Args{"field": f}))
	case n > limit:
		return InField(f, Reject("too_long", Args{"field": f, "length": n, "limit": limit}))
	}
	return nil
}

// Visible returns what of a text can be seen: without control characters, fillers
// and what turns the direction of reading, every line break as "\n". Joiners stay
// between characters that can be seen, and what varies a character behind it:
// scripts and emoji need them.
func Visible(s string) string {
	s = breaks.Replace(strings.ToValidUTF8(s, "\ufffd"))
	var b strings.Builder
	var joiner, last rune // joiner waits for a character to join to the last one
	flag := false         // whether tags may follow
	for _, r := range s {
		switch {
		case r > ' ' && r < 0x7f: // most are, and the tables are slow
		case r == '\n', r == '\t', unicode.IsSpace(r), strings.ContainsRune(blanks, r):
			r, joiner, last = space(r), 0, 0
		case unicode.Is(unicode.Variation_Selector, r):
			if last == 0 || unicode.Is(unicode.Variation_Selector, last) {
				continue
			}
		case strings.ContainsRune(joiners, r):
			if last != 0 {
				joiner = r
			}
			continue
		case unicode.Is(tags, r):
			if !flag {
				continue
			}
		case hidden(r):
			continue
		}
		if joiner != 0 {
			b.WriteRune(joiner)
			joiner = 0
		}
		b.WriteRune(r)
		if flag = r == '🏴' || (flag && unicode.Is(tags, r)); !unicode.IsSpace(r) {
			last = r
		}
	}
	return b.String()
}

// breaks writes every line break alike.
var breaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

const (
	// blanks take a place and show nothing: a braille cell without dots, a musical
	// note without a head.
	blanks = "\u2800\U0001d159"
	// joiners say how their neighbours are written: joined or not, broken or not,
	// in which direction.
	joiners = "\u200c\u200d\u200e\u200f\u2060"
)

// tags spell the region of a flag behind a black one.
var tags = &unicode.RangeTable{R32: []unicode.Range32{{Lo: 0xE0020, Hi: 0xE007F, Stride: 1}}}

// space returns a blank as a space that can be split at; line breaks and tabs stay.
func space(r rune) rune {
	if strings.ContainsRune(blanks, r) {
		return ' '
	}
	return r
}

// hidden reports whether a character shows nothing and has no part in how others
// are shown.
func hidden(r rune) bool {
	return unicode.IsControl(r) ||
		unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r) ||
		unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}
