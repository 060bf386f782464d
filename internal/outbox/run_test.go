package outbox_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"muster/internal/incident"
	"muster/internal/outbox"
)

// run starts the loop; stop ends it and waits until it is over.
func (w *world) run() (stop func()) {
	ctx, cancel := context.WithCancel(w.t.Context())
	over := make(chan error, 1)
	go func() { over <- w.Run(ctx) }()
	return func() {
		w.t.Helper()
		cancel()
		if err := <-over; err != nil {
			w.t.Errorf("Run: %v", err)
		}
	}
}

func TestRunDeliversWhatItIsWokenFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		stop := w.run()
		synctest.Wait() // it has found nothing and rests
		began := time.Now()
		w.store.put(open(), post("a"), post("b"))
		w.Wake()
		synctest.Wait()
		equal(t, "sent", w.slack.sent(), []string{"a", "b"})
		if took := time.Since(began); took != 0 {
			t.Errorf("it took %s: nobody should have had to wait for the poll", took)
		}
		stop()
	})
}

func TestRunFindsByItselfWhatBecomesReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		stop := w.run()
		w.slack.answers = []error{&outbox.RetryLater{After: 10 * time.Second, Err: errors.New("later")}}
		w.store.put(open(), post("a"))
		w.pass(11 * time.Second)
		if w.slack.posted["a"] != 1 {
			t.Error("the retry was not delivered")
		}
		stop()
	})
}

func TestRunBacksOffWhileTheStoreIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		takes, away := 0, true
		w.store.fault = func(op string) fault {
			if op == "take" {
				takes++
				if away {
					return fails
				}
			}
			return works
		}
		w.store.put(open(), post("a"))
		stop := w.run()
		w.pass(time.Minute)
		synctest.Wait()
		if takes < 5 || takes > 60 {
			t.Errorf("%d attempts in a minute", takes)
		}
		w.store.mu.Lock()
		away = false
		w.store.mu.Unlock()
		w.pass(10 * time.Second)
		if w.slack.posted["a"] != 1 {
			t.Error("nothing was delivered when the store was back")
		}
		stop()
	})
}

func TestAnOutcomeIsRecordedThoughTheStoreWasAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.put(open(), post("a"))
		failures := 3
		w.store.fault = func(op string) fault {
			if op == "pop" && failures > 0 {
				failures--
				return fails
			}
			return works
		}
		w.flush()
		if w.slack.posted["a"] != 1 || len(w.slack.sent()) != 1 || len(w.store.waiting("incident:INC-1")) != 0 {
			t.Errorf("posted %d, sent %v, waiting %v", w.slack.posted["a"], w.slack.sent(), w.store.waiting("incident:INC-1"))
		}
	})
}

func TestRunFinishesASendThatIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		entered := make(chan struct{})
		w.slack.meet = func(ctx context.Context, _ outbox.Delivery) (bool, incident.Receipt, error) {
			close(entered)
			select {
			case <-time.After(2 * time.Second): // within the grace
				return false, incident.Receipt{}, nil
			case <-ctx.Done():
				return true, incident.Receipt{}, &outbox.Unknown{Err: ctx.Err()}
			}
		}
		w.store.put(open(), post("a"), post("b"))
		stop := w.run()
		<-entered
		stop()
		equal(t, "sent", w.slack.sent(), []string{"a"})
		equal(t, "waiting", w.store.waiting("incident:INC-1"), []string{"b"})
	})
}

func TestRunEndsThoughASendHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		entered := make(chan struct{})
		w.slack.meet = func(ctx context.Context, _ outbox.Delivery) (bool, incident.Receipt, error) {
			close(entered)
			<-ctx.Done()
			return true, incident.Receipt{}, &outbox.Unknown{Err: ctx.Err()}
		}
		w.store.put(open(), post("a"))
		stop := w.run()
		<-entered
		began := time.Now()
		stop()
		if took := time.Since(began); took > 4*time.Second {
			t.Errorf("it took %s to end", took)
		}
		l := w.store.lanes["incident:INC-1"]
		if l.leased || !l.unsure {
			t.Errorf("leased %t, unsure %t: the doubt was to be recorded", l.leased, l.unsure)
		}
	})
}

func TestASendThatHangsEndsBeforeItsLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.slack.meet = func(ctx context.Context, d outbox.Delivery) (bool, incident.Receipt, error) {
			if d.InDoubt {
				return false, incident.Receipt{}, nil
			}
			<-ctx.Done()
			return true, incident.Receipt{}, &outbox.Unknown{Err: ctx.Err()}
		}
		w.store.put(open(), post("a"))
		began := time.Now()
		w.flush()
		if l, took := w.store.lanes["incident:INC-1"], time.Since(began); l.leased || took > 25*time.Second {
			t.Errorf("leased %t after %s: it was to be released in time", l.leased, took)
		}
	})
}

func TestFlushWaitsForWhatRunHasUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		entered, goOn := make(chan struct{}), make(chan struct{})
		w.slack.meet = func(_ context.Context, d outbox.Delivery) (bool, incident.Receipt, error) {
			if d.Notice.Key == "a" {
				close(entered)
				<-goOn
			}
			return false, incident.Receipt{}, nil
		}
		w.store.put(open(), post("a"), post("b"))
		stop := w.run()
		<-entered
		flushed := make(chan int, 1)
		go func() { flushed <- w.flush() }()
		synctest.Wait() // everybody waits by now
		select {
		case <-flushed:
			t.Fatal("Flush did not wait")
		default:
		}
		close(goOn)
		if n := <-flushed; n != 2 {
			t.Errorf("%d delivered, want 2", n)
		}
		stop()
	})
}

func TestFlushEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		goOn := make(chan struct{})
		w.slack.meet = func(context.Context, outbox.Delivery) (bool, incident.Receipt, error) {
			<-goOn
			return false, incident.Receipt{}, nil
		}
		w.store.put(open(), post("a"))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := w.Flush(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Flush: %v", err)
		}
		close(goOn)
	})
}

func TestWorkersAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		goOn := make(chan struct{})
		w.slack.meet = func(context.Context, outbox.Delivery) (bool, incident.Receipt, error) {
			<-goOn
			return false, incident.Receipt{}, nil
		}
		for lane := range 20 {
			name := string(rune('a' + lane))
			w.store.put(open(), in(name, post(name)))
		}
		stop := w.run()
		synctest.Wait()
		if n := len(w.slack.sent()); n != 8 {
			t.Errorf("%d at the same time, want 8", n)
		}
		close(goOn)
		synctest.Wait()
		if n := len(w.slack.sent()); n != 20 {
			t.Errorf("%d sent, want all 20", n)
		}
		stop()
	})
}
