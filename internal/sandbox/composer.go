package sandbox

import (
	"regexp"
	"slices"
	"strings"
)

// composerToken finds what may become, or already is, a reference in typed text:
// written references, addresses, @names and #names at the start of a word, and
// the three characters that need escaping.
var composerToken = regexp.MustCompile(`<[@#!][^<>]*>|` + bareAddress + `|(?:^|\s|[(,;:])[@#][\p{L}\p{N}._-]+|[&<>]`)

// composerText returns what Slack makes of the text that a person types: references to
// users, groups and the channels that they see, links, and everything else escaped. labelled adds the
// name to a user's reference, as commands get it.
func (w *Workspace) composerText(by *User, text string, labelled bool) string {
	return composerToken.ReplaceAllStringFunc(text, func(token string) string {
		switch {
		case token == "&":
			return "&amp;"
		case token == "<":
			return "&lt;"
		case token == ">":
			return "&gt;"
		case token[0] == '<':
			if w.isReference(by, token) {
				return token
			}
			return escapeText(token)
		case strings.HasPrefix(token, "http"):
			return "<" + escapeText(token) + ">"
		}
		at := strings.IndexAny(token, "@#")
		return token[:at] + w.reference(by, token[at:], labelled)
	})
}

func escapeText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// isReference reports whether a written reference names something that exists. The
// special mentions are ordinary text in a command, as nobody can paste them.
func (w *Workspace) isReference(by *User, token string) bool {
	id, _, _ := strings.Cut(strings.Trim(token, "<>"), "|")
	switch {
	case strings.HasPrefix(id, "@"):
		return w.user(id[1:]) != nil
	case strings.HasPrefix(id, "#"):
		ch := w.state.channel(id[1:])
		return ch != nil && ch.visibleTo(by.ID)
	case strings.HasPrefix(id, "!subteam^"):
		return w.group(strings.TrimPrefix(id, "!subteam^")) != nil
	}
	return false
}

// broadcasts are the names by which a message, but no command, calls many.
var broadcasts = []string{"channel", "here", "everyone"}

// reference turns @name or #name into a reference. A trailing dot or dash may
// belong to the sentence.
func (w *Workspace) reference(by *User, word string, labelled bool) string {
	name := strings.TrimRight(word[1:], ".-_")
	rest := word[1+len(name):]
	if word[0] == '#' {
		if ch := w.state.channelNamed(name); ch != nil && ch.visibleTo(by.ID) {
			return "<#" + ch.ID + "|" + ch.Name + ">" + rest
		}
		return word
	}
	if !labelled && slices.Contains(broadcasts, name) {
		return "<!" + name + ">" + rest
	}
	for i := range w.users {
		if u := &w.users[i]; u.Name == name {
			if labelled {
				return "<@" + u.ID + "|" + u.Name + ">" + rest
			}
			return "<@" + u.ID + ">" + rest
		}
	}
	for i := range w.groups {
		if g := &w.groups[i]; g.Handle == name {
			return "<!subteam^" + g.ID + "|@" + g.Handle + ">" + rest
		}
	}
	return word
}
