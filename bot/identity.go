package bot

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	sender "muster/internal/sender/slack"
)

const (
	firstRetry = time.Second
	lastRetry  = 30 * time.Second
)

// awaitIdentity asks Slack which workspace and user the token belongs to, and
// asks again while Slack is unreachable.
func awaitIdentity(ctx context.Context, o Options) (sender.Identity, error) {
	slack := sender.New(sender.Options{Token: o.BotToken, APIURL: o.APIURL})
	defer slack.Close()
	for wait := firstRetry; ; wait = min(2*wait, lastRetry) {
		self, err := slack.Self(ctx)
		if err == nil {
			return self, nil
		}
		if sender.Unauthorized(err) {
			return self, fmt.Errorf("bot token rejected by Slack: %w; %s", err, tokenRight)
		}
		o.Log.Warn("Slack not answering; retrying", zap.Duration("in", wait), zap.Error(err))
		select {
		case <-ctx.Done():
			return self, ctx.Err()
		case <-time.After(wait):
		}
	}
}
