package incident

import (
	"fmt"
	"strings"

	"muster/internal/slackid"
)

// Ref says which incident is meant: by its number, else by its channel. The
// zero Ref means one that is yet to be declared: Load answers a blank one that
// has the next free number.
//
// What Slack keeps and sends back, such as a button, can outlive the store in
// which its incident was. So it says the ID as well, and [Service] refuses
// another incident that has the number by then.
type Ref struct {
	Number  Number
	ID      string // "": whichever has the number
	Channel slackid.Channel
}

// MarshalText encodes a number and an ID, as "7.k2v5"; nothing encodes as "".
func (r Ref) MarshalText() ([]byte, error) {
	if r.Number == 0 {
		return nil, nil
	}
	return fmt.Appendf(nil, "%d.%s", int(r.Number), r.ID), nil
}

// UnmarshalText decodes what [Ref.MarshalText] encoded. Without an ID it fails.
func (r *Ref) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*r = Ref{}
		return nil
	}
	number, id, _ := strings.Cut(string(b), ".")
	n, ok := ParseNumber(number)
	if !ok || id == "" {
		return fmt.Errorf("%q does not say which incident it means", b)
	}
	*r = Ref{Number: n, ID: id}
	return nil
}

// Value returns the ref as a button's value.
func (r Ref) Value() string {
	b, _ := r.MarshalText() // cannot fail
	return string(b)
}

// ParseRef reads what [Ref.Value] wrote.
func ParseRef(value string) (r Ref, ok bool) {
	err := r.UnmarshalText([]byte(value))
	return r, err == nil && r.Number > 0
}
