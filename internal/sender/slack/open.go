package slack

import (
	"context"
	"fmt"
	"slices"

	slackgo "github.com/slack-go/slack"

	"muster/internal/notice"
	"muster/internal/outbox"
	"muster/internal/slackid"
)

// open creates a channel under the first of its names that is free. A
// channel that exists already is never taken over.
func (c *Client) open(ctx context.Context, d outbox.Delivery) (notice.Receipt, error) {
	names := d.Channel.Names
	if d.InDoubt {
		r, found, err := c.findChannel(ctx, d)
		switch {
		case err != nil:
			return r, err
		case found:
			return r, nil
		case d.MayCome:
			return r, outbox.Pending()
		}
	}
	for n := c.tried(d.Key); n < len(names); n++ {
		channel, err := c.create(ctx, names[n], d.Channel.Private)
		if code(err) == "name_taken" {
			continue
		}
		if err != nil {
			c.continueAt(d.Key, n)
			return notice.Receipt{}, err
		}
		c.continueAt(d.Key, 0)
		return opened(channel), nil
	}
	c.continueAt(d.Key, 0)
	return notice.Receipt{}, &outbox.Refused{
		Reason: fmt.Sprintf("the channel name %s and the next %d are taken", names[0], len(names)-1),
	}
}

// tried returns how many names of a notice's channel are known to be taken.
func (c *Client) tried(key string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.taken[key]
}

// continueAt has the next attempt continue where this one stopped, since Slack
// counts each try.
func (c *Client) continueAt(key string, name int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if name == 0 {
		delete(c.taken, key)
		return
	}
	c.taken[key] = name
}

func (c *Client) create(ctx context.Context, name string, private bool) (*slackgo.Channel, error) {
	channel, err := c.api.CreateConversationContext(ctx, slackgo.CreateConversationParams{ChannelName: name, IsPrivate: private})
	if err == nil && channel.ID == "" {
		err = errEmpty
	}
	if err != nil {
		return nil, fmt.Errorf("conversations.create %s: %w", name, err)
	}
	return channel, nil
}

// opened returns the receipt of a channel that was created.
func opened(c *slackgo.Channel) notice.Receipt {
	return notice.Receipt{Message: notice.Message{Channel: slackid.Channel(c.ID)}, Name: c.Name}
}

// findChannel looks for the channel that an earlier attempt may have created: one
// of ours, with one of its names, not too old, and not in use for another incident,
// as that of a store that was lost may be.
func (c *Client) findChannel(ctx context.Context, d outbox.Delivery) (notice.Receipt, bool, error) {
	wanted := d.Channel
	self, err := c.Self(ctx)
	if err != nil {
		return notice.Receipt{}, false, err
	}
	kind := "public_channel"
	if wanted.Private {
		kind = "private_channel"
	}
	query := &slackgo.GetConversationsForUserParameters{Types: []string{kind}, ExcludeArchived: true, Limit: 200}
	for {
		page, next, err := c.api.GetConversationsForUserContext(ctx, query)
		if err != nil {
			return notice.Receipt{}, false, fmt.Errorf("users.conversations: %w", err)
		}
		for _, channel := range page {
			ours := channel.Creator == string(self.BotUserID) && slices.Contains(wanted.Names, channel.Name)
			if !ours || channel.Created.Time().Before(wanted.Since.Add(-skew)) {
				continue
			}
			used, err := c.usedByOther(ctx, channel.ID, d)
			if err != nil {
				return notice.Receipt{}, false, err
			}
			if !used {
				return opened(&channel), true, nil
			}
		}
		if next == "" {
			return notice.Receipt{}, false, nil
		}
		query.Cursor = next
	}
}

// usedByOther reports whether Muster has posted something in a channel that is not
// of the delivery's incident.
func (c *Client) usedByOther(ctx context.Context, channel string, d outbox.Delivery) (bool, error) {
	_, used, err := c.search(ctx, slackid.Channel(channel), d.Channel.Since, func(payload map[string]any) bool {
		return payload["incident"] != d.Incident
	})
	return used, err
}
