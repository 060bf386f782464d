package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

const oneSection = `[{"type": "section", "text": {"type": "mrkdwn", "text": "one"}}]`

func TestUpdate_TextAlone_RemovesTheBlocks(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ts, _ := form(t, w, "chat.postMessage", "channel", workspace.Incidents, "text", "one", "blocks", oneSection)["ts"].(string)
	update := func(args ...string) map[string]any {
		t.Helper()
		answer := form(t, w, "chat.update", append([]string{"channel", workspace.Incidents, "ts", ts}, args...)...)
		message, ok := answer["message"].(map[string]any)
		if !ok {
			t.Fatalf("the update answered %v", answer)
		}
		return message
	}
	if m := update("attachments", `[{"text": "more"}]`); m["blocks"] == nil || m["text"] != "one" {
		t.Errorf("without a text, blocks and text stay: %v", m)
	}
	if m := update("text", "two"); m["blocks"] != nil || m["text"] != "two" {
		t.Errorf("with a text alone, blocks go: %v", m)
	}
}

func TestHistory_OldestAlone_PagesForward(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	first := ws.Say("oncall", "#incidents", "a")
	var last string
	for _, text := range []string{"b", "c", "d", "e"} {
		last = ws.Say("oncall", "#incidents", text)
	}
	read := func(p slack.GetConversationHistoryParameters) (string, string) {
		t.Helper()
		p.ChannelID, p.Limit = workspace.Incidents, 2
		page, err := client(w).GetConversationHistory(&p)
		wants(t, err, "")
		var said strings.Builder
		for _, m := range page.Messages {
			said.WriteString(m.Text)
		}
		return said.String(), page.ResponseMetaData.NextCursor
	}
	pages := func(p slack.GetConversationHistoryParameters, want ...string) {
		t.Helper()
		for _, w := range want {
			said, next := read(p)
			if said != w {
				t.Errorf("a page says %q, and not %q", said, w)
			}
			p.Cursor = next
		}
		if p.Cursor != "" {
			t.Error("there are more pages")
		}
	}
	pages(slack.GetConversationHistoryParameters{Oldest: first}, "cb", "ed")
	pages(slack.GetConversationHistoryParameters{Latest: last}, "dc", "ba")
	pages(slack.GetConversationHistoryParameters{Oldest: first, Latest: last}, "dc", "b")
}

func TestArgument_Malformed_IsNotAlsoMissing(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: []byte(appManifest)})
	for _, ts := range []string{"abc", "99999999999999999999.1"} {
		answer := form(t, w, "chat.update", "channel", workspace.Incidents, "text", "x", "ts", ts)
		meta, _ := answer["response_metadata"].(map[string]any)
		messages, _ := meta["messages"].([]any)
		if len(messages) != 1 || messages[0] != "[ERROR] must be a valid timestamp [json-pointer:/ts]" {
			t.Errorf("%q: %v", ts, answer)
		}
	}
}

func TestMessage_PrivateChannelName_IsNoLinkForOutsiders(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	ws.Create("ceo", "board-secret", true)
	for who, want := range map[string]string{"oncall": "see #board-secret", "ceo": "|board-secret>"} {
		ws.Say(who, "#general", "see #board-secret")
		all := ws.Messages("#general")
		if got := all[len(all)-1].Text; !strings.Contains(got, want) {
			t.Errorf("%s wrote %q", who, got)
		}
	}
}

func TestView_Size_IsMeasuredAsWritten(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: []byte(appManifest)})
	blocks := strings.Repeat(`,{"type": "section", "text": {"type": "plain_text", "text": "`+strings.Repeat("&", 2_900)+`"}}`, 20)
	view := `{"type": "home", "blocks": [{"type": "divider"}` + blocks + `]}`
	if answer := form(t, w, "views.publish", "user_id", "U0ONCALL01", "view", view); answer["ok"] != true {
		t.Errorf("%d bytes: %v", len(view), answer["error"])
	}
}

// What an app answers by a response URL is held to the rules of messages.
func TestResponseURL_Answer_FollowsTheRulesOfMessages(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	b := connect(t, w, acknowledge)
	ws := sandboxtest.Dial(t, w.URL())
	ws.Create("ceo", "shop", false)
	address := func(channel string) string {
		ws.Command("ceo", channel, "/incident list")
		return b.next(t, socketmode.EventTypeSlashCommand).Data.(slack.SlashCommand).ResponseURL
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	respond := func(to string, m slack.WebhookMessage) error {
		m.ResponseType = "in_channel"
		return slack.PostWebhookCustomHTTPContext(t.Context(), to, client, &m)
	}
	to := address("#shop")
	for what, m := range map[string]slack.WebhookMessage{
		"blank": {Text: "  "}, "a thread that is none": {Text: "x", ThreadTimestamp: "1.000001"},
	} {
		if respond(to, m) == nil {
			t.Errorf("%s was taken", what)
		}
	}
	wants(t, respond(to, slack.WebhookMessage{Attachments: []slack.Attachment{{Text: "attached"}}}), "")
	wants(t, respond(to, slack.WebhookMessage{Text: "see https://a.example" + strings.Repeat("x", 50_000)}), "")
	all := ws.Messages("#shop")
	if last := all[len(all)-1].Text; !strings.HasPrefix(last, "see <https://a.example") || len(last) > 40_100 {
		t.Errorf("a long text is kept as %d characters: %.30s", len(last), last)
	}
	ws.Archive("ceo", "shop")
	if respond(to, slack.WebhookMessage{Text: "too late"}) == nil {
		t.Error("an archived channel took an answer")
	}
}

// What is wrong with an answer is refused, and the record says what in particular.
func TestAnswer_Malformed_IsReported(t *testing.T) {
	for name, c := range map[string]struct{ answer, code, says string }{
		"a misspelt field":       {`{"response_typ": "in_channel", "text": "x"}`, "invalid_payload", "response_typ"},
		"a kind that is none":    {`{"response_type": "public", "text": "x"}`, "invalid_payload", "/response_type"},
		"a text that is none":    {`{"text": 7}`, "invalid_payload", "text"},
		"two answers":            {`{"text": "x"} {"text": "y"}`, "invalid_payload", "more than one"},
		"blocks":                 {`{"text": "x", "blocks": [{"type": "banner"}]}`, "invalid_blocks", "[json-pointer:/blocks/0/type]"},
		"blocks in attachments":  {`{"text": "x", "attachments": [{"blocks": [{"type": "banner"}]}]}`, "invalid_attachments", "[json-pointer:/attachments/0/blocks/0/type]"},
		"attachments to nothing": {`{"attachments": [{}]}`, "no_text", ""},
		"metadata":               {`{"text": "x", "metadata": {"event_type": "a"}}`, "invalid_metadata_schema", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := sandboxtest.Serve(t, sandbox.Options{})
			ws := sandboxtest.Dial(t, w.URL())
			reported := func(kind string) {
				t.Helper()
				for _, e := range ws.Traffic(0) {
					if e.Kind == kind && !e.OK && e.Error == c.code && strings.Contains(strings.Join(e.Messages, " "), c.says) {
						return
					}
				}
				t.Errorf("no %s of %s that says %q is on record", kind, c.code, c.says)
			}
			acked := json.Valid([]byte(c.answer)) // else it cannot be
			b := connect(t, w, func(b *bot, e socketmode.Event) {
				if acked && e.Type == socketmode.EventTypeSlashCommand {
					b.ack(e, json.RawMessage(c.answer))
				} else {
					b.ack(e)
				}
			})
			ack, err := ws.TryCommand("ceo", "#incidents", "/incident list")
			wants(t, err, "")
			if acked {
				if ack.OK || ack.Error != c.code {
					t.Errorf("as an acknowledgement: %+v", ack)
				}
				reported("ack")
			}
			address := b.next(t, socketmode.EventTypeSlashCommand).Data.(slack.SlashCommand).ResponseURL
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(c.answer))
			if err != nil {
				t.Fatal(err)
			}
			answer, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = answer.Body.Close() }()
			if said, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusBadRequest || strings.TrimSpace(string(said)) != c.code {
				t.Errorf("as a response: %s %s", answer.Status, said)
			}
			reported("response")
		})
	}
}
