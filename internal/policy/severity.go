package policy

import (
	"fmt"
	"strings"
)

// Severity is how bad an incident is. P0 is the worst.
type Severity int

// The severities, from the worst.
const (
	P0 Severity = iota
	P1
	P2
	P3
)

// Severities lists all of them, from the worst.
func Severities() []Severity {
	return []Severity{P0, P1, P2, P3}
}

func (s Severity) String() string { return fmt.Sprintf("P%d", int(s)) }

// Worse reports whether s is more severe than t.
func (s Severity) Worse(t Severity) bool { return s < t }

// Valid reports whether s is one of the four.
func (s Severity) Valid() bool { return s >= P0 && s <= P3 }

// ParseSeverity reads "P1", "p1", "sev1" or one of the process's words
// ("critical", "high", "medium", "low").
func ParseSeverity(word string) (Severity, bool) {
	switch strings.ToLower(word) {
	case "p0", "sev0", "critical":
		return P0, true
	case "p1", "sev1", "high":
		return P1, true
	case "p2", "sev2", "medium":
		return P2, true
	case "p3", "sev3", "low":
		return P3, true
	}
	return 0, false
}

// MarshalText writes "P1".
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what [ParseSeverity] reads.
func (s *Severity) UnmarshalText(b []byte) error {
	v, ok := ParseSeverity(string(b))
	if !ok {
		return fmt.Errorf("severity %q is none of P0, P1, P2, P3", b)
	}
	*s = v
	return nil
}

// Rank returns the severity's place among all, 0 for the worst.
func (p Policy) Rank(s Severity) int { return int(s) }
