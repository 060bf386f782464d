package control

import (
	"encoding/json"
	"strings"
)

// Content returns all that a message says: its text, and the texts in its blocks.
func (m Message) Content() string {
	return strings.Join(append([]string{m.Text}, texts(m.Blocks)...), "\n")
}

// Says reports whether the message contains all parts.
func (m Message) Says(parts ...string) bool {
	content := m.Content()
	for _, p := range parts {
		if !strings.Contains(content, p) {
			return false
		}
	}
	return true
}

// Has reports whether the message has an element with that action_id.
func (m Message) Has(action string) bool {
	for _, b := range m.Blocks {
		for _, e := range Elements(b) {
			if e["action_id"] == action {
				return true
			}
		}
	}
	return false
}

// Content returns all that a view says.
func (v View) Content() string {
	return strings.Join(append([]string{v.Body.Title.Text}, texts(v.Body.Blocks)...), "\n")
}

// Text returns all that a command's answer says.
func (a Ack) Text() string {
	var m Message
	if len(a.Response) == 0 || json.Unmarshal(a.Response, &m) != nil {
		return ""
	}
	return m.Content()
}

// Elements returns the elements of a block that people can act on.
func Elements(block map[string]any) []map[string]any {
	var all []map[string]any
	for _, key := range []string{"element", "accessory"} {
		if e, ok := block[key].(map[string]any); ok {
			all = append(all, e)
		}
	}
	list, _ := block["elements"].([]any)
	for _, item := range list {
		if e, ok := item.(map[string]any); ok {
			all = append(all, e)
		}
	}
	return all
}

// texts collects the texts anywhere in blocks, in reading order of lists.
func texts(v any) []string {
	var all []string
	switch v := v.(type) {
	case []map[string]any:
		for _, item := range v {
			all = append(all, texts(item)...)
		}
	case []any:
		for _, item := range v {
			all = append(all, texts(item)...)
		}
	case map[string]any:
		if s, ok := v["text"].(string); ok {
			all = append(all, s)
		}
		for _, key := range []string{
			"text", "title", "label", "hint", "fields", "element", "elements", "accessory", "placeholder",
			"options", "option_groups", "description", "initial_option",
		} {
			if _, isText := v[key].(string); !isText {
				all = append(all, texts(v[key])...)
			}
		}
	}
	return all
}
