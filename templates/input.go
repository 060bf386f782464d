package templates

import (
	"github.com/slack-go/slack"

	"muster/internal/incident"
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
var inputs = map[string]map[incident.Field]string{
	ViewDeclare: {
		incident.FieldTitle: BlockTitle, incident.FieldSeverity: BlockSeverity, incident.FieldImpact: BlockImpact,
	},
	ViewUpdate: {
		incident.FieldText: BlockText, incident.FieldStatus: BlockStatus, incident.FieldETA: BlockETA, incident.FieldImpact: BlockImpact,
	},
	ViewResolve:  {incident.FieldResolution: BlockResolution, incident.FieldCause: BlockCause},
	ViewSeverity: {incident.FieldSeverity: BlockSeverity},
	ViewAssign:   {incident.FieldRole: BlockRole, incident.FieldUser: BlockUser},
	ViewSnooze:   {incident.FieldLength: BlockLength},
	ViewEscalate: {incident.FieldReason: BlockReason},
	ViewReopen:   {incident.FieldReason: BlockReason},
	ViewCancel:   {incident.FieldReason: BlockReason},
}

// FieldOf is the block of a form in which something was wrong, "" where the
// form does not ask for it.
func FieldOf(callback string, f incident.Field) string { return inputs[callback][f] }

// FieldErrors shows a rejection at its field, in the way a form's answer does.
// False: it is about no field of this form, so the whole form has to say it.
func FieldErrors(callback string, r *incident.Rejection) (map[string]string, bool) {
	block := FieldOf(callback, r.Field)
	if block == "" {
		return nil, false
	}
	return map[string]string{block: cutPlain(Plain(r.Text), limitFieldError)}, true
}

// input is one field of a form.
func input(block, name, hint string, element slack.BlockElement) *slack.InputBlock {
	var below *slack.TextBlockObject
	if hint != "" {
		below = label(hint, limitLabel)
	}
	return slack.NewInputBlock(block, label(name, limitLabel), below, element)
}

// optional marks a field that may stay empty.
func optional(b *slack.InputBlock) *slack.InputBlock { return b.WithOptional(true) }

// line is an element for a line of text; long is one for several.
func line(block string, limit int) *slack.PlainTextInputBlockElement {
	e := slack.NewPlainTextInputBlockElement(nil, block)
	e.MaxLength = limit
	return e
}

func long(block string) *slack.PlainTextInputBlockElement {
	return line(block, incident.MaxText).WithMultiline(true)
}

// menu is an element to choose one of several. A nil initial option is none.
func menu(block, placeholder string, initial *slack.OptionBlockObject, options []*slack.OptionBlockObject) *slack.SelectBlockElement {
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, label(placeholder, limitPlaceholder), block, options...)
	e.InitialOption = initial
	return e
}

// option is one of a menu's. Its description may be empty.
func option(value, text, description string) *slack.OptionBlockObject {
	var below *slack.TextBlockObject
	if description != "" {
		below = label(description, limitOption)
	}
	return slack.NewOptionBlockObject(value, label(text, limitOption), below)
}

// checkbox is an element with a single box.
func checkbox(block, text, description string, checked bool) *slack.CheckboxGroupsBlockElement {
	box := option("yes", text, description)
	e := slack.NewCheckboxGroupsBlockElement(block, box)
	if checked {
		e.InitialOptions = []*slack.OptionBlockObject{box}
	}
	return e
}

// field is what one field of a sent form holds.
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
