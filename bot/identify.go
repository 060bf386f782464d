package bot

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	"muster/internal/slackapi"
)

// identify asks Slack whom the token speaks for, again and again while Slack
// is away.
func identify(ctx context.Context, o Options) (slackapi.Identity, error) {
	slack := slackapi.New(slackapi.Options{Token: o.BotToken, APIURL: o.APIURL})
	defer slack.Close()
	for wait := time.Second; ; wait = min(2*wait, lastWait) {
		self, err := slack.Self(ctx)
		if err == nil {
			return self, nil
		}
		if slackapi.Unauthorized(err) {
			return self, fmt.Errorf("the bot token is rejected by Slack: %w; copy the Bot User OAuth Token from the app's page \"OAuth & Permissions\"", err)
		}
		o.Log.Warn("Slack does not answer; trying again", zap.Duration("in", wait), zap.Error(err))
		select {
		case <-ctx.Done():
			return self, ctx.Err()
		case <-time.After(wait):
		}
	}
}
