package bot

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"go.uber.org/zap"

	"muster/handlers"
)

const (
	workers   = 32              // envelopes handled at the same time
	waiting   = 512             // envelopes that may wait for a worker
	ackWithin = 2 * time.Second // to hand an acknowledgement to the connection
	lastAcks  = 250 * time.Millisecond
)

// socket is the Socket Mode connection: it takes envelopes in, has them
// handled by a bounded number of workers, and acknowledges each afterwards.
type socket struct {
	client *socketmode.Client
	route  func(context.Context, socketmode.Event) handlers.Answer
	log    *zap.Logger
	pulse  *pulse
	queue  chan arrival
}

// arrival is an envelope and when it came in: Slack waits for 3 s from then.
type arrival struct {
	event socketmode.Event
	at    time.Time
}

// socketOptions says where to connect.
type socketOptions struct {
	botToken, appToken, apiURL string
	log                        *zap.Logger
}

func newSocket(o socketOptions, route func(context.Context, socketmode.Event) handlers.Answer) *socket {
	s := &socket{route: route, log: o.log, pulse: &pulse{}, queue: make(chan arrival, waiting)}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = 10 * time.Second
	options := []slack.Option{
		slack.OptionAppLevelToken(o.appToken),
		slack.OptionHTTPClient(&http.Client{Transport: &calm{next: transport}}),
	}
	if o.apiURL != "" {
		options = append(options, slack.OptionAPIURL(o.apiURL))
	}
	s.client = socketmode.New(slack.New(o.botToken, options...), socketmode.OptionDialer(&websocket.Dialer{
		Proxy: http.ProxyFromEnvironment, NetDialContext: s.pulse.dial, HandshakeTimeout: 10 * time.Second,
	}))
	return s
}

// run takes envelopes in until ctx ends. What is being handled then is finished
// and acknowledged before the connection is cut; what has only arrived is left
// to Slack, which sends it again or tells the person.
func (s *socket) run(ctx context.Context) error {
	connection, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	var background, handling sync.WaitGroup
	background.Go(func() { s.stayConnected(connection) })
	background.Go(func() { s.pulse.watch(connection) })
	for range workers {
		handling.Go(func() { s.work(ctx) })
	}
	for taking := true; taking; {
		select {
		case <-ctx.Done():
			taking = false
		case e := <-s.client.Events:
			s.take(ctx, e)
		}
	}
	handling.Wait()
	select { // the last acknowledgements are on their way
	case <-time.After(lastAcks):
	case <-connection.Done():
	}
	cut()
	background.Wait()
	return nil
}

// stayConnected reconnects for ever: also when Slack rejects the token, since
// an operator may put that right in Slack.
func (s *socket) stayConnected(ctx context.Context) {
	for ctx.Err() == nil {
		err := s.client.RunContext(ctx)
		s.pulse.lost()
		if ctx.Err() != nil {
			return
		}
		s.log.Error("the connection to Slack ended and is opened anew", zap.Error(err))
		select {
		case <-ctx.Done():
		case <-time.After(lastWait):
		}
	}
}

// take sorts what comes from the connection.
func (s *socket) take(ctx context.Context, e socketmode.Event) {
	switch e.Type {
	case socketmode.EventTypeConnecting:
		s.pulse.lost()
	case socketmode.EventTypeHello:
		s.log.Info("connected to Slack")
	case socketmode.EventTypeConnectionError:
		if failed, ok := e.Data.(*slack.ConnectionErrorEvent); ok {
			s.log.Warn("no connection to Slack; trying again", zap.Duration("in", failed.Backoff), zap.Error(failed.ErrorObj))
		}
	case socketmode.EventTypeIncomingError, socketmode.EventTypeErrorWriteFailed:
		s.log.Warn("the connection to Slack has trouble", zap.String("event", string(e.Type)))
	case socketmode.EventTypeErrorBadMessage:
		s.skip(ctx, e)
	default:
		if e.Request == nil || e.Request.EnvelopeID == "" {
			return
		}
		select {
		case s.queue <- arrival{e, time.Now()}:
		default: // unacknowledged, Slack sends it again or tells the person that it failed
			s.log.Error("too many envelopes at once; one was left unanswered", zap.String("type", string(e.Type)))
		}
	}
}

// skip acknowledges what cannot be read, so that Slack does not send it again.
func (s *socket) skip(ctx context.Context, e socketmode.Event) {
	bad, ok := e.Data.(*socketmode.ErrorBadMessage)
	if !ok {
		return
	}
	s.log.Error("an envelope that cannot be read", zap.Error(bad.Cause))
	var envelope struct {
		ID string `json:"envelope_id"`
	}
	if json.Unmarshal(bad.Message, &envelope) == nil && envelope.ID != "" {
		s.acknowledge(ctx, envelope.ID, nil)
	}
}

func (s *socket) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case a := <-s.queue:
			s.handle(context.WithoutCancel(ctx), a)
		}
	}
}

// handle answers an envelope while Slack still waits for it. One that has
// waited too long is left alone: its sender has been told that it failed.
func (s *socket) handle(ctx context.Context, a arrival) {
	e := a.event
	within, cancel := context.WithDeadline(ctx, a.at.Add(handlers.AnswerWithin))
	defer cancel()
	if within.Err() != nil {
		s.log.Error("an envelope waited too long and was left unanswered", zap.String("type", string(e.Type)))
		return
	}
	answer := s.route(within, e)
	s.acknowledge(ctx, e.Request.EnvelopeID, answer.Payload)
	if answer.After == nil {
		return
	}
	after, done := context.WithTimeout(ctx, 5*time.Second)
	defer done()
	answer.After(after)
}

func (s *socket) acknowledge(ctx context.Context, envelope string, payload any) {
	ctx, cancel := context.WithTimeout(ctx, ackWithin)
	defer cancel()
	err := s.client.AckCtx(ctx, envelope, payload)
	if err != nil && !errors.Is(err, context.Canceled) {
		s.log.Error("acknowledge", zap.String("envelope", envelope), zap.Error(err))
	}
}
