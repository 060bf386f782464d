package outbox

import (
	"errors"
	"fmt"
	"time"
)

// RetryLater says that nothing arrived, and when it makes sense to try again.
type RetryLater struct {
	After    time.Duration // 0 = as the attempts' number suggests
	Op       bool          // the op itself is limited (429): no lane delivers it before
	Operator bool          // only the operator can help, so it is logged as an error
	Reason   string        // for people
	Err      error
}

// Refused says that this will never work.
type Refused struct {
	Reason string // for people, as the rest of "could not be delivered: …"
	Err    error  // for the operator; may be nil where Reason says it all
	Gone   bool   // the place itself is: a channel that is archived, or not there
}

// Unknown says that it may have arrived or not.
type Unknown struct {
	Reason string // for people
	Err    error
	Over   bool // the call has ended: whatever it did can be seen by now, and nothing comes late
}

// Pending says that nothing was sent, since what an earlier attempt has sent may
// still come.
func Pending() error {
	return &RetryLater{Reason: "Slack didn't give a clear answer", Err: errors.New("an earlier attempt may still be carried out")}
}

func (e *RetryLater) Error() string { return fmt.Sprintf("retry after %s: %v", e.After, e.Err) }
func (e *Unknown) Error() string    { return fmt.Sprintf("no clear answer: %v", e.Err) }
func (e *Refused) Error() string {
	if e.Err == nil {
		return "refused: " + e.Reason
	}
	return fmt.Sprintf("refused: %v", e.Err)
}

func (e *RetryLater) Unwrap() error { return e.Err }
func (e *Unknown) Unwrap() error    { return e.Err }
func (e *Refused) Unwrap() error    { return e.Err }

// reasonOf returns what people are told when an attempt was the last one.
func reasonOf(err error) string {
	if later, ok := errors.AsType[*RetryLater](err); ok && later.Reason != "" {
		return later.Reason
	}
	if unknown, ok := errors.AsType[*Unknown](err); ok && unknown.Reason != "" {
		return unknown.Reason
	}
	return "there was no clear answer"
}
