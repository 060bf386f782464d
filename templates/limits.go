package templates

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Slack's limits, in characters but for [limitAnswer], each from the reference of its block or
// method. What is longer is shortened; a page in the night is never lost to a
// limit.
const (
	limitText        = 3900 // chat.update refuses more than 4,000
	limitHeader      = 150
	limitSection     = 3000
	limitField       = 2000
	limitButton      = 75
	limitOption      = 75
	limitViewTitle   = 24
	limitLabel       = 2000
	limitPlaceholder = 150
	limitTopic       = 250
	limitFieldError  = 2000

	// An acknowledgement travels in one frame of the socket, of at most 20,480 bytes
	// with its envelope; Slack drops a larger one, and the answer never arrives.
	limitAnswer = 20_000

	limitFields  = 10  // of one section
	limitOptions = 100 // of one menu
	limitBlocks  = 50  // of one message
)

// Slack refuses a message whose blocks have more than about 13,200 characters
// together (seen, not documented), so each part has its share. One text from
// people fits a section with its label.
const (
	limitSaid = 2900
	limitBody = 8000
	limitNext = 2000
	limitNote = 1000
)

// piece returns how much of the beginning must not be cut apart: an entity, a
// mention, a link, a date, else one character.
func piece(s string) string {
	switch s[0] {
	case '&':
		for _, entity := range []string{"&amp;", "&lt;", "&gt;"} {
			if strings.HasPrefix(s, entity) {
				return entity
			}
		}
	case '<':
		if end := strings.IndexAny(s[1:], "<>"); end >= 0 && s[1+end] == '>' {
			return s[:end+2]
		}
	}
	_, size := utf8.DecodeRuneInString(s)
	return s[:size]
}

// length counts as JavaScript does, which is never less than the count of
// runes: whichever of them Slack means, it fits.
func length(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// cut shortens mrkdwn between two pieces.
func cut(s string, limit int) string {
	if length(s) <= limit {
		return s
	}
	return strings.TrimRight(head(s, limit-1), " \n") + "…"
}

// head returns as many whole pieces as fit.
func head(s string, limit int) string {
	end, used := 0, 0
	for end < len(s) {
		next := piece(s[end:])
		if used += length(next); used > limit {
			break
		}
		end += len(next)
	}
	return s[:end]
}

// cutPlain shortens text in which nothing has a meaning.
func cutPlain(s string, limit int) string {
	if length(s) <= limit {
		return s
	}
	used := 0
	for at, r := range s {
		if used += utf16.RuneLen(r); used > limit-1 {
			return strings.TrimRight(s[:at], " \n") + "…"
		}
	}
	return s
}

// split divides mrkdwn into chunks that fit, between lines where it can.
func split(s string, limit int) []string {
	var chunks []string
	for length(s) > limit {
		chunk := head(s, limit)
		if line := strings.LastIndexByte(chunk, '\n'); line > 0 {
			chunk = chunk[:line]
		}
		if chunk == "" { // one piece longer than all there is room for
			return append(chunks, cutPlain(s, limit))
		}
		chunks = append(chunks, chunk)
		s = strings.TrimPrefix(s[len(chunk):], "\n")
	}
	if strings.TrimSpace(s) == "" {
		return chunks
	}
	return append(chunks, s)
}
