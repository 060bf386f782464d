package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"muster/internal/notice"
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

func TestRun_Woken_DeliversAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		stop := w.run()
		synctest.Wait() // it has found nothing and rests
		began := time.Now()
		w.store.put(post("a"), post("b"))
		w.Wake()
		synctest.Wait()
		equal(t, "sent", w.sender.sent(), []string{"a", "b"})
		if took := time.Since(began); took != 0 {
			t.Errorf("it took %s: nobody should have had to wait for the poll", took)
		}
		stop()
	})
}

func TestRun_NotWoken_FindsWhatBecomesReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		stop := w.run()
		w.sender.answers = []error{&outbox.RetryLater{After: 10 * time.Second, Err: errors.New("later")}}
		w.store.put(post("a"))
		w.pass(11 * time.Second)
		if w.sender.posted["a"] != 1 {
			t.Error("the retry was not delivered")
		}
		stop()
	})
}

func TestRun_StoreAway_BacksOff(t *testing.T) {
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
		w.store.put(post("a"))
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
		if w.sender.posted["a"] != 1 {
			t.Error("nothing was delivered when the store was back")
		}
		stop()
	})
}

func TestOutcome_StoreAway_IsRecordedWhenItIsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.put(post("a"))
		failures := 3
		w.store.fault = func(op string) fault {
			if op == "pop" && failures > 0 {
				failures--
				return fails
			}
			return works
		}
		w.flush()
		if w.sender.posted["a"] != 1 || len(w.sender.sent()) != 1 || len(w.store.waiting(home)) != 0 {
			t.Errorf("posted %d, sent %v, waiting %v", w.sender.posted["a"], w.sender.sent(), w.store.waiting(home))
		}
	})
}

func TestRun_Ends_FinishesASendThatIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		entered := make(chan struct{})
		w.sender.meet = func(ctx context.Context, _ outbox.Delivery) (bool, notice.Receipt, error) {
			close(entered)
			select {
			case <-time.After(2 * time.Second): // within the grace
				return false, notice.Receipt{}, nil
			case <-ctx.Done():
				return true, notice.Receipt{}, &outbox.Unknown{Err: ctx.Err()}
			}
		}
		w.store.put(post("a"), post("b"))
		stop := w.run()
		<-entered
		stop()
		equal(t, "sent", w.sender.sent(), []string{"a"})
		equal(t, "waiting", w.store.waiting(home), []string{"b"})
	})
}

func TestRun_EndsWhileItTakes_DeliversWhatItTook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.put(post("a"))
		ctx, end := context.WithCancel(t.Context())
		w.store.fault = func(op string) fault {
			if op == "take" {
				end()
			}
			return works
		}
		if err := w.Run(ctx); err != nil {
			t.Fatal(err)
		}
		equal(t, "sent", w.sender.sent(), []string{"a"})
		equal(t, "waiting", w.store.waiting(home), nil)
	})
}

func TestRun_SendHangs_EndsAllTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		entered := make(chan struct{})
		w.sender.meet = func(ctx context.Context, _ outbox.Delivery) (bool, notice.Receipt, error) {
			close(entered)
			<-ctx.Done()
			return true, notice.Receipt{}, &outbox.Unknown{Err: ctx.Err()}
		}
		w.store.put(post("a"))
		stop := w.run()
		<-entered
		began := time.Now()
		stop()
		if took := time.Since(began); took > 4*time.Second {
			t.Errorf("it took %s to end", took)
		}
		l := w.store.byName[home]
		if l.leased || !l.inDoubt {
			t.Errorf("leased %t, in doubt %t: the doubt was to be recorded", l.leased, l.inDoubt)
		}
	})
}

func TestSend_Hangs_EndsBeforeItsLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.sender.meet = func(ctx context.Context, d outbox.Delivery) (bool, notice.Receipt, error) {
			if d.InDoubt {
				return false, notice.Receipt{}, nil
			}
			<-ctx.Done()
			return true, notice.Receipt{}, &outbox.Unknown{Err: ctx.Err()}
		}
		w.store.put(post("a"))
		began := time.Now()
		w.flush()
		if l, took := w.store.byName[home], time.Since(began); l.leased || took > 25*time.Second {
			t.Errorf("leased %t after %s: it was to be released in time", l.leased, took)
		}
	})
}

func TestFlush_BesideRun_WaitsForWhatIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		entered, goOn := make(chan struct{}), make(chan struct{})
		w.sender.meet = func(_ context.Context, d outbox.Delivery) (bool, notice.Receipt, error) {
			if d.Key == "a" {
				close(entered)
				<-goOn
			}
			return false, notice.Receipt{}, nil
		}
		w.store.put(post("a"), post("b"))
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

func TestFlush_ContextEnds_EndsToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		goOn := make(chan struct{})
		w.sender.meet = func(context.Context, outbox.Delivery) (bool, notice.Receipt, error) {
			<-goOn
			return false, notice.Receipt{}, nil
		}
		w.store.put(post("a"))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := w.Flush(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Flush: %v", err)
		}
		close(goOn)
	})
}

func TestRun_ManyLanes_BoundsItsWorkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		goOn := make(chan struct{})
		w.sender.meet = func(context.Context, outbox.Delivery) (bool, notice.Receipt, error) {
			<-goOn
			return false, notice.Receipt{}, nil
		}
		for lane := range 20 {
			name := string(rune('a' + lane))
			w.store.put(in(name, post(name)))
		}
		stop := w.run()
		synctest.Wait()
		if n := len(w.sender.sent()); n != 8 {
			t.Errorf("%d at the same time, want 8", n)
		}
		close(goOn)
		synctest.Wait()
		if n := len(w.sender.sent()); n != 20 {
			t.Errorf("%d sent, want all 20", n)
		}
		stop()
	})
}

// Sends that are slow, however many, leave workers for what is urgent.
func TestRun_SlowSendsOfWhatIsNotUrgent_KeepNoP0Waiting(t *testing.T) {
	for _, priority := range []notice.Priority{notice.High, notice.Normal, notice.Bulk} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			goOn := make(chan struct{})
			w.sender.meet = func(_ context.Context, d outbox.Delivery) (bool, notice.Receipt, error) {
				if !strings.HasPrefix(d.Key, "urgent") {
					<-goOn
				}
				return false, notice.Receipt{}, nil
			}
			for n := range 8 {
				key := fmt.Sprintf("slow-%d", n)
				slow := in(key, post(key))
				slow.Priority = priority
				w.store.put(slow)
			}
			stop := w.run()
			synctest.Wait()
			if n := len(w.sender.sent()); n != 6 {
				t.Errorf("priority %d: %d slow ones under way, want 6 of 8 workers", priority, n)
			}
			began := time.Now()
			for n := range 4 {
				key := fmt.Sprintf("urgent-%d", n)
				w.store.put(in(key, post(key)))
			}
			w.Wake()
			synctest.Wait()
			if n := len(w.sender.sent()); n != 10 || time.Since(began) > 0 {
				t.Errorf("priority %d: %d sent after %s, want the 4 urgent ones at once", priority, n, time.Since(began))
			}
			close(goOn)
			synctest.Wait()
			if n := len(w.sender.sent()); n != 12 {
				t.Errorf("priority %d: %d sent in the end, want all 12", priority, n)
			}
			stop()
		})
	}
}
