package slack

import (
	"context"
	"fmt"
	"slices"
	"time"

	"muster/internal/policy"
	"muster/internal/slackid"
)

// rememberAccount is how long somebody's kind of account is taken for granted.
const rememberAccount = 10 * time.Minute

// knownAccount is what Slack said of somebody, and until when that counts.
type knownAccount struct {
	kind  policy.Account
	until time.Time
}

// Account returns what kind of account somebody has.
func (c *Client) Account(ctx context.Context, user slackid.User) (policy.Account, error) {
	c.mu.Lock()
	known := c.accounts[user]
	c.mu.Unlock()
	if time.Now().Before(known.until) {
		return known.kind, nil
	}
	self, err := c.Self(ctx)
	if err != nil {
		return "", err
	}
	u, err := c.api.GetUserInfoContext(ctx, string(user))
	if err != nil {
		return "", fmt.Errorf("users.info %s: %w", user, err)
	}
	kind := policy.Member
	switch {
	case u.IsBot:
		kind = policy.Robot
	case u.TeamID != self.TeamID && !slices.Contains(u.Enterprise.Teams, self.TeamID):
		kind = policy.External
	case u.IsRestricted || u.IsUltraRestricted:
		kind = policy.Guest
	}
	c.mu.Lock()
	c.accounts[user] = knownAccount{kind, time.Now().Add(rememberAccount)}
	c.mu.Unlock()
	return kind, nil
}
