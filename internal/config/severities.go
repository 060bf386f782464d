package config

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"muster/internal/policy"
	"muster/internal/yamlfile"
)

// severities are all of them, from the worst.
type severities []*severity

type severity struct {
	key              policy.Severity
	name, meaning    yamlfile.Placed[string]
	synonyms         []yamlfile.Placed[string]
	response, update yamlfile.Placed[time.Duration]
	urgency          yamlfile.Placed[policy.Urgency]
	escalate         []step
}

var severityForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,19}$`)

// aDeadline: the clock ticks in seconds, and nobody waits for an incident longer
// than a month.
var aDeadline = yamlfile.Bounds{Least: time.Second, Most: 30 * 24 * time.Hour}

var urgencies = []policy.Urgency{policy.Urgent, policy.High, policy.Normal}

func (all *severities) value() yamlfile.Value {
	return yamlfile.Mapping{
		Keys: severityForm.String(), Known: all.keys(),
		Old: new(severity).value(false).Schema, New: new(severity).value(true).Schema,
		Entry: all.entry,
	}.Value()
}

// entry finds the severity behind a key. A new one comes after the others.
func (all *severities) entry(r *yamlfile.Reader, e yamlfile.Pair) (yamlfile.Value, bool) {
	if !severityForm.MatchString(e.Key) {
		r.Problem(e.At, fmt.Sprintf("%q can't be a severity's key", e.Key), "use a letter, then letters, digits, - and _, such as P4; its name can be any text")
		return yamlfile.Value{}, false
	}
	for _, s := range *all {
		if string(s.key) == e.Key {
			return s.value(false), true
		}
	}
	for _, s := range *all {
		if s.is(e.Key) {
			r.Problem(e.At, fmt.Sprintf("%q is another word for the severity %s", e.Key, s.key), "write "+string(s.key))
			return yamlfile.Value{}, false
		}
	}
	s := &severity{key: policy.Severity(e.Key)}
	*all = append(*all, s)
	return s.value(true), true
}

func (all *severities) keys() []string {
	var keys []string
	for _, s := range *all {
		keys = append(keys, string(s.key))
	}
	return keys
}

// value is one severity. A new one has to be whole, since it has no defaults.
func (s *severity) value(isNew bool) yamlfile.Value {
	return yamlfile.Object(
		yamlfile.Property{Key: "name", Required: isNew, Value: yamlfile.Text(&s.name)},
		yamlfile.Property{Key: "synonyms", Value: yamlfile.List(&s.synonyms, yamlfile.Text, each("this synonym of"))},
		yamlfile.Property{Key: "meaning", Required: isNew, Value: yamlfile.Text(&s.meaning)},
		yamlfile.Property{Key: "response", Required: isNew, Value: yamlfile.Duration(aDeadline, &s.response)},
		yamlfile.Property{Key: "update", Required: isNew, Value: yamlfile.Duration(aDeadline, &s.update)},
		yamlfile.Property{Key: "urgency", Value: yamlfile.Choice(&s.urgency, urgencies...)},
		yamlfile.Property{Key: "escalate", Value: yamlfile.List(&s.escalate, (*step).value,
			func(string, int) string { return string(s.key) + "'s escalation step" })},
	)
}

// each calls the items of "P0's synonyms" "this synonym of P0".
func each(what string) func(list string, _ int) string {
	return func(list string, _ int) string {
		of, _, _ := strings.Cut(list, "'s ")
		return what + " " + of
	}
}

// is reports whether a word means this severity.
func (s *severity) is(word string) bool {
	same := func(name string) bool { return strings.EqualFold(name, word) }
	return same(string(s.key)) || same(s.name.Value) ||
		slices.ContainsFunc(s.synonyms, func(synonym yamlfile.Placed[string]) bool { return same(synonym.Value) })
}

func (all *severities) check(r *yamlfile.Reader, d *document) {
	for i, s := range *all {
		all.checkWords(r, s)
		checkSteps(r, s, d.levels)
		if i > 0 {
			checkUrgency(r, (*all)[i-1], s)
		}
	}
}

// checkWords makes sure that no word means two severities.
func (all *severities) checkWords(r *yamlfile.Reader, s *severity) {
	for _, word := range append([]yamlfile.Placed[string]{s.name}, s.synonyms...) {
		for _, other := range *all {
			if other != s && word.At.Written() && other.is(word.Value) {
				r.Problem(word.At, fmt.Sprintf("%q would mean both %s and %s", word.Value, s.key, other.key), "keep it for one of the two")
			}
		}
	}
}

// checkUrgency makes sure that no severity goes before a worse one.
func checkUrgency(r *yamlfile.Reader, worse, s *severity) {
	rank := func(s *severity) int { return slices.Index(urgencies, s.urgent()) }
	if at := firstWritten(s.urgency.At, worse.urgency.At); at.Written() && rank(s) < rank(worse) {
		r.Problem(at, fmt.Sprintf("%s would be more urgent than %s, which is worse", s.key, worse.key),
			"a severity can be at most as urgent as the one before it")
	}
}

func (s *severity) urgent() policy.Urgency { return cmp.Or(s.urgency.Value, policy.Normal) }

func (all *severities) apply(p *policy.Policy) {
	for _, s := range *all {
		rules := policy.SeverityPolicy{
			Severity: s.key, Name: s.name.Value, Meaning: s.meaning.Value,
			Response: s.response.Value, Update: s.update.Value, Urgency: s.urgent(),
		}
		for _, synonym := range s.synonyms {
			rules.Synonyms = append(rules.Synonyms, synonym.Value)
		}
		for _, step := range s.escalate {
			rules.Escalate = append(rules.Escalate, policy.Step{To: step.level(), After: step.after.Value})
		}
		p.Severities = append(p.Severities, rules)
	}
}
