package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"muster/internal/sandbox/control"
	"muster/internal/sandbox/refusal"
	"muster/internal/sandbox/socketmode"
	"muster/internal/sandbox/traffic"
	"muster/internal/sandbox/workspace"
)

// submit sends a modal as Slack's client does: incomplete input never leaves it.
func (a *userActions) submit(_ context.Context, s control.Submit) (object, error) {
	v, payload, mistakes, err := a.submission(s)
	if err != nil {
		return nil, err
	}
	if len(mistakes) > 0 {
		return object{"ok": false, "error": "incomplete", "errors": mistakes}, nil
	}
	answer, ms, err := a.hub.SendAndWait("interactive", payload)
	if err != nil {
		return failedAnswer(err, ms), nil
	}
	return a.submissionReply(v, answer, ms), nil
}

func (a *userActions) submission(s control.Submit) (*workspace.View, object, map[string]string, error) {
	a.ws.Lock()
	defer a.ws.Unlock()
	u, v, err := a.topView(s.User, s.View)
	if err != nil {
		return nil, nil, nil, err
	}
	if !a.ws.App.Interactive {
		return nil, nil, nil, wrongf("not_interactive", "turn on settings.interactivity.is_enabled in the app's manifest to send it forms")
	}
	if v.Body["submit"] == nil {
		return nil, nil, nil, wrongf("no_submit", "the view %s has no submit button", v.ID)
	}
	if err := a.fillFields(v, s.Values); err != nil {
		return nil, nil, nil, err
	}
	if v.Errors = workspace.FieldErrors(v.Blocks(), v.EnteredValues()); len(v.Errors) > 0 {
		return v, nil, v.Errors, nil
	}
	payload := a.interactionPayload("view_submission", u)
	payload["view"], payload["response_urls"] = v.SlackJSON(), []any{}
	return v, payload, nil, nil
}

// fillFields puts what was typed into a view, all of it or nothing.
func (a *userActions) fillFields(v *workspace.View, typed control.FieldValues) error {
	next := v.Values.Clone()
	for block, actions := range typed {
		for action, given := range actions {
			_, e, ok := workspace.FindElement(v.Blocks(), block, action)
			if !ok {
				return missingf("field_not_found", "the view has no %s/%s; there are: %s",
					block, action, strings.Join(fieldsIn(v.Blocks()), ", "))
			}
			entry, err := a.ws.ParseEntry(e, given)
			if err != nil {
				return wrongf("bad_value", "%s/%s: %v", block, action, err)
			}
			next.Set(block, action, entry)
		}
	}
	v.Values = next
	return nil
}

// topView finds the modal that a person sees.
func (a *userActions) topView(user, id string) (*workspace.User, *workspace.View, error) {
	u, err := actor(a.ws, user)
	if err != nil {
		return nil, nil, err
	}
	stack := a.ws.Views.Stack(u.ID)
	switch {
	case len(stack) == 0:
		return nil, nil, missingf("view_not_found", "%s has no modal open", u.Name)
	case id == "" || stack[len(stack)-1].ID == id:
		return u, stack[len(stack)-1], nil
	case a.ws.Views.ByID(id) == nil || a.ws.Views.ByID(id).User != u.ID:
		return nil, nil, missingf("view_not_found", "%s has no view %q open; on top is %q", u.Name, id, stack[len(stack)-1].ID)
	}
	return nil, nil, &problem{http.StatusConflict, "view_covered", "another view covers that one: " + stack[len(stack)-1].ID}
}

func fieldsIn(blocks []object) []string {
	var all []string
	for _, b := range blocks {
		for _, e := range workspace.Elements(b) {
			all = append(all, fmt.Sprintf("%v/%v", b["block_id"], e["action_id"]))
		}
	}
	return all
}

// viewAnswer is what an ack may ask for after a submission.
type viewAnswer struct {
	Action string            `json:"response_action"`
	View   object            `json:"view"`
	Errors map[string]string `json:"errors"`
}

// submissionReply does what the ack asks for. What is wrong with it shows only
// to the person, as in Slack; the bot never hears of it.
func (a *userActions) submissionReply(v *workspace.View, answer json.RawMessage, ms float64) object {
	var given viewAnswer
	if p := socketmode.AckPayload(answer); p != nil && json.Unmarshal(p, &given) != nil {
		err := refusal.New("invalid_response")
		a.reportBadAck("view_submission", err, answer)
		return failedAnswer(err, ms)
	}
	a.ws.Lock()
	defer a.ws.Unlock()
	o := object{"ok": true, "ack_ms": ms}
	if given.Action != "" {
		o["response_action"] = given.Action
	}
	var err error
	switch given.Action {
	case "":
		a.ws.Views.Pop(v)
	case "clear":
		a.ws.Views.CloseAll(v.User)
	case "errors":
		if err = checkErrors(v, given.Errors); err == nil {
			v.Errors = given.Errors
			o["errors"] = given.Errors
		}
	case "update":
		var body object
		if body, err = a.ws.Views.Check(given.View, "modal", v); err == nil {
			v.Replace(body)
		}
	case "push":
		var body object
		if body, err = a.ws.Views.Check(given.View, "modal", nil); err == nil {
			_, err = a.ws.Views.Push(v.User, body)
		}
	default:
		err = refusal.New("invalid_response_action")
	}
	if err != nil {
		a.reportBadAck("view_submission", err, answer)
		return badAckAnswer(err, ms)
	}
	return o
}

// reportBadAck puts on record what is wrong with an acknowledgement's content.
func (a *userActions) reportBadAck(name string, err error, answer json.RawMessage) {
	e := traffic.Entry{Kind: "ack", Name: name, Detail: answer}
	traffic.SetError(&e, err)
	a.traffic.Report(e)
}

func badAckAnswer(err error, ms float64) object {
	o := failedAnswer(err, ms)
	var f *refusal.Error
	if errors.As(err, &f) && len(f.Messages) > 0 {
		o["detail"] = strings.Join(f.Messages, "; ")
	}
	return o
}

// checkErrors wants errors, each at an input block of the view.
func checkErrors(v *workspace.View, given map[string]string) error {
	if len(given) == 0 {
		return &refusal.Error{Code: "invalid_response_errors", Messages: []string{"no errors were given"}}
	}
	inputs := map[string]bool{}
	for _, b := range v.Blocks() {
		if b["type"] == "input" {
			id, _ := b["block_id"].(string)
			inputs[id] = true
		}
	}
	for block := range given {
		if !inputs[block] {
			return &refusal.Error{Code: "invalid_response_errors", Messages: []string{"no input block " + block}}
		}
	}
	return nil
}
