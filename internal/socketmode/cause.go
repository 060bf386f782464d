package socketmode

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
)

// Why a socket ends, where no error of the network says it.
var (
	errSilent  = errors.New("nothing heard, not even an answer to a ping, for " + doubtAfter.String())
	errNoHello = errors.New("opened, but Slack sent no hello")
	errClosed  = errors.New("closed by Muster")
)

// disconnects are Slack's reasons in a "disconnect" message, in words.
var disconnects = map[string]string{
	"warning":             "Slack is about to refresh it",
	"refresh_requested":   "Slack refreshes it",
	"link_disabled":       `Socket Mode is turned off for the app: turn it on, on the app's page "Socket Mode"`,
	"too_many_websockets": "the app has 10 sockets already, the most that Slack allows: run fewer replicas",
}

// disconnected returns the error for a "disconnect" message.
func disconnected(reason string) error {
	words, known := disconnects[reason]
	if !known {
		words = "Slack ended it"
	}
	return fmt.Errorf("%s (%s)", words, reason)
}

// broken says why reading from a socket failed.
func broken(err error) error {
	said, ok := errors.AsType[*websocket.CloseError](err)
	switch {
	case !ok:
		return fmt.Errorf("the connection failed: %w", err)
	case said.Code == websocket.CloseAbnormalClosure:
		return errors.New("the connection broke without a word (1006)")
	}
	return fmt.Errorf("the other end closed it: %d %s", said.Code, said.Text)
}

// refusedToken are Slack's answers that only another app token, or a change of the
// app, puts right.
var refusedToken = []string{
	"invalid_auth", "not_authed", "not_allowed_token_type", "account_inactive", "missing_scope", "token_revoked", "token_expired",
}

// tokenRefused is Slack's refusal of the app token, with what to do about it.
type tokenRefused struct{ code string }

func (e *tokenRefused) Error() string {
	return fmt.Sprintf("app token rejected by Slack: %s; copy the App-Level Token (xapp-…) with the scope connections:write from the app's page \"Basic Information\", section \"App-Level Tokens\"", e.code)
}

// refusal says why Slack gave no address for a socket.
func refusal(err error) error {
	if answer, ok := errors.AsType[slack.SlackErrorResponse](err); ok && slices.Contains(refusedToken, answer.Err) {
		return &tokenRefused{answer.Err}
	}
	return fmt.Errorf("apps.connections.open: %w", err)
}

// rounded makes a length of time readable in a sentence.
func rounded(d time.Duration) time.Duration { return d.Round(time.Second) }
