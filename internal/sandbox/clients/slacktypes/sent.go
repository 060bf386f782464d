package slacktypes

import (
	"encoding/json"
	"fmt"

	"muster/internal/sandbox/sandboxtest"
)

// Layout is what a message consists of beside its text, or a view.
type Layout struct {
	From string // what sent it, such as "api chat.postMessage" or "ack slash_commands"
	JSON string // {"blocks": […], "attachments": […]}, or the view
}

// message is the part of a message that the types describe.
type message struct {
	Blocks      json.RawMessage `json:"blocks,omitempty"`
	Attachments json.RawMessage `json:"attachments,omitempty"`
}

// Sent finds the layouts that the bot sent: in calls of the Web API, in
// acknowledgements, and to response URLs. Of what was refused it finds them, too.
func Sent(traffic []sandboxtest.Entry) ([]Layout, error) {
	var all []Layout
	for _, e := range traffic {
		if e.Kind != "api" && e.Kind != "ack" && e.Kind != "response" || len(e.Detail) == 0 || e.Detail[0] != '{' {
			continue // a socket's fate, what the bot was sent, or an objection in words
		}
		var sent struct {
			message
			View json.RawMessage `json:"view"`
		}
		if err := json.Unmarshal(e.Detail, &sent); err != nil {
			return nil, fmt.Errorf("read entry %d of the traffic: %w", e.N, err)
		}
		from := e.Kind + " " + e.Name
		if given(sent.View) {
			all = append(all, Layout{from, string(sent.View)})
		}
		if given(sent.Blocks) || given(sent.Attachments) {
			raw, err := json.Marshal(sent.message)
			if err != nil {
				return nil, fmt.Errorf("write entry %d of the traffic: %w", e.N, err)
			}
			all = append(all, Layout{from, string(raw)})
		}
	}
	return all, nil
}

func given(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }
