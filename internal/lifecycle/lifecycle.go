package lifecycle

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"
)

// stopWithin bounds the whole shutdown; what is left then is cut off, which
// costs nothing but repeated work.
const stopWithin = 9 * time.Second

// Service is one loop that runs until its context ends.
type Service struct {
	Name string
	Run  func(context.Context) error
}

// Run runs all services side by side until ctx ends or one fails, and then stops
// them in the order given. It returns the first failure.
func Run(ctx context.Context, log *zap.Logger, services ...Service) error {
	failed := make(chan error, len(services))
	var all []running
	for _, s := range services {
		all = append(all, start(ctx, s, failed))
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	stop(all, log)
	return err
}

// running is a service that was started.
type running struct {
	name   string
	cancel context.CancelFunc
	done   chan struct{}
}

// start runs a service in a context that ends by its own cancel only.
func start(ctx context.Context, s Service, failed chan<- error) running {
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	r := running{name: s.Name, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(r.done)
		if err := s.Run(own); err != nil {
			failed <- fmt.Errorf("%s: %w", s.Name, err)
		}
	}()
	return r
}

// stop cancels one service after the other, and waits for each until stopWithin
// is over for all of them together.
func stop(all []running, log *zap.Logger) {
	deadline, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	for _, r := range all {
		r.cancel()
		select {
		case <-r.done:
		case <-deadline.Done():
			log.Error("service did not stop in time", zap.String("service", r.name))
		}
	}
}
