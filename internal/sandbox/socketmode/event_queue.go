package socketmode

import (
	"context"
	"slices"
	"sync"
	"time"
)

// retryAfter is when Slack sends an event again that nobody acknowledged.
var retryAfter = []time.Duration{0, time.Minute, 5 * time.Minute}

// Events delivers what happens in the workspace to the bot, and again where it
// was not acknowledged, by the workspace's clock.
type Events struct {
	hub *Hub

	sending sync.Mutex // one at a time takes what is there and sends it, in its order

	mu       sync.Mutex
	fresh    []object      // never sent
	retries  []queuedEvent // to be sent again
	inFlight int           // sent, and neither acknowledged nor owed again yet
	settled  sync.Cond     // under mu: one that was flying does so no more

	woken chan struct{} // one token: there is something fresh
}

// queuedEvent is an event to be delivered again.
type queuedEvent struct {
	payload object
	attempt int // how often it was retried
	due     time.Time
}

// NewEvents has no events yet; Run sends them.
func NewEvents(h *Hub) *Events {
	e := &Events{hub: h, woken: make(chan struct{}, 1)}
	e.settled.L = &e.mu
	return e
}

// Add takes an event for delivery.
func (e *Events) Add(payload object) {
	e.mu.Lock()
	e.fresh = append(e.fresh, payload)
	e.mu.Unlock()
	select {
	case e.woken <- struct{}{}:
	default:
	}
}

// Run sends events in the order in which they happened, without waiting for
// one's ack before it sends the next.
func (e *Events) Run(ctx context.Context, now func() time.Time) error {
	t := time.NewTicker(retryCheck)
	defer t.Stop()
	defer e.waitSettled()
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
func (e *Events) send(now time.Time) {
	e.sending.Lock()
	defer e.sending.Unlock()
	for _, o := range e.take(now) {
		e.deliver(o, now)
	}
}

// SettleDue sends what is owed by now, and waits until it is known of everything
// under way whether it has to be sent again.
func (e *Events) SettleDue(now time.Time) {
	e.send(now)
	e.waitSettled()
}

// waitSettled waits until nothing is under way, for as long as an ack may take at most.
func (e *Events) waitSettled() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for e.inFlight > 0 {
		e.settled.Wait()
	}
}

// take removes and returns all that is to be sent by now.
func (e *Events) take(now time.Time) []queuedEvent {
	e.mu.Lock()
	defer e.mu.Unlock()
	var ready []queuedEvent
	for _, payload := range e.fresh {
		ready = append(ready, queuedEvent{payload: payload, due: now})
	}
	e.fresh = nil
	e.retries = slices.DeleteFunc(e.retries, func(o queuedEvent) bool {
		if o.due.After(now) {
			return false
		}
		ready = append(ready, o)
		return true
	})
	e.inFlight += len(ready)
	return ready
}

// deliver sends one event at a moment, and owes it again when it is not
// acknowledged. The next attempt counts from that moment, and not from when this
// one has failed, since the clock may have been moved in between.
func (e *Events) deliver(o queuedEvent, at time.Time) {
	reason := ""
	if o.attempt > 0 {
		reason = "timeout"
	}
	p, err := e.hub.send(envelope{Type: "events_api", Payload: o.payload, Attempt: &o.attempt, Reason: &reason})
	if err != nil {
		e.settle(o, at, err)
		return
	}
	go func() {
		_, _, err := p.wait()
		e.settle(o, at, err)
	}()
}

// settle notes what became of an event: one that nobody acknowledged is owed for
// its next attempt, and after the last it is lost, as in Slack.
func (e *Events) settle(o queuedEvent, sent time.Time, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil && o.attempt < len(retryAfter) {
		o.due = sent.Add(retryAfter[o.attempt])
		o.attempt++
		e.retries = append(e.retries, o)
	}
	e.inFlight--
	e.settled.Broadcast()
}

// NextDue returns when the earliest event is owed.
func (e *Events) NextDue() (at time.Time, what string, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var first time.Time
	for _, o := range e.retries {
		if first.IsZero() || o.due.Before(first) {
			first = o.due
		}
	}
	return first, "event retry", !first.IsZero()
}

const retryCheck = 250 * time.Millisecond // how often events due again are looked for
