package page

import (
	"html/template"
	"slices"
	"strings"
	"time"
)

// groupWithin is how long after one another a person's messages stand together.
const groupWithin = 5 * time.Minute

// Item is a message in a log, or a line between messages.
type Item struct {
	*Page
	Message
	Pane    string // "m" is the channel, "t" the thread beside it
	Follows bool   // it goes on from the message above it
	Divider string // the class of a line between messages, and Label its words
	Label   string
}

// Log returns the channel's messages, with lines before each day and before what is new.
func (p *Page) Log() []Item {
	var items []Item
	var before *Message
	for i := range p.Messages {
		m := &p.Messages[i]
		if m.Thread != "" && !m.Broadcast {
			continue
		}
		lines := p.dividers(m, before)
		items = append(items, lines...)
		items = append(items, Item{Page: p, Message: *m, Pane: "m", Follows: len(lines) == 0 && follows(m, before)})
		before = m
	}
	return items
}

func (p *Page) dividers(m, before *Message) []Item {
	var lines []Item
	if before == nil || !midnight(timeOf(before.TS)).Equal(midnight(timeOf(m.TS))) {
		lines = append(lines, Item{Message: *m, Divider: "day", Label: timeOf(m.TS).Format("Monday 2 January")})
	}
	if p.Since != "" && m.TS > p.Since && (before == nil || before.TS <= p.Since) && !m.Ephemeral {
		lines = append(lines, Item{Message: *m, Divider: "new", Label: "New"})
	}
	return lines
}

// follows reports whether a message goes on from the one before it. One with blocks
// stands for itself.
func follows(m, before *Message) bool {
	return before != nil && m.User == before.User && len(m.Blocks) == 0 && m.Subtype == "" && before.Subtype == "" &&
		!m.Edited && !m.Ephemeral && !before.Ephemeral && m.PinnedBy == "" && m.Broadcast == before.Broadcast &&
		timeOf(m.TS).Sub(timeOf(before.TS)) < groupWithin
}

// ThreadLog returns the open thread's messages; none where no thread is open.
func (p *Page) ThreadLog() []Item {
	var items []Item
	for i := range p.Messages {
		m := &p.Messages[i]
		if p.Thread == "" || m.TS != p.Thread && m.Thread != p.Thread {
			continue
		}
		item := Item{Page: p, Message: *m, Pane: "t"}
		if n := len(items); n > 1 {
			item.Follows = follows(m, &items[n-1].Message)
		}
		items = append(items, item)
	}
	return items
}

// Key returns unique in the document.
func (i Item) Key() string { return i.Divider + i.Pane + i.TS }

// At returns when the message was sent.
func (i Item) At() time.Time { return timeOf(i.TS) }

// LastAt returns when the last reply was sent.
func (i Item) LastAt() time.Time { return timeOf(i.LastReply) }

// IsSystem reports whether the message is one of the lines by which Slack records what
// happened to a channel.
func (i Item) IsSystem() bool { return strings.HasPrefix(i.Subtype, "channel_") }

// SystemLine returns the message's text, with who did it in front where it does not say so.
func (i Item) SystemLine() template.HTML {
	said := i.note(i.Text)
	if strings.HasPrefix(i.Text, "<@") {
		return said
	}
	return escaped(i.Name(i.User)+" ") + said
}

// Class returns the article's.
func (i Item) Class() string {
	var all []string
	for class, is := range map[string]bool{"ephemeral": i.Ephemeral, "is-pinned": i.PinnedBy != "", "follows": i.Follows} {
		if is {
			all = append(all, class)
		}
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// Body returns what the message says.
func (i Item) Body() template.HTML {
	spot := Surface{Page: i.Page, ID: i.Key(), Entered: i.Entered}
	said := spot.Draw(i.Blocks)
	if said == "" {
		said = i.mrkdwn(i.Text)
	}
	return said + spot.Attachments(i.Attachments)
}

// JobTitle returns what the person does, for the line over a message.
func (i Item) JobTitle() string {
	if u := i.person(i.User); u != nil {
		return u.Title
	}
	return ""
}

const avatarTones = 6 // of people; tone 0 is the app's

// Tone returns the colour of the person's avatar.
func (i Item) Tone() int {
	at := slices.IndexFunc(i.People, func(u Person) bool { return u.ID == i.User })
	if at < 0 {
		return 0
	}
	return 1 + at%avatarTones
}

// Initials stand in the avatar.
func (i Item) Initials() string {
	var out []rune
	for w := range strings.FieldsSeq(i.Name(i.User)) {
		out = append(out, []rune(w)[0])
	}
	return string(out[:min(len(out), 2)])
}

// Open returns the address at which the message's thread is open.
func (i Item) Open() string {
	if i.Message.Thread != "" {
		return i.Here("thread", i.Message.Thread)
	}
	return i.Here("thread", i.TS)
}

// Counted returns how many replies there are, in words.
func (i Item) Counted() string { return count(i.Replies, "reply", "replies") }

// MessageRequest returns a request about the message, as JSON; pairs are what it says besides.
func (i Item) MessageRequest(pairs ...any) (string, error) {
	return i.Request(append([]any{"channel", i.Channel.ID, "ts", i.TS}, pairs...)...)
}

// MessageShortcuts returns what the app offers for a message.
func (i Item) MessageShortcuts() []Shortcut { return i.shortcuts("message") }

// Emoji returns the reaction's character, and Words its name.
func (r Reaction) Emoji() string { return emoji(r.Name) }

// Words returns the reaction's name.
func (r Reaction) Words() string { return strings.ReplaceAll(r.Name, "_", " ") }

// By returns who gave the reaction.
func (i Item) By(r Reaction) string {
	names := make([]string, len(r.Users))
	for n, id := range r.Users {
		names[n] = i.handle(id)
	}
	return strings.Join(names, ", ")
}

// ReactedWith reports whether Viewer gave a reaction.
func (i Item) ReactedWith(name string) bool {
	return slices.ContainsFunc(i.Reactions, func(r Reaction) bool { return r.Name == name && slices.Contains(r.Users, i.Viewer.ID) })
}

// ReactionChoice is a reaction that can be given.
type ReactionChoice struct{ Name, Words string }

// Emoji returns the reaction's character.
func (o ReactionChoice) Emoji() string { return emoji(o.Name) }

// Offers returns the reactions that Viewer can still give.
func (i Item) Offers() []ReactionChoice {
	return slices.DeleteFunc([]ReactionChoice{
		{"white_check_mark", "Check mark"}, {"eyes", "Eyes"}, {"raised_hands", "Raised hands"}, {"+1", "Thumbs up"}, {"tada", "Party"},
	}, func(o ReactionChoice) bool { return i.ReactedWith(o.Name) })
}

// PinURL returns the address at which a pinned message is in sight: a reply is in its
// thread, and the others are in the log, perhaps before what is shown of it.
func (p *Page) PinURL(m Message) string {
	switch {
	case m.Thread != "":
		return p.Here("thread", m.Thread)
	case slices.ContainsFunc(p.Messages, func(shown Message) bool { return shown.TS == m.TS }):
		return "#m" + m.TS
	}
	return p.Here("all", "1")
}

// Gist returns the first line of a pinned message.
func (m Message) Gist() string {
	first, _, _ := strings.Cut(plain(m.Text), "\n")
	if r := []rune(first); len(r) > 90 {
		first = string(r[:90])
	}
	return first
}

// Counted returns how many people are in the channel, in words.
func (r Channel) Counted() string { return count(len(r.Members), "member", "members") }
