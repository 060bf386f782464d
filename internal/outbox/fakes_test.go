package outbox_test

import (
	"context"
	"errors"
	"slices"
	"sync"

	"muster/internal/notice"
	"muster/internal/outbox"
)

// subject composes notices, and records what came of them together with the
// lanes, as a service does with its store: whole or not at all, and once.
type subject struct {
	store    *lanes
	answers  map[string]error // to composing, by key; nil = it works
	records  func(l notice.Lease, r notice.Receipt) (follow []notice.Notice, err error)
	composed []string
	settled  map[string]bool
	dead     map[string]string // key of a dead letter to its reason
}

func (s *subject) Compose(_ context.Context, n notice.Notice) (d outbox.Delivery, err error) {
	err = s.store.do("compose", func() error {
		s.composed = append(s.composed, n.Key)
		d = outbox.Delivery{
			To:     outbox.Destination{Channel: n.To.Channel, User: n.To.User},
			People: n.To.People,
		}
		if n.Template != "" {
			d.Content.Text = string(n.Template)
		}
		return s.answers[n.Key]
	})
	if errors.Is(err, errAway) {
		err = &outbox.RetryLater{Err: err}
	}
	return d, err
}

func (s *subject) Delivered(_ context.Context, l notice.Lease, r notice.Receipt) error {
	return s.commit(l, func() ([]notice.Notice, error) { return s.records(l, r) })
}

func (s *subject) Failed(_ context.Context, l notice.Lease, f notice.Failure) error {
	return s.commit(l, func() ([]notice.Notice, error) {
		s.dead[l.Notice.Key] = f.Reason
		return nil, nil
	})
}

// commit settles a lease with what follows, unless it has been settled before.
func (s *subject) commit(l notice.Lease, outcome func() ([]notice.Notice, error)) error {
	return s.store.do("commit", func() error {
		if s.settled[l.Notice.Key] {
			return outbox.ErrNoChange
		}
		if _, err := s.store.held(l); err != nil {
			return err
		}
		follow, err := outcome()
		if err != nil {
			return err
		}
		s.settled[l.Notice.Key] = true
		if err := s.store.pop(l); err != nil {
			return err
		}
		for _, n := range follow {
			s.store.queue(n)
		}
		return nil
	})
}

var _ outbox.Composer = (*subject)(nil)

// sender is where deliveries end up: it keeps what was sent, by key.
type sender struct {
	mu      sync.Mutex
	posted  map[string]int
	calls   []outbox.Delivery
	answers []error // to the next calls; nil = it works
	meet    func(ctx context.Context, d outbox.Delivery) (handled bool, r notice.Receipt, err error)
}

func (s *sender) Send(ctx context.Context, d outbox.Delivery) (notice.Receipt, error) {
	s.mu.Lock()
	s.calls = append(s.calls, d)
	meet := s.meet
	var answer error
	if len(s.answers) > 0 {
		answer, s.answers = s.answers[0], s.answers[1:]
	}
	s.mu.Unlock()
	if meet != nil {
		if handled, r, err := meet(ctx, d); handled {
			return r, err
		}
	}
	if answer != nil {
		return notice.Receipt{}, answer
	}
	if s.only(d) {
		return notice.Receipt{}, outbox.Pending()
	}
	return s.apply(d), nil
}

// only reports whether a delivery may only look, and finds nothing.
func (s *sender) only(d outbox.Delivery) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return d.MayCome && s.posted[d.Key] == 0
}

// apply does what the delivery asks for, unless one in doubt finds it done, or may
// only look.
func (s *sender) apply(d outbox.Delivery) notice.Receipt {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !d.InDoubt || (s.posted[d.Key] == 0 && !d.MayCome) {
		s.posted[d.Key]++
	}
	return notice.Receipt{
		Message: notice.Message{Channel: d.To.Channel, TS: "1700000000.000100"},
		Users:   slices.Collect(d.People.Users.All()),
	}
}

// sent returns the keys of all calls, in order.
func (s *sender) sent() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var keys []string
	for _, d := range s.calls {
		keys = append(keys, d.Key)
	}
	return keys
}

// call returns the n-th call.
func (s *sender) call(n int) outbox.Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[n]
}

var _ outbox.Sender = (*sender)(nil)
