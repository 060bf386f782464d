package outbox

import (
	"context"
	"errors"
	"time"

	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// Lanes is the queue of notices; a store is one.
type Lanes interface {
	// Take leases the head of the most urgent lane that is ready by now, until
	// now+lease, as far as the limits allow. False: none is.
	Take(ctx context.Context, now time.Time, lease time.Duration, limits notice.Limits) (notice.Lease, bool, error)
	// Release gives a lease back for another try. [notice.ErrLost] if it ran out.
	Release(ctx context.Context, l notice.Lease, r notice.Retry) error
	// Pop removes a leased head for good. [notice.ErrLost] if it ran out.
	Pop(ctx context.Context, l notice.Lease) error
}

// Composer composes and records the notices of one kind of subject.
type Composer interface {
	// Compose reads the subject as it stands now and decides what is to be done:
	// for whom, and what they may see. It leaves to the outbox what the lease
	// says (Key, At, Op, InDoubt). [ErrObsolete] and [ErrNoSubject] drop the
	// notice; any other error is a verdict, as a [Sender]'s is.
	Compose(ctx context.Context, n notice.Notice) (Delivery, error)
	// Delivered records a receipt and pops the notice in one commit.
	// [ErrNoChange]: nothing of it is to be recorded, and the notice is yet to be
	// popped. [notice.ErrLost] if the lease ran out.
	Delivered(ctx context.Context, l notice.Lease, r notice.Receipt) error
	// Failed records that the notice cannot be delivered for good, and why in
	// words for people. It answers as Delivered does.
	Failed(ctx context.Context, l notice.Lease, f notice.Failure) error
}

// What a composer answers.
var (
	// ErrObsolete drops a notice that has nothing true to say any more.
	ErrObsolete = errors.New("there is nothing true to say any more")
	// ErrNoSubject drops a notice of something that does not exist: there is
	// nobody to report its failure to.
	ErrNoSubject = errors.New("its subject does not exist")
	// ErrNoChange says that an outcome leaves nothing to record.
	ErrNoChange = errors.New("nothing to record")
)

// Sender carries out one delivery in one medium. It tries once, owns its
// medium's limits, and returns when ctx ends. Its error is one of the verdicts
// ([RetryLater], [Refused], [Unknown]); any other counts as Unknown. Package
// sendertest is the suite that every sender passes.
type Sender interface {
	Send(ctx context.Context, d Delivery) (notice.Receipt, error)
}

// Delivery is what is to be done, with nothing left to decide.
type Delivery struct {
	Key     string    // unique for all time; travels with what is sent, so that it can be found again
	At      time.Time // nothing of it was sent before
	Op      notice.Op
	InDoubt bool // an earlier attempt may have arrived: look before sending
	MayCome bool // and what is not there may still come: do not send; [Pending] says so

	Incident string // its ID, which no other ever has; travels with what is sent, too. "" of what is of none

	To      Destination
	Message notice.Message            // for OpEdit and OpPin: the posted one
	Content Content                   // for OpPost and OpEdit
	Topic   string                    // for OpTopic
	Channel NewChannel                // for OpOpen
	People  policy.People             // for OpInvite and OpExpand
	Also    slackid.Set[slackid.User] // for OpInvite: invited with them, but not told of in the receipt's Users
}

// Destination is where a delivery goes: one of the two is set.
type Destination struct {
	Channel slackid.Channel
	User    slackid.User // in a direct message
}

// Content is what people read.
type Content struct {
	Text   string // says everything, for those who are shown no more
	Blocks any    // the same in the medium's own form; nil where it has none
}

// NewChannel is a channel to be opened.
type NewChannel struct {
	Names   []string // the wanted one first, the others for when it is taken
	Private bool
	Since   time.Time // an older channel is not the one
}
