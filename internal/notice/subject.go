package notice

import (
	"fmt"
	"strings"
)

// Kind is a kind of subject. The outbox has one composer for each.
type Kind string

// The kinds.
const (
	Incident Kind = "incident" // ID: its number, "7"
	Digest   Kind = "digest"   // ID: its slot, "2026-03-02T09:00:00Z"
)

// Subject is what a notice is about. It encodes as "incident/7".
type Subject struct {
	Kind Kind
	ID   string // names one thing for ever
}

// String returns the subject as it encodes.
func (s Subject) String() string { return string(s.Kind) + "/" + s.ID }

// MarshalText encodes the subject.
func (s Subject) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText decodes what [Subject.MarshalText] encoded.
func (s *Subject) UnmarshalText(b []byte) error {
	kind, id, ok := strings.Cut(string(b), "/")
	if !ok || kind == "" || id == "" {
		return fmt.Errorf("subject %q is not of the form kind/ID", b)
	}
	s.Kind, s.ID = Kind(kind), id
	return nil
}
