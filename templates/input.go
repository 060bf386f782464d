package templates

import (
	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/policy"
)

// The forms' fields. Each is a block, and the one element in it has the same
// action_id.
const (
	BlockTitle      = "title"
	BlockSeverity   = "severity"
	BlockImpact     = "impact"
	BlockPrivate    = "private"
	BlockText       = "text"
	BlockStatus     = "status"
	BlockETA        = "eta"
	BlockResolution = "resolution"
	BlockCause      = "cause"
	BlockCustomers  = "customers"
	BlockRole       = "role"
	BlockUser       = "user"
	BlockLength     = "length"
	BlockReason     = "reason"
)

// inputs says in which block each form asks for what.
var inputs = map[incident.Verb]map[incident.Field]string{
	incident.VerbDeclare: {
		incident.FieldTitle: BlockTitle, incident.FieldSeverity: BlockSeverity, incident.FieldImpact: BlockImpact,
	},
	incident.VerbUpdate: {
		incident.FieldText: BlockText, incident.FieldStatus: BlockStatus, incident.FieldETA: BlockETA, incident.FieldImpact: BlockImpact,
	},
	incident.VerbResolve:  {incident.FieldResolution: BlockResolution, incident.FieldCause: BlockCause},
	incident.VerbSeverity: {incident.FieldSeverity: BlockSeverity},
	incident.VerbAssign:   {incident.FieldRole: BlockRole, incident.FieldUser: BlockUser},
	incident.VerbSnooze:   {incident.FieldLength: BlockLength},
	incident.VerbEscalate: {incident.FieldReason: BlockReason},
	incident.VerbReopen:   {incident.FieldReason: BlockReason},
	incident.VerbCancel:   {incident.FieldReason: BlockReason},
}

// BlockOf returns the block of a verb's form that asks for a field, "" where none does.
func BlockOf(v incident.Verb, f incident.Field) string { return inputs[v][f] }

// FieldErrors shows a rejection at its field, in the way a form's answer does.
// False: it is about no field of this form, so the whole form has to say it.
func (t *Templates) FieldErrors(v incident.Verb, r *incident.Rejection) (map[string]string, bool) {
	block := BlockOf(v, r.Field)
	if block == "" {
		return nil, false
	}
	said, err := t.rejection(r)
	if err != nil {
		return nil, false
	}
	return map[string]string{block: cutPlain(Plain(string(said)), limitFieldError)}, true
}

// input returns a field of the form.
func (f *form) input(block string, element slack.BlockElement) *slack.InputBlock {
	var below *slack.TextBlockObject
	if hint := f.hint(block); hint != "" {
		below = label(hint, limitLabel)
	}
	return slack.NewInputBlock(block, label(f.say(block+" label"), limitLabel), below, element)
}

// text returns a field for a line of text.
func (f *form) text(block, initial string, limit int) *slack.InputBlock {
	return f.input(block, textElement(block, initial, limit))
}

// paragraph returns a field for several lines of text.
func (f *form) paragraph(block, initial string) *slack.InputBlock {
	return f.input(block, textElement(block, initial, incident.MaxText).WithMultiline(true))
}

func textElement(block, initial string, limit int) *slack.PlainTextInputBlockElement {
	e := slack.NewPlainTextInputBlockElement(nil, block)
	e.MaxLength, e.InitialValue = limit, cutPlain(initial, limit)
	return e
}

// focused makes a field the one that the form opens at.
func focused(b *slack.InputBlock) *slack.InputBlock {
	if e, ok := b.Element.(*slack.PlainTextInputBlockElement); ok {
		e.FocusOnLoad = true
	}
	return b
}

// optional lets a field stay empty.
func optional(b *slack.InputBlock) *slack.InputBlock { return b.WithOptional(true) }

// menu returns a field to choose one of several. The option with the initial value is
// preselected, none if there is none.
func (f *form) menu(block, initial string, options []*slack.OptionBlockObject) *slack.InputBlock {
	placeholder := label(f.say(block+" placeholder"), limitPlaceholder)
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, placeholder, block, options...)
	for _, o := range options {
		if o.Value == initial {
			e.InitialOption = o
		}
	}
	return f.input(block, e)
}

// severity returns a menu of the severities, each with what it means.
func (f *form) severity(current policy.Severity) *slack.InputBlock {
	var options []*slack.OptionBlockObject
	for _, rules := range f.t.policy.Severities {
		key := string(rules.Severity)
		options = append(options, option(key, key+" "+rules.Name, rules.Meaning))
	}
	return f.menu(BlockSeverity, string(current), options)
}

// option returns one of a menu's. Its description may be empty.
func option(value, text, description string) *slack.OptionBlockObject {
	var below *slack.TextBlockObject
	if description != "" {
		below = label(description, limitOption)
	}
	return slack.NewOptionBlockObject(value, label(text, limitOption), below)
}

// checkbox returns a field with a single box.
func (f *form) checkbox(block string, checked bool) *slack.InputBlock {
	box := option("yes", f.say(block+" box"), f.say(block+" about"))
	e := slack.NewCheckboxGroupsBlockElement(block, box)
	if checked {
		e.InitialOptions = []*slack.OptionBlockObject{box}
	}
	return f.input(block, e)
}

// field returns what one field of a sent form holds.
func field(state *slack.ViewState, block string) slack.BlockAction {
	if state == nil {
		return slack.BlockAction{}
	}
	return state.Values[block][block]
}

func chosen(state *slack.ViewState, block string) string {
	return field(state, block).SelectedOption.Value
}

func checked(state *slack.ViewState, block string) bool {
	return len(field(state, block).SelectedOptions) > 0
}
