package bot

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/zap"

	"muster/internal/sender/slack"
	"muster/internal/socketmode"
	"muster/store"
)

// fakeStore is pinged, and nothing else.
type fakeStore struct {
	store.Store
	pings atomic.Int64
	err   error
}

func (s *fakeStore) Ping(context.Context) error {
	s.pings.Add(1)
	return s.err
}

// serveHealth serves a bot's health checks until the test ends.
func serveHealth(t *testing.T, b *Bot) (url string) {
	t.Helper()
	h, err := newHealth("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.bot.Store(b)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return "http://" + h.listener.Addr().String()
}

// idleBot is a bot that is connected to nothing, with a Slack that gives an answer.
func idleBot(t *testing.T, answer func() string) (*Bot, *fakeStore) {
	t.Helper()
	far := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(answer()))
	}))
	t.Cleanup(far.Close)
	s := &fakeStore{}
	b := &Bot{
		store: s, log: zap.NewNop(), slack: slack.New(slack.Options{Token: "xoxb-1", APIURL: far.URL + "/"}),
		socket: socketmode.New(socketmode.Options{Log: zap.NewNop()}),
	}
	t.Cleanup(b.slack.Close)
	return b, s
}

func readiness(t *testing.T, url string) map[string]string {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 5 * time.Second}
	r, err := client.Get(url + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var state map[string]string
	if err := json.NewDecoder(r.Body).Decode(&state); err != nil {
		t.Fatal(err)
	}
	return state
}

func TestReadiness_AskedAThousandTimes_WritesOnceASecond(t *testing.T) {
	b, s := idleBot(t, func() string { return `{"ok":true}` })
	begun := time.Now()
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			for range 20 {
				_ = b.probe.ask(t.Context(), s)
			}
		})
	}
	all.Wait()
	if most := 1 + int64(time.Since(begun)/probeLasts); s.pings.Load() > most {
		t.Errorf("%d writes in %s", s.pings.Load(), time.Since(begun))
	}
}

// A client that goes away while it waits says nothing about the store.
func TestReadiness_ClientGone_DoesNotCountAgainstTheStore(t *testing.T) {
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	var p probe
	if err := p.ask(gone, contextual{}); err != nil {
		t.Errorf("the store is said to fail: %v", err)
	}
}

type contextual struct{}

func (contextual) Ping(ctx context.Context) error { return ctx.Err() }

func TestReadiness_StoreNotWritable_SaysWhy(t *testing.T) {
	b, s := idleBot(t, func() string { return `{"ok":true}` })
	s.err = errors.New("the disk is full")
	if got := readiness(t, serveHealth(t, b)); got["store"] != "can't be written: the disk is full" || got["status"] != "not ready" {
		t.Errorf("got %v", got)
	}
}

// Each code with which Slack refuses a token turns readiness red, with what to do;
// another failure does not, and an accepted token turns it green again.
func TestReadiness_TokenRefused_SaysWhatToDo(t *testing.T) {
	answer := ""
	b, _ := idleBot(t, func() string { return answer })
	url := serveHealth(t, b)
	for _, code := range []string{"token_revoked", "account_inactive", "invalid_auth", "not_authed", "token_expired"} {
		answer = `{"ok":false,"error":"` + code + `"}`
		b.slack.Check(t.Context())
		if got := readiness(t, url)["token"]; !strings.Contains(got, "("+code+")") || !strings.Contains(got, "OAuth & Permissions") {
			t.Errorf("%s: %q", code, got)
		}
		answer = `{"ok":false,"error":"internal_error"}`
		b.slack.Check(t.Context())
		if got := readiness(t, url)["token"]; !strings.Contains(got, code) {
			t.Errorf("trouble of Slack's is taken for an accepted token: %q", got)
		}
		answer = `{"ok":true,"user_id":"U1"}`
		b.slack.Check(t.Context())
		if got := readiness(t, url)["token"]; got != "ok" {
			t.Errorf("accepted again, it is %q", got)
		}
		answer = `{"ok":false,"error":"channel_not_found"}`
		if b.slack.Check(t.Context()); b.slack.Refused() != "" {
			t.Errorf("another refusal is taken for the token's: %q", b.slack.Refused())
		}
	}
}

// Connections that are only held are few, end soon, and keep nobody out.
func TestHealth_IdleConnections_AreFewAndEnd(t *testing.T) {
	b, _ := idleBot(t, func() string { return `{"ok":true}` })
	url := serveHealth(t, b)
	var held []net.Conn
	for range 1000 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		held = append(held, conn)
	}
	begun := time.Now()
	readiness(t, url)
	if took := time.Since(begun); took > time.Second {
		t.Errorf("answered after %s", took)
	}
	for _, conn := range held {
		_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		if _, err := conn.Read(make([]byte, 1)); errors.Is(err, context.DeadlineExceeded) || isTimeout(err) {
			t.Fatal("an idle connection is kept")
		}
	}
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}

func TestHealth_TakenPort_NamesTheSetting(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := newHealth(l.Addr().String()); err == nil || !strings.Contains(err.Error(), "MUSTER_LISTEN") {
		t.Errorf("got %v", err)
	}
}
