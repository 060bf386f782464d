package outbox

import (
	"context"
	"time"

	"muster/internal/incident"
	"muster/internal/slackid"
)

// Lanes is the queue of notices; a store is one.
type Lanes interface {
	// Take leases the head of the most urgent lane that is ready by now, until
	// now+lease, as far as pace allows. False: none is.
	Take(ctx context.Context, now time.Time, lease time.Duration, pace incident.RateLimits) (incident.Lease, bool, error)
	// Release gives a lease back for another try. [incident.ErrLost] if it ran out.
	Release(ctx context.Context, l incident.Lease, h incident.Retry) error
	// Pop removes a leased head for good. [incident.ErrLost] if it ran out.
	Pop(ctx context.Context, l incident.Lease) error
}

// Incidents is where deliveries are read from and recorded; an
// [incident.Service] is one.
type Incidents interface {
	Get(ctx context.Context, by slackid.User, from slackid.Channel, ref incident.Ref) (incident.Incident, error)
	Delivered(ctx context.Context, l incident.Lease, r incident.Receipt) error
	Failed(ctx context.Context, l incident.Lease, reason string) error
}

// Sender carries out one delivery. Its error is one of the verdicts
// ([RetryLater], [Refused], [Unknown]); any other counts as Unknown. It returns
// when ctx ends.
type Sender interface {
	Send(ctx context.Context, d Delivery) (incident.Receipt, error)
}

// Delivery is a notice with all that it takes to render and address it.
type Delivery struct {
	Notice   incident.Notice
	Incident incident.Incident    // as it stands now, and as whoever is at To may see it
	To       incident.Destination // decided by the incident, the one place that does
	InDoubt  bool                 // an earlier attempt may have reached Slack: look before sending
}
