package socketmode

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest"
	"go.uber.org/zap/zaptest/observer"
)

// fakeSlack opens sockets and does with each as the test says. It is reached
// through pipes in memory, so that a test's time can be a bubble's.
type fakeSlack struct {
	t     *testing.T
	lines chan net.Conn
	ended chan struct{}

	open   func(http.ResponseWriter) bool        // answers apps.connections.open, and reports whether it did
	talk   func(*websocket.Conn)                 // after hello
	acked  func(*websocket.Conn, map[string]any) // each acknowledgement
	quiet  bool                                  // pings are not answered
	others int                                   // sockets that the app has elsewhere
	log    *observer.ObservedLogs

	mu     sync.Mutex
	opened int
	up     map[*websocket.Conn]bool
}

func newFakeSlack(t *testing.T) *fakeSlack {
	t.Helper()
	f := &fakeSlack{t: t, lines: make(chan net.Conn), ended: make(chan struct{}), up: map[*websocket.Conn]bool{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/apps.connections.open", func(w http.ResponseWriter, _ *http.Request) {
		f.mu.Lock()
		f.opened++
		f.mu.Unlock()
		if f.open == nil || !f.open(w) {
			fmt.Fprint(w, `{"ok":true,"url":"ws://slack.test/link"}`)
		}
	})
	mux.HandleFunc("/link", f.link)
	server := &http.Server{Handler: mux}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(f) })
	t.Cleanup(func() {
		_ = server.Close()
		serving.Wait()
	})
	return f
}

func (f *fakeSlack) Accept() (net.Conn, error) {
	select {
	case c := <-f.lines:
		return c, nil
	case <-f.ended:
		return nil, net.ErrClosed
	}
}

func (f *fakeSlack) Close() error   { close(f.ended); return nil }
func (f *fakeSlack) Addr() net.Addr { return &net.TCPAddr{} }

func (f *fakeSlack) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case f.lines <- far:
		return near, nil
	case <-f.ended:
		return nil, errors.New("Slack is gone")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// link is one socket, from its hello to its end.
func (f *fakeSlack) link(w http.ResponseWriter, r *http.Request) {
	conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		f.t.Error(err)
		return
	}
	defer func() { _ = conn.Close() }()
	if f.quiet {
		conn.SetPingHandler(func(string) error { return nil })
	}
	f.mu.Lock()
	f.up[conn] = true
	among := len(f.up) + f.others
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		delete(f.up, conn)
		f.mu.Unlock()
	}()
	var talking sync.WaitGroup
	defer talking.Wait()
	talking.Go(func() {
		if conn.WriteJSON(map[string]any{"type": "hello", "num_connections": among, "connection_info": map[string]any{"app_id": "A1"}}) == nil && f.talk != nil {
			f.talk(conn)
		}
	})
	for {
		var ack map[string]any
		if conn.ReadJSON(&ack) != nil {
			return
		}
		if f.acked != nil {
			f.acked(conn, ack)
		}
	}
}

// sockets returns those that are up.
func (f *fakeSlack) sockets() (up []*websocket.Conn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for c := range f.up {
		up = append(up, c)
	}
	return up
}

// openings returns how often an address was asked for.
func (f *fakeSlack) openings() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.opened
}

// client makes a client of the fake.
func (f *fakeSlack) client(handle Handler) *Client {
	core, log := observer.New(zapcore.DebugLevel)
	f.log = log
	c := New(Options{BotToken: "xoxb-1", AppToken: "xapp-1", Handle: handle, Log: zap.New(zapcore.NewTee(core, zaptest.NewLogger(f.t).Core()))})
	c.dialer.NetDialContext, c.dialer.Proxy = f.dial, nil
	c.slack = slack.New("xoxb-1", slack.OptionAppLevelToken("xapp-1"), slack.OptionAPIURL("http://slack.test/api/"),
		slack.OptionHTTPClient(&http.Client{Transport: &http.Transport{DialContext: f.dial, DisableKeepAlives: true}}))
	return c
}

// connect runs a client of the fake until the test ends.
func (f *fakeSlack) connect(handle Handler) (c *Client, stop func()) {
	f.t.Helper()
	c = f.client(handle)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := c.Run(ctx); err != nil {
			f.t.Error(err)
		}
	}()
	stop = func() {
		cancel()
		<-done
	}
	f.t.Cleanup(stop)
	return c, stop
}

// send sends a command.
func send(conn *websocket.Conn, envelope string) {
	_ = conn.WriteJSON(map[string]any{
		"type": "slash_commands", "envelope_id": envelope, "accepts_response_payload": true,
		"payload": map[string]any{"command": "/incident", "trigger_id": "1.2.3"},
	})
}

// sendDisconnect sends a "disconnect".
func sendDisconnect(conn *websocket.Conn, reason string) {
	_ = conn.WriteJSON(map[string]any{"type": "disconnect", "reason": reason})
}

// refuse answers apps.connections.open with an error.
func refuse(code string) func(http.ResponseWriter) bool {
	return func(w http.ResponseWriter) bool {
		_ = json.NewEncoder(w).Encode(map[string]any{"ok": false, "error": code})
		return true
	}
}

// goneSocket is one that is closed.
func goneSocket(t *testing.T) *socket {
	t.Helper()
	f := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		_ = conn.WriteJSON(map[string]any{"type": "hello"})
		_ = conn.Close()
	}))
	t.Cleanup(f.Close)
	s, err := openSocket(t.Context(), newDialer(), "ws"+strings.TrimPrefix(f.URL, "http"))
	if err != nil {
		t.Fatal(err)
	}
	_ = s.conn.Close()
	return s
}
