package lifecycle

import (
	"context"
	"errors"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"go.uber.org/zap/zaptest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestRun_ContextEnds_StopsServicesInOrder(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	var stopped []string
	loop := func(name string) Service {
		return Service{name, func(ctx context.Context) error {
			<-ctx.Done()
			stopped = append(stopped, name) // no lock: one after the other is what is tested
			return nil
		}}
	}
	cancel()
	if err := Run(ctx, zaptest.NewLogger(t), loop("socket"), loop("scheduler"), loop("outbox")); err != nil {
		t.Error(err)
	}
	if got := strings.Join(stopped, " "); got != "socket scheduler outbox" {
		t.Errorf("stopped: %s", got)
	}
}

func TestRun_ServiceFails_StopsTheOthers(t *testing.T) {
	t.Parallel()
	err := Run(t.Context(), zaptest.NewLogger(t),
		Service{"one", func(ctx context.Context) error { <-ctx.Done(); return nil }},
		Service{"two", func(context.Context) error { return errors.New("broken") }},
	)
	if err == nil || err.Error() != "two: broken" {
		t.Errorf("got %v", err)
	}
}
