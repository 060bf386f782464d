package sandbox_test

import (
	"testing"

	"github.com/slack-go/slack"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

// Slack stores another text than it was sent: whoever looks for what they posted
// must not look for the text.
func TestMessage_StoredText_HasLinks(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	b := client(w)
	section := func(text string, verbatim bool) slack.Block {
		return slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, text, false, verbatim), nil, nil)
	}
	_, ts, err := b.PostMessage(workspace.Incidents, slack.MsgOptionText("at https://a.example/x?y, see <https://b.example|there>", false),
		slack.MsgOptionBlocks(section("at https://a.example.", false), section("at https://a.example.", true),
			slack.NewSectionBlock(plain("at https://a.example."), nil, nil)))
	wants(t, err, "")
	h, err := b.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: workspace.Incidents, Latest: ts, Inclusive: true, Limit: 1})
	wants(t, err, "")
	m := h.Messages[0]
	if want := "at <https://a.example/x?y>, see <https://b.example|there>"; m.Text != want {
		t.Errorf("text: %q, want %q", m.Text, want)
	}
	for n, want := range []string{"at <https://a.example>.", "at https://a.example.", "at https://a.example."} {
		if got := m.Blocks.BlockSet[n].(*slack.SectionBlock).Text.Text; got != want {
			t.Errorf("block %d: %q, want %q", n, got, want)
		}
	}
	said := ws.Say("oncall", "#incidents", "look at https://a.example/?a=1&b=2!")
	for _, m := range ws.Messages("#incidents") {
		if m.TS == said && m.Text != "look at <https://a.example/?a=1&amp;b=2>!" {
			t.Errorf("a person's: %q", m.Text)
		}
	}
}
