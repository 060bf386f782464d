package bot

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"
)

// stopWithin bounds the whole shutdown; what is left then is cut off, which
// costs nothing but repeated work.
const stopWithin = 9 * time.Second

// stage is one loop that runs until it is told to stop.
type stage struct {
	name string
	run  func(context.Context) error
}

// runStages runs all stages side by side until ctx ends or one fails, and then
// stops them one after the other in their order.
func runStages(ctx context.Context, log *zap.Logger, stages ...stage) error {
	type running struct {
		name string
		stop context.CancelFunc
		done chan struct{}
	}
	failed := make(chan error, len(stages))
	var all []running
	for _, s := range stages {
		own, stop := context.WithCancel(context.WithoutCancel(ctx))
		r := running{name: s.name, stop: stop, done: make(chan struct{})}
		all = append(all, r)
		go func() {
			defer close(r.done)
			if err := s.run(own); err != nil {
				failed <- fmt.Errorf("%s: %w", s.name, err)
			}
		}()
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	deadline := time.After(stopWithin)
	for _, r := range all {
		r.stop()
		select {
		case <-r.done:
		case <-deadline:
			log.Error("did not stop in time", zap.String("stage", r.name))
			deadline = closedChannel() // the others are not waited for either
		}
	}
	return err
}

func closedChannel() <-chan time.Time {
	c := make(chan time.Time)
	close(c)
	return c
}
