package workspace

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// storeBlocks copies blocks as Slack stores them: what came without an ID gets
// one, as do markdown blocks, whose own Slack drops, and addresses become links.
func storeBlocks(list []any) []Object {
	var blocks []Object
	for _, b := range Objects(list) {
		b = deepCopy(b)
		linkInBlocks(b)
		if id, _ := b["block_id"].(string); id == "" || b["type"] == "markdown" {
			b["block_id"] = secret(3)[:5]
		}
		for _, e := range Elements(b) {
			if id, _ := e["action_id"].(string); id == "" && interactive(e) {
				e["action_id"] = secret(3)[:5]
			}
		}
		blocks = append(blocks, b)
	}
	return blocks
}

// storeAttachments does the same in attachments, and numbers them.
func storeAttachments(list []any) []any {
	var attachments []any
	for n, a := range Objects(list) {
		a = maps.Clone(a)
		a["id"] = n + 1
		if inner, ok := a["blocks"].([]any); ok {
			a["blocks"] = toList(storeBlocks(inner))
		}
		attachments = append(attachments, a)
	}
	return attachments
}

// toList returns a list of objects as JSON has them.
func toList(all []Object) []any {
	list := make([]any, len(all))
	for i, o := range all {
		list[i] = o
	}
	return list
}

// AllBlocks returns all that a message shows in blocks, those of its attachments behind
// its own.
func (m *Message) AllBlocks() []Object {
	all := slices.Clone(m.Blocks)
	for _, a := range Objects(m.Attachments) {
		all = append(all, Objects(a["blocks"])...)
	}
	return all
}

// AttachmentOf returns the number of the attachment that holds a block, or nil.
func (m *Message) AttachmentOf(block any) any {
	for _, a := range Objects(m.Attachments) {
		for _, b := range Objects(a["blocks"]) {
			if b["block_id"] == block {
				return a["id"]
			}
		}
	}
	return nil
}

func deepCopy(o Object) Object {
	raw, err := json.Marshal(o)
	if err != nil {
		return o
	}
	var c Object
	_ = json.Unmarshal(raw, &c) // what was just written can be read
	return c
}

// Elements returns the elements of a block that people can act on or fill in.
func Elements(block Object) []Object {
	var found []Object
	for _, key := range []string{"accessory", "element"} {
		if e, ok := block[key].(Object); ok {
			found = append(found, e)
		}
	}
	if block["type"] == "actions" || block["type"] == "context_actions" {
		found = append(found, Objects(block["elements"])...)
	}
	return found
}

func interactive(e Object) bool { return e["type"] != "image" && e["type"] != nil }

// FindElement finds an element by its action_id, and by its block_id if given.
func FindElement(blocks []Object, block, action string) (Object, Object, bool) {
	for _, b := range blocks {
		if block != "" && b["block_id"] != block {
			continue
		}
		for _, e := range Elements(b) {
			if e["action_id"] == action {
				return b, e, true
			}
		}
	}
	return nil, nil, false
}

// field describes how one type of element takes and shows a value.
type field struct {
	key     string // where Slack puts the value in an action and in state.values
	initial string // the element's property that holds its first value
	many    bool
	options bool
}

var fields = map[string]field{
	"plain_text_input":           {key: "value", initial: "initial_value"},
	"number_input":               {key: "value", initial: "initial_value"},
	"email_text_input":           {key: "value", initial: "initial_value"},
	"url_text_input":             {key: "value", initial: "initial_value"},
	"static_select":              {key: "selected_option", initial: "initial_option", options: true},
	"radio_buttons":              {key: "selected_option", initial: "initial_option", options: true},
	"overflow":                   {key: "selected_option", options: true},
	"checkboxes":                 {key: "selected_options", initial: "initial_options", many: true, options: true},
	"multi_static_select":        {key: "selected_options", initial: "initial_options", many: true, options: true},
	"users_select":               {key: "selected_user", initial: "initial_user"},
	"multi_users_select":         {key: "selected_users", initial: "initial_users", many: true},
	"channels_select":            {key: "selected_channel", initial: "initial_channel"},
	"multi_channels_select":      {key: "selected_channels", initial: "initial_channels", many: true},
	"conversations_select":       {key: "selected_conversation", initial: "initial_conversation"},
	"multi_conversations_select": {key: "selected_conversations", initial: "initial_conversations", many: true},
	"datepicker":                 {key: "selected_date", initial: "initial_date"},
	"timepicker":                 {key: "selected_time", initial: "initial_time"},
	"datetimepicker":             {key: "selected_date_time", initial: "initial_date_time"},
}

// initialEntry returns an element's entry in state.values before anybody touched it;
// ok is false for elements that hold no value, as buttons do.
func initialEntry(e Object) (Object, bool) {
	kind, _ := e["type"].(string)
	f, ok := fields[kind]
	if !ok || kind == "overflow" {
		return nil, false
	}
	entry := Object{"type": kind, f.key: nil}
	if f.many {
		entry[f.key] = []any{}
	}
	if first, there := e[f.initial]; there {
		entry[f.key] = first
	}
	return entry, true
}

// ValuesOf returns what all elements of blocks hold: what was entered, else what they
// began with.
func ValuesOf(blocks []Object, entered Values) Values {
	all := Values{}
	for _, b := range blocks {
		id, _ := b["block_id"].(string)
		for _, e := range Elements(b) {
			action, _ := e["action_id"].(string)
			entry, ok := initialEntry(e)
			if !ok {
				continue
			}
			if now, there := entered[id][action]; there && now["type"] == e["type"] {
				entry = now
			}
			all.Set(id, action, entry)
		}
	}
	return all
}

// EnteredValues returns the values of all elements of a view.
func (v *View) EnteredValues() Values { return ValuesOf(v.Blocks(), v.Values) }

// ParseEntry turns what a person typed or picked into the element's entry, or says
// what would be right.
func (w *Workspace) ParseEntry(e Object, given any) (Object, error) {
	kind, _ := e["type"].(string)
	f, ok := fields[kind]
	if !ok {
		return nil, fmt.Errorf("a %s takes no value", kind)
	}
	if f.many {
		return w.parseEntries(e, f, given)
	}
	if given == nil || given == "" {
		return Object{"type": kind, f.key: nil}, nil
	}
	text := fmt.Sprint(given)
	if n, isNumber := given.(float64); isNumber {
		text = strconv.FormatFloat(n, 'f', -1, 64)
	}
	v, err := w.parseValue(e, f, text)
	return Object{"type": kind, f.key: v}, err
}

func (w *Workspace) parseEntries(e Object, f field, given any) (Object, error) {
	list := []any{}
	if given != nil {
		var ok bool
		if list, ok = given.([]any); !ok {
			list = []any{given}
		}
	}
	all := []any{}
	for _, item := range list {
		v, err := w.parseValue(e, f, fmt.Sprint(item))
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return Object{"type": e["type"], f.key: all}, nil
}

// parseValue brings one text to what the element holds.
func (w *Workspace) parseValue(e Object, f field, text string) (any, error) {
	if f.options {
		return option(e, text)
	}
	switch f.key {
	case "selected_user", "selected_users":
		if u := w.FindUser(text); u != nil {
			return u.ID, nil
		}
		return nil, fmt.Errorf("no user %q", text)
	case "selected_channel", "selected_channels", "selected_conversation", "selected_conversations":
		if ch := w.FindChannel(text); ch != nil && !(ch.Private && strings.HasPrefix(f.key, "selected_channel")) {
			return ch.ID, nil
		}
		return nil, fmt.Errorf("no channel %q", text)
	case "selected_date_time":
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, fmt.Errorf("%q isn't a Unix time in seconds", text)
		}
		return n, nil
	}
	return text, nil
}

// option finds one of an element's options by its value.
func option(e Object, value string) (Object, error) {
	all := Objects(e["options"])
	for _, g := range Objects(e["option_groups"]) {
		all = append(all, Objects(g["options"])...)
	}
	var known []string
	for _, o := range all {
		if o["value"] == value {
			return maps.Clone(o), nil
		}
		known = append(known, fmt.Sprint(o["value"]))
	}
	slices.Sort(known)
	return nil, fmt.Errorf("no option %q; the values are %s", value, strings.Join(known, ", "))
}

// secret returns a random hexadecimal text of n bytes.
func secret(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
