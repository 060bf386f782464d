package handlers

import (
	"context"
)

// snoozeNow is the reminder's button.
func (h *Handlers) snoozeNow(ctx context.Context, r Request) (Reply, error) {
	return h.snoozeFor(ctx, r, r.ref(), h.policy.Snooze.Default)
}
