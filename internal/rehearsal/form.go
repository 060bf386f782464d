package rehearsal

import "muster/internal/yamlfile"

// entry is what is filled in at one field of a form.
type entry struct {
	at    yamlfile.Place
	field string // its label
	is    string // what is written there, or the label of what is chosen, or a person
}

// form reads what is filled in, by the fields' labels; none of them sends the form
// as it opened.
func (r *reading) form(n yamlfile.Node, into *step) {
	into.form = []entry{}
	for _, pair := range r.Pairs(n, "form") {
		e := entry{at: pair.At, field: pair.Key}
		if r.Word(pair.Value, pair.Key, &e.is) {
			into.form = append(into.form, e)
		}
	}
}
