package sandboxtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Fault is trouble to order, or one that was ordered. Kind and the other fields
// are those of POST /sandbox/v1/faults.
type Fault struct {
	ID         string  `json:"id,omitempty"`
	Kind       string  `json:"kind"`
	Method     string  `json:"method,omitempty"`
	Envelope   string  `json:"envelope,omitempty"`
	Count      int     `json:"count,omitempty"`
	Share      float64 `json:"share,omitempty"`
	Seed       uint64  `json:"seed,omitempty"`
	RetryAfter int     `json:"retry_after,omitempty"`
	Delay      string  `json:"delay,omitempty"`
	Applied    int     `json:"struck,omitempty"`
}

// AddFault orders a fault, and gives it as it was taken.
func (c *Client) AddFault(f Fault) Fault {
	c.tb.Helper()
	f.ID, f.Applied = "", 0
	var v struct{ Fault Fault }
	c.must(c.post(&v, "faults", f))
	return v.Fault
}

// ClearFault clears a fault.
func (c *Client) ClearFault(f Fault) {
	c.tb.Helper()
	c.must(c.exchange(&struct{}{}, http.MethodDelete, "faults/"+f.ID, nil))
}

// ClearFaults clears all faults.
func (c *Client) ClearFaults() {
	c.tb.Helper()
	c.must(c.exchange(&struct{}{}, http.MethodDelete, "faults", nil))
}

// Faults returns all that were ordered and not cleared.
func (c *Client) Faults() []Fault {
	c.tb.Helper()
	var v struct{ Faults []Fault }
	c.must(c.get(&v, "faults", nil))
	return v.Faults
}

// Applied returns how often a fault has struck until now.
func (c *Client) Applied(f Fault) int {
	c.tb.Helper()
	all := c.Faults()
	at := slices.IndexFunc(all, func(o Fault) bool { return o.ID == f.ID })
	if at < 0 {
		c.tb.Fatalf("the fault %s %s was cleared", f.ID, f.Kind)
	}
	return all[at].Applied
}

// AwaitApplied waits until a fault has struck as often as it was meant to.
func (c *Client) AwaitApplied(f Fault) {
	c.tb.Helper()
	c.Await(fmt.Sprintf("%s to strike", f.Kind), func() bool { return c.Applied(f) >= max(f.Count, 1) })
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
		if e.unclean() {
			wrong = append(wrong, fmt.Sprintf("  %d %s %s: %s %q %s", e.N, e.Kind, e.Name, e.Error, e.Messages, e.Detail))
		}
	}
	if len(wrong) > 0 {
		c.tb.Fatalf("the bot made mistakes:\n%s", strings.Join(wrong, "\n"))
	}
}

func (e Entry) unclean() bool {
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
