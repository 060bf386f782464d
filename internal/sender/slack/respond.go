package slack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	slackgo "github.com/slack-go/slack"
)

// respondWithin bounds one answer.
const respondWithin = 5 * time.Second

// Response is an answer to what somebody did in Slack.
type Response struct {
	Text      string
	Blocks    []slackgo.Block
	Ephemeral bool // for that person only; otherwise for the whole channel
}

// Respond answers through a response URL, which works five times within half
// an hour. It tries once. The URL is a secret: it appears in no error.
func (c *Client) Respond(ctx context.Context, responseURL string, r Response) error {
	if err := checkResponseURL(responseURL); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, respondWithin)
	defer cancel()
	message := &slackgo.WebhookMessage{Text: clip(r.Text, maxText), ResponseType: slackgo.ResponseTypeInChannel}
	if r.Ephemeral {
		message.ResponseType = slackgo.ResponseTypeEphemeral
	}
	if len(r.Blocks) > 0 {
		message.Blocks = &slackgo.Blocks{BlockSet: r.Blocks}
	}
	if err := slackgo.PostWebhookCustomHTTPContext(ctx, responseURL, c.http, message); err != nil {
		if withURL, ok := errors.AsType[*url.Error](err); ok {
			err = withURL.Err
		}
		return fmt.Errorf("respond: %w", err)
	}
	return nil
}

// checkResponseURL lets only https through, and http to this very machine,
// where a sandbox may listen.
func checkResponseURL(raw string) error {
	u, err := url.Parse(raw)
	if err != nil {
		return errors.New("respond: the response URL does not parse")
	}
	ip := net.ParseIP(u.Hostname())
	local := u.Hostname() == "localhost" || (ip != nil && ip.IsLoopback())
	if u.Scheme == "https" || (u.Scheme == "http" && local) {
		return nil
	}
	return errors.New("respond: the response URL is neither https nor local")
}
