package sendertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"

	"muster/internal/notice"
	"muster/internal/outbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const secret = "hunter2"

// flaw is one thing that a sender does wrong.
type flaw string

const (
	none            flaw = ""
	retries         flaw = "retries"
	blind           flaw = "sends again without a look"
	credulous       flaw = "takes any message for its own"
	careless        flaw = "sends when it cannot look"
	deaf            flaw = "does not heed its context"
	late            flaw = "sends after its context ended"
	doubtful        flaw = "doubts though nothing was reached"
	sure            flaw = "takes a lost reply for a failure"
	hasty           flaw = "waits less than it was asked to"
	narrow          flaw = "lets other lanes run into the limit"
	curt            flaw = "refuses in codes"
	agreeable       flaw = "does what it does not know"
	talkative       flaw = "quotes the answer"
	talkativeInside flaw = "quotes the answer in what it wraps"
	silent          flaw = "gives no receipt"
	idle            flaw = "sends nothing"
)

// caughtBy says which checks find each flaw.
var caughtBy = map[flaw][]string{
	none:            nil,
	retries:         {"tries once"},
	blind:           {"finds what arrived", "sends nothing when it cannot look"},
	credulous:       {"takes nothing else for it"},
	careless:        {"sends nothing when it cannot look"},
	deaf:            {"ends with its context"},
	late:            {"sends nothing once its context has ended"},
	doubtful:        {"has no doubt when nothing was reached"},
	sure:            {"says what is known"},
	hasty:           {"waits as long as it is asked to"},
	narrow:          {"waits as long as it is asked to"},
	curt:            {"refuses in words for people"},
	agreeable:       {"refuses an op that it does not know"},
	talkative:       {"tells no secret"},
	talkativeInside: {"tells no secret"},
	silent:          {"delivers", "finds what arrived"},
	idle: {
		"delivers", "tries once", "ends with its context", "finds what arrived",
		"sends what did not arrive", "takes nothing else for it",
	},
}

func TestRun_SenderWithAFlaw_IsCaughtByTheCheckForIt(t *testing.T) {
	for flaw, want := range caughtBy {
		t.Run(string(flaw), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var got []string
				for _, c := range checks {
					if err := c.run(func() Setup { return open(flaw) }); err != nil {
						got = append(got, c.name)
					}
				}
				for _, name := range want {
					if !slices.Contains(got, name) {
						t.Errorf("not found by %q", name)
					}
				}
				if (len(got) > 0) != (len(want) > 0) {
					t.Errorf("found by %q", got)
				}
			})
		})
	}
}

func TestRun_SenderWithoutAFlaw_Passes(t *testing.T) {
	Run(t, func(testing.TB) Setup { return open(none) })
}

func open(f flaw) Setup {
	far := &farEnd{failure: Works, held: make(chan struct{}, 1), closed: make(chan struct{})}
	return Setup{Sender: &sender{far, f}, Far: far, Delivery: outbox.Delivery{Op: notice.OpPost}, Secrets: []string{secret}}
}

// farEnd is one without a socket: its requests are calls.
type farEnd struct {
	mu       sync.Mutex
	failure  Failure
	attempts int
	keys     []string
	held     chan struct{}
	closed   chan struct{}
}

var errUnreachable = errors.New("connection refused")

// answer is how a request ended.
type answer struct {
	failure Failure
	text    string
}

// ask makes a request: a delivery, or a look where key is "".
func (f *farEnd) ask(ctx context.Context, key string) (answer, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-f.closed:
		return answer{}, errUnreachable
	default:
	}
	if key != "" {
		f.attempts++
		if f.failure == Works || f.failure == ReplyLost {
			f.keys = append(f.keys, key)
		}
	}
	if f.failure == Hangs {
		f.held <- struct{}{}
		select {
		case <-ctx.Done():
		case <-f.closed:
		}
	}
	return answer{f.failure, fmt.Sprintf("%s, as you said %s", f.failure, secret)}, nil
}

func (f *farEnd) Fail(failure Failure) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failure = failure
}

func (f *farEnd) Attempts() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.attempts
}

func (f *farEnd) Delivered(key string) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, k := range f.keys {
		if k == key {
			n++
		}
	}
	return n
}

func (f *farEnd) Held() <-chan struct{} { return f.held }
func (f *farEnd) Close()                { close(f.closed) }

// sender sends to a farEnd, with a flaw.
type sender struct {
	far  *farEnd
	flaw flaw
}

func (s *sender) Send(ctx context.Context, d outbox.Delivery) (notice.Receipt, error) {
	if d.Op != notice.OpPost && s.flaw != agreeable {
		return notice.Receipt{}, &outbox.Refused{Reason: "nobody knows how"}
	}
	if ctx.Err() != nil && s.flaw != late {
		return notice.Receipt{}, &outbox.Unknown{Err: ctx.Err()}
	}
	if s.flaw == deaf {
		ctx = context.WithoutCancel(ctx)
	}
	if d.InDoubt && s.flaw != blind {
		a, err := s.far.ask(ctx, "")
		if found := s.far.Delivered(d.Key) > 0 || (s.flaw == credulous && s.far.Attempts() > 0); err == nil && a.failure == Works && found {
			return s.receipt(d), nil
		}
		if err := s.verdict(a, err); err != nil && s.flaw != careless {
			return notice.Receipt{}, err
		}
	}
	if s.flaw == idle {
		return s.receipt(d), nil
	}
	a, err := s.far.ask(ctx, d.Key)
	if s.flaw == retries && a.failure != Works && ctx.Err() == nil {
		a, err = s.far.ask(ctx, d.Key)
	}
	if err := s.verdict(a, err); err != nil {
		return notice.Receipt{}, err
	}
	return s.receipt(d), nil
}

func (s *sender) receipt(d outbox.Delivery) notice.Receipt {
	if s.flaw == silent {
		return notice.Receipt{}
	}
	return notice.Receipt{Message: notice.Message{TS: d.Key}}
}

// quoting wraps an answer without saying so.
type quoting struct{ answer string }

func (quoting) Error() string { return "something" }

func (s *sender) verdict(a answer, err error) error {
	said := errors.New(string(a.failure))
	switch s.flaw {
	case talkative:
		said = errors.New(a.text)
	case talkativeInside:
		said = fmt.Errorf("it went wrong: %w", quoting{a.text})
	}
	switch {
	case err != nil && s.flaw == doubtful:
		return &outbox.Unknown{Err: err}
	case err != nil:
		return &outbox.RetryLater{Reason: "it could not be reached", Err: err}
	case a.failure == Works:
		return nil
	case a.failure == Limited:
		later := &outbox.RetryLater{After: RetryAfter, Op: s.flaw != narrow, Err: said}
		if s.flaw == hasty {
			later.After = 0
		}
		return later
	case a.failure == Refuses && s.flaw == curt:
		return &outbox.Refused{Reason: "is_archived", Err: said}
	case a.failure == Refuses:
		return &outbox.Refused{Reason: "the channel is archived", Err: said}
	case s.flaw == sure && a.failure == ReplyLost:
		return &outbox.RetryLater{Err: said}
	}
	return &outbox.Unknown{Err: said}
}
