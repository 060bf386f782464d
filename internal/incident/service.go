package incident

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"muster/internal/policy"
	"muster/internal/slackid"
)

// Service is the one door to the incidents. Handlers, scheduler and outbox
// knock here.
type Service struct {
	Store  Store
	Policy policy.Policy
	Now    func() time.Time
	Wake   func() // called after each commit; must not block
}

// Request is a person's wish to change an incident.
type Request struct {
	Key  string // the same for each redelivery of one wish
	By   slackid.User
	From slackid.Channel // where they asked
	Ref  Ref
}

// Transition is a pure step: all that happens to an incident happens in one.
type Transition func(Incident, Origin) (Change, error)

// Result is what came of a request.
type Result struct {
	Incident Incident
	Entries  []Entry // what it wrote to the timeline
	Repeated bool    // it had been recorded before; nothing was written now
}

// Do loads, changes and commits. When another commit came in between it starts
// again, until ctx ends. Errors are a [Rejection] or a failure.
func (s *Service) Do(ctx context.Context, r Request, step Transition) (Result, error) {
	for {
		i, repeated, err := s.Store.Load(ctx, r.Ref, r.Key)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return Result{}, fmt.Errorf("load: %w: %w", ErrUnavailable, err) // reading writes nothing
		}
		if err != nil || (i.Version > 0 && !i.Sees(r.By, r.From)) {
			return Result{}, notFound(r.Ref)
		}
		if repeated {
			return Result{Incident: i, Repeated: true}, nil
		}
		at := s.now()
		change, err := step(i, Origin{By: r.By, At: at, Policy: s.Policy})
		if err != nil {
			return Result{}, err
		}
		err = s.commit(ctx, Commit{Key: r.Key, At: at, Change: change})
		switch {
		case err == nil:
			return Result{Incident: change.After, Entries: change.Entries}, nil
		case errors.Is(err, ErrStale), errors.Is(err, ErrRepeated):
			if err := waitBriefly(ctx); err != nil {
				return Result{}, fmt.Errorf("commit %s: %w: %w", i.Number, ErrUnavailable, err) // the last answer was no
			}
		default:
			return Result{}, fmt.Errorf("commit %s: %w", i.Number, err)
		}
	}
}

// Get reads one incident for a person.
func (s *Service) Get(ctx context.Context, by slackid.User, from slackid.Channel, ref Ref) (Incident, error) {
	i, _, err := s.Store.Load(ctx, ref, "")
	switch {
	case errors.Is(err, ErrNotFound), err == nil && (i.Version == 0 || !i.Sees(by, from)):
		return Incident{}, notFound(ref)
	case err != nil:
		return Incident{}, fmt.Errorf("load: %w: %w", ErrUnavailable, err)
	}
	return i, nil
}

// List reads the open incidents that a person may know of, the newest first.
func (s *Service) List(ctx context.Context, by slackid.User, from slackid.Channel) ([]Incident, error) {
	all, err := s.Store.Find(ctx, Query{Open: true})
	if err != nil {
		return nil, fmt.Errorf("find: %w: %w", ErrUnavailable, err)
	}
	seen := all[:0]
	for _, i := range all {
		if i.Sees(by, from) {
			seen = append(seen, i)
		}
	}
	return seen, nil
}

// notFound says the same for what does not exist and for what is private.
func notFound(r Ref) error {
	if r.Number > 0 {
		return Rejectf("not_found", "Can't find %s. `/incident list` shows what's open.", r.Number)
	}
	return Rejectf("no_incident_here", "This isn't an incident channel. Add the number, or run the command in the incident's channel. `/incident list` shows what's open.")
}

// Fire handles a claimed timer: one commit that also settles the claim.
// [ErrMoot]: there was nothing to do, and the claim is yet to be settled.
func (s *Service) Fire(ctx context.Context, c Claim, o Outage) error {
	key := fmt.Sprintf("timer %s %s %d", c.Timer.Number, c.Timer.Kind, c.Timer.Gen)
	return s.commitOwn(ctx, c.Timer.Number, key, func(i Incident, cause Origin) (Commit, error) {
		change, err := i.Fire(cause, c.Timer, o)
		return Commit{Change: change, Fired: &c}, err
	})
}

// Delivered records a receipt: one commit that also pops the notice.
// [ErrMoot]: the incident need not know, and the notice is yet to be popped.
func (s *Service) Delivered(ctx context.Context, l Lease, r Receipt) error {
	return s.commitOwn(ctx, l.Notice.Number, "sent "+l.Notice.Key, func(i Incident, cause Origin) (Commit, error) {
		change, err := i.Delivered(cause, l.Notice, r)
		return Commit{Change: change, Sent: &l}, err
	})
}

// Failed records that a notice cannot be delivered for good, and pops it.
func (s *Service) Failed(ctx context.Context, l Lease, reason string) error {
	return s.commitOwn(ctx, l.Notice.Number, "sent "+l.Notice.Key, func(i Incident, cause Origin) (Commit, error) {
		change, err := i.Failed(cause, l.Notice, reason)
		return Commit{Change: change, Sent: &l}, err
	})
}

// follow commits what Muster does by itself.
func (s *Service) commitOwn(ctx context.Context, n Number, key string, step func(Incident, Origin) (Commit, error)) error {
	for {
		i, repeated, err := s.Store.Load(ctx, Ref{Number: n}, key)
		if err != nil {
			return fmt.Errorf("load %s: %w", n, err)
		}
		if repeated {
			return ErrNoChange
		}
		at := s.now()
		c, err := step(i, Origin{By: slackid.Muster, At: at, Policy: s.Policy})
		if err != nil {
			return err
		}
		c.Key, c.At = key, at
		err = s.commit(ctx, c)
		if !errors.Is(err, ErrStale) && !errors.Is(err, ErrRepeated) {
			return err
		}
		if err := waitBriefly(ctx); err != nil {
			return err
		}
	}
}

func (s *Service) commit(ctx context.Context, c Commit) error {
	if err := s.Store.Commit(ctx, c); err != nil {
		return err
	}
	s.Wake()
	return nil
}

// now is in whole milliseconds, as the stores keep moments.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }

// pause lets the other writer of a conflict go first.
func waitBriefly(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(rand.N(4 * time.Millisecond)):
		return nil
	}
}
