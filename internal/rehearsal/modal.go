package rehearsal

import (
	"fmt"
	"slices"
	"strings"

	"muster/internal/sandbox/control"
)

// modal is what somebody has open in front of Slack: a form, or a message.
type modal struct{ control.View }

func (m modal) title() string { return m.Body.Title.Text }

// asMessage returns a modal as a message that only who has it open can read.
func (m modal) asMessage(actor control.User) postedMessage {
	inside := message{control.Message{Blocks: m.Body.Blocks}}
	return postedMessage{message{control.Message{TS: m.ID, EphemeralTo: actor.ID, Text: strings.Join(append([]string{m.title()}, inside.texts()...), " ")}}, modalChannel}
}

// field is one input of a form.
type field struct {
	block, action string
	label         string
	kind          string
	options       []option
}

// option is one choice that a field offers.
type option struct{ label, value string }

// fields returns the inputs of a form, from the top.
func (m modal) fields() []field {
	var all []field
	for _, block := range m.Body.Blocks {
		element, ok := block["element"].(map[string]any)
		if !ok || block["type"] != "input" {
			continue
		}
		all = append(all, field{
			block: text(block, "block_id"), action: text(element, "action_id"),
			label: label(block, "label"), kind: text(element, "type"), options: options(element),
		})
	}
	return all
}

// field finds a field by its label.
func (m modal) field(label string) (field, bool) {
	all := m.fields()
	i := slices.IndexFunc(all, func(f field) bool { return f.label == label })
	if i < 0 {
		return field{}, false
	}
	return all[i], true
}

// labels returns those of all fields, to be shown in one line.
func (m modal) labels() string {
	var all []string
	for _, f := range m.fields() {
		all = append(all, f.label)
	}
	return strings.Join(all, ", ")
}

// choose finds the option that somebody means who types how its label begins.
func (f field) choose(typed string) (value, reason string) {
	var all, fit []string
	for _, o := range f.options {
		if o.label == typed {
			return o.value, ""
		}
		if strings.HasPrefix(o.label, typed) {
			fit = append(fit, o.value)
		}
		all = append(all, o.label)
	}
	switch len(fit) {
	case 1:
		return fit[0], ""
	case 0:
		return "", fmt.Sprintf("%q has no option %q; its options are: %s", f.label, typed, strings.Join(all, ", "))
	}
	return "", fmt.Sprintf("%q has several options that start with %q: %s", f.label, typed, strings.Join(all, ", "))
}

// options returns the choices that an element offers.
func options(element map[string]any) []option {
	var all []option
	list, _ := element["options"].([]any)
	for _, item := range list {
		if o, ok := item.(map[string]any); ok {
			all = append(all, option{label(o, "text"), text(o, "value")})
		}
	}
	return all
}

// text returns a text in an object of Slack's, "" if there is none.
func text(o map[string]any, key string) string {
	s, _ := o[key].(string)
	return s
}

// label returns a text in a text object in an object.
func label(o map[string]any, key string) string {
	inner, _ := o[key].(map[string]any)
	return text(inner, "text")
}
