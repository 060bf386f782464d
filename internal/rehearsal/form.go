package rehearsal

import "muster/internal/yamlfile"

// formEntry is what is filled in at one field of a form.
type formEntry struct {
	at    yamlfile.Place
	field string // its label
	value string // what is written there, or the label of what is chosen, or a person
}

// form reads what is filled in, by the fields' labels; none of them sends the form
// as it opened.
func (r *parser) form(n yamlfile.Node, into *step) {
	into.form = []formEntry{}
	for _, pair := range r.Pairs(n, "form") {
		e := formEntry{at: pair.At, field: pair.Key}
		if r.Word(pair.Value, pair.Key, &e.value) {
			into.form = append(into.form, e)
		}
	}
}
