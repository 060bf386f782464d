package sendertest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"muster/internal/notice"
	"muster/internal/outbox"
)

// check is one thing that the outbox relies on. It says what is wrong.
type check struct {
	name string
	run  func(open func() Setup) error
}

var checks = []check{
	{"delivers", delivers},
	{"tries once", triesOnce},
	{"says what is known", saysWhatIsKnown},
	{"waits as long as it is asked to", waitsAsAsked},
	{"has no doubt when nothing was reached", unreachable},
	{"refuses in words for people", refusesInWords},
	{"refuses an op that it does not know", refusesUnknownOps},
	{"ends with its context", endsWithItsContext},
	{"sends nothing once its context has ended", sendsNothingAfterItsContext},
	{"finds what arrived", findsWhatArrived},
	{"sends what did not arrive", sendsWhatDidNot},
	{"takes nothing else for it", takesNothingElse},
	{"sends nothing when it cannot look", sendsNothingUnlooked},
	{"tells no secret", tellsNoSecret},
}

// send sends the setup's delivery under a key.
func (s Setup) send(ctx context.Context, key string, inDoubt bool) (notice.Receipt, error) {
	d := s.Delivery
	d.Key, d.InDoubt = key, inDoubt
	return s.Sender.Send(ctx, d)
}

// count compares what arrived with what ought to have.
func (s Setup) count(key string, attempts, delivered int) error {
	if a, d := s.Far.Attempts(), s.Far.Delivered(key); a != attempts || d != delivered {
		return fmt.Errorf("%d attempts and %d deliveries, want %d and %d", a, d, attempts, delivered)
	}
	return nil
}

func delivers(open func() Setup) error {
	s := open()
	r, err := s.send(context.Background(), "key", false)
	if err != nil {
		return err
	}
	if r.Message == (notice.Message{}) {
		return errors.New("the receipt does not say where it is")
	}
	return s.count("key", 1, 1)
}

func triesOnce(open func() Setup) error {
	for _, f := range []Failure{Limited, Trouble, Garbage, Dropped, ReplyLost, Refuses} {
		s := open()
		s.Far.Fail(f)
		if _, err := s.send(context.Background(), "key", false); err == nil {
			return fmt.Errorf("%s: no error", f)
		}
		delivered := 0
		if f == ReplyLost {
			delivered = 1
		}
		if err := s.count("key", 1, delivered); err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
	}
	return nil
}

// verdict names the type of an error.
func verdict(err error) string {
	if _, ok := errors.AsType[*outbox.RetryLater](err); ok {
		return "RetryLater"
	}
	if _, ok := errors.AsType[*outbox.Refused](err); ok {
		return "Refused"
	}
	if _, ok := errors.AsType[*outbox.Unknown](err); ok {
		return "Unknown"
	}
	return fmt.Sprintf("no verdict: %T", err)
}

func saysWhatIsKnown(open func() Setup) error {
	for f, want := range map[Failure]string{
		Limited: "RetryLater", Trouble: "Unknown", Garbage: "Unknown", Dropped: "Unknown", ReplyLost: "Unknown", Refuses: "Refused",
	} {
		s := open()
		s.Far.Fail(f)
		_, err := s.send(context.Background(), "key", false)
		if got := verdict(err); got != want {
			return fmt.Errorf("%s: %s, want %s (%w)", f, got, want, err)
		}
	}
	return nil
}

func waitsAsAsked(open func() Setup) error {
	s := open()
	s.Far.Fail(Limited)
	_, err := s.send(context.Background(), "key", false)
	later, ok := errors.AsType[*outbox.RetryLater](err)
	if !ok || later.After < RetryAfter || !later.Op {
		return fmt.Errorf("got %s (%w), want the whole op to wait for %s", verdict(err), err, RetryAfter)
	}
	return nil
}

func unreachable(open func() Setup) error {
	s := open()
	s.Far.Close()
	_, err := s.send(context.Background(), "key", false)
	if later, ok := errors.AsType[*outbox.RetryLater](err); !ok || later.Op || later.Reason == "" {
		return fmt.Errorf("got %s (%w), want this one to be tried again", verdict(err), err)
	}
	return nil
}

func refusesInWords(open func() Setup) error {
	s := open()
	s.Far.Fail(Refuses)
	_, err := s.send(context.Background(), "key", false)
	refused, ok := errors.AsType[*outbox.Refused](err)
	if !ok {
		return fmt.Errorf("got %s", verdict(err))
	}
	if r := refused.Reason; !strings.Contains(r, " ") || strings.ContainsAny(r, "_{}<>\n") || strings.HasSuffix(r, ".") {
		return fmt.Errorf("%q does not complete \"could not be delivered: …\"", r)
	}
	return nil
}

func refusesUnknownOps(open func() Setup) error {
	s := open()
	s.Delivery.Op = "dance"
	_, err := s.send(context.Background(), "key", false)
	if got := verdict(err); got != "Refused" {
		return fmt.Errorf("got %s (%w)", got, err)
	}
	return s.count("key", 0, 0)
}

// promptly bounds how long a sender may go on after its context ended.
const promptly = 5 * time.Second

func endsWithItsContext(open func() Setup) error {
	for _, cause := range []error{context.Canceled, context.DeadlineExceeded} {
		s := open()
		err := hang(s, cause)
		if got := verdict(err); got != "Unknown" {
			return fmt.Errorf("%w: %s, want Unknown: the request had left (%w)", cause, got, err)
		}
		if err := s.count("key", 1, 0); err != nil {
			return err
		}
	}
	return nil
}

// hang sends, ends the context when the far end has the request, and returns the
// sender's error.
func hang(s Setup, cause error) error {
	s.Far.Fail(Hangs)
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	over := make(chan error, 1)
	go func() {
		_, err := s.send(ctx, "key", false)
		over <- err
	}()
	select {
	case <-s.Far.Held():
	case err := <-over:
		return fmt.Errorf("it ended before the far end had the request: %w", err)
	}
	cancel(cause)
	select {
	case err := <-over:
		return err
	case <-time.After(promptly):
		s.Far.Close()
		late := <-over
		return fmt.Errorf("it went on for %s after its context had ended, to end with %s", promptly, verdict(late))
	}
}

func sendsNothingAfterItsContext(open func() Setup) error {
	s := open()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.send(ctx, "key", false); err == nil {
		return errors.New("no error")
	}
	return s.count("key", 0, 0)
}

func findsWhatArrived(open func() Setup) error {
	s := open()
	s.Far.Fail(ReplyLost)
	if _, err := s.send(context.Background(), "key", false); err == nil {
		return errors.New("no error, though the reply was lost")
	}
	s.Far.Fail(Works)
	r, err := s.send(context.Background(), "key", true)
	if err != nil {
		return err
	}
	if r.Message == (notice.Message{}) {
		return errors.New("the receipt does not say where it was found")
	}
	return s.count("key", 1, 1)
}

func sendsWhatDidNot(open func() Setup) error {
	s := open()
	s.Far.Fail(Dropped)
	if _, err := s.send(context.Background(), "key", false); err == nil {
		return errors.New("no error, though the connection was dropped")
	}
	s.Far.Fail(Works)
	if _, err := s.send(context.Background(), "key", true); err != nil {
		return err
	}
	return s.count("key", 2, 1)
}

func takesNothingElse(open func() Setup) error {
	s := open()
	if _, err := s.send(context.Background(), "other", false); err != nil {
		return err
	}
	if _, err := s.send(context.Background(), "key", true); err != nil {
		return err
	}
	return s.count("key", 2, 1)
}

func sendsNothingUnlooked(open func() Setup) error {
	for f, want := range map[Failure]string{Limited: "RetryLater", Trouble: "Unknown", Dropped: "Unknown"} {
		s := open()
		s.Far.Fail(f)
		_, err := s.send(context.Background(), "key", true)
		if got := verdict(err); got != want {
			return fmt.Errorf("%s: %s, want %s (%w)", f, got, want, err)
		}
		if err := s.count("key", 0, 0); err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
	}
	return nil
}
