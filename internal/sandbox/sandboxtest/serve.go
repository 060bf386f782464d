package sandboxtest

import (
	"context"
	"sync"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"muster/internal/sandbox"
)

// Serve runs a workspace for the length of a test, on a free port by default.
// Without a logger in the options, whatever it logs as an error fails the test,
// such as a code that Slack does not document for a method.
func Serve(tb testing.TB, o sandbox.Options) *sandbox.Server {
	tb.Helper()
	w, _ := Start(tb, o)
	return w
}

// Start returns Serve for a workspace that the test may stop before its end.
func Start(tb testing.TB, o sandbox.Options) (w *sandbox.Server, stop func()) {
	tb.Helper()
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if o.Log == nil {
		o.Log = strictLogger(tb)
	}
	w, err := sandbox.Open(o)
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			tb.Errorf("run the workspace: %v", err)
		}
	})
	tb.Cleanup(stop)
	return w, stop
}

func strictLogger(tb testing.TB) *zap.Logger {
	core, _ := observer.New(zapcore.ErrorLevel)
	return zap.New(core, zap.Hooks(func(e zapcore.Entry) error {
		tb.Errorf("logged: %s", e.Message)
		return nil
	}))
}
