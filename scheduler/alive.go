package scheduler

import (
	"context"
	"time"

	"muster/internal/incident"
)

const (
	beatEvery = 10 * time.Second
	beatJob   = "alive"
	absent    = time.Minute // from which gap it was an outage
)

// heartbeat leaves a mark in the store while any replica is alive, so that the
// next one to start can tell since when there was none.
type heartbeat struct {
	last   time.Time // the slot this process marked last
	outage incident.Outage
}

// beat marks now. Only the first mark of a process can end an outage: later
// on, a jump in time is a clock that was moved, not an absence.
func (h *heartbeat) beat(ctx context.Context, q Queue, now time.Time) error {
	if now.Before(h.outage.To) { // the clock was ahead when it seemed to end
		h.outage = incident.Outage{}
	}
	slot := now.UTC().Truncate(beatEvery)
	if slot.Equal(h.last) {
		return nil
	}
	before, won, err := q.ClaimSlot(ctx, beatJob, slot)
	if err != nil {
		return err
	}
	if first := h.last.IsZero(); first && won && !before.IsZero() && now.Sub(before) > absent {
		h.outage = incident.Outage{From: before, To: now}
	}
	h.last = slot
	return nil
}
