package page

import (
	"html/template"
	"regexp"
	"strings"
)

// Form is the modal on top, of Depth that lie over each other.
type Form struct {
	*Page
	V     *View
	Depth int
}

// Form returns a view as what it takes to show it.
func (p *Page) Form(v *View) Form { return Form{p, v, len(p.Modals)} }

// ID returns the view's.
func (f Form) ID() string { return f.V.ID }

// Close returns a request that closes the view, or all of them.
func (f Form) Close(all bool) (string, error) { return f.Request("view_id", f.V.ID, "all", all) }

// Plain returns a text object of the view without markup.
func (Form) Plain(text any) string {
	o, _ := text.(object)
	return plain(word(o, "text"))
}

// DrawView shows the blocks of a view.
func (p *Page) DrawView(v *View) template.HTML {
	return Surface{Page: p, ID: v.ID, View: true, Entered: v.Entered, Errors: v.Errors}.Draw(list(v.Body["blocks"]))
}

// SidebarItem is a channel in the list of them.
type SidebarItem struct {
	*Page
	Channel
}

// SidebarItem returns a channel with what it takes to list it.
func (p *Page) SidebarItem(r Channel) SidebarItem { return SidebarItem{p, r} }

// Current reports whether the channel is open.
func (e SidebarItem) Current() bool { return e.ID == e.Page.Channel.ID }

// Class returns the entry's.
func (e SidebarItem) Class() string {
	var all []string
	if e.Channel.Archived {
		all = append(all, "archived")
	}
	if !e.Member {
		all = append(all, "outside")
	}
	if e.Page.Unread(e.Channel) {
		all = append(all, "unread")
	}
	return strings.Join(all, " ")
}

// Plain returns a topic or a purpose without its links.
func (*Page) Plain(s string) string { return plain(s) }

// Note returns a topic or a purpose.
func (p *Page) Note(s string) template.HTML { return p.note(s) }

// Bookmark leads to what somebody keeps over a channel.
func (*Page) Bookmark(b Bookmark) template.HTML {
	sign := wrapped("span", "", "class", "glyph glyph-bookmark", "aria-hidden", "true")
	if b.Emoji != "" {
		sign = escaped(plain(b.Emoji))
	}
	return link(b.Link, sign+escaped(" "+b.Title))
}

// Today returns the day of the week.
func (p *Page) Today() string { return p.Now.Local().Format("Mon") }

var hint = regexp.MustCompile(`[\[(<{]([^\])>}]*\|[^\])>}]*)`)

// Subcommands returns what a command's hint lists: [declare|ack|update].
func (c Command) Subcommands() []string {
	var all []string
	if m := hint.FindStringSubmatch(c.Hint); m != nil {
		for w := range strings.SplitSeq(m[1], "|") {
			if words := strings.Fields(w); len(words) > 0 {
				all = append(all, words[0])
			}
		}
	}
	return all
}
