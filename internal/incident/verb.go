package incident

import (
	"slices"

	"muster/internal/policy"
)

// Verb is what a person can do.
type Verb string

// The verbs that change an incident.
const (
	VerbDeclare     Verb = "declare"
	VerbAcknowledge Verb = "acknowledge"
	VerbUpdate      Verb = "update"
	VerbSeverity    Verb = "severity"
	VerbAssign      Verb = "assign"
	VerbEscalate    Verb = "escalate"
	VerbSnooze      Verb = "snooze"
	VerbResolve     Verb = "resolve"
	VerbReopen      Verb = "reopen"
	VerbCancel      Verb = "cancel"
	VerbClose       Verb = "close"
	VerbRetry       Verb = "retry"
)

// The verbs that show something.
const (
	VerbStatus Verb = "status"
	VerbList   Verb = "list"
	VerbHelp   Verb = "help"
)

// Verbs lists them, in the order in which help shows them.
func Verbs() []Verb {
	return []Verb{
		VerbDeclare, VerbAcknowledge, VerbUpdate, VerbSeverity, VerbAssign, VerbEscalate, VerbSnooze, VerbResolve,
		VerbReopen, VerbCancel, VerbClose, VerbRetry, VerbStatus, VerbList, VerbHelp,
	}
}

// Offers are the verbs that an incident's state allows, the most important
// first, for buttons to be made of.
type Offers struct {
	Primary Verb   // "" = none
	Buttons []Verb // beside it
	Menu    []Verb // what is done less often
}

// Offers returns what people can do with the incident as it stands.
func (inc Incident) Offers(p policy.Policy) Offers {
	var o Offers
	switch {
	case inc.Status.Open():
		o.Primary, o.Menu = VerbUpdate, []Verb{VerbSeverity, VerbAssign, VerbSnooze, VerbCancel}
		if inc.Acked.IsZero() {
			o.Primary, o.Buttons = VerbAcknowledge, []Verb{VerbUpdate}
		}
		if inc.Level < p.Top() {
			o.Buttons = append(o.Buttons, VerbEscalate)
		}
		o.Buttons = append(o.Buttons, VerbResolve)
	case inc.Status == Resolved:
		o.Buttons = []Verb{VerbClose, VerbReopen}
	default:
		o.Buttons = []Verb{VerbReopen}
	}
	if inc.Undelivered > 0 {
		o.Buttons = append(o.Buttons, VerbRetry)
	}
	return o
}

// Has reports whether a verb is among them.
func (o Offers) Has(v Verb) bool {
	return v == o.Primary || slices.Contains(o.Buttons, v) || slices.Contains(o.Menu, v)
}
