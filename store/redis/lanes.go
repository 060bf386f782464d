package redis

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.uber.org/zap"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/store"
)

// Take leases the head of the first lane that may go on.
func (s *Store) Take(ctx context.Context, now time.Time, lease time.Duration, limits notice.Limits) (notice.Lease, bool, error) {
	until := store.Millis(now.Add(lease))
	pace := limits.Destination
	args := []any{store.Millis(now), until, limits.UrgentOnly, pace.Every.Milliseconds(), max(pace.Burst, 1)}
	for op, r := range limits.Ops {
		args = append(args, string(op), r.Every.Milliseconds(), max(r.Burst, 1), r.Most, r.Per.Milliseconds())
	}
	for {
		text, err := s.ask(ctx, takeScript, args...)
		switch {
		case err != nil || text == "":
			return notice.Lease{}, false, err
		case text == "again":
			continue
		case strings.HasPrefix(text, "gone "):
			s.log.Error("redis: the notices of a lane are missing, and cannot be delivered", zap.String("lane", text[len("gone "):]))
			continue
		}
		l := notice.Lease{Until: store.Moment(until)}
		first, body, _ := strings.Cut(text, "\n")
		var inDoubt int64
		if _, err := fmt.Sscan(first, &l.Fence, &inDoubt, &l.Tries); err != nil {
			return l, false, fmt.Errorf("redis take: %q: %w", first, err)
		}
		l.InDoubt, l.Doubted = store.DoubtOf(inDoubt)
		l.Notice, err = store.DecodeNotice([]byte(body))
		return l, err == nil, err
	}
}

// Release gives a lease back for another try.
func (s *Store) Release(ctx context.Context, l notice.Lease, r notice.Retry) error {
	text, err := s.ask(ctx, releaseScript, l.Notice.Lane, l.Fence, l.Notice.Key,
		store.Millis(r.At), store.Millis(r.NotBefore), store.Doubt(r.InDoubt, r.Doubted), string(r.Op))
	return leaseError("release", l, text, err)
}

// Pop removes a leased head for good.
func (s *Store) Pop(ctx context.Context, l notice.Lease) error {
	text, err := s.ask(ctx, popScript, l.Notice.Lane, l.Fence, l.Notice.Key)
	return leaseError("pop", l, text, err)
}

// leaseError reads whether a lease was still the last one.
func leaseError(what string, l notice.Lease, text string, err error) error {
	if err == nil && text != "1" {
		err = incident.ErrLost
	}
	if err != nil {
		return fmt.Errorf("%s notice %s: %w", what, l.Notice.Key, err)
	}
	return nil
}
