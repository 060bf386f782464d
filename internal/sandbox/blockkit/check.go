package blockkit

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

type object = map[string]any

// Problem is one thing that Slack would refuse, and where.
type Problem struct {
	Text    string
	Pointer string
}

func (p Problem) String() string {
	if p.Pointer == "" {
		return p.Text
	}
	return p.Text + " [json-pointer:" + p.Pointer + "]"
}

// checker collects problems while it walks a layout.
type checker struct {
	problems []Problem
	blockIDs map[string]bool
	actions  map[string]bool // action_ids of the block at hand
	inputs   int
	markdown int // characters in all markdown blocks
	tables   int
}

// rule checks one value at a place.
type rule func(c *checker, at string, v any)

// shape describes an object. Its "type" is checked by whoever picked the shape.
type shape struct {
	required map[string]rule
	optional map[string]rule
	also     func(c *checker, at string, o object) // rules across properties
}

func (c *checker) say(at, format string, args ...any) {
	c.problems = append(c.problems, Problem{Text: fmt.Sprintf(format, args...), Pointer: at})
}

// object checks an object against a shape.
func (c *checker) object(at string, o object, s shape) {
	for _, name := range slices.Sorted(maps.Keys(s.required)) {
		if v, there := o[name]; !there || v == nil {
			c.say(at, "missing required field: %s", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o)) {
		r, known := s.required[name]
		if !known {
			r, known = s.optional[name]
		}
		switch {
		case known && o[name] != nil:
			r(c, at+"/"+name, o[name])
		case !known && name != "type":
			c.say(at, "invalid additional property: %s", name)
		}
	}
	if s.also != nil {
		s.also(c, at, o)
	}
}

// with adds properties to a shape's optional ones.
func (s shape) with(more map[string]rule) shape {
	all := maps.Clone(more)
	maps.Copy(all, s.optional)
	s.optional = all
	return s
}

// text wants a string of some length, in characters.
func text(least, most int) rule {
	return func(c *checker, at string, v any) {
		s, ok := v.(string)
		switch n := utf8.RuneCountInString(s); {
		case !ok:
			c.say(at, "must be a string")
		case n < least:
			c.say(at, "must be more than %d characters", least-1)
		case n > most:
			c.say(at, "must be less than %d characters", most+1)
		}
	}
}

func oneOf(allowed ...string) rule {
	return func(c *checker, at string, v any) {
		if s, ok := v.(string); !ok || !slices.Contains(allowed, s) {
			c.say(at, "must be a valid enum value: %s", strings.Join(allowed, ", "))
		}
	}
}

func boolean(c *checker, at string, v any) {
	if _, ok := v.(bool); !ok {
		c.say(at, "must be a boolean")
	}
}

func whole(least, most int) rule {
	return func(c *checker, at string, v any) {
		n, ok := v.(float64)
		switch {
		case !ok || n != math.Trunc(n):
			c.say(at, "must be an integer")
		case n < float64(least):
			c.say(at, "must be greater than or equal to %d", least)
		case n > float64(most):
			c.say(at, "must be less than or equal to %d", most)
		}
	}
}

// list wants an array of some length whose items follow a rule.
func list(least, most int, item rule) rule {
	return func(c *checker, at string, v any) {
		all, ok := v.([]any)
		switch {
		case !ok:
			c.say(at, "must be an array")
			return
		case len(all) < least:
			c.say(at, "must provide at least %d items", least)
		case len(all) > most:
			c.say(at, "no more than %d items allowed", most)
		}
		for i, v := range all {
			item(c, fmt.Sprintf("%s/%d", at, i), v)
		}
	}
}

// like wants an object of one shape.
func like(s shape) rule {
	return func(c *checker, at string, v any) {
		o, ok := v.(object)
		if !ok {
			c.say(at, "must be an object")
			return
		}
		c.object(at, o, s)
	}
}

// typed wants an object whose type picks its shape out of a table.
func typed(table map[string]shape, allowed ...string) rule {
	return func(c *checker, at string, v any) {
		o, ok := v.(object)
		if !ok {
			c.say(at, "must be an object")
			return
		}
		kind, _ := o["type"].(string)
		s, known := table[kind]
		switch {
		case kind == "":
			c.say(at, "missing required field: type")
		case !known || len(allowed) > 0 && !slices.Contains(allowed, kind):
			c.say(at+"/type", "unsupported type: %s", kind)
		default:
			c.object(at, o, s)
		}
	}
}

func anything(*checker, string, any) {}
