package rehearsal

import (
	"context"
	"errors"
	"time"

	"muster/internal/sandbox/control"
	"muster/internal/yamlfile"
)

// requestTimeout is how long, in real time, the workspace may take for one answer:
// a long advance of the clock is real work, but a rehearsal must come to an end.
const requestTimeout = 2 * time.Minute

// client is the workspace's control interface. What that does not take is a
// [refusal].
type client struct{ *control.Client }

func newClient(address string) client { return client{control.NewClient(address, requestTimeout)} }

// state is the workspace, with the names and people in it.
type state struct{ control.State }

// refusal is an action that the workspace, or Muster behind it, did not take.
type refusal struct {
	reason string
	at     yamlfile.Place // what in the file it is about; the zero Place is the step
}

func (r *refusal) Error() string { return r.reason }

// orRefusal returns what the workspace would not do as a refusal.
func orRefusal(err error) error {
	if e, ok := errors.AsType[*control.Error](err); ok && e.Status < 500 {
		return &refusal{reason: e.Code + ": " + e.Detail}
	}
	return err
}

func (c client) state(ctx context.Context) (state, error) {
	s, err := c.State(ctx)
	return state{s}, orRefusal(err)
}

// messages returns those of a channel that viewer sees, or all of them.
func (c client) messages(ctx context.Context, channel, viewer string) ([]message, error) {
	all, err := c.Messages(ctx, channel, viewer)
	messages := make([]message, len(all))
	for i, m := range all {
		messages[i] = message{m}
	}
	return messages, orRefusal(err)
}

// advance moves the clock, and returns when everything that came due has been
// handled and delivered.
func (c client) advance(ctx context.Context, d time.Duration) error {
	_, err := c.Advance(ctx, d)
	return orRefusal(err)
}

// act does something as a person. The error is a [refusal] where it was not taken.
func (c client) act(ctx context.Context, r control.Request) error {
	ack, err := c.Do(ctx, r)
	if err == nil && !ack.OK {
		return &refusal{reason: ack.Error + " " + ack.Detail}
	}
	return orRefusal(err)
}

// submit sends a form as a person; mistakes is what is wrong with it, by block.
func (c client) submit(ctx context.Context, actor control.User, m modal, values control.FieldValues) (mistakes map[string]string, err error) {
	ack, err := c.Do(ctx, control.Submit{User: actor.ID, View: m.ID, Values: values})
	if err == nil && !ack.OK && len(ack.Errors) == 0 {
		return nil, &refusal{reason: ack.Error + " " + ack.Detail}
	}
	return ack.Errors, orRefusal(err)
}
