package socketmode

import (
	"context"
	"errors"
	"time"

	"github.com/slack-go/slack/socketmode"
	"go.uber.org/zap"
)

// crowded is how many sockets of an app are so many that a process makes do with
// one: three replicas have two each, and four more find room beside them.
const crowded = 7

// keep keeps one socket open until ctx ends, and opens the next before it lets one
// go. It fails only if Slack refuses the app token before any socket was up.
func (c *Client) keep(ctx context.Context, spare bool) error {
	var wait backoff
	var old *socket
	for pause := time.Duration(0); ; {
		if !sleep(ctx, pause) {
			return nil
		}
		s, err := c.open(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			if _, refused := errors.AsType[*tokenRefused](err); refused && !c.sockets.everUp() {
				return err
			}
			pause = wait.refused(err)
			c.sockets.refused(err)
			c.log.Warn("cannot connect to Slack; retrying", zap.Duration("in", pause), zap.Error(err))
			continue
		}
		if old != nil {
			old.retire()
		}
		if spare && s.among > crowded {
			s.retire()
			pause = waitWhenCrowded
			continue
		}
		old = s
		select {
		case <-ctx.Done():
			return nil
		case <-s.leaving:
		case <-s.gone:
		}
		pause = wait.ended(time.Since(s.begun))
	}
}

// open opens a socket, and has it served until it is gone.
func (c *Client) open(ctx context.Context) (*socket, error) {
	calling, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	_, url, err := c.slack.StartSocketModeContext(calling)
	if err != nil {
		return nil, refusal(err)
	}
	s, err := openSocket(ctx, c.dialer, url)
	if err != nil {
		return nil, err
	}
	c.log.Info("connected to Slack", zap.Int("sockets of the app", s.among))
	c.sockets.add(s)
	c.serving.Go(s.watch)
	c.serving.Go(func() { c.serve(s) })
	return s, nil
}

// serve takes in what a socket brings, and says once why it ended.
func (c *Client) serve(s *socket) {
	s.read(func(raw []byte) { c.take(s, raw) })
	asked, cause := s.why()
	left := c.sockets.remove(s, cause)
	said := c.log.Warn
	if asked {
		said = c.log.Info
	}
	said("connection to Slack ended", zap.Duration("after", rounded(time.Since(s.begun))), zap.Int("left", left), zap.Error(cause))
}

// disconnect does what Slack's "disconnect" asks for.
func (c *Client) disconnect(s *socket, reason string) {
	switch reason {
	case "warning", "refresh_requested": // Slack closes it; until then it may bring something
		s.because(disconnected(reason), true)
		s.leave()
	default:
		s.end(disconnected(reason), false)
	}
}

// sleep waits, and reports whether ctx still lasts.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}

// take sorts what a socket brings.
func (c *Client) take(s *socket, raw []byte) {
	e, err := decode(raw)
	switch {
	case err != nil:
		c.log.Error("unreadable envelope skipped", zap.Error(err))
		if e.Request.EnvelopeID != "" { // acknowledged, so that Slack does not send it again
			c.acknowledge(s, e.Request.EnvelopeID, nil, time.Now().Add(slackWaits))
		}
	case e.Type == socketmode.EventTypeDisconnect:
		c.disconnect(s, e.Request.Reason)
	case e.Request.EnvelopeID != "":
		e.Request.ConnectionInfo.AppID = s.app
		select {
		case c.queue <- envelope{e, s, time.Now()}:
		default: // unacknowledged, Slack sends it again or tells the person that it failed
			c.log.Error("too many envelopes at once; one left unanswered", zap.String("type", string(e.Type)))
		}
	}
}
