package rehearsal

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/internal/policy"
	"muster/internal/yamlfile"
)

// moment is when a step happens, in the words of the scenario: a sum of durations
// and of the policy's figures, such as "escalate L2 - 1m". It counts from the
// scenario's start, or from the step before.
type moment struct {
	place yamlfile.Place
	text  string
	then  bool // counts from the step before
	terms []term
}

// term is a part of a sum.
type term struct {
	minus  bool
	figure figure
	level  policy.Level  // of escalate
	fixed  time.Duration // of no figure
}

type figure string

const (
	response figure = "response"
	update   figure = "update"
	escalate figure = "escalate"
	last     figure = "last" // no figure of the policy, but as uncertain as one
)

// longest is how long a scenario can be, as a deadline of the configuration.
const longest = 30 * 24 * time.Hour

const momentRight = `write a time such as 15m, update, "escalate L2 - 1m", "+ 2m" after the step before, or "last + 1h" after all before`

var (
	signs     = strings.NewReplacer("+", " + ", "-", " - ")
	levelForm = regexp.MustCompile(`^L([1-9]\d?)$`)
)

// parseMoment reads a time; what is wrong with it is told in words.
func parseMoment(text string) (m moment, what string) {
	m.text = text
	words := strings.Fields(signs.Replace(text))
	if len(words) > 0 && words[0] == "+" {
		m.then, words = true, words[1:]
	}
	for minus := false; ; {
		if len(words) == 0 {
			return m, fmt.Sprintf("the time %q ends too early", text)
		}
		t := term{minus: minus}
		if words, what = t.parse(words); what != "" {
			return m, what
		}
		m.terms = append(m.terms, t)
		if len(words) == 0 {
			return m, ""
		}
		if words[0] != "+" && words[0] != "-" {
			return m, fmt.Sprintf("%q follows %q without + or -", words[0], text[:strings.LastIndex(text, words[0])])
		}
		minus, words = words[0] == "-", words[1:]
	}
}

// parse takes one term off the words.
func (t *term) parse(words []string) (rest []string, what string) {
	word, rest := words[0], words[1:]
	switch figure(word) {
	case response, update, last:
		t.figure = figure(word)
		return rest, ""
	case escalate:
		t.figure = escalate
		if len(rest) == 0 || !levelForm.MatchString(rest[0]) {
			return nil, "escalate names no level"
		}
		t.level = levelOf(rest[0])
		return rest[1:], ""
	}
	d, err := time.ParseDuration(word)
	if err != nil {
		return nil, fmt.Sprintf("%q is no duration and no figure of the policy", word)
	}
	if d > longest {
		return nil, fmt.Sprintf("%s is longer than a scenario can be", word)
	}
	t.fixed = d
	return rest, ""
}

// levelOf reads a level that has the form of one, 0 for what has not.
func levelOf(word string) policy.Level {
	m := levelForm.FindStringSubmatch(word)
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		panic("rehearsal: " + err.Error()) // one or two digits: cannot happen
	}
	return policy.Level(n)
}

// usesFigures reports whether the time depends on the policy.
func (m moment) usesFigures() bool {
	return slices.ContainsFunc(m.terms, func(t term) bool { return t.figure != "" && t.figure != last })
}

// isFixed reports whether the time is the same under any policy, where that of
// the step before is.
func (m moment) isFixed() bool {
	return !slices.ContainsFunc(m.terms, func(t term) bool { return t.figure != "" })
}

// earlier is the times of the steps that are written before a step.
type earlier struct{ before, last time.Duration }

// resolve is the time under the rules of a severity; why says what is missing.
func (m moment) resolve(e earlier, s policy.Severity, rules policy.SeverityPolicy) (at time.Duration, why string) {
	if m.then {
		at = e.before
	}
	for _, t := range m.terms {
		d := t.fixed
		switch t.figure {
		case response:
			d = rules.Response
		case update:
			d = rules.Update
		case last:
			d = e.last
		case escalate:
			found := false
			for _, step := range rules.Escalate {
				if step.To == t.level {
					d, found = step.After, true
				}
			}
			if !found {
				return 0, fmt.Sprintf("%s does not escalate to %s by itself", s, t.level)
			}
		}
		if t.minus {
			d = -d
		}
		if at += d; at > longest {
			return 0, fmt.Sprintf("%q is later than 30 days after the start", m.text)
		}
	}
	if at < 0 {
		return 0, fmt.Sprintf("%q is before the start", m.text)
	}
	return at, ""
}
