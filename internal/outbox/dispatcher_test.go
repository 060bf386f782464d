package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"

	"muster/internal/notice"
	"muster/internal/outbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestFlush_OneLane_DeliversInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.put(post("a"), post("b"), post("c"), post("d"))
		if n := w.flush(); n != 4 {
			t.Errorf("delivered %d, want 4", n)
		}
		equal(t, "sent", w.sender.sent(), []string{"a", "b", "c", "d"})
		equal(t, "waiting", w.store.waiting(home), nil)
	})
}

func TestReceipt_Delivered_IsRecordedInTheCommitThatPops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var recorded []notice.Receipt
		w.subject.records = func(l notice.Lease, r notice.Receipt) ([]notice.Notice, error) {
			recorded = append(recorded, r)
			if l.Notice.Key == "first" {
				return []notice.Notice{post("follows")}, nil
			}
			return nil, nil
		}
		w.store.put(post("first"))
		if n := w.flush(); n != 2 {
			t.Errorf("delivered %d, want 2", n)
		}
		equal(t, "sent", w.sender.sent(), []string{"first", "follows"})
		for _, r := range recorded {
			if r.Channel != "C0INCIDENT" || r.TS == "" {
				t.Errorf("recorded %+v", r)
			}
		}
	})
}

func TestDelivery_Sent_HasWhatItsLeaseSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		n := post("a")
		w.store.put(n)
		w.sender.answers = []error{&outbox.Unknown{Err: errors.New("timeout")}}
		w.flush()
		w.pass(time.Second)
		w.flush()
		for try, inDoubt := range []bool{false, true} {
			want := outbox.Delivery{
				Key: "a", At: n.At, Op: notice.OpPost, InDoubt: inDoubt, MayCome: inDoubt,
				To: outbox.Destination{Channel: "C0INCIDENT"}, Content: outbox.Content{Text: "change"},
			}
			if got := w.sender.call(try); !reflect.DeepEqual(got, want) {
				t.Errorf("try %d: got %+v, want %+v", try, got, want)
			}
		}
	})
}

// Slack said that it is done with the call, so one look is enough; but not while
// what an earlier attempt sent may still come.
func TestDoubt_CallIsOver_IsLookedForOnceAndSent(t *testing.T) {
	for name, tc := range map[string]struct {
		answers []error
		mayCome []bool
	}{
		"over":                       {[]error{&outbox.Unknown{Err: errors.New("503"), Over: true}}, []bool{false, false}},
		"over, after a broken call":  {[]error{&outbox.Unknown{Err: errors.New("broken")}, &outbox.Unknown{Err: errors.New("503"), Over: true}}, []bool{false, true, true}},
		"broken, after one was over": {[]error{&outbox.Unknown{Err: errors.New("503"), Over: true}, &outbox.Unknown{Err: errors.New("broken")}}, []bool{false, false, true}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.store.put(post("a"))
				w.sender.answers = tc.answers
				for range tc.mayCome {
					w.flush()
					w.pass(3 * time.Second)
				}
				for try, mayCome := range tc.mayCome {
					if got := w.sender.call(try); got.InDoubt != (try > 0) || got.MayCome != mayCome {
						t.Errorf("try %d: in doubt %t, may come %t", try, got.InDoubt, got.MayCome)
					}
				}
			})
		})
	}
}

func TestFlush_Taking_KeepsToTheSendersLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.flush()
		if !reflect.DeepEqual(w.store.limits, limits) {
			t.Errorf("took with %+v, want %+v", w.store.limits, limits)
		}
	})
}

func TestNotice_Obsolete_IsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.subject.answers["reminder"] = fmt.Errorf("INC-1: %w", outbox.ErrObsolete)
		w.store.put(post("reminder"), post("news"))
		w.flush()
		equal(t, "sent", w.sender.sent(), []string{"news"})
		equal(t, "waiting", w.store.waiting(home), nil)
		if len(w.subject.dead) != 0 {
			t.Errorf("dead letters: %v", w.subject.dead)
		}
	})
}

func TestNotice_RefusedByItsComposer_IsADeadLetterAndIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.subject.answers["public"] = &outbox.Refused{Reason: "held back"}
		w.store.put(post("public"), post("next"))
		w.flush()
		equal(t, "sent", w.sender.sent(), []string{"next"})
		if reason := w.subject.dead["public"]; reason != "held back" {
			t.Errorf("reason %q", reason)
		}
	})
}

func TestNotice_SubjectCannotBeRead_IsTriedAgainWithoutADoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		failures := 2
		w.store.fault = func(op string) fault {
			if op == "compose" && failures > 0 {
				failures--
				return fails
			}
			return works
		}
		w.store.put(post("a"))
		for w.sender.posted["a"] == 0 {
			w.flush()
			w.pass(time.Second)
		}
		if w.sender.call(0).InDoubt {
			t.Error("it was looked up, though nothing had been sent")
		}
	})
}

func TestNotice_UnknownMedium_IsRefusedInPlainWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		pigeon := post("a")
		pigeon.To.Medium = "pigeon"
		w.store.put(pigeon, post("next"))
		w.flush()
		equal(t, "sent", w.sender.sent(), []string{"next"})
		if got := w.subject.dead["a"]; got != "this version of Muster doesn't know how to send it" {
			t.Errorf("reason %q", got)
		}
	})
}

func TestNotice_UnknownKindOfSubject_IsLoggedAndTheLaneGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		n := post("a")
		n.Subject.Kind = "riddle"
		w.store.put(n, post("next"))
		w.flush()
		equal(t, "sent", w.sender.sent(), []string{"next"})
		refused := w.logs.FilterMessage("cannot be delivered").FilterField(zap.Stringer("subject", n.Subject))
		if refused.Len() != 1 || !strings.Contains(fmt.Sprint(refused.All()[0].ContextMap()["error"]), "riddle/1") {
			t.Errorf("logged %+v", refused.All())
		}
	})
}

func TestNotice_RefusedByItsSender_IsADeadLetterAndTheLaneGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.put(post("a"), post("b"))
		w.sender.answers = []error{&outbox.Refused{Reason: "the channel is archived", Err: errors.New("is_archived")}}
		w.flush()
		if got := w.subject.dead["a"]; got != "the channel is archived" {
			t.Errorf("reason %q", got)
		}
		if w.sender.posted["b"] != 1 {
			t.Error("the next notice was not posted")
		}
	})
}

func TestOp_Limited_WaitsInAllLanes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		edit := in("lane 3", post("edit"))
		edit.Op, edit.Template = notice.OpEdit, "card"
		w.store.put(in("lane 1", post("a")), in("lane 2", post("b")), edit)
		limited := true
		w.sender.meet = func(_ context.Context, d outbox.Delivery) (bool, notice.Receipt, error) {
			if d.Op != notice.OpPost || !limited {
				return false, notice.Receipt{}, nil
			}
			return true, notice.Receipt{}, &outbox.RetryLater{After: 30 * time.Second, Op: true, Err: errors.New("ratelimited")}
		}
		w.flush()
		limited = false
		calls := len(w.sender.sent())
		w.pass(29 * time.Second)
		w.store.put(in("lane 4", post("c"))) // newly come
		w.flush()
		if got := len(w.sender.sent()); got != calls || w.sender.posted["edit"] != 1 {
			t.Errorf("%d calls while limited, the edit was applied %d times", got-calls, w.sender.posted["edit"])
		}
		w.pass(time.Second)
		w.flush()
		if w.sender.posted["a"] != 1 || w.sender.posted["b"] != 1 || w.sender.posted["c"] != 1 {
			t.Errorf("posted after the limit: %v", w.sender.posted)
		}
		for _, d := range w.sender.calls {
			if d.InDoubt {
				t.Errorf("%s was looked up, though a limit leaves no doubt", d.Key)
			}
		}
	})
}

func TestDoubt_OtherFailuresFollow_LastsUntilItIsResolved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.put(post("a"))
		w.sender.answers = []error{
			&outbox.Unknown{Err: errors.New("timeout")},
			&outbox.RetryLater{After: time.Second, Err: errors.New("the look was limited")},
			errors.New("something without a verdict"),
		}
		for w.sender.posted["a"] == 0 {
			w.flush()
			w.pass(time.Second)
		}
		for n, want := range []bool{false, true, true, true} {
			if got := w.sender.call(n).InDoubt; got != want {
				t.Errorf("call %d: in doubt %t, want %t", n, got, want)
			}
		}
	})
}

func TestRetry_ManyFailures_SlowsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.put(post("a"))
		w.sender.answers = slices.Repeat([]error{&outbox.Unknown{Err: errors.New("503")}}, 10)
		for try := range 10 {
			w.flush()
			at, _ := w.store.next()
			wait := time.Until(at).Round(time.Millisecond)
			full := min(time.Second<<try, time.Minute)
			if wait < full/2-time.Millisecond || wait > full {
				t.Errorf("after try %d: waits %s, want %s to %s", try+1, wait, full/2, full)
			}
			w.pass(time.Until(at))
		}
	})
}

// What a look does not find may still come: it is looked for again and again, and
// sent only once it cannot come any more.
func TestDoubt_PostCarriedOutLate_IsNotSentAgain(t *testing.T) {
	for after := time.Second; after < outbox.Late; after += 700 * time.Millisecond {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.store.put(post("a"))
			w.sender.meet = func(_ context.Context, d outbox.Delivery) (bool, notice.Receipt, error) {
				if d.InDoubt {
					return false, notice.Receipt{}, nil
				}
				time.AfterFunc(after, func() { w.sender.apply(d) })
				return true, notice.Receipt{}, &outbox.Unknown{Err: errors.New("connection reset")}
			}
			begun := time.Now()
			deliverAll(t, w)
			if w.sender.posted["a"] != 1 || time.Since(begun) > outbox.Late {
				t.Errorf("carried out after %s: posted %d times, done after %s", after, w.sender.posted["a"], time.Since(begun))
			}
		})
	}
}

func TestDoubt_PostNeverCarriedOut_IsSentOnceItCannotComeAnyMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.put(post("a"))
		w.sender.answers = []error{&outbox.Unknown{Err: errors.New("connection reset")}}
		begun := time.Now()
		deliverAll(t, w)
		if took := time.Since(begun); w.sender.posted["a"] != 1 || took < outbox.Late || took > outbox.Late+time.Second {
			t.Errorf("posted %d times after %s", w.sender.posted["a"], took)
		}
	})
}

func TestPanic_WhileSending_IsADoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.put(post("a"))
		w.sender.meet = func(_ context.Context, d outbox.Delivery) (bool, notice.Receipt, error) {
			if !d.InDoubt {
				panic("nil map")
			}
			return false, notice.Receipt{}, nil
		}
		w.flush()
		w.pass(outbox.Late)
		w.flush()
		if w.sender.posted["a"] != 1 || w.logs.FilterMessage("not delivered yet").Len() != 1 {
			t.Errorf("posted %d times, %d retries logged", w.sender.posted["a"], w.logs.FilterMessage("not delivered yet").Len())
		}
	})
}

func TestPanic_WhileComposing_IsADoubtAFewTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.fault = func(op string) fault {
			if op == "compose" {
				panic("nil map")
			}
			return works
		}
		w.store.put(post("a"))
		for try := range 3 {
			w.flush()
			if len(w.subject.dead) != 0 || !w.store.byName[home].inDoubt {
				t.Fatalf("after try %d: dead letters %v, in doubt %t", try+1, w.subject.dead, w.store.byName[home].inDoubt)
			}
			w.pass(time.Minute)
		}
		w.flush()
		if got := w.subject.dead["a"]; got != "a bug in Muster" {
			t.Errorf("reason %q", got)
		}
	})
}

func TestPanic_WhileRecording_LeavesTheLeaseToRunOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.subject.records = func(notice.Lease, notice.Receipt) ([]notice.Notice, error) { panic("nil map") }
		w.store.put(post("topic"))
		w.flush()
		if w.logs.FilterMessage("record a delivery").Len() != 1 || !w.store.byName[home].leased {
			t.Error("the panic was not survived as it should")
		}
	})
}

func TestNotice_FailsForADay_IsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.put(post("poison"), post("next"))
		w.sender.meet = func(_ context.Context, d outbox.Delivery) (bool, notice.Receipt, error) {
			return d.Key == "poison", notice.Receipt{}, &outbox.Unknown{Reason: "Slack has a problem", Err: errors.New("fatal_error")}
		}
		w.flush()
		w.pass(outbox.GiveUp - time.Minute)
		w.flush()
		if len(w.subject.dead) != 0 {
			t.Fatalf("dead too early: %v", w.subject.dead)
		}
		w.pass(2 * time.Minute)
		w.flush()
		if got, want := w.subject.dead["poison"], "given up after 24 h: Slack has a problem"; got != want {
			t.Errorf("reason %q, want %q", got, want)
		}
		if w.sender.posted["next"] != 1 {
			t.Error("the lane did not go on")
		}
	})
}

func TestLease_Lost_IsTheOthersToFinish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.put(post("a"))
		var other notice.Lease
		w.sender.meet = func(ctx context.Context, d outbox.Delivery) (bool, notice.Receipt, error) {
			if d.InDoubt {
				return false, notice.Receipt{}, nil
			}
			r := w.sender.apply(d)
			w.pass(31 * time.Second) // a host that stood still
			var ok bool
			if other, ok, _ = w.store.Take(context.WithoutCancel(ctx), time.Now(), time.Second, notice.Limits{}); !ok {
				t.Error("the lease did not run out")
			}
			return true, r, nil
		}
		if n := w.flush(); n != 0 {
			t.Errorf("%d settled without the lease", n)
		}
		if !other.InDoubt {
			t.Fatal("the other has no doubt")
		}
		w.pass(2 * time.Second) // the other dies as well
		w.flush()
		if w.sender.posted["a"] != 1 || len(w.store.waiting(home)) != 0 {
			t.Errorf("posted %d times, waiting %v", w.sender.posted["a"], w.store.waiting(home))
		}
	})
}

func TestNotice_NoSubject_IsLoggedAndDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.subject.answers["orphan"] = outbox.ErrNoSubject
		w.store.put(post("orphan"))
		w.flush()
		if len(w.sender.sent()) != 0 || len(w.store.waiting(home)) != 0 {
			t.Errorf("sent %v, waiting %v", w.sender.sent(), w.store.waiting(home))
		}
		if w.logs.FilterMessage("dropped").FilterLevelExact(zap.ErrorLevel).FilterField(zap.String("notice", "orphan")).Len() != 1 {
			t.Error("nothing was logged")
		}
	})
}
