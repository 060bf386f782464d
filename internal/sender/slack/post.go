package slack

import (
	"context"
	"fmt"
	"time"

	slackgo "github.com/slack-go/slack"

	"muster/internal/notice"
	"muster/internal/outbox"
	"muster/internal/slackid"
)

// noticeEvent is the metadata's event type of what Muster posts; its payload
// carries the notice's key and the incident's ID.
const noticeEvent = "muster_notice"

// skew is how far Slack's clock and Muster's may be apart when one looks for
// what the other dated.
const skew = time.Hour

func (c *Client) post(ctx context.Context, d outbox.Delivery) (notice.Receipt, error) {
	channel := d.To.Channel
	if d.To.User != "" {
		var err error
		if channel, err = c.dm(ctx, d.To.User); err != nil {
			return notice.Receipt{}, before(err)
		}
	}
	if d.InDoubt {
		ts, found, err := c.findPost(ctx, channel, d)
		switch {
		case err != nil:
			return notice.Receipt{}, err
		case found:
			return notice.Receipt{Message: notice.Message{Channel: channel, TS: ts}}, nil
		case d.MayCome:
			return notice.Receipt{}, outbox.Pending()
		}
	}
	options, err := message(d.Content)
	if err != nil {
		return notice.Receipt{}, err
	}
	options = append(options,
		slackgo.MsgOptionDisableLinkUnfurl(), slackgo.MsgOptionDisableMediaUnfurl(),
		slackgo.MsgOptionMetadata(metadata(d)),
	)
	in, ts, err := c.api.PostMessageContext(ctx, string(channel), options...)
	if err == nil && ts == "" {
		err = errEmpty
	}
	if err != nil {
		return notice.Receipt{}, fmt.Errorf("chat.postMessage: %w", err)
	}
	return notice.Receipt{Message: notice.Message{Channel: slackid.Channel(in), TS: ts}}, nil
}

// metadata says what a message delivers, and for which incident.
func metadata(d outbox.Delivery) slackgo.SlackMetadata {
	payload := map[string]any{"key": d.Key}
	if d.Incident != "" {
		payload["incident"] = d.Incident
	}
	return slackgo.SlackMetadata{EventType: noticeEvent, EventPayload: payload}
}

// dm returns the direct message with a user. Its ID never changes.
func (c *Client) dm(ctx context.Context, u slackid.User) (slackid.Channel, error) {
	c.mu.Lock()
	channel := c.dms[u]
	c.mu.Unlock()
	if channel != "" {
		return channel, nil
	}
	opened, _, _, err := c.api.OpenConversationContext(ctx, &slackgo.OpenConversationParameters{Users: []string{string(u)}})
	if err == nil && (opened == nil || opened.ID == "") {
		err = errEmpty
	}
	if err != nil {
		return "", fmt.Errorf("conversations.open: %w", err)
	}
	channel = slackid.Channel(opened.ID)
	c.mu.Lock()
	c.dms[u] = channel
	c.mu.Unlock()
	return channel, nil
}

// How far back a post is looked for. A post that is further back than this many
// messages is sent again: of the two mistakes, silence is the worse.
const (
	historyPages = 10
	historyLimit = 200
)

// findPost looks for our own message that carries the notice's key.
func (c *Client) findPost(ctx context.Context, in slackid.Channel, d outbox.Delivery) (ts string, found bool, err error) {
	return c.search(ctx, in, d.At, func(payload map[string]any) bool { return payload["key"] == d.Key })
}

// search looks for a notice that Muster posted in a channel since some time.
func (c *Client) search(ctx context.Context, in slackid.Channel, since time.Time, is func(payload map[string]any) bool) (ts string, found bool, err error) {
	self, err := c.Self(ctx)
	if err != nil {
		return "", false, err
	}
	query := &slackgo.GetConversationHistoryParameters{
		ChannelID: string(in), Oldest: timestamp(since.Add(-skew)), Limit: historyLimit, IncludeAllMetadata: true,
	}
	for range historyPages {
		p, err := c.history(ctx, query)
		if err != nil {
			return "", false, err
		}
		for _, m := range p.Messages {
			if self.wrote(m) && m.Metadata.EventType == noticeEvent && is(m.Metadata.EventPayload) {
				return m.Timestamp, true, nil
			}
		}
		if p.ResponseMetaData.NextCursor == "" {
			break
		}
		query.Cursor = p.ResponseMetaData.NextCursor
	}
	return "", false, nil
}

// history reads one page. Muster can post to a public channel that it is not in
// (chat:write.public), but not read there: so it joins.
func (c *Client) history(ctx context.Context, query *slackgo.GetConversationHistoryParameters) (*slackgo.GetConversationHistoryResponse, error) {
	p, err := c.api.GetConversationHistoryContext(ctx, query)
	if code(err) == "not_in_channel" {
		if _, _, _, err := c.api.JoinConversationContext(ctx, query.ChannelID); err != nil {
			return nil, fmt.Errorf("conversations.join: %w", err)
		}
		p, err = c.api.GetConversationHistoryContext(ctx, query)
	}
	if err != nil {
		return nil, fmt.Errorf("conversations.history: %w", err)
	}
	return p, nil
}

// wrote reports whether a message is the bot's own: keys are no secret, and
// another app could use them.
func (i Identity) wrote(m slackgo.Message) bool {
	return m.User == string(i.BotUserID) || (i.BotID != "" && m.BotID == i.BotID)
}

// timestamp writes a moment as Slack's messages are dated.
func timestamp(t time.Time) string {
	return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/int(time.Microsecond))
}
