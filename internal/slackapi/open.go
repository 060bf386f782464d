package slackapi

import (
	"context"
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/outbox"
	"muster/internal/slackid"
)

// open creates the incident's channel under the first name that is free. A
// channel that exists already is never taken over.
func (c *Client) open(ctx context.Context, d outbox.Delivery) (incident.Receipt, error) {
	names := channelNames(d.Incident)
	if d.InDoubt {
		r, found, err := c.findChannel(ctx, d.Incident, names)
		if err != nil || found {
			return r, err
		}
	}
	for _, name := range names {
		channel, err := c.create(ctx, name, d.Incident.Private)
		if code(err) == "name_taken" {
			continue
		}
		if err != nil {
			return incident.Receipt{}, err
		}
		return incident.Receipt{Channel: slackid.Channel(channel.ID), Name: channel.Name}, nil
	}
	return incident.Receipt{}, &outbox.Refused{
		Reason: fmt.Sprintf("the channel name %s and the next %d are taken", names[0], len(names)-1),
	}
}

func (c *Client) create(ctx context.Context, name string, private bool) (*slack.Channel, error) {
	channel, err := c.api.CreateConversationContext(ctx, slack.CreateConversationParams{ChannelName: name, IsPrivate: private})
	if err == nil && channel.ID == "" {
		err = errEmpty
	}
	if err != nil {
		return nil, fmt.Errorf("conversations.create %s: %w", name, err)
	}
	return channel, nil
}

// opened looks for the channel that an earlier attempt may have created: one
// of ours, with one of its names, no older than the incident.
func (c *Client) findChannel(ctx context.Context, i incident.Incident, names []string) (incident.Receipt, bool, error) {
	self, err := c.Self(ctx)
	if err != nil {
		return incident.Receipt{}, false, err
	}
	kind := "public_channel"
	if i.Private {
		kind = "private_channel"
	}
	query := &slack.GetConversationsForUserParameters{Types: []string{kind}, ExcludeArchived: true, Limit: 200}
	for {
		page, next, err := c.api.GetConversationsForUserContext(ctx, query)
		if err != nil {
			return incident.Receipt{}, false, fmt.Errorf("users.conversations: %w", err)
		}
		for _, channel := range page {
			ours := channel.Creator == string(self.BotUserID) && slices.Contains(names, channel.Name)
			if ours && !channel.Created.Time().Before(i.Declared.At.Add(-skew)) {
				return incident.Receipt{Channel: slackid.Channel(channel.ID), Name: channel.Name}, true, nil
			}
		}
		if next == "" {
			return incident.Receipt{}, false, nil
		}
		query.Cursor = next
	}
}
