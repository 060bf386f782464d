package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"muster/store"
)

// maxChecks is how many connections for health checks are open at most.
const maxChecks = 32

// health answers /healthz (the process is alive) and /readyz (it can do its
// work: the connection to Slack is fresh, Slack accepts the token, and the store
// can be written).
type health struct {
	listener net.Listener
	bot      atomic.Pointer[Bot] // nil while starting
}

func newHealth(address string) (*health, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen for health checks on %s: %w; set MUSTER_LISTEN to a free address, such as 127.0.0.1:0", address, err)
	}
	return &health{listener: &boundedListener{Listener: l, limit: maxChecks}}, nil
}

func (h *health) run(ctx context.Context) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /readyz", h.ready)
	server := &http.Server{
		Handler: mux, ReadHeaderTimeout: 2 * time.Second, ReadTimeout: 5 * time.Second, WriteTimeout: 5 * time.Second,
		MaxHeaderBytes: 8 << 10, ErrorLog: log.New(io.Discard, "", 0), // what a stranger's connection does is no news
	}
	server.SetKeepAlivesEnabled(false)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		<-ctx.Done()
		_ = server.Close()
	}()
	err := server.Serve(h.listener)
	if errors.Is(err, http.ErrServerClosed) {
		<-stopped
		return nil
	}
	return err
}

func (h *health) ready(w http.ResponseWriter, r *http.Request) {
	b := h.bot.Load()
	if b == nil {
		answer(w, http.StatusServiceUnavailable, map[string]string{"status": "starting"})
		return
	}
	code, state := http.StatusOK, map[string]string{"status": "ok", "socket": "ok", "token": "ok", "store": "ok"}
	red := func(part, why string) {
		state["status"], state[part], code = "not ready", why, http.StatusServiceUnavailable
	}
	if err := b.socket.Connected(); err != nil {
		red("socket", err.Error())
	}
	if refused := b.slack.Refused(); refused != "" {
		red("token", tokenRefused(refused))
	}
	switch err := b.probe.ask(r.Context(), b.store); {
	case errors.Is(err, store.ErrReplaced):
		red("store", err.Error())
	case err != nil:
		red("store", "can't be written: "+err.Error())
	}
	answer(w, code, state)
}

func answer(w http.ResponseWriter, code int, body map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body) // the client is gone if this fails
}
