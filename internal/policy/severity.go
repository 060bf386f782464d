package policy

import (
	"slices"
	"strings"
	"time"
)

// Severity is the key of a severity, such as "P0". How bad it is, only the
// policy says: see [Policy.Rank].
type Severity string

// The severities of the default process, from the worst.
const (
	P0 Severity = "P0"
	P1 Severity = "P1"
	P2 Severity = "P2"
	P3 Severity = "P3"
)

// SeverityPolicy is what applies to incidents of one severity.
type SeverityPolicy struct {
	Severity Severity
	Name     string        // "Critical"
	Synonyms []string      // what people may type as well, such as "sev0"
	Meaning  string        // "Complete outage, data breach"
	Response time.Duration // until somebody has to have acknowledged
	Update   time.Duration // from one update to the next
	Urgency  Urgency
	Escalate []Step // by itself, in order; empty = by hand only
}

// Step escalates to a level some time after the severity began to apply, for
// as long as the incident is not mitigated.
type Step struct {
	To    Level
	After time.Duration
}

// is reports whether a word means this severity.
func (s SeverityPolicy) is(word string) bool {
	same := func(name string) bool { return strings.EqualFold(name, word) }
	return same(string(s.Severity)) || same(s.Name) || slices.ContainsFunc(s.Synonyms, same)
}

// Severity returns what applies to a severity, the zero value if there is none.
func (p Policy) Severity(s Severity) SeverityPolicy {
	if rank := p.Rank(s); rank < len(p.Severities) {
		return p.Severities[rank]
	}
	return SeverityPolicy{}
}

// Rank returns a severity's place from the worst, which is 0. A severity that
// the policy does not name comes after all others.
func (p Policy) Rank(s Severity) int {
	for rank, known := range p.Severities {
		if known.Severity == s {
			return rank
		}
	}
	return len(p.Severities)
}

// Worse reports whether a is more severe than b.
func (p Policy) Worse(a, b Severity) bool { return p.Rank(a) < p.Rank(b) }

// ParseSeverity reads a severity's key, name or one of its synonyms, in any case.
func (p Policy) ParseSeverity(word string) (Severity, bool) {
	for _, s := range p.Severities {
		if s.is(word) {
			return s.Severity, true
		}
	}
	return "", false
}
