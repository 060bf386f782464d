package slackjson

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Shape cuts a value down. It reports false for one of another type, which is then
// left out.
type Shape func(raw json.RawMessage) (json.RawMessage, bool)

// Text keeps a text.
func Text(raw json.RawMessage) (json.RawMessage, bool) { return raw, begins(raw, `"`) }

// Number keeps a number.
func Number(raw json.RawMessage) (json.RawMessage, bool) { return raw, begins(raw, "-0123456789") }

// Flag keeps true and false.
func Flag(raw json.RawMessage) (json.RawMessage, bool) { return raw, begins(raw, "tf") }

// Any keeps whatever is there.
func Any(raw json.RawMessage) (json.RawMessage, bool) { return raw, true }

// Object keeps what it names of an object.
type Object map[string]Shape

// Cut is the object's [Shape].
func (o Object) Cut(raw json.RawMessage) (json.RawMessage, bool) {
	return cutMembers(raw, func(name string) Shape { return o[name] })
}

// Each cuts each member of an object whose names are not known.
func Each(member Shape) Shape {
	return func(raw json.RawMessage) (json.RawMessage, bool) {
		return cutMembers(raw, func(string) Shape { return member })
	}
}

// List cuts each element of a list.
func List(element Shape) Shape {
	return func(raw json.RawMessage) (json.RawMessage, bool) {
		var all []json.RawMessage
		if !begins(raw, "[") || json.Unmarshal(raw, &all) != nil {
			return nil, false
		}
		kept := make([]json.RawMessage, 0, len(all))
		for _, one := range all {
			if one, ok := element(one); ok {
				kept = append(kept, one)
			}
		}
		return encode(kept)
	}
}

// cutMembers cuts an object's members; one without a shape is left out.
func cutMembers(raw json.RawMessage, shapeOf func(name string) Shape) (json.RawMessage, bool) {
	var all map[string]json.RawMessage
	if !begins(raw, "{") || json.Unmarshal(raw, &all) != nil {
		return nil, false
	}
	kept := make(map[string]json.RawMessage, len(all))
	for name, member := range all {
		shape := shapeOf(name)
		if shape == nil {
			continue
		}
		if member, ok := shape(member); ok {
			kept[name] = member
		}
	}
	return encode(kept)
}

func encode(v any) (json.RawMessage, bool) {
	raw, err := json.Marshal(v)
	return raw, err == nil
}

// begins reports whether a value begins with one of some characters.
func begins(raw json.RawMessage, with string) bool {
	raw = bytes.TrimLeft(raw, " \t\r\n")
	return len(raw) > 0 && strings.IndexByte(with, raw[0]) >= 0
}
