package slack

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"muster/internal/slackid"
)

// Options says whose client it is. APIURL is for workspaces other than Slack's
// own, such as the sandbox; it ends in a slash.
type Options struct {
	Token  string
	APIURL string
}

// Client speaks to one workspace as one bot.
type Client struct {
	api   *slackgo.Client
	http  *http.Client
	state tokenState

	mu    sync.Mutex
	self  Identity
	dms   map[slackid.User]slackid.Channel // direct messages opened so far
	taken map[string]int                   // of a notice that opens a channel, by its key: how many of its names are taken

	accounts map[slackid.User]knownAccount
	groups   map[slackid.Group]*group // user groups looked up so far: those of the configuration
}

// New returns a client. It calls nobody.
func New(o Options) *Client {
	c := &Client{
		http: newHTTP(), dms: map[slackid.User]slackid.Channel{}, taken: map[string]int{},
		groups: map[slackid.Group]*group{}, accounts: map[slackid.User]knownAccount{},
	}
	options := []slackgo.Option{slackgo.OptionHTTPClient(c.http)}
	if o.APIURL != "" {
		options = append(options, slackgo.OptionAPIURL(o.APIURL))
	}
	c.api = slackgo.New(o.Token, options...)
	return c
}

// Close drops idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// newHTTP bounds every call. It follows no redirect: a request carries the
// token, or a response URL that is as good as one.
func newHTTP() *http.Client {
	return &http.Client{
		Timeout: 10 * time.Second,
		Transport: cutting{&http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
			ForceAttemptHTTP2:     true,
			TLSHandshakeTimeout:   5 * time.Second,
			MaxIdleConnsPerHost:   16,
			IdleConnTimeout:       90 * time.Second,
			ExpectContinueTimeout: time.Second,
		}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Identity is who the token speaks for.
type Identity struct {
	TeamID    string
	Team      string
	BotUserID slackid.User
	BotID     string
}

// Self asks Slack whom the token speaks for, once: later calls remember.
func (c *Client) Self(ctx context.Context) (Identity, error) {
	c.mu.Lock()
	self := c.self
	c.mu.Unlock()
	if self.BotUserID != "" {
		return self, nil
	}
	answer, err := c.api.AuthTestContext(ctx)
	if err != nil {
		return Identity{}, fmt.Errorf("auth.test: %w", err)
	}
	if answer.UserID == "" {
		return Identity{}, fmt.Errorf("auth.test: %w", errEmpty)
	}
	self = Identity{TeamID: answer.TeamID, Team: answer.Team, BotUserID: slackid.User(answer.UserID), BotID: answer.BotID}
	c.mu.Lock()
	c.self = self
	c.mu.Unlock()
	return self, nil
}
