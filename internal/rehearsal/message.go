package rehearsal

import (
	"html"
	"maps"
	"slices"
	"strings"
)

// message is one that somebody can read.
type message struct {
	TS          string `json:"ts"`
	Subtype     string `json:"subtype"`
	User        string `json:"user"`
	Text        string `json:"text"`
	Blocks      []any  `json:"blocks"`
	EphemeralTo string `json:"ephemeral_to"`
}

// content is all that the message says.
func (m message) content() string {
	all := []string{m.Text}
	walk(m.Blocks, func(o map[string]any) {
		if text, ok := o["text"].(string); ok {
			all = append(all, text)
		}
	})
	return html.UnescapeString(strings.Join(all, "\n"))
}

// gist is the message's first words, to be shown in one line.
func (m message) gist() string {
	const most = 80
	words := []rune(strings.Join(strings.Fields(html.UnescapeString(m.Text)), " "))
	if len(words) > most {
		return string(words[:most]) + "…"
	}
	return string(words)
}

// button is the action and the block of the button with a label.
func (m message) button(label string) (action, block string, ok bool) {
	for _, b := range m.Blocks {
		walk(b, func(o map[string]any) {
			text, _ := o["text"].(map[string]any)
			if o["type"] == "button" && text["text"] == label {
				action, _ = o["action_id"].(string)
				outer, _ := b.(map[string]any)
				block, _ = outer["block_id"].(string)
				ok = true
			}
		})
	}
	return action, block, ok
}

// labels are those of all buttons.
func (m message) labels() []string {
	var all []string
	walk(m.Blocks, func(o map[string]any) {
		if text, _ := o["text"].(map[string]any); o["type"] == "button" {
			label, _ := text["text"].(string)
			all = append(all, label)
		}
	})
	return all
}

// walk visits each object in v, always in the same order.
func walk(v any, visit func(map[string]any)) {
	switch v := v.(type) {
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
