package sandboxtest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"muster/internal/sandbox/control"
)

// AddFault adds a fault, and returns it as it was taken.
func (c *Client) AddFault(f Fault) Fault {
	c.tb.Helper()
	r := control.FaultRequest{Kind: f.Kind, Method: f.Method, Envelope: f.Envelope, Seed: f.Seed, Delay: f.Delay}
	if f.Count != 0 {
		r.Count = &f.Count
	}
	if f.Share != 0 {
		r.Share = &f.Share
	}
	if f.RetryAfter != 0 {
		r.RetryAfter = &f.RetryAfter
	}
	added, err := c.control.AddFault(context.Background(), r)
	c.must(err)
	return added
}

// ClearFault clears a fault.
func (c *Client) ClearFault(f Fault) {
	c.tb.Helper()
	c.must(c.control.ClearFault(context.Background(), f.ID))
}

// ClearFaults clears all faults.
func (c *Client) ClearFaults() {
	c.tb.Helper()
	c.must(c.control.ClearFaults(context.Background()))
}

// Faults returns those that were added and not cleared.
func (c *Client) Faults() []Fault {
	c.tb.Helper()
	all, err := c.control.Faults(context.Background())
	c.must(err)
	return all
}

// Applied returns how often a fault has applied until now.
func (c *Client) Applied(f Fault) int {
	c.tb.Helper()
	all := c.Faults()
	at := slices.IndexFunc(all, func(o Fault) bool { return o.ID == f.ID })
	if at < 0 {
		c.tb.Fatalf("the fault %s %s was cleared", f.ID, f.Kind)
	}
	return all[at].Applied
}

// AwaitApplied waits until a fault has applied as often as it was meant to.
func (c *Client) AwaitApplied(f Fault) {
	c.tb.Helper()
	c.Await(fmt.Sprintf("%s to apply", f.Kind), func() bool { return c.Applied(f) >= max(f.Count, 1) })
}

// malformed are the refusals that only a mistake in the bot's code explains.
var malformed = []string{
	"invalid_arguments", "invalid_blocks", "invalid_blocks_format", "invalid_metadata_format", "invalid_metadata_schema",
	"invalid_form_data", "invalid_json", "json_not_object", "invalid_post_type", "missing_post_type", "no_text",
	"msg_too_long", "msg_blocks_too_long", "too_many_attachments", "markdown_text_conflict", "view_too_large",
	"unknown_method", "not_authed", "invalid_auth", "not_allowed_token_type", "missing_scope", "ratelimited",
	"internal_error", "fatal_error",
}

// ExpectCleanTraffic fails the test when the bot made a mistake that people may
// not see: a malformed call, a limit not kept, an acknowledgement that was late,
// too large, or with a view or an answer that Slack would not show. What a fault
// brought about is no mistake.
func (c *Client) ExpectCleanTraffic() {
	c.tb.Helper()
	var wrong []string
	for _, e := range c.Traffic(0) {
		if isMistake(e) {
			wrong = append(wrong, fmt.Sprintf("  %d %s %s: %s %q %s", e.N, e.Kind, e.Name, e.Error, e.Messages, e.Detail))
		}
	}
	if len(wrong) > 0 {
		c.tb.Fatalf("the bot made mistakes:\n%s", strings.Join(wrong, "\n"))
	}
}

// isMistake reports whether an entry shows a mistake of the bot.
func isMistake(e Entry) bool {
	switch {
	case e.OK:
		return false
	case e.Kind == "api": // a call that a fault let through has a verdict of its own
		return e.Error != e.Fault && slices.Contains(malformed, e.Error)
	case e.Kind == "socket":
		return e.Error == "message_too_big"
	case e.Kind == "ack" && (e.Error == "operation_timeout" || e.Error == "unknown_envelope"):
		return e.Fault == ""
	}
	return e.Kind == "ack" || e.Kind == "response"
}
