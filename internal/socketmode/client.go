package socketmode

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
)

const (
	slackWaits   = 3 * time.Second         // for an acknowledgement, from an envelope's arrival
	answerWithin = 2200 * time.Millisecond // an envelope's deadline, from its arrival
	followWithin = 5 * time.Second         // for what follows an acknowledgement

	workers    = 32  // envelopes handled at the same time
	queueSize  = 512 // envelopes that may wait for a worker
	flushAcks  = 250 * time.Millisecond
	retryAfter = 30 * time.Second // when Slack refused the token
)

// Handler answers an envelope. Its context ends at the envelope's deadline.
// payload goes into the acknowledgement, where nil is a bare one; then, where it
// is not nil, runs after the acknowledgement.
type Handler func(context.Context, socketmode.Event) (payload any, then func(context.Context))

// Options says where to connect, and who handles what arrives.
type Options struct {
	BotToken string // xoxb-…
	AppToken string // xapp-…
	APIURL   string // of another Slack than the real one; "" = the real one
	Handle   Handler
	Log      *zap.Logger
}

// Client is the Socket Mode connection of one process.
type Client struct {
	slack    *socketmode.Client
	handle   Handler
	log      *zap.Logger
	watchdog *watchdog
	queue    chan envelope
}

// envelope is what arrived, and when.
type envelope struct {
	socketmode.Event
	arrived time.Time
}

// deadline returns the moment by which an envelope has to be decided.
func (e envelope) deadline() time.Time { return e.arrived.Add(answerWithin) }

// expires returns the moment from which Slack no longer waits for an envelope.
func (e envelope) expires() time.Time { return e.arrived.Add(slackWaits) }

// New makes a client. It connects in [Client.Run].
func New(o Options) *Client {
	c := &Client{handle: o.Handle, log: o.Log, watchdog: &watchdog{}, queue: make(chan envelope, queueSize)}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = 10 * time.Second
	options := []slack.Option{
		slack.OptionAppLevelToken(o.AppToken),
		slack.OptionHTTPClient(&http.Client{Transport: &connectBackoff{next: transport}}),
	}
	if o.APIURL != "" {
		options = append(options, slack.OptionAPIURL(o.APIURL))
	}
	c.slack = socketmode.New(slack.New(o.BotToken, options...), socketmode.OptionDialer(&websocket.Dialer{
		Proxy: http.ProxyFromEnvironment, NetDialContext: c.watchdog.dial, HandshakeTimeout: 10 * time.Second,
	}))
	return c
}

// Fresh reports whether Slack was heard lately.
func (c *Client) Fresh() bool { return c.watchdog.fresh() }

// Run takes envelopes in until ctx ends. What is being handled then is finished
// and acknowledged before the connection is cut; what has only arrived is left
// to Slack, which sends it again or tells the person.
func (c *Client) Run(ctx context.Context) error {
	connection, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	var background, handling sync.WaitGroup
	background.Go(func() { c.stayConnected(connection) })
	background.Go(func() { c.watchdog.run(connection) })
	for range workers {
		handling.Go(func() { c.work(ctx) })
	}
	for taking := true; taking; {
		select {
		case <-ctx.Done():
			taking = false
		case e := <-c.slack.Events:
			c.take(ctx, e)
		}
	}
	handling.Wait()
	select { // the last acknowledgements are on their way
	case <-time.After(flushAcks):
	case <-connection.Done():
	}
	cut()
	background.Wait()
	return nil
}

// stayConnected reconnects until ctx ends: also when Slack rejects the token,
// since an operator may put that right in Slack.
func (c *Client) stayConnected(ctx context.Context) {
	for ctx.Err() == nil {
		err := c.slack.RunContext(ctx)
		c.watchdog.lost()
		if ctx.Err() != nil {
			return
		}
		c.log.Error("connection to Slack lost; reconnecting", zap.Duration("in", retryAfter), zap.Error(err))
		select {
		case <-ctx.Done():
		case <-time.After(retryAfter):
		}
	}
}

// take sorts what comes from the connection.
func (c *Client) take(ctx context.Context, e socketmode.Event) {
	switch e.Type {
	case socketmode.EventTypeConnecting:
		c.watchdog.lost()
	case socketmode.EventTypeHello:
		c.log.Info("connected to Slack")
	case socketmode.EventTypeConnectionError:
		if failed, ok := e.Data.(*slack.ConnectionErrorEvent); ok {
			c.log.Warn("cannot connect to Slack; retrying", zap.Duration("in", failed.Backoff), zap.Error(failed.ErrorObj))
		}
	case socketmode.EventTypeIncomingError, socketmode.EventTypeErrorWriteFailed:
		c.log.Warn("connection to Slack failing", zap.String("event", string(e.Type)))
	case socketmode.EventTypeErrorBadMessage:
		c.skip(ctx, e)
	default:
		if e.Request == nil || e.Request.EnvelopeID == "" {
			return
		}
		select {
		case c.queue <- envelope{e, time.Now()}:
		default: // unacknowledged, Slack sends it again or tells the person that it failed
			c.log.Error("too many envelopes at once; one left unanswered", zap.String("type", string(e.Type)))
		}
	}
}

// skip acknowledges what cannot be read, so that Slack does not send it again.
func (c *Client) skip(ctx context.Context, e socketmode.Event) {
	bad, ok := e.Data.(*socketmode.ErrorBadMessage)
	if !ok {
		return
	}
	c.log.Error("unreadable envelope skipped", zap.Error(bad.Cause))
	var raw struct {
		ID string `json:"envelope_id"`
	}
	if json.Unmarshal(bad.Message, &raw) == nil && raw.ID != "" {
		c.acknowledge(ctx, raw.ID, nil, time.Now().Add(slackWaits))
	}
}

func (c *Client) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-c.queue:
			c.answer(context.WithoutCancel(ctx), e)
		}
	}
}

// answer has an envelope handled and acknowledges it, while Slack still waits.
func (c *Client) answer(ctx context.Context, e envelope) {
	if !time.Now().Before(e.expires()) {
		c.log.Error("envelope waited too long; left unanswered", zap.String("type", string(e.Type)))
		return
	}
	within, cancel := context.WithDeadline(ctx, e.deadline())
	defer cancel()
	payload, then := c.handle(within, e.Event)
	c.acknowledge(ctx, e.Request.EnvelopeID, payload, e.expires())
	if then == nil {
		return
	}
	after, done := context.WithTimeout(ctx, followWithin)
	defer done()
	then(after)
}

// acknowledge hands an acknowledgement to the connection, until it expires.
func (c *Client) acknowledge(ctx context.Context, id string, payload any, expires time.Time) {
	ctx, cancel := context.WithDeadline(ctx, expires)
	defer cancel()
	err := c.slack.AckCtx(ctx, id, payload)
	if err != nil && !errors.Is(err, context.Canceled) {
		c.log.Error("envelope not acknowledged", zap.String("envelope", id), zap.Error(err))
	}
}
