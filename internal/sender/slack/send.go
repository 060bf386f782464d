package slack

import (
	"context"
	"fmt"

	slackgo "github.com/slack-go/slack"

	"muster/internal/notice"
	"muster/internal/outbox"
)

var _ outbox.Sender = (*Client)(nil)

// Send carries out one delivery. Its error is one of the outbox's verdicts.
func (c *Client) Send(ctx context.Context, d outbox.Delivery) (notice.Receipt, error) {
	do, ok := map[notice.Op]func(context.Context, outbox.Delivery) (notice.Receipt, error){
		notice.OpPost:      c.post,
		notice.OpEdit:      c.edit,
		notice.OpOpen:      c.open,
		notice.OpTopic:     c.topic,
		notice.OpPin:       c.pin,
		notice.OpInvite:    c.invite,
		notice.OpExpand:    c.expand,
		notice.OpArchive:   c.archive,
		notice.OpUnarchive: c.unarchive,
	}[d.Op]
	if !ok {
		return notice.Receipt{}, &outbox.Refused{Reason: "this version of Muster doesn't know how to send it", Err: fmt.Errorf("unknown op %q", d.Op)}
	}
	r, err := do(ctx, d)
	c.state.note(err)
	if err != nil {
		return notice.Receipt{}, verdict(err)
	}
	return r, nil
}

// message returns the options of chat.postMessage and chat.update that say
// what people read.
func message(content outbox.Content) ([]slackgo.MsgOption, error) {
	options := []slackgo.MsgOption{slackgo.MsgOptionText(clip(content.Text, maxText), false)}
	switch blocks := content.Blocks.(type) {
	case nil:
	case []slackgo.Block:
		options = append(options, slackgo.MsgOptionBlocks(blocks...))
	default:
		return nil, &outbox.Refused{Reason: "it isn't in a form that Slack can show", Err: fmt.Errorf("blocks of type %T", blocks)}
	}
	return options, nil
}

// edit brings a posted message up to date. Doing it twice does no harm.
func (c *Client) edit(ctx context.Context, d outbox.Delivery) (notice.Receipt, error) {
	options, err := message(d.Content)
	if err != nil {
		return notice.Receipt{}, err
	}
	if _, _, _, err := c.api.UpdateMessageContext(ctx, string(d.Message.Channel), d.Message.TS, options...); err != nil {
		return notice.Receipt{}, fmt.Errorf("chat.update: %w", err)
	}
	return notice.Receipt{Message: d.Message}, nil
}

func (c *Client) topic(ctx context.Context, d outbox.Delivery) (notice.Receipt, error) {
	if _, err := c.api.SetTopicOfConversationContext(ctx, string(d.To.Channel), clip(d.Topic, maxTopic)); err != nil {
		return notice.Receipt{}, fmt.Errorf("conversations.setTopic: %w", err)
	}
	return notice.Receipt{Message: notice.Message{Channel: d.To.Channel}}, nil
}

func (c *Client) pin(ctx context.Context, d outbox.Delivery) (notice.Receipt, error) {
	err := c.api.AddPinContext(ctx, string(d.Message.Channel), slackgo.NewRefToMessage(string(d.Message.Channel), d.Message.TS))
	if err != nil && code(err) != "already_pinned" {
		return notice.Receipt{}, fmt.Errorf("pins.add: %w", err)
	}
	return notice.Receipt{Message: d.Message}, nil
}
