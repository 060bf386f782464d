package workspace

import (
	"fmt"
	"math"
	"net/url"
	"regexp"
	"strconv"
	"unicode/utf8"
)

// FieldErrors returns what Slack's client itself objects to, by block.
func FieldErrors(blocks []Object, entered Values) map[string]string {
	var mistakes map[string]string
	for _, b := range blocks {
		e, _ := b["element"].(Object)
		if b["type"] != "input" || e == nil {
			continue
		}
		block, _ := b["block_id"].(string)
		action, _ := e["action_id"].(string)
		kind, _ := e["type"].(string)
		value := entered[block][action][fields[kind].key]
		optional, _ := b["optional"].(bool)
		if text := fieldError(e, value, optional); text != "" {
			if mistakes == nil {
				mistakes = map[string]string{}
			}
			mistakes[block] = text
		}
	}
	return mistakes
}

var address = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)

// fieldError says what is wrong with one input's value, or "".
func fieldError(e Object, value any, optional bool) string {
	list, many := value.([]any)
	if value == nil || value == "" || many && len(list) == 0 {
		if optional {
			return ""
		}
		return "Please complete this required field."
	}
	text, _ := value.(string)
	long := utf8.RuneCountInString(text)
	least, _ := e["min_length"].(float64)
	most, bounded := e["max_length"].(float64)
	switch kind := e["type"]; {
	case kind == "plain_text_input" && long < int(least):
		return fmt.Sprintf("Please enter at least %d characters.", int(least))
	case kind == "plain_text_input" && bounded && long > int(most):
		return fmt.Sprintf("Please enter no more than %d characters.", int(most))
	case kind == "number_input":
		return numberError(e, text)
	case kind == "email_text_input" && !address.MatchString(text):
		return "Please enter a valid email address."
	case kind == "url_text_input":
		if u, err := url.Parse(text); err != nil || u.Host == "" {
			return "Please enter a valid URL."
		}
	}
	return ""
}

// numberError says what is wrong with a number, or "".
func numberError(e Object, text string) string {
	n, err := strconv.ParseFloat(text, 64)
	decimal, _ := e["is_decimal_allowed"].(bool)
	bound := func(key string) (float64, bool) {
		s, _ := e[key].(string)
		b, err := strconv.ParseFloat(s, 64)
		return b, err == nil
	}
	least, bounded := bound("min_value")
	most, capped := bound("max_value")
	switch {
	case err != nil || math.IsNaN(n) || math.IsInf(n, 0):
		return "Please enter a valid number."
	case !decimal && n != math.Trunc(n):
		return "Please enter a whole number."
	case bounded && n < least:
		return fmt.Sprintf("Please enter a number that is at least %v.", e["min_value"])
	case capped && n > most:
		return fmt.Sprintf("Please enter a number that is at most %v.", e["max_value"])
	}
	return ""
}
