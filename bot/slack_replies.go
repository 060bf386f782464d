package bot

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"muster/internal/policy"
	sender "muster/internal/sender/slack"
	"muster/internal/slackid"
)

// slackReplies is what handlers may call of Slack within a request.
type slackReplies struct{ client *sender.Client }

// OpenView opens a form.
func (r slackReplies) OpenView(ctx context.Context, trigger string, view slack.ModalViewRequest) error {
	return r.client.OpenView(ctx, trigger, view)
}

// Account returns what kind of account somebody has.
func (r slackReplies) Account(ctx context.Context, user slackid.User) (policy.Account, error) {
	return r.client.Account(ctx, user)
}

// Respond answers a button, for its presser only.
func (r slackReplies) Respond(ctx context.Context, responseURL, text string, blocks []slack.Block) error {
	return r.client.Respond(ctx, responseURL, sender.Response{Text: text, Blocks: blocks, Ephemeral: true})
}

// Zone returns somebody's time zone.
func (r slackReplies) Zone(ctx context.Context, u slackid.User) (*time.Location, error) {
	return r.client.Zone(ctx, u)
}
