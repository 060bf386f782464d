package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"
)

const (
	saveEvery  = 150 * time.Millisecond // how soon what no answer waited for is saved
	retryCheck = 250 * time.Millisecond // how often owed events are looked for
	drainTime  = 2 * time.Second        // how long requests in flight may take at the end
)

// Options say where a workspace listens and what it keeps.
type Options struct {
	Listen   string      // host:port on loopback; port 0 picks a free one
	Data     string      // directory that keeps the workspace; "" keeps it in memory only
	Log      *zap.Logger // nil logs nothing
	Manifest []byte      // the app's manifest (YAML or JSON); nil means the built-in one
}

// Workspace is one running sandbox.
type Workspace struct {
	options  Options
	log      *zap.Logger
	listener net.Listener
	app      app
	clock    *clock
	journal  *trafficLog
	hub      *hub
	faults   *faultSet
	limits   *limits
	events   *eventQueue
	methods  map[string]*method

	advancing sync.Mutex   // one advance at a time
	moving    atomic.Bool  // an advance is under way
	saving    sync.Mutex   // one save at a time; taken before mu
	release   func() error // gives the data directory back

	mu         sync.Mutex // guards all below
	state      state
	users      []User
	groups     []Group
	dirty      bool
	driver     Driver
	triggers   map[string]*trigger
	swept      time.Time          // when expired triggers were last forgotten
	modals     map[string][]*View // open modals by user, the visible one last
	menuValues map[string]values  // menus people set in messages, by user, channel and ts
}

// Open loads or seeds the workspace and binds its listener; Run serves it.
func Open(o Options) (*Workspace, error) {
	if o.Log == nil {
		o.Log = zap.NewNop()
	}
	if err := loopback(o.Listen); err != nil {
		return nil, err
	}
	a, err := readManifest(o.Manifest)
	if err != nil {
		return nil, err
	}
	methods, err := readMethods()
	if err != nil {
		return nil, err
	}
	release, err := lockDir(o.Data)
	if err != nil {
		return nil, err
	}
	w := &Workspace{
		options: o, log: o.Log, app: a, journal: newTrafficLog(), methods: methods, release: release,
		users: allUsers(a.Name), groups: groups, dirty: true,
		triggers: map[string]*trigger{}, modals: map[string][]*View{}, menuValues: map[string]values{},
	}
	w.faults, w.limits = &faultSet{changed: w.journal.noteChange}, newLimits()
	w.hub = newHub(w.report, w.faults)
	w.events = newEventQueue(w.hub)
	if err := w.loadState(); err != nil {
		return nil, errors.Join(err, release())
	}
	return w, nil
}

// loadState loads or seeds the state, and binds the listener.
func (w *Workspace) loadState() error {
	kept, found, err := readFile(w.options.Data)
	if err != nil {
		return err
	}
	w.clock = &clock{lead: kept.Offset}
	if !found {
		kept = seedState(w.clock.Now().Unix())
	}
	w.state = kept
	if w.listener, err = net.Listen("tcp", w.options.Listen); err != nil {
		return fmt.Errorf("listen for the sandbox: %w", err)
	}
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

// Run serves the workspace until ctx ends; then it closes the sockets, ends the
// requests in flight, writes the workspace and returns nil.
func (w *Workspace) Run(ctx context.Context) error {
	server := &http.Server{
		Handler:           w.routes(),
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := server.Serve(w.listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve the sandbox: %w", err)
		}
		return nil
	})
	g.Go(func() error { return w.events.run(ctx, w.Now) })
	g.Go(func() error { return w.saveLoop(ctx) })
	g.Go(func() error {
		<-ctx.Done()
		w.hub.close()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
		defer cancel()
		if server.Shutdown(last) != nil {
			_ = server.Close()
		}
		return nil
	})
	err := g.Wait()
	return errors.Join(err, w.save(), w.release())
}

// saveLoop saves what changed without anybody waiting for an answer, and tries again
// what could not be saved. The last save, in Run, reports a failure.
func (w *Workspace) saveLoop(ctx context.Context) error {
	t := time.NewTicker(saveEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
			if err := w.save(); err != nil {
				w.log.Error("save the sandbox's workspace", zap.Error(err))
			}
		}
	}
}

// URL returns where the page and the APIs are, without a slash at the end.
func (w *Workspace) URL() string { return "http://" + w.listener.Addr().String() }

// Now returns the workspace's clock.
func (w *Workspace) Now() time.Time { return w.clock.Now() }

// BotToken opens the Web API; it is the same after each restart.
func (w *Workspace) BotToken() string { return botToken }

// AppToken opens Socket Mode; it is the same after each restart.
func (w *Workspace) AppToken() string { return appToken }

// change runs f with the state locked, and notes that something changed.
func (w *Workspace) change(f func(*state)) {
	w.mu.Lock()
	f(&w.state)
	w.dirty = true
	w.mu.Unlock()
	w.journal.noteChange()
}

// report puts a piece of traffic on record.
func (w *Workspace) report(e Entry) {
	e.At = w.clock.Now()
	w.journal.add(e)
}

// user finds a member by ID; a person's handle is for the control interface only.
func (w *Workspace) user(id string) *User {
	for i := range w.users {
		if w.users[i].ID == id {
			return &w.users[i]
		}
	}
	return nil
}

func (w *Workspace) group(id string) *Group {
	for i := range w.groups {
		if w.groups[i].ID == id {
			return &w.groups[i]
		}
	}
	return nil
}
