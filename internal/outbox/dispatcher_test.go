package outbox_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"

	"muster/internal/incident"
	"muster/internal/outbox"
	"muster/internal/policy"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestDeliversALaneInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.put(open(), post("a"), post("b"), post("c"), post("d"))
		if n := w.flush(); n != 4 {
			t.Errorf("delivered %d, want 4", n)
		}
		equal(t, "sent", w.slack.sent(), []string{"a", "b", "c", "d"})
		equal(t, "waiting", w.store.waiting("incident:INC-1"), nil)
	})
}

func TestDeclaringIsDeliveredWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		_, err := w.service.Do(t.Context(), incident.Request{Key: "k", By: "U0ANA"}, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
			return i.Declare(c, incident.Declaration{Title: "Payments down", Severity: policy.P1})
		})
		if err != nil {
			t.Fatal(err)
		}
		w.flush()
		i := w.store.incident(1)
		if i.Channel != "C0INCIDENT" || i.Card.TS == "" || i.Announced.TS == "" {
			t.Errorf("channel %q, card %q, announcement %q", i.Channel, i.Card.TS, i.Announced.TS)
		}
		for step, outcome := range i.Steps {
			if outcome.State != incident.StepDone {
				t.Errorf("step %s is %s (%s)", step, outcome.State, outcome.Reason)
			}
		}
	})
}

func TestPrivateStaysPrivate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		i := open()
		i.Private = true
		announcement := in("channel:C0ANNOUNCE", post("public"))
		announcement.To = incident.Target{Channel: "C0ANNOUNCE"}
		stranger := in("user:U0STRANGER", post("stranger"))
		stranger.To = incident.Target{User: "U0STRANGER"}
		w.store.put(i, announcement, stranger, post("home"))
		w.flush()
		for _, d := range w.slack.calls {
			switch {
			case d.To.Channel != "" && d.To.Channel != "C0INCIDENT":
				t.Errorf("%s went to %s", d.Notice.Key, d.To.Channel)
			case d.To.User == "U0STRANGER" && d.Incident.Title == "Payments down":
				t.Error("a stranger was shown the title")
			case d.To.Channel == "C0INCIDENT" && d.Incident.Title != "Payments down":
				t.Error("its own channel was shown no title")
			}
		}
		if n := len(w.slack.calls); n < 2 {
			t.Fatalf("%d calls: the stranger and the channel were to be told", n)
		}
		if reason := w.store.dead["public"]; !strings.Contains(reason, "held back") {
			t.Errorf("the announcement's reason is %q", reason)
		}
	})
}

func TestDropsWhatIsNoLongerTrue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		i := open()
		i.Status = incident.Resolved
		reminder := post("reminder")
		reminder.Template = incident.TemplateReminder
		w.store.put(i, reminder, post("news"))
		w.flush()
		equal(t, "sent", w.slack.sent(), []string{"news"})
		if len(w.store.dead) != 0 {
			t.Errorf("dead letters: %v", w.store.dead)
		}
	})
}

func TestWhatNeedsAChannelFailsWithoutOne(t *testing.T) {
	for _, act := range []incident.Op{incident.OpTopic, incident.OpInvite, incident.OpPin} {
		t.Run(string(act), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				i := open()
				i.Channel = ""
				n := post("a")
				n.Op, n.Template = act, ""
				w.store.put(i, n)
				w.flush()
				for _, d := range w.slack.calls {
					if d.Notice.Key == "a" {
						t.Error("it was sent")
					}
				}
				if got := w.store.dead["a"]; got != "the incident doesn't have a channel" {
					t.Errorf("reason %q", got)
				}
			})
		})
	}
}

func TestRefusedIsADeadLetterAndTheLaneGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.put(open(), post("a"), post("b"))
		w.slack.answers = []error{&outbox.Refused{Reason: "the channel is archived", Err: errors.New("is_archived")}}
		w.flush()
		if got := w.store.dead["a"]; got != "the channel is archived" {
			t.Errorf("reason %q", got)
		}
		if w.slack.posted["b"] != 1 {
			t.Error("the next notice was not posted")
		}
	})
}

func TestALimitedActWaitsInAllLanes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		edit := in("lane 3", post("edit"))
		edit.Op, edit.Template = incident.OpEdit, incident.TemplateCard
		w.store.put(open(), in("lane 1", post("a")), in("lane 2", post("b")), edit)
		limited := true
		w.slack.meet = func(_ context.Context, d outbox.Delivery) (bool, incident.Receipt, error) {
			if d.Notice.Op != incident.OpPost || !limited {
				return false, incident.Receipt{}, nil
			}
			return true, incident.Receipt{}, &outbox.RetryLater{After: 30 * time.Second, Op: true, Err: errors.New("ratelimited")}
		}
		w.flush()
		limited = false
		calls := len(w.slack.sent())
		w.pass(29 * time.Second)
		w.store.put(open(), in("lane 4", post("c"))) // newly come
		w.flush()
		if got := len(w.slack.sent()); got != calls || w.slack.posted["edit"] != 1 {
			t.Errorf("%d calls while limited, the edit was applied %d times", got-calls, w.slack.posted["edit"])
		}
		w.pass(time.Second)
		w.flush()
		if w.slack.posted["a"] != 1 || w.slack.posted["b"] != 1 || w.slack.posted["c"] != 1 {
			t.Errorf("posted after the limit: %v", w.slack.posted)
		}
		for _, d := range w.slack.calls {
			if d.InDoubt {
				t.Errorf("%s was looked up, though a limit leaves no doubt", d.Notice.Key)
			}
		}
	})
}

func TestDoubtLastsUntilItIsResolved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.put(open(), post("a"))
		w.slack.answers = []error{
			&outbox.Unknown{Err: errors.New("timeout")},
			&outbox.RetryLater{After: time.Second, Err: errors.New("the look was limited")},
			errors.New("something without a verdict"),
		}
		for w.slack.posted["a"] == 0 {
			w.flush()
			w.pass(time.Second)
		}
		for n, want := range []bool{false, true, true, true} {
			if got := w.slack.call(n).InDoubt; got != want {
				t.Errorf("call %d: unsure %t, want %t", n, got, want)
			}
		}
	})
}

func TestRetriesSlowDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.put(open(), post("a"))
		w.slack.answers = slices.Repeat([]error{&outbox.Unknown{Err: errors.New("503")}}, 10)
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

func TestAPanicIsADoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.put(open(), post("a"))
		w.slack.meet = func(_ context.Context, d outbox.Delivery) (bool, incident.Receipt, error) {
			if !d.InDoubt {
				panic("nil map")
			}
			return false, incident.Receipt{}, nil
		}
		w.flush()
		w.pass(time.Second)
		w.flush()
		if w.slack.posted["a"] != 1 || w.logs.FilterMessage("not delivered yet").Len() != 1 {
			t.Errorf("posted %d times, %d retries logged", w.slack.posted["a"], w.logs.FilterMessage("not delivered yet").Len())
		}
	})
}

func TestAPanicWhileRecordingLeavesTheLeaseToRunOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		damaged := open()
		damaged.Steps = nil
		topic := post("topic")
		topic.Op, topic.Template = incident.OpTopic, ""
		w.store.put(damaged, topic)
		w.flush()
		if w.logs.FilterMessage("record a delivery").Len() != 1 || !w.store.lanes[topic.Lane].leased {
			t.Error("the panic was not survived as it should")
		}
	})
}

func TestGivesUpAfterADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.put(open(), post("poison"), post("next"))
		w.slack.meet = func(_ context.Context, d outbox.Delivery) (bool, incident.Receipt, error) {
			return d.Notice.Key == "poison", incident.Receipt{}, &outbox.Unknown{Reason: "Slack has a problem", Err: errors.New("fatal_error")}
		}
		w.flush()
		w.pass(outbox.GiveUp - time.Minute)
		w.flush()
		if len(w.store.dead) != 0 {
			t.Fatalf("dead too early: %v", w.store.dead)
		}
		w.pass(2 * time.Minute)
		w.flush()
		if got, want := w.store.dead["poison"], "given up after 1 d: Slack has a problem"; got != want {
			t.Errorf("reason %q, want %q", got, want)
		}
		if w.slack.posted["next"] != 1 {
			t.Error("the lane did not go on")
		}
	})
}

func TestALostLeaseIsTheOthersToFinish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.put(open(), post("a"))
		var other incident.Lease
		w.slack.meet = func(ctx context.Context, d outbox.Delivery) (bool, incident.Receipt, error) {
			if d.InDoubt {
				return false, incident.Receipt{}, nil
			}
			r := w.slack.apply(d)
			w.pass(31 * time.Second) // a host that stood still
			var ok bool
			if other, ok, _ = w.store.Take(ctx, time.Now(), time.Second, incident.RateLimits{}); !ok {
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
		if w.slack.posted["a"] != 1 || len(w.store.waiting("incident:INC-1")) != 0 {
			t.Errorf("posted %d times, waiting %v", w.slack.posted["a"], w.store.waiting("incident:INC-1"))
		}
	})
}

func TestANoticeOfNoIncidentIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		n := post("orphan")
		n.Number = 9
		w.store.put(open(), n)
		w.flush()
		if len(w.slack.sent()) != 0 || len(w.store.waiting(n.Lane)) != 0 {
			t.Errorf("sent %v, waiting %v", w.slack.sent(), w.store.waiting(n.Lane))
		}
		if w.logs.FilterMessage("dropped").FilterField(zap.String("notice", "orphan")).Len() != 1 {
			t.Error("nothing was logged")
		}
	})
}
