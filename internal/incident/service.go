package incident

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"strings"
	"time"

	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// Service is the one door to the incidents. Handlers, scheduler and outbox
// knock here.
type Service struct {
	Store  Store
	Policy policy.Policy
	Now    func() time.Time
	NewID  func() string // never gives one twice; nil = [NewID]
	Wake   func()        // called after each commit; must not block
}

// Request is a person's wish to change an incident.
type Request struct {
	Key   string // the same for each redelivery of one wish
	By    slackid.User
	From  slackid.Channel // where they asked
	Ref   Ref
	Parts []PartKind // that the transition reads
}

// Transition is a pure step: all that happens to an incident happens in one. It
// is given the incident with its texts.
type Transition func(Incident, Origin) (Change, error)

// Joint is a transition of two incidents at once.
type Joint func(one, other Incident, o Origin) ([]Change, error)

// Result is what came of a request.
type Result struct {
	Incident Incident
	Entries  []Entry // what it wrote to the timeline
	Repeated bool    // it had been recorded before; nothing was written now
}

// Do loads, changes and commits. When another commit came in between it starts
// again, until ctx ends. Errors are a [Rejection] or a failure.
func (s *Service) Do(ctx context.Context, r Request, step Transition) (Result, error) {
	return s.retry(ctx, r, func(inc Incident, o Origin) ([]Change, error) {
		change, err := step(inc, o)
		return []Change{change}, err
	})
}

// NewID returns a random ID that is given once for all time: of 80 bits, in
// letters and digits that are easy to read out.
func NewID() string { return strings.ToLower(rand.Text()[:16]) }

// DoBoth does the same to the request's incident and another one, in one commit;
// where other names none (the zero Ref), the step is given a blank one. The person
// has to see both, but for the incident into which the request's was merged:
// whoever sees a duplicate may undo that. The result is what came of the request's.
func (s *Service) DoBoth(ctx context.Context, r Request, other func(Incident) Ref, step Joint) (Result, error) {
	return s.retry(ctx, r, func(inc Incident, o Origin) ([]Change, error) {
		ref, by := other(inc), r.By
		switch ref.Number {
		case 0:
			return step(inc, Incident{}, o)
		case inc.MergedInto.Number:
			by = slackid.Muster
		}
		another, err := s.Get(ctx, by, r.From, ref)
		if err != nil {
			return nil, err
		}
		return step(inc, another, o)
	})
}

// retry makes one commit of a request, again and again until no other commit
// comes in between. The first change is the request's incident's.
func (s *Service) retry(ctx context.Context, r Request, step func(Incident, Origin) ([]Change, error)) (Result, error) {
	for {
		inc, repeated, err := s.load(ctx, r.By, r.From, r.Ref, r.Key, r.Parts)
		if err != nil {
			return Result{}, err
		}
		if repeated {
			return Result{Incident: inc, Repeated: true}, nil
		}
		o := s.origin(r.By)
		changes, err := step(inc, o)
		if err != nil {
			return Result{}, err
		}
		err = s.commit(ctx, Commit{Key: r.Key, At: o.At, Changes: changes})
		switch {
		case err == nil:
			return Result{Incident: changes[0].After, Entries: changes[0].Entries}, nil
		case errors.Is(err, ErrStale), errors.Is(err, ErrRepeated):
			if err := waitBriefly(ctx); err != nil {
				return Result{}, fmt.Errorf("commit %s: %w: %w", inc.Number, ErrUnavailable, err) // the last answer was no
			}
		default:
			return Result{}, fmt.Errorf("commit %s: %w", inc.Number, err)
		}
	}
}

// Get reads one incident for a person, with its texts and the parts of some kinds.
func (s *Service) Get(ctx context.Context, by slackid.User, from slackid.Channel, ref Ref, parts ...PartKind) (Incident, error) {
	inc, _, err := s.load(ctx, by, from, ref, "", parts)
	if err == nil && inc.Version == 0 {
		return Incident{}, notFound(ref)
	}
	return inc, err
}

// load reads for a person the incident that ref means; the zero Ref, a blank one.
// It is the one place where a ref's ID is compared with the incident's.
func (s *Service) load(ctx context.Context, by slackid.User, from slackid.Channel, ref Ref, key string, parts []PartKind) (Incident, bool, error) {
	inc, repeated, err := s.Store.Load(ctx, ref, key, Want{Texts: true, Parts: parts})
	another := ref.ID != "" && !repeated && inc.ID != ref.ID
	switch {
	case another && (err == nil || errors.Is(err, ErrNotFound)):
		return Incident{}, false, Reject("replaced", Args{"number": ref.Number})
	case errors.Is(err, ErrNotFound), err == nil && inc.Version > 0 && !inc.Sees(by, from):
		return Incident{}, false, notFound(ref)
	case err != nil:
		return Incident{}, false, fmt.Errorf("load: %w: %w", ErrUnavailable, err) // reading writes nothing
	}
	return inc, repeated, nil
}

// Read reads one incident for Muster itself, with what is wanted beside its head.
// [ErrNotFound] where there is none; any other error is [ErrUnavailable].
func (s *Service) Read(ctx context.Context, n Number, want Want) (Incident, error) {
	inc, _, err := s.Store.Load(ctx, Ref{Number: n}, "", want)
	switch {
	case errors.Is(err, ErrNotFound):
		return Incident{}, err
	case err != nil:
		return Incident{}, fmt.Errorf("load %s: %w: %w", n, ErrUnavailable, err)
	}
	return inc, nil
}

// List reads the open incidents that a person may know of, the worst first.
func (s *Service) List(ctx context.Context, by slackid.User, from slackid.Channel) ([]Summary, error) {
	all, err := s.Store.Find(ctx, Query{Open: true})
	if err != nil {
		return nil, fmt.Errorf("find: %w: %w", ErrUnavailable, err)
	}
	seen := all[:0]
	for _, row := range all {
		if row.Sees(by, from) {
			seen = append(seen, row)
		}
	}
	return seen, nil
}

// notFound says the same for what does not exist and for what is private.
func notFound(r Ref) error {
	if r.Number > 0 {
		return Reject("not_found", Args{"number": r.Number})
	}
	return Reject("no_incident_here", nil)
}

// Fire handles a claimed timer: one commit that also settles the claim.
// [ErrNoChange]: there was nothing to do, and the claim is yet to be settled.
func (s *Service) Fire(ctx context.Context, c Claim, out Outage) error {
	key := fmt.Sprintf("timer %s %s %d", c.Timer.Number, c.Timer.Name, c.Timer.Gen)
	return s.commitOwn(ctx, c.Timer.Number, key, Want{}, func(inc Incident, o Origin) (Commit, error) {
		change, err := inc.Fire(o, c.Timer, out)
		return Commit{Changes: []Change{change}, Fired: &c}, err
	})
}

// pageSize is how many rows are read at once.
const pageSize = 200

// Rearm brings the timers of all open incidents to the policy as it is by now. It
// is called once for each policy that a process has, since what was armed may be
// another configuration's, or an older Muster's. One that fails keeps its timers
// and does not keep the others from theirs; [ErrUnavailable] ends it.
func (s *Service) Rearm(ctx context.Context) error {
	var failed []error
	q := Query{Open: true, Limit: pageSize}
	for {
		page, err := s.Store.Find(ctx, q)
		if err != nil {
			return fmt.Errorf("find: %w: %w", ErrUnavailable, err) // reading writes nothing
		}
		for _, row := range page {
			switch err := s.rearm(ctx, row); {
			case errors.Is(err, ErrUnavailable):
				return err
			case err != nil && !errors.Is(err, ErrNoChange):
				failed = append(failed, err)
			}
		}
		if len(page) < q.Limit {
			return errors.Join(failed...)
		}
		q.After = &page[len(page)-1]
	}
}

func (s *Service) rearm(ctx context.Context, row Summary) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("rearm %s: panic: %v", row.Number, p)
		}
	}()
	key := fmt.Sprintf("rearm %s %s", row.Number, NewID())
	err = s.commitOwn(ctx, row.Number, key, Want{}, func(inc Incident, o Origin) (Commit, error) {
		change, err := inc.Rearm(o, row)
		return Commit{Changes: []Change{change}}, err
	})
	if err != nil {
		return fmt.Errorf("rearm %s: %w", row.Number, err)
	}
	return nil
}

// Delivered records a receipt: one commit that also pops the notice.
// [ErrNoChange]: the incident need not know, and the notice is yet to be popped.
func (s *Service) Delivered(ctx context.Context, n Number, l notice.Lease, r notice.Receipt) error {
	var want Want
	if l.Notice.Op == notice.OpArchive {
		want.Parts = []PartKind{PartDeadLetter}
	}
	return s.commitOwn(ctx, n, "sent "+l.Notice.Key, want, func(inc Incident, o Origin) (Commit, error) {
		change, err := inc.Delivered(o, l.Notice, r)
		return Commit{Changes: []Change{change}, Sent: &l}, err
	})
}

// Failed records that a notice cannot be delivered for good, and pops it.
func (s *Service) Failed(ctx context.Context, n Number, l notice.Lease, f notice.Failure) error {
	want := Want{Parts: []PartKind{PartDeadLetter}}
	return s.commitOwn(ctx, n, "sent "+l.Notice.Key, want, func(inc Incident, o Origin) (Commit, error) {
		if f.Gone {
			change, err := inc.Lost(o, l.Notice, f.Reason)
			return Commit{Changes: []Change{change}, Sent: &l}, err
		}
		change, err := inc.Failed(o, l.Notice, f.Reason)
		return Commit{Changes: []Change{change}, Sent: &l}, err
	})
}

// commitOwn commits what Muster does of its own accord.
func (s *Service) commitOwn(ctx context.Context, n Number, key string, want Want, step func(Incident, Origin) (Commit, error)) error {
	for {
		inc, repeated, err := s.Store.Load(ctx, Ref{Number: n}, key, want)
		if err != nil {
			return fmt.Errorf("load %s: %w", n, err)
		}
		if repeated {
			return ErrNoChange
		}
		o := s.origin(slackid.Muster)
		c, err := step(inc, o)
		if err != nil {
			return err
		}
		c.Key, c.At = key, o.At
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

// origin returns the origin of one attempt, in whole milliseconds, as the stores
// keep moments.
func (s *Service) origin(by slackid.User) Origin {
	id := NewID
	if s.NewID != nil {
		id = s.NewID
	}
	return Origin{ID: id(), By: by, At: s.Now().UTC().Truncate(time.Millisecond), Policy: s.Policy}
}

// pause lets the other writer of a conflict go first.
func waitBriefly(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(mathrand.N(4 * time.Millisecond)):
		return nil
	}
}
