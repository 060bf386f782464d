package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"muster/store"
)

// health answers /healthz (the process is alive) and /readyz (it can do its
// work: the connection to Slack is fresh, and the store answers).
type health struct {
	listener net.Listener
	bot      atomic.Pointer[Bot] // nil while starting
}

func newHealth(address string) (*health, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen for health checks on %s: %w; set MUSTER_LISTEN to a free address", address, err)
	}
	return &health{listener: l}, nil
}

func (h *health) run(ctx context.Context) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /readyz", h.ready)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
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
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	defer cancel()
	state := map[string]string{"status": "ok", "socket": "ok", "store": "ok"}
	code := http.StatusOK
	if !b.socket.Fresh() {
		state["status"], state["socket"], code = "not ready", "nothing heard from Slack lately", http.StatusServiceUnavailable
	}
	if err := b.store.Ping(ctx); err != nil {
		state["status"], state["store"], code = "not ready", "does not answer", http.StatusServiceUnavailable
		if errors.Is(err, store.ErrReplaced) {
			state["store"] = err.Error()
		}
	}
	answer(w, code, state)
}

func answer(w http.ResponseWriter, code int, body map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body) // the client is gone if this fails
}
