package bot

import (
	"context"
	"fmt"
	"time"

	"muster/internal/digest"
	"muster/internal/incident"
	"muster/internal/policy"
	"muster/scheduler"
)

// jobs returns what is to be done daily by a policy: the managers' digest, if it
// has somewhere to go. wake is called after each commit.
func jobs(p policy.Policy, s incident.Store, now func() time.Time, wake func()) ([]scheduler.Job, error) {
	if !p.Digest.Enabled || p.Managers == "" {
		return nil, nil
	}
	zone, err := time.LoadLocation(p.Digest.Timezone)
	if err != nil {
		return nil, fmt.Errorf("the digest's time zone: %w", err)
	}
	daily, err := scheduler.NewDaily(p.Digest.At, zone)
	if err != nil {
		return nil, fmt.Errorf("the digest's time: %w", err)
	}
	return []scheduler.Job{{
		Name: digest.Job, Schedule: daily,
		Run: func(ctx context.Context, slot, last time.Time) error {
			period := digest.Period{Since: last, Slot: slot}
			if err := s.Commit(ctx, period.Commit(p.Managers, incident.Origin{ID: incident.NewID(), At: now().UTC().Truncate(time.Millisecond)})); err != nil {
				return err
			}
			wake()
			return nil
		},
	}}, nil
}
