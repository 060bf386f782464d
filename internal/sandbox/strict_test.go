package sandbox_test

import (
	"fmt"
	"strings"
	"testing"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

// What is nearly right is refused, too, with Slack's words.
func TestCall_NearlyRight_IsRefused(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	const room = workspace.Incidents
	for name, c := range map[string]struct {
		method string
		args   []string
		want   string
	}{
		"a topic that is not given": {"conversations.setTopic", []string{"channel", room}, "missing required field: topic"},
		"a purpose taken away":      {"conversations.setPurpose", []string{"channel", room, "purpose", ""}, "ok:true"},
		"a channel without a name":  {"conversations.create", nil, "invalid_name_required"},
		"half a message":            {"conversations.history", []string{"channel", room, "limit", "1.5"}, "must be a valid integer"},
		"too much markdown":         {"chat.postMessage", []string{"channel", room, "markdown_text", strings.Repeat("é", 12_001)}, "must be less than 12001 characters"},
		"a whisper in no thread":    {"chat.postEphemeral", []string{"channel", room, "user", "U0ONCALL01", "text", "x", "thread_ts", "1.000001"}, "cannot_reply_to_message"},
		"an attachment of text":     {"chat.postMessage", []string{"channel", room, "attachments", `["x"]`}, "must provide an object [json-pointer:/attachments/0]"},
		"a bad block in an attachment": {
			"chat.postMessage",
			[]string{"channel", room, "attachments", `[{"text":"x"},{"blocks":[{"type":"banner"}]}]`},
			"unsupported type: banner [json-pointer:/attachments/1/blocks/0/type]",
		},
		"a good block in an attachment": {"chat.postMessage", []string{"channel", room, "attachments", `[{"blocks":[{"type":"divider"}]}]`}, "ok:true"},
	} {
		if answer := fmt.Sprint(form(t, w, c.method, c.args...)); !strings.Contains(answer, c.want) {
			t.Errorf("%s: got %s, want %q", name, answer, c.want)
		}
	}
	if answer, _ := raw(t, w, "POST", "conversations.history", w.BotToken(), "application/json", `{"channel":"`+room+`","limit":1.5}`); !strings.Contains(fmt.Sprint(answer), "invalid") {
		t.Errorf("half a message in JSON: %v", answer)
	}
	if answer, _ := raw(t, w, "POST", "conversations.setTopic", w.BotToken(), "application/json", `{"channel":"`+room+`","topic":null}`); !strings.Contains(fmt.Sprint(answer), "missing required field: topic") {
		t.Errorf("a topic of null: %v", answer)
	}
}
