package slackapi

import (
	"context"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/outbox"
	"muster/internal/slackid"
)

// noticeEvent is the metadata's event type of what Muster posts; its payload
// carries the notice's key.
const noticeEvent = "muster_notice"

// skew is how far Slack's clock and Muster's may be apart when one looks for
// what the other dated.
const skew = time.Hour

func (c *Client) post(ctx context.Context, d outbox.Delivery) (incident.Receipt, error) {
	channel := d.To.Channel
	if d.To.User != "" {
		var err error
		if channel, err = c.dm(ctx, d.To.User); err != nil {
			return incident.Receipt{}, err
		}
	}
	if d.InDoubt {
		ts, found, err := c.findPost(ctx, channel, d.Notice)
		if err != nil {
			return incident.Receipt{}, err
		}
		if found {
			return incident.Receipt{Channel: channel, TS: ts}, nil
		}
	}
	options, err := c.message(d)
	if err != nil {
		return incident.Receipt{}, err
	}
	options = append(options,
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: noticeEvent, EventPayload: map[string]any{"key": d.Notice.Key}}),
	)
	in, ts, err := c.api.PostMessageContext(ctx, string(channel), options...)
	if err == nil && ts == "" {
		err = errEmpty
	}
	if err != nil {
		return incident.Receipt{}, fmt.Errorf("chat.postMessage: %w", err)
	}
	return incident.Receipt{Channel: slackid.Channel(in), TS: ts}, nil
}

// room is the direct message with a user. Its ID never changes.
func (c *Client) dm(ctx context.Context, u slackid.User) (slackid.Channel, error) {
	c.mu.Lock()
	room := c.dms[u]
	c.mu.Unlock()
	if room != "" {
		return room, nil
	}
	channel, _, _, err := c.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{string(u)}})
	if err == nil && (channel == nil || channel.ID == "") {
		err = errEmpty
	}
	if err != nil {
		return "", fmt.Errorf("conversations.open: %w", err)
	}
	room = slackid.Channel(channel.ID)
	c.mu.Lock()
	c.dms[u] = room
	c.mu.Unlock()
	return room, nil
}

// How far back a post is looked for. A post that is further back than this many
// messages is sent again: of the two mistakes, silence is the worse.
const (
	historyPages = 10
	historyLimit = 200
)

// posted looks for our own message that carries the notice's key.
func (c *Client) findPost(ctx context.Context, in slackid.Channel, n incident.Notice) (ts string, found bool, err error) {
	self, err := c.Self(ctx)
	if err != nil {
		return "", false, err
	}
	query := &slack.GetConversationHistoryParameters{
		ChannelID: string(in), Oldest: timestamp(n.At.Add(-skew)), Limit: historyLimit, IncludeAllMetadata: true,
	}
	for range historyPages {
		page, err := c.history(ctx, query)
		if err != nil {
			return "", false, err
		}
		for _, m := range page.Messages {
			if self.wrote(m) && m.Metadata.EventType == noticeEvent && m.Metadata.EventPayload["key"] == n.Key {
				return m.Timestamp, true, nil
			}
		}
		query.Cursor = page.ResponseMetaData.NextCursor
		if query.Cursor == "" {
			break
		}
	}
	return "", false, nil
}

// history reads one page. Muster can post to a public channel that it is not in
// (chat:write.public), but not read there: so it joins.
func (c *Client) history(ctx context.Context, query *slack.GetConversationHistoryParameters) (*slack.GetConversationHistoryResponse, error) {
	page, err := c.api.GetConversationHistoryContext(ctx, query)
	if code(err) == "not_in_channel" {
		if _, _, _, err := c.api.JoinConversationContext(ctx, query.ChannelID); err != nil {
			return nil, fmt.Errorf("conversations.join: %w", err)
		}
		page, err = c.api.GetConversationHistoryContext(ctx, query)
	}
	if err == nil && !page.Ok {
		err = errEmpty
	}
	if err != nil {
		return nil, fmt.Errorf("conversations.history: %w", err)
	}
	return page, nil
}

// wrote reports whether a message is the bot's own: keys are no secret, and
// another app could use them.
func (i Identity) wrote(m slack.Message) bool {
	return m.User == string(i.BotUserID) || (i.BotID != "" && m.BotID == i.BotID)
}

// timestamp writes a moment as Slack's messages are dated.
func timestamp(t time.Time) string {
	return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/int(time.Microsecond))
}
