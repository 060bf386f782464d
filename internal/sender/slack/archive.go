package slack

import (
	"context"
	"errors"
	"fmt"

	slackgo "github.com/slack-go/slack"

	"muster/internal/notice"
	"muster/internal/outbox"
)

// archive archives a channel. Doing it twice does no harm, and neither does
// somebody who was there first: Slack has then put Muster out of the channel.
func (c *Client) archive(ctx context.Context, d outbox.Delivery) (notice.Receipt, error) {
	err := c.api.ArchiveConversationContext(ctx, string(d.To.Channel))
	switch code(err) {
	case "already_archived":
		err = nil
	case "not_in_channel":
		if channel, look := c.info(ctx, d); look == nil && channel.IsArchived {
			err = nil
		}
	}
	if err != nil {
		return notice.Receipt{}, fmt.Errorf("conversations.archive: %w", err)
	}
	return notice.Receipt{Message: notice.Message{Channel: d.To.Channel}}, nil
}

// unarchive makes sure that a channel is not archived and Muster is in it. Slack
// lets no bot unarchive a channel (docs.slack.dev/reference/methods/conversations.unarchive,
// "Bug alert"), so most often this finds what a person has done; but should Slack
// change that, nothing has to change here.
func (c *Client) unarchive(ctx context.Context, d outbox.Delivery) (notice.Receipt, error) {
	done := notice.Receipt{Message: notice.Message{Channel: d.To.Channel}}
	channel, err := c.info(ctx, d)
	if err != nil {
		return notice.Receipt{}, err
	}
	if channel.IsArchived {
		err := c.api.UnArchiveConversationContext(ctx, channel.ID)
		switch code(err) {
		case "not_archived": // since just now
		case "not_in_channel": // what Slack answers a bot: github.com/slack-go/slack/issues/1066
			return notice.Receipt{}, &outbox.Refused{Reason: "it's archived, and Slack doesn't let apps unarchive channels", Err: errors.New(err.Error())}
		default:
			if err != nil {
				err = fmt.Errorf("conversations.unarchive: %w", err)
			}
			return done, err
		}
	}
	if !channel.IsMember { // Slack put everybody out of it when it was archived
		if _, _, _, err := c.api.JoinConversationContext(ctx, channel.ID); err != nil {
			return notice.Receipt{}, fmt.Errorf("conversations.join: %w", err)
		}
	}
	return done, nil
}

// info looks a delivery's channel up.
func (c *Client) info(ctx context.Context, d outbox.Delivery) (*slackgo.Channel, error) {
	channel, err := c.api.GetConversationInfoContext(ctx, &slackgo.GetConversationInfoInput{ChannelID: string(d.To.Channel)})
	if err == nil && channel.ID == "" {
		err = errEmpty
	}
	if err != nil {
		return nil, fmt.Errorf("conversations.info: %w", err)
	}
	return channel, nil
}
