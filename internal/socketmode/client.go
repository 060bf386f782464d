package socketmode

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
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

	workers   = 32       // envelopes handled at the same time
	queueSize = 512      // envelopes that may wait for a worker
	maxAnswer = 20 << 10 // bytes from which Slack ignores an acknowledgement
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

// Client keeps one process connected to Slack.
type Client struct {
	slack   *slack.Client
	dialer  *websocket.Dialer
	handle  Handler
	log     *zap.Logger
	queue   chan envelope
	sockets *sockets
	serving sync.WaitGroup // of each socket that was opened
}

// envelope is what arrived, where, and when.
type envelope struct {
	socketmode.Event
	socket  *socket
	arrived time.Time
}

// deadline returns the moment by which an envelope has to be decided.
func (e envelope) deadline() time.Time { return e.arrived.Add(answerWithin) }

// expires returns the moment from which Slack no longer waits for an envelope.
func (e envelope) expires() time.Time { return e.arrived.Add(slackWaits) }

// New makes a client. It connects in [Client.Run].
func New(o Options) *Client {
	options := []slack.Option{slack.OptionAppLevelToken(o.AppToken)}
	if o.APIURL != "" {
		options = append(options, slack.OptionAPIURL(o.APIURL))
	}
	return &Client{
		slack: slack.New(o.BotToken, options...), dialer: newDialer(), handle: o.Handle, log: o.Log,
		queue: make(chan envelope, queueSize), sockets: newSockets(),
	}
}

// Connected says in words why nothing can arrive from Slack, or nothing if it can.
func (c *Client) Connected() error { return c.sockets.check() }

// Run takes envelopes in until ctx ends. What is being handled then is finished
// and acknowledged before the sockets are closed; what has only arrived is left
// to Slack, which sends it again or tells the person. It fails if Slack refuses
// the app token at the start; later that is waited out, since an operator may put
// it right in Slack.
func (c *Client) Run(ctx context.Context) error {
	taking, stop := context.WithCancel(ctx)
	defer stop()
	connected, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	var handling, keeping sync.WaitGroup
	for range workers {
		handling.Go(func() { c.work(taking) })
	}
	failed := make(chan error, 1)
	keeping.Go(func() {
		if err := c.keep(connected, false); err != nil {
			failed <- err
		}
	})
	keeping.Go(func() {
		select {
		case <-c.sockets.first:
			_ = c.keep(connected, true) // fails only before the first
		case <-connected.Done():
		}
	})
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	stop()
	handling.Wait()
	cut()
	keeping.Wait()
	for _, s := range c.sockets.all() {
		keeping.Go(s.close)
	}
	keeping.Wait()
	c.serving.Wait()
	return err
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
	c.acknowledge(e.socket, e.Request.EnvelopeID, payload, e.expires())
	if then == nil {
		return
	}
	after, done := context.WithTimeout(ctx, followWithin)
	defer done()
	then(after)
}

// acknowledge answers an envelope on the socket that brought it, or on another one
// where that is gone.
func (c *Client) acknowledge(s *socket, id string, payload any, expires time.Time) {
	var b bytes.Buffer
	plain := json.NewEncoder(&b)
	plain.SetEscapeHTML(false) // a mention's brackets would take six bytes each
	err := plain.Encode(socketmode.Response{EnvelopeID: id, Payload: payload})
	raw := bytes.TrimSpace(b.Bytes())
	switch {
	case err != nil:
	case len(raw) >= maxAnswer:
		err = fmt.Errorf("%d bytes, of which Slack takes less than %d", len(raw), maxAnswer)
	default:
		if err = s.write(raw, expires); err == nil {
			return
		}
		if o := c.sockets.other(s); o != nil {
			err = o.write(raw, expires)
		}
	}
	if err != nil {
		c.log.Error("envelope not acknowledged", zap.String("envelope", id), zap.Error(err))
	}
}
