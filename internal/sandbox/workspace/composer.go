package workspace

import (
	"regexp"
	"slices"
	"strings"
)

// composerToken finds what may become, or already is, a reference in typed text:
// written references, addresses, @names and #names at the start of a word, and
// the three characters that need escaping.
var composerToken = regexp.MustCompile(`<[@#!][^<>]*>|` + bareAddress + `|(?:^|\s|[(,;:])[@#][\p{L}\p{N}._-]+|[&<>]`)

// composer turns what one person types into what Slack stores.
type composer struct {
	w        *Workspace
	by       *User
	labelled bool
}

// ComposerText returns what Slack makes of the text that a person types: references to
// users, groups and the channels that they see, links, and everything else escaped. labelled adds the
// name to a user's reference, as commands get it.
func (w *Workspace) ComposerText(by *User, text string, labelled bool) string {
	c := composer{w, by, labelled}
	return composerToken.ReplaceAllStringFunc(text, func(token string) string {
		switch {
		case token == "&":
			return "&amp;"
		case token == "<":
			return "&lt;"
		case token == ">":
			return "&gt;"
		case token[0] == '<':
			if c.isReference(token) {
				return token
			}
			return escapeText(token)
		case strings.HasPrefix(token, "http"):
			return "<" + escapeText(token) + ">"
		}
		at := strings.IndexAny(token, "@#")
		return token[:at] + c.reference(token[at:])
	})
}

func escapeText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// isReference reports whether a written reference names something that exists. The
// special mentions are ordinary text in a command, as nobody can paste them.
func (c composer) isReference(token string) bool {
	id, _, _ := strings.Cut(strings.Trim(token, "<>"), "|")
	switch {
	case strings.HasPrefix(id, "@"):
		return c.w.User(id[1:]) != nil
	case strings.HasPrefix(id, "#"):
		ch := c.w.Channel(id[1:])
		return ch != nil && ch.VisibleTo(c.by.ID)
	case strings.HasPrefix(id, "!subteam^"):
		return c.w.Group(strings.TrimPrefix(id, "!subteam^")) != nil
	}
	return false
}

// broadcasts are the names by which a message, but no command, calls many.
var broadcasts = []string{"channel", "here", "everyone"}

// reference turns @name or #name into a reference. A trailing dot or dash may
// belong to the sentence.
func (c composer) reference(word string) string {
	name := strings.TrimRight(word[1:], ".-_")
	rest := word[1+len(name):]
	if word[0] == '#' {
		if ch := c.w.ChannelNamed(name); ch != nil && ch.VisibleTo(c.by.ID) {
			return "<#" + ch.ID + "|" + ch.Name + ">" + rest
		}
		return word
	}
	if !c.labelled && slices.Contains(broadcasts, name) {
		return "<!" + name + ">" + rest
	}
	for i := range c.w.Users {
		if u := &c.w.Users[i]; u.Name == name {
			if c.labelled {
				return "<@" + u.ID + "|" + u.Name + ">" + rest
			}
			return "<@" + u.ID + ">" + rest
		}
	}
	for i := range c.w.Groups {
		if g := &c.w.Groups[i]; g.Handle == name {
			return "<!subteam^" + g.ID + "|@" + g.Handle + ">" + rest
		}
	}
	return word
}
