package page

import (
	"html/template"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Slack escapes these three characters in texts, and no others.
var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace

// plain shows text that has no markup but emoji.
func plain(s string) string { return emojis(unescape(s)) }

// escaped returns text as HTML.
func escaped(s string) template.HTML {
	return template.HTML(template.HTMLEscapeString(s)) //nolint:gosec // it is escaped
}

// wrapped returns an element around what is HTML already, with attributes in pairs.
func wrapped(tag string, inner template.HTML, attributes ...string) template.HTML {
	var b strings.Builder
	b.WriteString("<" + tag)
	for i := 0; i+1 < len(attributes); i += 2 {
		b.WriteString(" " + attributes[i] + `="` + template.HTMLEscapeString(attributes[i+1]) + `"`)
	}
	b.WriteString(">" + string(inner) + "</" + tag + ">")
	return template.HTML(b.String()) //nolint:gosec // tags are ours, and values are escaped
}

// isLink reports whether an address leads out of the page: what anybody can write
// into a message must not run as a script.
var isLink = regexp.MustCompile(`(?i)^(https?|mailto):`).MatchString

// link leads out of the page, or nowhere.
func link(address string, label template.HTML) template.HTML {
	if !isLink(address) {
		return wrapped("a", label)
	}
	return wrapped("a", label, "href", address, "rel", "noopener", "target", "_blank")
}

// mentionHTML returns a name that is called, with what it stands for.
func mentionHTML(name, title string, viewer bool) template.HTML {
	attributes := []string{"class", "mention"}
	if viewer {
		attributes[1] += " me"
	}
	if title != "" {
		attributes = append(attributes, "title", title)
	}
	return wrapped("span", escaped(name), attributes...)
}

func (p *Page) mentionPerson(id string) template.HTML {
	return mentionHTML("@"+p.handle(id), p.Name(id), id == p.Viewer.ID)
}

func (p *Page) mentionGroup(id string) template.HTML {
	g := p.group(id)
	return mentionHTML("@"+g.Handle, g.Name, g.Mine)
}

// mentionAll returns a mention of everybody in the channel, by @here or @channel.
func mentionAll(word string) template.HTML { return mentionHTML("@"+word, "", true) }

// channelLink leads to a channel, where Viewer may know of it.
func (p *Page) channelLink(id string) template.HTML {
	if !slices.ContainsFunc(p.Channels, func(r Channel) bool { return r.ID == id }) {
		return mentionHTML("#"+p.channelName(id), "", false)
	}
	return wrapped("a", escaped("#"+p.channelName(id)), "class", "mention", "href", p.To(id))
}

// position is where a mark counts.
type position int

const (
	anywhere position = iota
	atLine            // at the start of a line
	atWord            // not within a word
	around            // not within a word, and nothing of a word may follow
)

// rule is what it looks like at the start of what is left, and what becomes of it.
type rule struct {
	starts   string // with one of these
	pattern  *regexp.Regexp
	position position
	draw     func(p *Page, m []string) template.HTML
}

// references are what topics have too.
var references = []rule{
	{"<", regexp.MustCompile(`^<([^<>\n]+)>`), anywhere, func(p *Page, m []string) template.HTML { return p.reference(m[1]) }},
	{"h", regexp.MustCompile("^https?://[^\\s<>|]*[^\\s<>|.,;:!?)'\"*_~`]"), atWord, func(_ *Page, m []string) template.HTML {
		return link(unescape(m[0]), escaped(unescape(m[0])))
	}},
	{":", regexp.MustCompile("^" + code.String()), anywhere, func(_ *Page, m []string) template.HTML { return escaped(emoji(m[1])) }},
}

// The order matters: what is code is nothing else, and a reference is one thing.
var rules []rule

func init() { // as marks hold marks
	in := func(tag string) func(*Page, []string) template.HTML {
		return func(p *Page, m []string) template.HTML { return wrapped(tag, p.mrkdwn(m[1])) }
	}
	verbatim := func(tag string) func(*Page, []string) template.HTML {
		return func(_ *Page, m []string) template.HTML { return wrapped(tag, escaped(unescape(m[1]))) }
	}
	quoted := regexp.MustCompile(`(?m)^(?:(?:&gt;|>) ?)+`)
	rules = append([]rule{
		{"&>", regexp.MustCompile(`^(?:(?:&gt;|>)[^\n]*(?:\n|$))+`), atLine, func(p *Page, m []string) template.HTML {
			return wrapped("blockquote", p.mrkdwn(strings.TrimSuffix(quoted.ReplaceAllString(m[0], ""), "\n")))
		}},
		{"`", regexp.MustCompile("^```\n?((?s:.*?))\n?```\n?"), anywhere, verbatim("pre")},
		{"`", regexp.MustCompile("^`([^`\n]+)`"), anywhere, verbatim("code")},
	}, append(references,
		rule{"*", regexp.MustCompile(`^\*(\S|\S[^*\n]*?\S)\*`), around, in("strong")},
		rule{"_", regexp.MustCompile(`^_(\S|\S[^_\n]*?\S)_`), around, in("em")},
		rule{"~", regexp.MustCompile(`^~(\S|\S[^~\n]*?\S)~`), around, in("del")},
		rule{"\n", regexp.MustCompile(`^\n`), anywhere, func(*Page, []string) template.HTML { return "<br>" }},
	)...)
}

// mrkdwn shows a text with all of Slack's markup.
func (p *Page) mrkdwn(s string) template.HTML { return p.scan(s, rules) }

// note shows a topic or a purpose: links, references and emoji, no formatting.
func (p *Page) note(s string) template.HTML { return p.scan(s, references) }

func (p *Page) scan(s string, marks []rule) template.HTML {
	var out strings.Builder
	from, last := 0, '\n' // where the plain text began, and the character before
	for at := 0; at < len(s); {
		r, size := utf8.DecodeRuneInString(s[at:])
		html, taken := p.match(s[at:], marks, last)
		if taken == 0 {
			at, last = at+size, r
			continue
		}
		out.WriteString(template.HTMLEscapeString(unescape(s[from:at])))
		out.WriteString(string(html))
		at += taken
		from, last = at, 0
		if s[at-1] == '\n' {
			last = '\n'
		}
	}
	out.WriteString(template.HTMLEscapeString(unescape(s[from:])))
	return template.HTML(out.String()) //nolint:gosec // marks give HTML, and the rest is escaped
}

// match returns what a mark at the start of s becomes, and its length; 0 is none.
func (p *Page) match(s string, marks []rule, last rune) (template.HTML, int) {
	for _, k := range marks {
		if strings.IndexByte(k.starts, s[0]) < 0 || k.position == atLine && last != '\n' || k.position >= atWord && isWordRune(last) {
			continue
		}
		m := k.pattern.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		if next, _ := utf8.DecodeRuneInString(s[len(m[0]):]); k.position == around && isWordRune(next) {
			continue
		}
		return k.draw(p, m), len(m[0])
	}
	return "", 0
}

func isWordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r))
}

// reference returns what stands between < and >.
func (p *Page) reference(inner string) template.HTML {
	target, label, _ := strings.Cut(inner, "|")
	if target == "" {
		return escaped(plain("<" + inner + ">"))
	}
	rest := target[1:]
	switch target[0] {
	case '@':
		return p.mentionPerson(rest)
	case '#':
		return p.channelLink(rest)
	case '!':
		if id, ok := strings.CutPrefix(rest, "subteam^"); ok {
			return p.mentionGroup(id)
		}
		if date, ok := strings.CutPrefix(rest, "date^"); ok {
			part := append(strings.SplitN(date, "^", 3), "", "")
			return p.date(part[0], unescape(part[1]), unescape(part[2]), unescape(label))
		}
		return mentionAll(rest)
	}
	if label == "" {
		label = strings.TrimPrefix(target, "mailto:")
	}
	return link(unescape(target), escaped(plain(label)))
}
