package templates

import (
	"time"

	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/policy"
)

// A field of a form is a block, and one element in it, whose IDs are the field's
// name. So an error about the field finds its place.

// FieldErrors shows in a submitted form what is wrong, as Slack takes it: at the
// field, or at the form's first one. nil: the form has no fields.
func FieldErrors(v slack.View, f incident.Field, wrong string) map[string]string {
	at := ""
	for _, b := range v.Blocks.BlockSet {
		if in, ok := b.(*slack.InputBlock); ok && (at == "" || in.BlockID == string(f)) {
			at = in.BlockID
		}
	}
	if at == "" {
		return nil
	}
	return map[string]string{at: cutPlain(Plain(wrong), limitFieldError)}
}

// Input is a field of a form.
type Input struct{ block *slack.InputBlock }

// Optional lets the field stay empty.
func (i Input) Optional() { i.block.Optional = true }

// input adds a field.
func (f *Form) input(field incident.Field, element slack.BlockElement) Input {
	var below *slack.TextBlockObject
	if hint := f.optional(string(field) + " hint"); hint != "" {
		below = label(hint, limitLabel)
	}
	block := slack.NewInputBlock(string(field), label(f.say(string(field)+" label"), limitLabel), below, element)
	f.fields = append(f.fields, block)
	return Input{block}
}

// Line adds a field for a line of text.
func (f *Form) Line(field incident.Field, initial string) Input {
	return f.input(field, f.text(field, initial, incident.MaxTitle))
}

// Paragraph adds a field for a text of several lines.
func (f *Form) Paragraph(field incident.Field, initial string) Input {
	return f.input(field, f.text(field, initial, incident.MaxText).WithMultiline(true))
}

// text returns an element to write in. A form opens at its first field, if that is one.
func (f *Form) text(field incident.Field, initial string, limit int) *slack.PlainTextInputBlockElement {
	e := slack.NewPlainTextInputBlockElement(nil, string(field))
	e.MaxLength, e.InitialValue, e.FocusOnLoad = limit, cutPlain(initial, limit), len(f.fields) == 0
	return e
}

// Checkbox adds a field with a single box, whose words are "box" and "about".
func (f *Form) Checkbox(field incident.Field, checked bool) Input {
	box := option("yes", f.say(string(field)+" box"), f.say(string(field)+" about"))
	e := slack.NewCheckboxGroupsBlockElement(string(field), box)
	if checked {
		e.InitialOptions = []*slack.OptionBlockObject{box}
	}
	return f.input(field, e)
}

// User adds a field to choose a person.
func (f *Form) User(field incident.Field) Input {
	placeholder := label(f.say(string(field)+" placeholder"), limitPlaceholder)
	return f.input(field, slack.NewOptionsSelectBlockElement(slack.OptTypeUser, placeholder, string(field)))
}

// Choice adds a field to choose one of several values. A value's words are "option"
// and, below it, "about". The initial one is preselected; "" is none.
func (f *Form) Choice(field incident.Field, initial string, values ...string) Input {
	var options []*slack.OptionBlockObject
	for _, v := range values {
		options = append(options, option(v, f.say(v+" option"), f.optional(v+" about")))
	}
	return f.menu(field, initial, options)
}

// Severity adds a field to choose a severity. Where none is preselected (""),
// nobody declares a P0 by not choosing.
func (f *Form) Severity(field incident.Field, initial policy.Severity) Input {
	var options []*slack.OptionBlockObject
	for _, rules := range f.t.policy.Severities {
		key := string(rules.Severity)
		options = append(options, option(key, key+" "+rules.Name, rules.Meaning))
	}
	return f.menu(field, string(initial), options)
}

// Role adds a field to choose a role.
func (f *Form) Role(field incident.Field) Input {
	var options []*slack.OptionBlockObject
	for _, rules := range f.t.policy.Roles[:min(len(f.t.policy.Roles), limitOptions)] {
		options = append(options, option(string(rules.Role), rules.Name, ""))
	}
	return f.menu(field, "", options)
}

// Incident adds a field to choose an incident. Where there is none to choose, the
// form says so instead.
func (f *Form) Incident(field incident.Field, rows []incident.Summary) Input {
	if len(rows) == 0 && f.instead == "" {
		f.instead = f.file() + "_unavailable"
	}
	var options []*slack.OptionBlockObject
	for _, row := range rows[:min(len(rows), limitOptions)] {
		options = append(options, option(row.Ref().Value(), row.Number.String()+": "+oneLine(row.Title), ""))
	}
	return f.menu(field, "", options)
}

// Duration adds a field to choose one of several durations.
func (f *Form) Duration(field incident.Field, initial time.Duration, lengths ...time.Duration) Input {
	var options []*slack.OptionBlockObject
	for _, d := range lengths {
		options = append(options, option(d.String(), string(span(d)), ""))
	}
	return f.menu(field, initial.String(), options)
}

// menu adds a field to choose an option. The one with the initial value is
// preselected, none if there is none.
func (f *Form) menu(field incident.Field, initial string, options []*slack.OptionBlockObject) Input {
	placeholder := label(f.say(string(field)+" placeholder"), limitPlaceholder)
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, placeholder, string(field), options...)
	for _, o := range options {
		if o.Value == initial {
			e.InitialOption = o
		}
	}
	return f.input(field, e)
}

// option returns one of a menu's. Its description may be empty.
func option(value, text, description string) *slack.OptionBlockObject {
	var below *slack.TextBlockObject
	if description != "" {
		below = label(description, limitOption)
	}
	return slack.NewOptionBlockObject(value, label(text, limitOption), below)
}
