package scheduler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"muster/internal/incident"
)

// Job is work that is done once for each slot of a schedule, by one replica.
type Job struct {
	Name     string // names its slots in the store, for ever
	Schedule Daily
	// Run does the work of a slot and claims it, in one commit; last is the slot
	// claimed before. [incident.ErrRepeated]: another replica was first. After any
	// other error the slot is due again at the next tick.
	Run func(ctx context.Context, slot, last time.Time) error
}

// planned is a job, and the latest slot of which nothing is left to do.
type planned struct {
	Job
	over time.Time
}

// run does what is due of a job now. After an outage that is the latest slot
// only; at the first start ever it is nothing, and the past slot is claimed so
// that the next one has something to follow.
func (j *planned) run(ctx context.Context, q Queue, now time.Time) error {
	slot := j.Schedule.Last(now)
	if !slot.After(j.over) {
		return nil
	}
	last, err := q.LastSlot(ctx, j.Name)
	switch {
	case err != nil:
	case last.IsZero():
		_, _, err = q.ClaimSlot(ctx, j.Name, slot)
	case slot.After(last):
		err = j.Run(ctx, slot, last)
	}
	if err != nil && !errors.Is(err, incident.ErrRepeated) {
		return fmt.Errorf("job %s, slot %s: %w", j.Name, slot.Format(time.RFC3339), err)
	}
	j.over = slot
	return nil
}

// runJobs does what is due of each job. One that fails does not keep the others
// from running.
func (s *Scheduler) runJobs(ctx context.Context) error {
	var failed []error
	for _, j := range s.jobs {
		failed = append(failed, j.run(ctx, s.queue, s.now()))
	}
	return errors.Join(failed...)
}

// NextJob returns the job whose slot comes next, "" without jobs.
func (s *Scheduler) NextJob() (name string, at time.Time) {
	now := s.now()
	for _, j := range s.jobs {
		if slot := j.Schedule.Next(now); name == "" || slot.Before(at) {
			name, at = j.Name, slot
		}
	}
	return name, at
}
