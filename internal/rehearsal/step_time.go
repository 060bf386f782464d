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

// stepTime is when a step happens, in the words of the scenario: a sum of durations
// and of the policy's deadlines, such as "escalate L2 - 1m". It counts from the
// scenario's start, or from the step before.
type stepTime struct {
	place    yamlfile.Place
	text     string
	relative bool // counts from the step before
	terms    []term
}

// term is a part of a sum.
type term struct {
	minus    bool
	deadline deadline
	level    policy.Level  // of escalate
	fixed    time.Duration // of no deadline
}

type deadline string

const (
	response deadline = "response"
	update   deadline = "update"
	escalate deadline = "escalate"
	last     deadline = "last" // no deadline of the policy, but as uncertain as one
)

// maxDuration is how long a scenario can be, as a deadline of the configuration.
const maxDuration = 30 * 24 * time.Hour

const timeHelp = `use a time such as 15m, update, "escalate L2 - 1m", "+ 2m" (after the previous step) or "last + 1h" (after all steps above)`

var (
	signs     = strings.NewReplacer("+", " + ", "-", " - ")
	levelForm = regexp.MustCompile(`^L([1-9]\d?)$`)
)

// parseTime reads a time; what is wrong with it is said in words.
func parseTime(text string) (m stepTime, problem string) {
	m.text = text
	words := strings.Fields(signs.Replace(text))
	if len(words) > 0 && words[0] == "+" {
		m.relative, words = true, words[1:]
	}
	for minus := false; ; {
		if len(words) == 0 {
			return m, fmt.Sprintf("the time %q is incomplete", text)
		}
		t := term{minus: minus}
		if words, problem = t.parse(words); problem != "" {
			return m, problem
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
func (t *term) parse(words []string) (rest []string, problem string) {
	word, rest := words[0], words[1:]
	switch deadline(word) {
	case response, update, last:
		t.deadline = deadline(word)
		return rest, ""
	case escalate:
		t.deadline = escalate
		if len(rest) == 0 || !levelForm.MatchString(rest[0]) {
			return nil, "escalate needs a level"
		}
		t.level = levelOf(rest[0])
		return rest[1:], ""
	}
	d, err := time.ParseDuration(word)
	if err != nil {
		return nil, fmt.Sprintf("%q is neither a duration nor a deadline of the policy", word)
	}
	if d > maxDuration {
		return nil, fmt.Sprintf("%s is longer than the 30 days a scenario can last", word)
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

// usesPolicy reports whether the time depends on the policy.
func (m stepTime) usesPolicy() bool {
	return slices.ContainsFunc(m.terms, func(t term) bool { return t.deadline != "" && t.deadline != last })
}

// isFixed reports whether the time is the same under any policy, where that of
// the step before is.
func (m stepTime) isFixed() bool {
	return !slices.ContainsFunc(m.terms, func(t term) bool { return t.deadline != "" })
}

// previousTimes is the times of the steps that are written before a step.
type previousTimes struct{ before, last time.Duration }

// resolve returns the time under the rules of a severity; reason says what is missing.
func (m stepTime) resolve(e previousTimes, s policy.Severity, rules policy.SeverityPolicy) (at time.Duration, reason string) {
	if m.relative {
		at = e.before
	}
	for _, t := range m.terms {
		d := t.fixed
		switch t.deadline {
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
				return 0, fmt.Sprintf("%s doesn't escalate to %s automatically", s, t.level)
			}
		}
		if t.minus {
			d = -d
		}
		if at += d; at > maxDuration {
			return 0, fmt.Sprintf("%q is more than 30 days after the start", m.text)
		}
	}
	if at < 0 {
		return 0, fmt.Sprintf("%q is before the start", m.text)
	}
	return at, ""
}
