package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"muster/internal/sandbox/clock"
	"muster/internal/sandbox/control/server"
	"muster/internal/sandbox/faults"
	"muster/internal/sandbox/page"
	"muster/internal/sandbox/socketmode"
	"muster/internal/sandbox/traffic"
	"muster/internal/sandbox/webapi"
	"muster/internal/sandbox/workspace"
)

const (
	saveEvery = 150 * time.Millisecond // how soon changes that no answer waited for are saved
	drainTime = 2 * time.Second        // how long requests in flight may take at the end
)

// Options say where a sandbox listens and what it keeps.
type Options struct {
	Listen   string      // host:port on loopback; port 0 picks a free one
	Data     string      // directory that keeps the workspace; "" keeps it in memory only
	Log      *zap.Logger // nil logs nothing
	Manifest []byte      // the app's manifest (YAML or JSON); nil means the built-in one
}

// Server is one running workspace, with all that serves it.
type Server struct {
	log      *zap.Logger
	listener net.Listener
	ws       *workspace.Workspace
	hub      *socketmode.Hub
	events   *socketmode.Events
	web      *webapi.API
	mover    *clock.Mover
	handler  http.Handler
}

// Open loads or seeds the workspace and binds its listener; Run serves it.
func Open(o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = zap.NewNop()
	}
	if err := loopback(o.Listen); err != nil {
		return nil, err
	}
	a, err := workspace.ReadManifest(o.Manifest)
	if err != nil {
		return nil, err
	}
	s := &Server{log: o.Log}
	if s.ws, err = workspace.Open(workspace.Options{Dir: o.Data, App: a, Publish: func(event map[string]any) { s.events.Add(event) }}); err != nil {
		return nil, err
	}
	if s.listener, err = net.Listen("tcp", o.Listen); err != nil {
		return nil, errors.Join(fmt.Errorf("listen for the sandbox: %w; name a free address with --listen, such as 127.0.0.1:0", err), s.ws.Release())
	}
	s.ws.URL = s.URL()
	return s, s.assemble()
}

// assemble puts together what serves the workspace.
func (s *Server) assemble() error {
	record := traffic.New(s.ws.Now)
	trouble := faults.New(record.NoteChange)
	s.hub = socketmode.New(socketmode.Options{AppID: workspace.AppID, Traffic: record, Faults: trouble})
	s.events = socketmode.NewEvents(s.hub)
	var err error
	s.web, err = webapi.New(webapi.Options{Workspace: s.ws, Sockets: s.hub, Faults: trouble, Traffic: record, Log: s.log})
	if err != nil {
		return err
	}
	s.mover = clock.NewMover(s.ws.Clock, s.ws, record.NoteChange, s.web, s.events)
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.web.ServeAPI)
	mux.HandleFunc("POST /response/{id}", s.web.ServeResponseURL)
	mux.HandleFunc("GET /link/", s.hub.Serve)
	mux.Handle("/sandbox/v1/", server.New(server.Options{
		Workspace: s.ws, Hub: s.hub, Faults: trouble, Traffic: record, Clock: s.mover, Methods: s.web.MethodNames(), Log: s.log,
	}))
	mux.Handle("/", page.New(page.Options{Workspace: s.ws, Bot: s.hub, Faults: trouble, Traffic: record, Clock: s.mover, Log: s.log}))
	s.handler = guard(mux)
	return nil
}

// loopback refuses an address that other machines could reach: whoever reaches
// the sandbox acts as anybody in it.
func loopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("the sandbox's address %q isn't host:port: %w", addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("the sandbox listens on this machine only: use 127.0.0.1 instead of %q", host)
	}
	return nil
}

// guard keeps other web pages that this machine's browser shows away from the
// sandbox: neither a foreign origin nor a foreign host name gets in.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(r.Host); err == nil {
			host = h
		}
		ip := net.ParseIP(strings.Trim(host, "[]"))
		local := host == "localhost" || ip != nil && ip.IsLoopback()
		origin := r.Header.Get("Origin")
		socket := strings.HasPrefix(r.URL.Path, "/link/") // has tickets of its own
		if !local || !socket && origin != "" && origin != "http://"+r.Host {
			http.Error(rw, "the sandbox answers this machine only", http.StatusForbidden)
			return
		}
		next.ServeHTTP(rw, r)
	})
}

// Run serves the workspace until ctx ends; then it closes the sockets, ends the
// requests in flight, saves the workspace and returns nil.
func (s *Server) Run(ctx context.Context) error {
	server := &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := server.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve the sandbox: %w", err)
		}
		return nil
	})
	g.Go(func() error { return s.events.Run(ctx, s.Now) })
	g.Go(func() error { return s.web.Run(ctx) })
	g.Go(func() error { return s.saveLoop(ctx) })
	g.Go(func() error {
		<-ctx.Done()
		s.hub.Close()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
		defer cancel()
		if server.Shutdown(last) != nil {
			_ = server.Close()
		}
		return nil
	})
	err := g.Wait()
	return errors.Join(err, s.ws.Close())
}

// saveLoop saves changes that no answer waited for, and retries what could not be
// saved. The last save, in Run, reports a failure.
func (s *Server) saveLoop(ctx context.Context) error {
	t := time.NewTicker(saveEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
			if err := s.ws.Save(); err != nil {
				s.log.Error("save the sandbox's workspace", zap.Error(err))
			}
		}
	}
}

// Attach names the bot that moves with the clock, at any time; without a driver an
// advance is a plain jump.
func (s *Server) Attach(d clock.Driver) { s.mover.Attach(d) }

// URL returns where the page and the APIs are, without a slash at the end.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Now returns the time of the workspace's clock.
func (s *Server) Now() time.Time { return s.ws.Now() }

// BotToken opens the Web API; it is the same after each restart.
func (*Server) BotToken() string { return workspace.BotToken }

// AppToken opens Socket Mode; it is the same after each restart.
func (*Server) AppToken() string { return workspace.AppToken }
