package rehearsal

import (
	"fmt"

	"muster/internal/config"
)

// entry is what is filled in at one field of a form.
type entry struct {
	at    config.Place
	field string // its label
	is    string // what is written there, or the label of what is chosen, or a person
}

// form reads what is filled in; a list of nothing sends the form as it opened.
func (r *reading) form(n config.Node, into *step) {
	nodes, ok := config.NewReader("").List(n, "") // what it would say is too general to help
	if !ok {
		r.Problem(r.Place(n), "form is no list of fields", "write - {field: Severity, is: P0} for each field, or [] to send the form as it opens")
		return
	}
	into.form = []entry{}
	lines := map[string]int{}
	for _, n := range nodes {
		e := entry{at: r.Place(n)}
		r.Object(n, "this field of the form",
			config.Field{Key: "field", Required: true, Read: func(n config.Node) { r.Text(n, "the label", &e.field) }},
			config.Field{Key: "is", Required: true, Read: func(n config.Node) { r.Word(n, "what is filled in", &e.is) }},
		)
		if line, twice := lines[e.field]; twice && e.field != "" {
			r.Problem(e.at, fmt.Sprintf("%q is already filled in in line %d", e.field, line), "keep one of the two")
		}
		lines[e.field] = e.at.Line
		into.form = append(into.form, e)
	}
}
