package templates

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"muster/internal/incident"
)

// BlockActions is the block in which a message has its buttons.
const BlockActions = "incident_actions"

// What buttons and menus send as their action_id.
const (
	ActionAcknowledge = "incident_acknowledge"
	ActionUpdate      = "incident_update"
	ActionEscalate    = "incident_escalate"
	ActionResolve     = "incident_resolve"
	ActionReopen      = "incident_reopen"
	ActionClose       = "incident_close"
	ActionSnooze      = "incident_snooze" // by the policy's default, immediately
	ActionRetry       = "incident_retry"
	ActionMore        = "incident_more" // the menu; its choice is one of Choice…
)

// Choice is an option of the menu for the rest.
type Choice string

// The choices of the menu.
const (
	ChoiceSeverity Choice = "severity"
	ChoiceAssign   Choice = "assign"
	ChoiceSnooze   Choice = "snooze"
	ChoiceCancel   Choice = "cancel"
)

// Number is the incident that a button's value means.
func Number(value string) (incident.Number, bool) { return incident.ParseNumber(value) }

// ParseChoice reads the value of the menu's chosen option.
func ParseChoice(value string) (Choice, incident.Number, bool) {
	choice, number, _ := strings.Cut(value, " ")
	n, ok := Number(number)
	return Choice(choice), n, ok
}

// buttons is the acts that an incident's state allows: on its card, and in
// answer to whoever asks for them.
func (t *Templates) buttons(i incident.Incident) []slack.BlockElement {
	var all []slack.BlockElement
	switch {
	case i.Status.Open():
		if i.Acked.IsZero() {
			all = append(all, primary(button(ActionAcknowledge, "Acknowledge", i.Number)), button(ActionUpdate, "Post update", i.Number))
		} else {
			all = append(all, primary(button(ActionUpdate, "Post update", i.Number)))
		}
		if i.Level < t.policy.Top() {
			all = append(all, t.escalateButton(i))
		}
		all = append(all, button(ActionResolve, "Resolve incident", i.Number))
	case i.Status == incident.Resolved:
		all = append(all, button(ActionClose, "Close", i.Number), button(ActionReopen, "Reopen", i.Number))
	default:
		all = append(all, button(ActionReopen, "Reopen", i.Number))
	}
	if len(i.Undelivered) > 0 {
		all = append(all, button(ActionRetry, "Retry delivery", i.Number))
	}
	if i.Status.Open() {
		all = append(all, more(i.Number))
	}
	return all
}

// beside is the buttons below a posted message: the acts it asks for.
func (t *Templates) messageButtons(n incident.Notice, i incident.Incident) []slack.BlockElement {
	switch n.Template {
	case incident.TemplateCard, incident.TemplateNoChannel:
		return t.buttons(i)
	case incident.TemplateAlert, incident.TemplateEscalation, incident.TemplateWarning:
		return t.callButtons(n, i)
	case incident.TemplateReminder:
		if i.Status.Open() {
			return []slack.BlockElement{
				primary(button(ActionUpdate, "Post update", i.Number)),
				button(ActionSnooze, "Snooze "+incident.Span(t.policy.Snooze.Default), i.Number),
			}
		}
	}
	return nil
}

// calling is the buttons of a message that asks people to come.
func (t *Templates) callButtons(n incident.Notice, i incident.Incident) []slack.BlockElement {
	if !i.Status.Open() || !i.Acked.IsZero() || outsider(n, i) {
		return nil
	}
	all := []slack.BlockElement{primary(button(ActionAcknowledge, "Acknowledge", i.Number))}
	if n.Template == incident.TemplateWarning && n.To.InChannel && i.Level < t.policy.Top() {
		all = append(all, t.escalateButton(i))
	}
	return all
}

func (t *Templates) escalateButton(i incident.Incident) *slack.ButtonBlockElement {
	return button(ActionEscalate, "Escalate to "+(i.Level+1).String(), i.Number)
}

func button(action, text string, n incident.Number) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(action, strconv.Itoa(int(n)), label(text, limitButton))
}

func primary(b *slack.ButtonBlockElement) *slack.ButtonBlockElement {
	return b.WithStyle(slack.StylePrimary)
}

// more is the menu for what is done less often. Slack allows five options.
func more(n incident.Number) *slack.OverflowBlockElement {
	option := func(c Choice, text string) *slack.OptionBlockObject {
		return slack.NewOptionBlockObject(string(c)+" "+strconv.Itoa(int(n)), label(text, limitOption), nil)
	}
	return slack.NewOverflowBlockElement(ActionMore,
		option(ChoiceSeverity, "Change severity"),
		option(ChoiceAssign, "Assign a role"),
		option(ChoiceSnooze, "Snooze reminder"),
		option(ChoiceCancel, "Cancel incident"),
	)
}
