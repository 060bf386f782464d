package bot

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"
)

const checkTokenEvery = time.Minute

// tokenRight says where the right bot token is.
const tokenRight = `copy the Bot User OAuth Token from the app's page "OAuth & Permissions"` //nolint:gosec // a sentence, no token

// watchToken asks Slack now and then whether it still accepts the bot token:
// where there is nothing to send, nothing else would show that it doesn't.
func (b *Bot) watchToken(ctx context.Context) error {
	ticker := time.NewTicker(checkTokenEvery)
	defer ticker.Stop()
	for refused := ""; ; {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		b.slack.Check(ctx)
		code := b.slack.Refused()
		switch {
		case code != "" && code != refused:
			b.log.Error(tokenRefused(code))
		case code == "" && refused != "":
			b.log.Info("Slack accepts the bot token again", zap.String("before", refused))
		}
		refused = code
	}
}

// tokenRefused says what an operator has to do.
func tokenRefused(code string) string {
	return fmt.Sprintf("Slack refuses the bot token (%s). Install the app again, or %s, and restart Muster", code, tokenRight)
}
