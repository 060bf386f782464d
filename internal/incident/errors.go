package incident

import (
	"errors"
	"fmt"

	"muster/internal/notice"
)

// What a store answers, beside the errors of its technology.
var (
	// ErrNotFound: there is no such incident.
	ErrNotFound = errors.New("no such incident")
	// ErrStale: the incident has moved on since it was read. Read it again.
	ErrStale = errors.New("the incident was changed meanwhile")
	// ErrRepeated: this key was committed before. Nothing was written now.
	ErrRepeated = errors.New("already recorded")
	// ErrLost: the claim ran out and may be another worker's by now. Nothing was
	// written. A lease that ran out is answered the same.
	ErrLost = notice.ErrLost
	// ErrUnavailable: the store cannot be reached, and nothing was written.
	ErrUnavailable = errors.New("the store is not available")
)

// ErrNoChange is a transition's answer when there is nothing left to do.
var ErrNoChange = errors.New("nothing to do")

// Rejection is a refusal that the person who asked can understand and act on.
// It holds what is wrong; the sentence that people read is made of it where it
// is shown. Every other error is for the operator.
type Rejection struct {
	Code  string // stable, for tests and metrics, too: "not_open"
	Args  Args   // what the sentence names
	Field Field  // what of the person's input is wrong, if it is one thing
}

// Args are what a rejection names, each by a name and in its own type, which
// decides how people read it: a user as a mention, a role by its name. What a
// person typed is a string.
type Args map[string]any

// Field names what a person can write.
type Field string

// The fields.
const (
	FieldTitle      Field = "title"
	FieldImpact     Field = "impact"
	FieldSeverity   Field = "severity"
	FieldText       Field = "text"
	FieldETA        Field = "eta"
	FieldStatus     Field = "status"
	FieldReason     Field = "reason"
	FieldResolution Field = "resolution"
	FieldCause      Field = "cause"
	FieldRole       Field = "role"
	FieldUser       Field = "user"
	FieldLength     Field = "length"
	FieldInto       Field = "into" // the incident that goes on
	FieldPrivate    Field = "private"
	FieldCustomers  Field = "customers" // whether they noticed it
)

// InField names the field of a rejection that is wrong.
func InField(f Field, err error) error {
	if r, ok := errors.AsType[*Rejection](err); ok {
		r.Field = f
	}
	return err
}

func (r *Rejection) Error() string {
	if len(r.Args) == 0 {
		return r.Code
	}
	return fmt.Sprintf("%s %v", r.Code, map[string]any(r.Args))
}

// Reject refuses. The code has its sentence among the templates.
func Reject(code string, args Args) error { return &Rejection{Code: code, Args: args} }
