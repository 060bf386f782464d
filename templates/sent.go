package templates

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/slackid"
)

// Sent is a form as it was submitted.
type Sent struct {
	State  *slack.ViewState
	Opened Meta // how things stood when it was opened
}

// Holds says what an incident holds in fields that the form can change. Such a
// field, left as it was opened, reads as "": what somebody else has changed
// meanwhile stays.
func (f *Form) Holds(values map[incident.Field]string) {
	f.meta.Held = map[incident.Field]string{}
	for field, value := range values {
		f.meta.Held[field] = fingerprint(value)
	}
}

// fingerprint stands for a value, since a form has no room for texts.
func fingerprint(value string) string {
	value = strings.TrimSpace(value)
	if value == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:8])
}

// Check refuses a change of what somebody else has changed since the form was
// opened, and says what it is now. What the incident holds by now is as for
// [Form.Holds].
func (s Sent) Check(now map[incident.Field]string) error {
	for _, f := range slices.Sorted(maps.Keys(now)) {
		opened, known := s.Opened.Held[f]
		value := strings.TrimSpace(now[f])
		if known && !s.left(f) && s.raw(f) != value && fingerprint(value) != opened {
			return incident.InField(f, incident.Reject("changed_meanwhile", incident.Args{"field": f, "now": value}))
		}
	}
	return nil
}

// Text returns what was written in a field.
func (s Sent) Text(f incident.Field) string {
	if s.left(f) {
		return ""
	}
	return s.field(f).Value
}

// Choice returns the value that was chosen in a field, "" where none was.
func (s Sent) Choice(f incident.Field) string {
	if s.left(f) {
		return ""
	}
	return s.field(f).SelectedOption.Value
}

// Cleared reports whether what a field held was taken out.
func (s Sent) Cleared(f incident.Field) bool {
	_, known := s.Opened.Held[f]
	return known && !s.left(f) && s.raw(f) == ""
}

// User returns the person who was chosen in a field, "" where none was.
func (s Sent) User(f incident.Field) slackid.User { return slackid.User(s.field(f).SelectedUser) }

// Checked reports whether a field's box was ticked.
func (s Sent) Checked(f incident.Field) bool { return len(s.field(f).SelectedOptions) > 0 }

// left reports whether a field holds what it held when the form was opened.
func (s Sent) left(f incident.Field) bool {
	opened, known := s.Opened.Held[f]
	return known && fingerprint(s.raw(f)) == opened
}

// raw returns what is in a field now, be it written or chosen.
func (s Sent) raw(f incident.Field) string {
	sent := s.field(f)
	return strings.TrimSpace(sent.Value + sent.SelectedOption.Value)
}

func (s Sent) field(f incident.Field) slack.BlockAction {
	if s.State == nil {
		return slack.BlockAction{}
	}
	return s.State.Values[string(f)][string(f)]
}
