package config

import (
	"fmt"
	"io"
)

// redacted is what every way to print a secret prints.
const redacted = "[redacted]"

// Secret is a text that must not be printed: fmt, JSON and zap show that there
// is one, never what it is. It holds a pointer, since fmt cannot call methods
// on another struct's unexported fields: there it would print a string as it is.
type Secret struct{ text *string }

// NewSecret hides a text.
func NewSecret(text string) Secret { return Secret{&text} }

// Reveal is the text itself, "" for the zero Secret.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsZero reports whether there is no text.
func (s Secret) IsZero() bool { return s.Reveal() == "" }

// String says that there is a secret, for zap and whoever else asks.
func (Secret) String() string { return redacted }

// Format does the same for every verb of fmt.
func (Secret) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, redacted) // fmt's own buffer: cannot fail
}

// MarshalText does the same for JSON and YAML.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// Equal reports whether two secrets hide the same text.
func (s Secret) Equal(other Secret) bool { return s.Reveal() == other.Reveal() }
