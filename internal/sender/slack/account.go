package slack

import (
	"context"
	"fmt"
	"slices"
	"time"

	"muster/internal/policy"
	"muster/internal/slackid"
)

// rememberAccount says how long somebody's account is taken for granted.
const rememberAccount = 10 * time.Minute

// knownAccount holds what Slack said of somebody, and until when that counts.
type knownAccount struct {
	kind  policy.Account
	zone  string // "" = the profile names none
	until time.Time
}

// Account returns what kind of account somebody has.
func (c *Client) Account(ctx context.Context, user slackid.User) (policy.Account, error) {
	known, err := c.account(ctx, user)
	return known.kind, err
}

// Zone returns the time zone in somebody's profile.
func (c *Client) Zone(ctx context.Context, user slackid.User) (*time.Location, error) {
	known, err := c.account(ctx, user)
	if err != nil {
		return nil, err
	}
	if known.zone == "" || known.zone == "Local" { // which Go takes for UTC, or the host's own
		return nil, fmt.Errorf("users.info %s: the profile has no time zone", user)
	}
	zone, err := time.LoadLocation(known.zone)
	if err != nil {
		return nil, fmt.Errorf("users.info %s: %w", user, err)
	}
	return zone, nil
}

// account asks Slack about somebody, and remembers the answer for a while.
func (c *Client) account(ctx context.Context, user slackid.User) (knownAccount, error) {
	c.mu.Lock()
	known := c.accounts[user]
	c.mu.Unlock()
	if c.now().Before(known.until) {
		return known, nil
	}
	self, err := c.Self(ctx)
	if err != nil {
		return knownAccount{}, err
	}
	u, err := c.api.GetUserInfoContext(ctx, string(user))
	if c.state.note(err); err != nil {
		return knownAccount{}, fmt.Errorf("users.info %s: %w", user, err)
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
	known = knownAccount{kind, u.TZ, c.now().Add(rememberAccount)}
	c.mu.Lock()
	c.accounts[user] = known
	c.mu.Unlock()
	return known, nil
}
