package slackapi

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/outbox"
)

var _ outbox.Sender = (*Client)(nil)

// Send carries out one delivery. Its error is one of the outbox's verdicts.
func (c *Client) Send(ctx context.Context, d outbox.Delivery) (incident.Receipt, error) {
	act, ok := map[incident.Op]func(context.Context, outbox.Delivery) (incident.Receipt, error){
		incident.OpPost:   c.post,
		incident.OpEdit:   c.edit,
		incident.OpOpen:   c.open,
		incident.OpTopic:  c.topic,
		incident.OpPin:    c.pin,
		incident.OpInvite: c.invite,
		incident.OpExpand: c.expand,
	}[d.Notice.Op]
	if !ok {
		return incident.Receipt{}, &outbox.Refused{Reason: "this version of Muster doesn't know how to send it", Err: fmt.Errorf("unknown act %q", d.Notice.Op)}
	}
	r, err := act(ctx, d)
	if err != nil {
		return incident.Receipt{}, verdict(err)
	}
	return r, nil
}

// message is a rendered notice.
func (c *Client) message(d outbox.Delivery) ([]slack.MsgOption, error) {
	text, blocks, err := c.renderer.Message(d.Notice, d.Incident)
	if err != nil {
		return nil, &outbox.Refused{Reason: "Muster couldn't render it", Err: fmt.Errorf("render %s: %w", d.Notice.Template, err)}
	}
	return []slack.MsgOption{
		slack.MsgOptionText(clip(text, maxText), false),
		slack.MsgOptionBlocks(blocks...),
	}, nil
}

// edit brings a posted message up to date. Doing it twice does no harm.
func (c *Client) edit(ctx context.Context, d outbox.Delivery) (incident.Receipt, error) {
	posted := d.Incident.Card
	if d.Notice.Template == incident.TemplateAnnouncement {
		posted = d.Incident.Announced
	}
	options, err := c.message(d)
	if err != nil {
		return incident.Receipt{}, err
	}
	if _, _, _, err := c.api.UpdateMessageContext(ctx, string(posted.Channel), posted.TS, options...); err != nil {
		return incident.Receipt{}, fmt.Errorf("chat.update: %w", err)
	}
	return incident.Receipt{Channel: posted.Channel, TS: posted.TS}, nil
}

func (c *Client) topic(ctx context.Context, d outbox.Delivery) (incident.Receipt, error) {
	topic := clip(c.renderer.Topic(d.Incident), maxTopic)
	if _, err := c.api.SetTopicOfConversationContext(ctx, string(d.To.Channel), topic); err != nil {
		return incident.Receipt{}, fmt.Errorf("conversations.setTopic: %w", err)
	}
	return incident.Receipt{Channel: d.To.Channel}, nil
}

func (c *Client) pin(ctx context.Context, d outbox.Delivery) (incident.Receipt, error) {
	card := d.Incident.Card
	if card.TS == "" {
		return incident.Receipt{}, &outbox.Refused{Reason: "the card wasn't posted, so there's nothing to pin"}
	}
	err := c.api.AddPinContext(ctx, string(card.Channel), slack.NewRefToMessage(string(card.Channel), card.TS))
	if err != nil && code(err) != "already_pinned" {
		return incident.Receipt{}, fmt.Errorf("pins.add: %w", err)
	}
	return incident.Receipt{Channel: card.Channel, TS: card.TS}, nil
}
