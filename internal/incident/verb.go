package incident

import (
	"slices"

	"muster/internal/policy"
)

// Verb is what a person can do. Each stands beside its transition.
type Verb string

// Offers are the verbs that an incident's state allows, the most important
// first, for buttons to be made of.
type Offers struct {
	Primary Verb   // "" = none
	Buttons []Verb // beside it
	Menu    []Verb // what is done less often
	Asked   []Verb // only below a message that asks for it
}

// Offers returns what people can do with the incident as it stands.
func (inc Incident) Offers(p policy.Policy) Offers {
	var o Offers
	switch {
	case inc.Status.Open():
		o.Primary, o.Menu = VerbUpdate, []Verb{VerbSeverity, VerbAssign, VerbSnooze, VerbMerge, VerbCancel}
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
	if inc.mayArchive(p) {
		o.Asked = []Verb{VerbKeep}
	}
	if inc.Undelivered > 0 {
		o.Buttons = append(o.Buttons, VerbRetry)
	}
	return o
}

// Has reports whether a verb is among them.
func (o Offers) Has(v Verb) bool {
	return v == o.Primary || slices.Contains(o.Buttons, v) || slices.Contains(o.Menu, v) || slices.Contains(o.Asked, v)
}
