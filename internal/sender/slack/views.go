package slack

import (
	"context"
	"fmt"

	slackgo "github.com/slack-go/slack"
)

// OpenView opens a modal. A trigger ID lives for 3 seconds and works once.
func (c *Client) OpenView(ctx context.Context, triggerID string, view slackgo.ModalViewRequest) error {
	_, err := c.api.OpenViewContext(ctx, triggerID, view)
	if c.state.note(err); err != nil {
		return fmt.Errorf("views.open: %w", err)
	}
	return nil
}

// UpdateView replaces an open modal's content. Where hash is that of an older
// content, Slack refuses (hash_conflict); "" replaces whatever is there.
func (c *Client) UpdateView(ctx context.Context, viewID, hash string, view slackgo.ModalViewRequest) error {
	if _, err := c.api.UpdateViewContext(ctx, view, "", hash, viewID); err != nil {
		return fmt.Errorf("views.update: %w", err)
	}
	return nil
}
