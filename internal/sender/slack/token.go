package slack

import (
	"context"
	"sync/atomic"
	"time"
)

// tokenState is what Slack last said of the token.
type tokenState struct{ refused atomic.Value } // a string: Slack's code, "" if it was accepted

// note keeps what the outcome of a call says of the token. A failure that is
// about something else says nothing.
func (t *tokenState) note(err error) {
	switch {
	case err == nil:
		t.refused.Store("")
	case Unauthorized(err):
		t.refused.Store(code(err))
	}
}

// Refused returns the code with which Slack last refused the token, "" if it
// accepted it.
func (c *Client) Refused() string {
	code, _ := c.state.refused.Load().(string)
	return code
}

// checkWithin bounds one question.
const checkWithin = 5 * time.Second

// Check asks Slack whether it accepts the token; [Client.Refused] tells the answer.
func (c *Client) Check(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	_, err := c.api.AuthTestContext(ctx)
	c.state.note(err)
}
