package rehearsal

import (
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"

	"muster/internal/sandbox/control"
)

// message is one that somebody can read.
type message struct{ control.Message }

// names writes people, groups and channels as they are read in Slack, and not as
// messages hold them.
func (s state) names() *strings.Replacer {
	var all []string
	for _, u := range s.Users {
		all = append(all, "<@"+u.ID+">", "@"+u.RealName)
	}
	for _, g := range s.Groups {
		all = append(all, "<!subteam^"+g.ID+">", "@"+g.Handle)
	}
	for _, c := range s.Channels {
		all = append(all, "<#"+c.ID+">", "#"+c.Name)
	}
	return strings.NewReplacer(all...)
}

// date is one that Slack writes in its reader's time, with what it is for all others.
var date = regexp.MustCompile(`<!date\^[^|>]*\|([^>]*)>`)

// name puts names and dates into all that the message says.
func (m *message) name(names *strings.Replacer) {
	read := func(text string) string { return date.ReplaceAllString(names.Replace(text), "$1") }
	m.Text = read(m.Text)
	walk(m.Blocks, func(o map[string]any) {
		if text, ok := o["text"].(string); ok {
			o["text"] = read(text)
		}
	})
}

// content returns all that the message says, each of its texts in one line: where lines
// end is no matter of what is said.
func (m message) content() string {
	texts := m.texts()
	for i, t := range texts {
		texts[i] = strings.Join(strings.Fields(html.UnescapeString(t)), " ")
	}
	return strings.Join(texts, "\n")
}

// texts returns all in the message, with & < and > as Slack holds them.
func (m message) texts() []string {
	all := []string{m.Text}
	walk(m.Blocks, func(o map[string]any) {
		if text, ok := o["text"].(string); ok {
			all = append(all, text)
		}
	})
	return all
}

// summary returns the message's first words, to be shown in one line.
func (m message) summary() string {
	const most = 66 // behind the indentation in a line of 80
	words := []rune(strings.Join(strings.Fields(html.UnescapeString(m.Text)), " "))
	if len(words) > most {
		return string(words[:most]) + "…"
	}
	return string(words)
}

// button is something to press: a button, or an entry of the menu beside them.
type button struct{ label, block, action, value string }

// buttons returns all that the message has, in its order.
func (m message) buttons() []button {
	var all []button
	for _, b := range m.Blocks {
		walk(b, func(o map[string]any) {
			switch o["type"] {
			case "button":
				all = append(all, button{label(o, "text"), text(b, "block_id"), text(o, "action_id"), ""})
			case "overflow":
				for _, choice := range options(o) {
					all = append(all, button{choice.label, text(b, "block_id"), text(o, "action_id"), choice.value})
				}
			}
		})
	}
	return all
}

// walk visits each object in v, always in the same order.
func walk(v any, visit func(map[string]any)) {
	switch v := v.(type) {
	case []map[string]any:
		for _, item := range v {
			walk(item, visit)
		}
	case []any:
		for _, item := range v {
			walk(item, visit)
		}
	case map[string]any:
		visit(v)
		for _, key := range slices.Sorted(maps.Keys(v)) {
			walk(v[key], visit)
		}
	}
}
