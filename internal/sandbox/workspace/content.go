package workspace

import (
	"strings"

	"muster/internal/sandbox/blockkit"
	"muster/internal/sandbox/refusal"
)

// Limits of messages.
const (
	MaxTextLength   = 40_000 // characters of a posted text; Slack cuts what is longer
	maxBlocksLength = 13_200 // characters in all blocks together
	MaxAttachments  = 100
)

// Content is a message's content as an app gave it.
type Content struct {
	Text        string `json:"text"`
	Blocks      any    `json:"blocks"`      // which should be an array
	Attachments any    `json:"attachments"` // the same
	Metadata    any    `json:"metadata"`    // which should be an object
	Thread      string `json:"thread_ts"`
	Broadcast   bool   `json:"reply_broadcast"`
	Parse       string `json:"parse"`

	Markdown string // instead of Text and Blocks
}

// Compose makes a message of the bot's for a channel, or refuses the content.
func (w *Workspace) Compose(ch *Channel, given Content) (*Message, error) {
	if given.Markdown != "" {
		if given.Text != "" || given.Blocks != nil {
			return nil, refusal.New("markdown_text_conflict")
		}
		given.Text = given.Markdown
	}
	blocks, attachments, err := layout(given)
	if err != nil {
		return nil, err
	}
	metadata, err := readMetadata(given.Metadata)
	switch {
	case err != nil:
		return nil, err
	case strings.TrimSpace(given.Text) == "" && len(blocks) == 0 && len(attachments) == 0:
		return nil, refusal.New("no_text")
	case given.Thread != "" && !ch.StartsThread(given.Thread):
		return nil, refusal.New("cannot_reply_to_message")
	}
	m := &Message{
		User: BotUser, BotID: BotID, Text: truncateText(given.Text), Blocks: storeBlocks(blocks), Attachments: storeAttachments(attachments),
		Metadata: metadata, ThreadTS: given.Thread, Broadcast: given.Thread != "" && given.Broadcast,
	}
	if given.Parse != "none" {
		m.Text = linkAddresses(m.Text)
	}
	return m, nil
}

// layout checks blocks and attachments. Attachments that show nothing are none.
func layout(given Content) (blocks, attachments []any, err error) {
	blocks, ok := given.Blocks.([]any)
	if !ok && given.Blocks != nil {
		return nil, nil, refusal.New("invalid_blocks_format")
	}
	attachments, ok = given.Attachments.([]any)
	if !ok && given.Attachments != nil {
		return nil, nil, &refusal.Error{
			Code: "invalid_attachments", Else: []string{"invalid_arguments"}, Messages: []string{"[ERROR] must be an array [json-pointer:/attachments]"},
		}
	}
	if len(attachments) > MaxAttachments {
		return nil, nil, refusal.New("too_many_attachments")
	}
	if problems := blockkit.Message(blocks, attachments); len(problems) > 0 {
		return nil, nil, blockErrors(problems)
	}
	size := blockkit.Size(blocks)
	var showing []any
	for _, a := range Objects(attachments) {
		inner, _ := a["blocks"].([]any)
		size += blockkit.Size(inner)
		if isVisible(a) {
			showing = append(showing, a)
		}
	}
	if size > maxBlocksLength {
		return nil, nil, refusal.New("msg_blocks_too_long", "msg_too_long")
	}
	return blocks, showing, nil
}

// isVisible reports whether there is anything to see of an attachment.
func isVisible(attachment Object) bool {
	for _, part := range []string{"blocks", "fields", "actions"} {
		if list, _ := attachment[part].([]any); len(list) > 0 {
			return true
		}
	}
	for _, part := range []string{"text", "pretext", "title", "author_name", "footer", "image_url", "thumb_url"} {
		if s, _ := attachment[part].(string); s != "" {
			return true
		}
	}
	return false
}

// blockErrors returns how Slack reports what is wrong with blocks and attachments. Not
// every method has a code for the latter.
func blockErrors(problems []blockkit.Problem) error {
	f := &refusal.Error{Code: "invalid_blocks"}
	texts := make([]string, len(problems))
	for i, p := range problems {
		texts[i] = p.String()
		f.Messages = append(f.Messages, "[ERROR] "+p.String())
		if p.Text == blockkit.OnlyOneTable || strings.HasPrefix(p.Pointer, "/attachments") { // Slack keeps tables as attachments
			f.Code, f.Else = "invalid_attachments", []string{"invalid_blocks"}
		}
	}
	f.Extra = Object{"errors": texts}
	return f
}

// readMetadata checks metadata: an event_type and an event_payload, no more.
func readMetadata(v any) (Object, error) {
	if v == nil {
		return nil, nil
	}
	o, ok := v.(Object)
	if !ok {
		return nil, refusal.New("invalid_metadata_format", "invalid_arguments")
	}
	kind, _ := o["event_type"].(string)
	_, payload := o["event_payload"].(Object)
	if kind == "" || !payload || len(o) > 2 {
		return nil, refusal.New("invalid_metadata_schema", "invalid_arguments")
	}
	return o, nil
}

// truncateText returns a posted text as far as Slack keeps it.
func truncateText(text string) string {
	if runes := []rune(text); len(runes) > MaxTextLength {
		return string(runes[:MaxTextLength])
	}
	return text
}
