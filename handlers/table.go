package handlers

import (
	"slices"
	"strings"

	"muster/internal/incident"
	"muster/internal/spell"
	"muster/templates"
)

// verbs returns the table: a row for each verb, in the order in which help shows
// them.
func verbs() table {
	return table{
		declare, acknowledge, update, severity, assign, escalate, snooze, resolve,
		reopen, cancel, merge, closeRecord, keep, retry, status, list, digestNow, help,
	}
}

// table lists the verbs' rows. What people can type, press, choose and fill in, the
// help, the nearest word and the app's usage hint are all derived from it.
type table []row

// find returns the first row that fits, nil where none does.
func (t table) find(fits func(row) bool) row {
	for _, v := range t {
		if fits(v) {
			return v
		}
	}
	return nil
}

// typed returns the row that a word behind /incident asks for.
func (t table) typed(word string) row {
	if word == "" {
		return noVerb{}
	}
	if v := t.find(func(v row) bool { return slices.Contains(v.common().words, word) }); v != nil {
		return v
	}
	return unknownVerb{}
}

// pressed returns the row of a button's action_id.
func (t table) pressed(id string) row {
	return t.find(func(v row) bool { return templates.ActionID(v.common().name) == id })
}

// chosen returns the row of a menu's option.
func (t table) chosen(name incident.Verb) row {
	return t.find(func(v row) bool { return v.common().name == name })
}

// submitted returns the row of a form's callback_id.
func (t table) submitted(id string) row {
	return t.find(func(v row) bool { return v.hasForm() && templates.FormID(v.common().name) == id })
}

// names returns the verbs' names.
func (t table) names() []incident.Verb {
	var all []incident.Verb
	for _, v := range t {
		all = append(all, v.common().name)
	}
	return all
}

// nearest returns the word that a mistyped one most likely means, "" if none is
// near.
func (t table) nearest(word string) string {
	var known []string
	for _, v := range t {
		known = append(known, v.common().words...)
	}
	return spell.Nearest(word, known)
}

// UsageHint returns what Slack shows behind /incident while somebody types it.
func UsageHint() string {
	var words []string
	for _, v := range verbs() {
		words = append(words, v.common().words[0])
	}
	return "[" + strings.Join(words, "|") + "]"
}

// Shortcuts returns the callback_ids that a shortcut may have: each opens the form
// of a verb that is about no incident.
func Shortcuts() []string {
	var ids []string
	for _, v := range verbs() {
		if v.common().free && v.hasForm() {
			ids = append(ids, templates.ActionID(v.common().name))
		}
	}
	return ids
}
