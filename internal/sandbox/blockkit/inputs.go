package blockkit

import (
	"regexp"
	"strconv"
)

// typing is what fields have that people type into.
var typing = join(actionable, focusable, placeholdable, dispatchable)

// inputs stand in input blocks only; rich_text_input in actions too.
var inputs = map[string]shape{
	"plain_text_input": {
		optional: join(typing, properties{
			"initial_value": text(0, 3000), "multiline": boolean, "min_length": whole(0, 3000), "max_length": whole(1, 3000),
		}),
		also: inOrder("min_length", "max_length"),
	},
	"email_text_input": {optional: join(typing, properties{"initial_value": text(0, 3000)})},
	"url_text_input":   {optional: join(typing, properties{"initial_value": text(0, 3000)})},
	"number_input": {
		required: properties{"is_decimal_allowed": boolean},
		optional: join(typing, properties{"initial_value": numeral, "min_value": numeral, "max_value": numeral}),
		also: func(c *checker, at string, o object) {
			inOrder("min_value", "initial_value")(c, at, o)
			inOrder("initial_value", "max_value")(c, at, o)
			inOrder("min_value", "max_value")(c, at, o)
			wholeIfAsked(c, at, o)
		},
	},
	"rich_text_input": {
		optional: join(typing, properties{"initial_value": richText, "min_lines": whole(1, 100), "max_lines": whole(1, 100)}),
		also:     inOrder("min_lines", "max_lines"),
	},
	"file_input": {optional: join(actionable, properties{
		"filetypes": list(1, unlimited, text(1, unlimited)), "max_files": whole(1, 10),
	})},
}

var (
	decimal = regexp.MustCompile(`^-?\d+(\.\d+)?$`)
	integer = regexp.MustCompile(`^-?\d+$`)
)

// numeral wants a number that is written as text, which is how number_input has it.
func numeral(c *checker, at string, v any) {
	s, ok := v.(string)
	switch {
	case !ok:
		c.say(at, "must provide a string")
	case !decimal.MatchString(s):
		c.say(at, "must be a number")
	}
}

func wholeIfAsked(c *checker, at string, o object) {
	if o["is_decimal_allowed"] != false {
		return
	}
	for _, name := range []string{"initial_value", "max_value", "min_value"} {
		if s, ok := o[name].(string); ok && !integer.MatchString(s) {
			c.conflict(at+"/"+name, "must be an integer")
		}
	}
}

// inOrder wants a number that is no more than another, where both are given.
func inOrder(less, more string) func(*checker, string, object) {
	return func(c *checker, at string, o object) {
		low, given := amount(o[less])
		high, both := amount(o[more])
		if given && both && low > high {
			c.conflict(at, "`%s` must be less than or equal to `%s`", less, more)
		}
	}
}

func amount(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case string:
		n, err := strconv.ParseFloat(v, 64)
		return n, err == nil
	}
	return 0, false
}
