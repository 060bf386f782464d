package blockkit

import (
	"fmt"
	"math"
	"slices"
	"time"
	"unicode/utf8"
)

const unlimited = math.MaxInt32 // for what Slack names no limit of

// text wants a string of some length, in characters.
func text(least, most int) rule {
	return func(c *checker, at string, v any) {
		s, ok := v.(string)
		switch n := utf8.RuneCountInString(s); {
		case !ok:
			c.say(at, "must provide a string")
		case n < least:
			c.say(at, "must be more than %d characters", least-1)
		case n > most:
			c.say(at, "must be less than %d characters", most+1)
		}
	}
}

var (
	link = text(1, 3000)
	id   = text(1, 255)
)

func oneOf(allowed ...string) rule {
	return func(c *checker, at string, v any) {
		if s, ok := v.(string); !ok {
			c.say(at, "must provide a string")
		} else if !slices.Contains(allowed, s) {
			c.say(at, "must be a valid enum value")
		}
	}
}

// moment wants a date or a time written in one of Go's layouts; form is how
// Slack's documentation writes that layout.
func moment(layout, form string) rule {
	return func(c *checker, at string, v any) {
		s, ok := v.(string)
		if !ok {
			c.say(at, "must provide a string")
			return
		}
		// Parsing alone takes 9:00 for 09:00.
		if t, err := time.Parse(layout, s); err != nil || t.Format(layout) != s {
			c.say(at, "must have the format %s", form)
		}
	}
}

func boolean(c *checker, at string, v any) {
	if _, ok := v.(bool); !ok {
		c.say(at, "must provide a boolean")
	}
}

func number(c *checker, at string, v any) {
	if _, ok := v.(float64); !ok {
		c.say(at, "must provide a number")
	}
}

func positive(c *checker, at string, v any) {
	number(c, at, v)
	if n, ok := v.(float64); ok && n <= 0 {
		c.say(at, "must be greater than 0")
	}
}

func whole(least, most int) rule {
	return func(c *checker, at string, v any) {
		n, ok := v.(float64)
		switch {
		case !ok || n != math.Trunc(n):
			c.say(at, "must provide an integer")
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
			c.say(at, "must provide an array")
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
		if o, ok := v.(object); ok {
			c.object(at, o, s)
		} else {
			c.say(at, "must provide an object")
		}
	}
}

// typed wants an object whose type picks its shape out of a table.
func typed(table map[string]shape, allowed ...string) rule {
	return func(c *checker, at string, v any) {
		o, ok := v.(object)
		if !ok {
			c.say(at, "must provide an object")
			return
		}
		given, there := o["type"]
		kind, written := given.(string)
		s, known := table[kind]
		switch {
		case !there:
			c.say(at, "missing required field: type")
		case !written:
			c.say(at+"/type", "must provide a string")
		case !known || len(allowed) > 0 && !slices.Contains(allowed, kind):
			c.say(at+"/type", "unsupported type: %s", kind)
		default:
			c.object(at, o, s, "type")
		}
	}
}

// orNull lets a place in a list be skipped.
func orNull(r rule) rule {
	return func(c *checker, at string, v any) {
		if v != nil {
			r(c, at, v)
		}
	}
}
