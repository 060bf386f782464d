package sandbox

import (
	"context"
	"slices"
	"sync"
	"time"
)

// retryAfter is when Slack sends an event again that nobody acknowledged.
var retryAfter = []time.Duration{0, time.Minute, 5 * time.Minute}

// events delivers what happens in the workspace to the bot, and again where it
// was not acknowledged, by the workspace's clock.
type events struct {
	hub *hub

	sending sync.Mutex // one at a time takes what is there and sends it, in its order

	mu     sync.Mutex
	fresh  []object    // never sent
	owed   []owedEvent // to be sent again
	flying int         // sent, and neither acknowledged nor owed again yet
	landed sync.Cond   // under mu: one that was flying does so no more

	woken chan struct{} // one token: there is something fresh
}

// owedEvent is an event to be delivered again.
type owedEvent struct {
	payload object
	attempt int // how often it was retried
	due     time.Time
}

func newEvents(h *hub) *events {
	e := &events{hub: h, woken: make(chan struct{}, 1)}
	e.landed.L = &e.mu
	return e
}

// add takes an event for delivery.
func (e *events) add(payload object) {
	e.mu.Lock()
	e.fresh = append(e.fresh, payload)
	e.mu.Unlock()
	select {
	case e.woken <- struct{}{}:
	default:
	}
}

// run sends events in the order in which they happened, without waiting for
// one's ack before it sends the next.
func (e *events) run(ctx context.Context, now func() time.Time) error {
	t := time.NewTicker(tick)
	defer t.Stop()
	defer e.land()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-e.woken:
		case <-t.C:
		}
		e.send(now())
	}
}

// send sends all that is to be sent by now.
func (e *events) send(now time.Time) {
	e.sending.Lock()
	defer e.sending.Unlock()
	for _, o := range e.take(now) {
		e.deliver(o, now)
	}
}

// redeliver sends what is owed by now, and waits until it is known of everything
// under way whether it has to be sent again.
func (e *events) redeliver(now time.Time) {
	e.send(now)
	e.land()
}

// land waits until nothing is under way, for as long as an ack may take at most.
func (e *events) land() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for e.flying > 0 {
		e.landed.Wait()
	}
}

// take removes and returns all that is to be sent by now.
func (e *events) take(now time.Time) []owedEvent {
	e.mu.Lock()
	defer e.mu.Unlock()
	var ready []owedEvent
	for _, payload := range e.fresh {
		ready = append(ready, owedEvent{payload: payload, due: now})
	}
	e.fresh = nil
	e.owed = slices.DeleteFunc(e.owed, func(o owedEvent) bool {
		if o.due.After(now) {
			return false
		}
		ready = append(ready, o)
		return true
	})
	e.flying += len(ready)
	return ready
}

// deliver sends one event at a moment, and owes it again when it is not
// acknowledged. The next attempt counts from that moment, and not from when this
// one has failed, since the clock may have been moved in between.
func (e *events) deliver(o owedEvent, at time.Time) {
	reason := ""
	if o.attempt > 0 {
		reason = "timeout"
	}
	p, err := e.hub.send(envelope{Type: "events_api", Payload: o.payload, Attempt: &o.attempt, Reason: &reason})
	if err != nil {
		e.lands(o, at, err)
		return
	}
	go func() {
		_, _, err := p.wait()
		e.lands(o, at, err)
	}()
}

// lands notes what became of an event: one that nobody acknowledged is owed for
// its next attempt, and after the last it is lost, as in Slack.
func (e *events) lands(o owedEvent, sent time.Time, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil && o.attempt < len(retryAfter) {
		o.due = sent.Add(retryAfter[o.attempt])
		o.attempt++
		e.owed = append(e.owed, o)
	}
	e.flying--
	e.landed.Broadcast()
}

// next is when the earliest event is owed.
func (e *events) next() (time.Time, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var first time.Time
	for _, o := range e.owed {
		if first.IsZero() || o.due.Before(first) {
			first = o.due
		}
	}
	return first, !first.IsZero()
}
