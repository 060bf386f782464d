package bot

import (
	"context"

	"github.com/slack-go/slack"

	"muster/internal/slackapi"
)

// voice is what handlers may say to Slack within a request.
type voice struct{ client *slackapi.Client }

// OpenView opens a form.
func (v voice) OpenView(ctx context.Context, trigger string, view slack.ModalViewRequest) error {
	return v.client.OpenView(ctx, trigger, view)
}

// Respond answers a button, for its presser only.
func (v voice) Respond(ctx context.Context, responseURL, text string, blocks []slack.Block) error {
	return v.client.Respond(ctx, responseURL, slackapi.Response{Text: text, Blocks: blocks, Ephemeral: true})
}
