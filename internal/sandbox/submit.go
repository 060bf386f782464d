package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

type submitRequest struct {
	User   string      `json:"user"`
	View   string      `json:"view_id"`
	Values fieldValues `json:"values"`
}

// fieldValues is what stands in a form's fields, by block_id, then action_id.
type fieldValues map[string]map[string]any

// submit sends a modal as Slack's client does: incomplete input never leaves it.
func (w *Workspace) submit(_ context.Context, s submitRequest) (object, error) {
	v, payload, mistakes, err := w.submission(s)
	if err != nil {
		return nil, err
	}
	if len(mistakes) > 0 {
		return object{"ok": false, "error": "incomplete", "errors": mistakes}, nil
	}
	answer, ms, err := w.hub.sendAndWait("interactive", payload)
	if err != nil {
		return failedAnswer(err, ms), nil
	}
	return w.submissionReply(v, answer, ms), nil
}

func (w *Workspace) submission(s submitRequest) (*View, object, map[string]string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, v, err := w.topView(s.User, s.View)
	if err != nil {
		return nil, nil, nil, err
	}
	if !w.app.Interactive {
		return nil, nil, nil, wrongf("not_interactive", "turn on settings.interactivity.is_enabled in the app's manifest to send it forms")
	}
	if v.Body["submit"] == nil {
		return nil, nil, nil, wrongf("no_submit", "the view %s has no submit button", v.ID)
	}
	if err := w.fillFields(v, s.Values); err != nil {
		return nil, nil, nil, err
	}
	if v.Errors = fieldErrors(v.blocks(), v.enteredValues()); len(v.Errors) > 0 {
		return v, nil, v.Errors, nil
	}
	payload := w.interactionPayload("view_submission", u)
	payload["view"], payload["response_urls"] = v.slackJSON(), []any{}
	return v, payload, nil, nil
}

// fillFields puts what was typed into a view, all of it or nothing.
func (w *Workspace) fillFields(v *View, typed fieldValues) error {
	next := v.Values.clone()
	for block, actions := range typed {
		for action, given := range actions {
			_, e, ok := findElement(v.blocks(), block, action)
			if !ok {
				return missingf("field_not_found", "the view has no %s/%s; there are: %s",
					block, action, strings.Join(fieldsIn(v.blocks()), ", "))
			}
			entry, err := w.parseEntry(e, given)
			if err != nil {
				return wrongf("bad_value", "%s/%s: %v", block, action, err)
			}
			next.set(block, action, entry)
		}
	}
	v.Values = next
	return nil
}

// topView finds the modal that a person sees.
func (w *Workspace) topView(user, id string) (*User, *View, error) {
	u, err := w.actor(user)
	if err != nil {
		return nil, nil, err
	}
	stack := w.modals[u.ID]
	switch {
	case len(stack) == 0:
		return nil, nil, missingf("view_not_found", "%s has no modal open", u.Name)
	case id == "" || stack[len(stack)-1].ID == id:
		return u, stack[len(stack)-1], nil
	case w.viewByID(id) == nil || w.viewByID(id).User != u.ID:
		return nil, nil, missingf("view_not_found", "%s has no view %q open; on top is %q", u.Name, id, stack[len(stack)-1].ID)
	}
	return nil, nil, &problem{http.StatusConflict, "view_covered", "another view covers that one: " + stack[len(stack)-1].ID}
}

func fieldsIn(blocks []object) []string {
	var all []string
	for _, b := range blocks {
		for _, e := range elements(b) {
			all = append(all, fmt.Sprintf("%v/%v", b["block_id"], e["action_id"]))
		}
	}
	return all
}

// fieldErrors returns what Slack's client itself objects to, by block.
func fieldErrors(blocks []object, entered values) map[string]string {
	var mistakes map[string]string
	for _, b := range blocks {
		e, _ := b["element"].(object)
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
func fieldError(e object, value any, optional bool) string {
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
func numberError(e object, text string) string {
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

// viewAnswer is what an ack may ask for after a submission.
type viewAnswer struct {
	Action string            `json:"response_action"`
	View   object            `json:"view"`
	Errors map[string]string `json:"errors"`
}

// submissionReply does what the ack asks for. What is wrong with it shows only
// to the person, as in Slack; the bot never hears of it.
func (w *Workspace) submissionReply(v *View, answer json.RawMessage, ms float64) object {
	var given viewAnswer
	if a := ackPayload(answer); a != nil && json.Unmarshal(a, &given) != nil {
		err := refuse("invalid_response")
		w.reportBadAck("view_submission", err, answer)
		return failedAnswer(err, ms)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	o := object{"ok": true, "ack_ms": ms}
	if given.Action != "" {
		o["response_action"] = given.Action
	}
	var err error
	switch given.Action {
	case "":
		w.popView(v)
	case "clear":
		delete(w.modals, v.User)
	case "errors":
		if err = checkErrors(v, given.Errors); err == nil {
			v.Errors = given.Errors
			o["errors"] = given.Errors
		}
	case "update":
		var body object
		if body, err = w.checkView(given.View, "modal", v); err == nil {
			v.replace(body)
		}
	case "push":
		var body object
		if body, err = w.checkView(given.View, "modal", nil); err == nil {
			_, err = w.pushView(v.User, body)
		}
	default:
		err = refuse("invalid_response_action")
	}
	if err != nil {
		w.reportBadAck("view_submission", err, answer)
		return badAckAnswer(err, ms)
	}
	return o
}

// reportBadAck puts on record what is wrong with an acknowledgement's content.
func (w *Workspace) reportBadAck(name string, err error, answer json.RawMessage) {
	e := Entry{Kind: "ack", Name: name, Detail: answer}
	e.setError(err)
	w.report(e)
}

func badAckAnswer(err error, ms float64) object {
	o := failedAnswer(err, ms)
	var f *refusal
	if errors.As(err, &f) && len(f.Messages) > 0 {
		o["detail"] = strings.Join(f.Messages, "; ")
	}
	return o
}

// checkErrors wants errors, each at an input block of the view.
func checkErrors(v *View, given map[string]string) error {
	if len(given) == 0 {
		return &refusal{Code: "invalid_response_errors", Messages: []string{"no errors were given"}}
	}
	inputs := map[string]bool{}
	for _, b := range v.blocks() {
		if b["type"] == "input" {
			id, _ := b["block_id"].(string)
			inputs[id] = true
		}
	}
	for block := range given {
		if !inputs[block] {
			return &refusal{Code: "invalid_response_errors", Messages: []string{"no input block " + block}}
		}
	}
	return nil
}
