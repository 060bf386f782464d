package templates

import (
	"strings"

	"github.com/slack-go/slack"

	"muster/internal/incident"
)

// BlockActions is the block in which a message has its buttons.
const BlockActions = "incident_actions"

// ActionMenu is the action_id of the menu for what is done less often. The value
// of each of its options is read by [ParseOption].
const ActionMenu = "incident_more"

// ActionID returns what a verb's button sends as its action_id. Its value is what
// [incident.ParseRef] reads.
func ActionID(v incident.Verb) string { return "incident_" + string(v) }

// ParseOption reads the value of the menu's chosen option.
func ParseOption(value string) (v incident.Verb, r incident.Ref, ok bool) {
	verb, ref, _ := strings.Cut(value, " ")
	r, ok = incident.ParseRef(ref)
	return incident.Verb(verb), r, ok
}

// controls returns a button or an option for each verb on offer.
func (t *Templates) controls(inc incident.Incident) ([]slack.BlockElement, error) {
	offers := inc.Offers(t.policy)
	row, err := t.buttons(inc, offers.Primary, offers.Buttons...)
	if err != nil || len(offers.Menu) == 0 {
		return row, err
	}
	menu := slack.NewOverflowBlockElement(ActionMenu)
	for _, v := range offers.Menu {
		text, err := t.verb(v, "option", t.about(inc)(limitOption))
		if err != nil {
			return nil, err
		}
		menu.Options = append(menu.Options, option(string(v)+" "+inc.Ref().Value(), text, ""))
	}
	return append(row, menu), nil
}

// buttons returns a button for each verb, the primary one first; "" is none.
func (t *Templates) buttons(inc incident.Incident, primary incident.Verb, others ...incident.Verb) ([]slack.BlockElement, error) {
	var row []slack.BlockElement
	for _, v := range append([]incident.Verb{primary}, others...) {
		if v == "" {
			continue
		}
		text, err := t.verb(v, "button", t.about(inc)(limitButton))
		if err != nil {
			return nil, err
		}
		b := slack.NewButtonBlockElement(ActionID(v), inc.Ref().Value(), label(text, limitButton))
		if v == primary {
			b = b.WithStyle(slack.StylePrimary)
		}
		row = append(row, b)
	}
	return row, nil
}

// messageButtons returns the buttons below a posted message: what of the verbs on
// offer its words ask for, the first of them the primary one. "all" asks for all.
func (t *Templates) messageButtons(inc incident.Incident, file string, data any) ([]slack.BlockElement, error) {
	wanted, _, err := t.words.execute(file, "buttons", data)
	switch {
	case err != nil:
		return nil, err
	case wanted == "all":
		return t.controls(inc)
	}
	var verbs []incident.Verb
	for word := range strings.FieldsSeq(wanted) {
		if v := incident.Verb(word); inc.Offers(t.policy).Has(v) {
			verbs = append(verbs, v)
		}
	}
	if len(verbs) == 0 {
		return nil, nil
	}
	return t.buttons(inc, verbs[0], verbs[1:]...)
}

// verb returns what a verb's words say, as it is shown without markup.
func (t *Templates) verb(v incident.Verb, define string, data any) (string, error) {
	said, err := t.phrase("verbs/"+string(v), define, data)
	return plain(said), err
}
