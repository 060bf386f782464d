package incident

import (
	"errors"
	"fmt"

	"muster/internal/slackid"
)

// What a store answers, beside the errors of its technology.
var (
	// ErrNotFound: there is no such incident.
	ErrNotFound = errors.New("no such incident")
	// ErrStale: the incident has moved on since it was read. Read it again.
	ErrStale = errors.New("the incident was changed meanwhile")
	// ErrRepeated: this key was committed before. Nothing was written now.
	ErrRepeated = errors.New("already recorded")
	// ErrLost: the claim or lease ran out and may be another worker's by now.
	// Nothing was written.
	ErrLost = errors.New("the claim was lost")
	// ErrUnavailable: the store cannot be reached, and nothing was written.
	ErrUnavailable = errors.New("the store is not available")
)

// ErrMoot is a transition's answer when there is nothing left to do.
var ErrNoChange = errors.New("nothing to do")

// Rejection is a refusal that the person who asked can understand and act on.
// Every other error is for the operator.
type Rejection struct {
	Code  string // stable, for tests and metrics: "not_open"
	Text  string // a sentence in Slack's mrkdwn that says what would be right
	Field Field  // what of the person's input is wrong, if it is one thing
}

// Field names what a person can write.
type Field string

// The fields.
const (
	FieldTitle      Field = "title"
	FieldImpact     Field = "impact"
	FieldSeverity   Field = "severity"
	FieldText       Field = "text"
	FieldETA        Field = "ETA"
	FieldStatus     Field = "status"
	FieldReason     Field = "reason"
	FieldResolution Field = "resolution"
	FieldCause      Field = "root cause"
	FieldRole       Field = "role"
	FieldUser       Field = "user"
	FieldLength     Field = "length"
)

// At names the field of a rejection that is wrong.
func InField(f Field, err error) error {
	if r, ok := errors.AsType[*Rejection](err); ok {
		r.Field = f
	}
	return err
}

func (r *Rejection) Error() string { return r.Code + ": " + r.Text }

// Rejectf refuses. The format is mrkdwn; arguments that are strings may come
// from people, so they are escaped here, and user IDs become mentions.
func Rejectf(code, format string, args ...any) error {
	shown := make([]any, len(args))
	for n, arg := range args {
		switch v := arg.(type) {
		case string:
			shown[n] = Escape(v)
		case slackid.User:
			shown[n] = v.Mention()
		default:
			shown[n] = v
		}
	}
	return &Rejection{Code: code, Text: fmt.Sprintf(format, shown...)}
}
