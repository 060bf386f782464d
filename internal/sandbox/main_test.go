package sandbox_test

import (
	"context"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"go.uber.org/goleak"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(thenBrowser{m}) }

// bot is an independent client: slack-go, as any bot uses it.
type bot struct {
	*slack.Client
	requests chan socketmode.Event // what came over the socket
	socket   *socketmode.Client
}

func client(w *sandbox.Server) *slack.Client {
	return slack.New(w.BotToken(), slack.OptionAPIURL(w.URL()+"/api/"), slack.OptionAppLevelToken(w.AppToken()))
}

// connect opens a socket for the length of a test and answers each request with
// what answer says.
func connect(t *testing.T, w *sandbox.Server, answer func(*bot, socketmode.Event)) *bot {
	t.Helper()
	api := client(w)
	b := &bot{Client: api, socket: socketmode.New(api), requests: make(chan socketmode.Event, 100)}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{}, 2)
	go func() {
		_ = b.socket.RunContext(ctx)
		done <- struct{}{}
	}()
	go func() {
		defer func() { done <- struct{}{} }()
		for {
			select {
			case <-ctx.Done():
				return
			case e := <-b.socket.Events:
				if e.Request == nil || e.Request.EnvelopeID == "" {
					continue
				}
				b.requests <- e
				answer(b, e)
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-done
		<-done
	})
	ws := sandboxtest.Dial(t, w.URL())
	ws.Await("the bot's socket", func() bool { return ws.State().Sockets > 0 })
	return b
}

// acknowledge answers everything with a bare ack.
func acknowledge(b *bot, e socketmode.Event) { b.ack(e) }

// ack acknowledges a request; one that cannot go out shows as a timeout.
func (b *bot) ack(e socketmode.Event, payload ...any) { _ = b.socket.Ack(*e.Request, payload...) }

// next is the next request of a type.
func (b *bot) next(t *testing.T, kind socketmode.EventType) socketmode.Event {
	t.Helper()
	limit := time.After(10 * time.Second)
	for {
		select {
		case e := <-b.requests:
			if e.Type == kind {
				return e
			}
		case <-limit:
			t.Fatalf("no %s came over the socket", kind)
		}
	}
}
