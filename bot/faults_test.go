package bot_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/sandbox/sandboxtest"
)

// always strikes whatever it can, until the end.
const always = 1.0

// Whatever goes wrong with calls of Slack's Web API during a
// P0, in the end each message is there, once.
func TestFaults_OfCalls_DeliverEachMessageOnce(t *testing.T) {
	t.Parallel()
	call := func(kind, method string, count int) sandboxtest.Fault {
		return sandboxtest.Fault{Kind: kind, Method: method, Count: count}
	}
	for name, f := range map[string]sandboxtest.Fault{
		"429 on posts":                   {Kind: "rate_limited", Method: "chat.postMessage", Count: 3, RetryAfter: 20},
		"429 on opening the channel":     {Kind: "rate_limited", Method: "conversations.create", Count: 2, RetryAfter: 20},
		"429 on edits":                   {Kind: "rate_limited", Method: "chat.update", Count: 2, RetryAfter: 20},
		"500 on opening the channel":     call("http_500", "conversations.create", 2),
		"503 on everything":              call("http_503", "", 8),
		"503 on posts":                   call("http_503", "chat.postMessage", 3),
		"no JSON":                        call("not_json", "", 8),
		"no JSON on opening the channel": call("not_json", "conversations.create", 2),
		"no reply to posts":              call("drop_reply", "chat.postMessage", 4),
		"no reply to the channel":        call("drop_reply", "conversations.create", 1),
		"no reply to invitations":        call("drop_reply", "conversations.invite", 2),
		"no reply to the pin":            call("drop_reply", "pins.add", 1),
		"no reply to edits":              call("drop_reply", "chat.update", 3),
		"never an answer to a post":      call("never", "chat.postMessage", 1),
		"late answers":                   {Kind: "late", Count: 10, Delay: "200ms"},
		"an answer too late for a post":  {Kind: "late", Method: "chat.postMessage", Delay: "12s"},
		"every fourth reply is lost":     {Kind: "drop_reply", Share: 0.25, Seed: 1},
		"every fourth call is refused":   {Kind: "http_503", Share: 0.25, Seed: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "muster.db"))
			f := w.AddFault(f)
			c := w.beginP0()
			w.endP0(c)
			if struck := w.Applied(f); struck < max(f.Count, 1) {
				t.Errorf("the fault struck %d times only", struck)
			}
			w.ClearFaults()
			w.expectP0(t, c)
			if f.Kind == "rate_limited" {
				w.expectPause(t, f)
			}
		})
	}
}

// expectPause holds that after a 429 the method was left alone for as long as it
// said, except for calls that were under way.
func (w *world) expectPause(t *testing.T, f sandboxtest.Fault) {
	t.Helper()
	const underway = time.Second
	var limited time.Time
	pause := time.Duration(f.RetryAfter) * time.Second
	for _, e := range w.Traffic(0) {
		if e.Kind != "api" || e.Name != f.Method {
			continue
		}
		if since := e.At.Sub(limited); since > underway && since < pause {
			t.Errorf("%s was called %s too early after a 429", f.Method, pause-since)
		}
		if e.Fault == f.Kind {
			limited = e.At
		}
	}
}

// What comes twice, late or out of order is done once.
func TestFaults_OfEnvelopes_ActOnce(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]sandboxtest.Fault{
		"twice":        {Kind: "envelope_twice", Share: always},
		"late":         {Kind: "envelope_late", Share: always, Delay: "150ms"},
		"out of order": {Kind: "envelope_out_of_order", Share: always, Delay: "150ms"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "muster.db"))
			f := w.AddFault(f)
			c := w.beginP0()
			w.endP0(c)
			if w.Applied(f) < 4 {
				t.Error("the fault did not strike each command")
			}
			w.ClearFaults()
			w.expectP0(t, c)
		})
	}
}

func TestEnvelopes_OvertakenCommand_IsNotLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "muster.db"))
	c := w.beginP0()
	w.Command(oncall, c, "/incident ack")
	f := w.AddFault(sandboxtest.Fault{Kind: "envelope_out_of_order", Envelope: "slash_commands", Delay: "1m"})
	overtaken := make(chan sandboxtest.Ack, 1)
	go func() {
		answer, _ := w.TryCommand(oncall, c, "/incident update identified Said first")
		overtaken <- answer
	}()
	w.AwaitApplied(f)
	w.Command(oncall, c, "/incident update identified Said second")
	if answer := <-overtaken; !answer.OK {
		t.Errorf("answered %+v", answer)
	}
	order := ""
	for _, e := range w.Traffic(0) {
		if _, said, ok := strings.Cut(string(e.Detail), "update identified Said "); ok && e.Kind == "envelope" {
			order += said[:1]
		}
	}
	if order != "sf" {
		t.Errorf("the envelopes came as %q", order)
	}
	w.Advance(time.Minute)
	w.expectCounts(c, map[string]int{"UPDATE: P0": 2})
	onlyOnce(t, w)
	w.ExpectCleanTraffic()
}

// The clock goes on, and commands fail visibly.
func TestSocket_NoneForAWhile_RemindersGoOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "muster.db"))
	c := w.beginP0()
	w.Command(oncall, c, "/incident ack")
	w.AddFault(sandboxtest.Fault{Kind: "socket_refused", Share: always})
	w.AddFault(sandboxtest.Fault{Kind: "socket_cut", Count: sockets})
	w.Await("the sockets to be gone", func() bool { return w.State().Sockets == 0 })
	if answer, err := w.TryCommand(oncall, c, "/incident update identified Said in vain"); err != nil || answer.Error != "dispatch_failed" {
		t.Errorf("answered %+v, %v", answer, err)
	}
	w.Advance(15 * time.Minute) // 00:31
	w.expectCounts(c, map[string]int{"UPDATE DUE": 1})
	w.ClearFaults()
	w.AwaitWithin(time.Minute, "new sockets", func() bool { return w.State().Sockets == sockets })
	w.Command(oncall, c, "/incident update identified The card processor refuses us")
	w.Advance(33 * time.Minute) // 01:07
	w.Command(oncall, c, "/incident resolve Payments go through again")
	w.Advance(time.Hour)
	w.expectP0(t, c)
	w.expectCounts(c, map[string]int{"Said in vain": 0})
}

func TestSocket_StaysSilent_IsReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "muster.db"))
	c := w.beginP0()
	w.AddFault(sandboxtest.Fault{Kind: "socket_silent", Count: sockets})
	w.AwaitWithin(time.Minute, "others in their place", func() bool { return w.opened() == 2*sockets && w.State().Sockets == sockets })
	w.endP0(c)
	w.expectP0(t, c)
}

// Muster reconnects, and nothing is lost meanwhile.
func TestFaults_OfSockets_Reconnect(t *testing.T) {
	t.Parallel()
	cut := sandboxtest.Fault{Kind: "socket_cut"}
	for name, faults := range map[string][]sandboxtest.Fault{
		"cut":                    {cut},
		"refreshed":              {{Kind: "socket_refresh", Delay: "100ms"}},
		"disabled":               {{Kind: "socket_link_disabled"}},
		"cut and refused":        {{Kind: "socket_refused"}, cut},
		"cut, and too many":      {{Kind: "socket_too_many"}, cut},
		"cut, and the next also": {{Kind: "socket_cut", Count: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "muster.db"))
			c := w.beginP0()
			for n, f := range faults {
				faults[n] = w.AddFault(f)
			}
			w.AwaitWithin(time.Minute, "the faults to strike, and a socket that stays", func() bool {
				for _, f := range faults {
					if w.Applied(f) < max(f.Count, 1) {
						return false
					}
				}
				return w.opened() >= sockets+w.broken() && w.State().Sockets == sockets
			})
			w.endP0(c)
			w.expectP0(t, c)
		})
	}
}

// Nothing comes through, the person is told so, and tries
// again later.
func TestSocket_SilentForAWhile_FailsVisibly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "muster.db"))
	c := w.beginP0()
	f := w.AddFault(sandboxtest.Fault{Kind: "socket_silent", Count: sockets})
	answer, err := w.TryCommand(oncall, c, "/incident update identified Said in vain")
	if err != nil || answer.Error != "operation_timeout" {
		t.Errorf("answered %+v, %v", answer, err)
	}
	w.ClearFault(f)
	w.endP0(c)
	w.expectP0(t, c)
	w.expectCounts(c, map[string]int{"Said in vain": 0})
}

// opened counts the sockets that were let in.
func (w *world) opened() int { return w.sockets("open") }

// broken counts the open sockets that a fault struck.
func (w *world) broken() int { return w.sockets("struck") }

func (w *world) sockets(event string) int {
	n := 0
	for _, e := range w.Traffic(0) {
		if e.Kind == "socket" && e.Name == event {
			n++
		}
	}
	return n
}

// beginP0 declares a P0 and lets the quarter of an hour pass in which nobody
// acknowledges it. A minute more each time: what was delayed is still told then,
// though not what has become untrue.
func (w *world) beginP0() (channel string) {
	w.t.Helper()
	w.Command(oncall, "#general", "/incident declare P0 Payments down")
	w.Advance(19 * time.Minute) // the warning's 15, and time for what is in doubt on the way
	return w.Channel("inc-1").ID
}

// endP0 acknowledges it, posts an update and resolves it after L3 was called.
func (w *world) endP0(c string) {
	w.t.Helper()
	w.Command(oncall, c, "/incident ack")
	w.Advance(15 * time.Minute) // 00:34
	w.Command(oncall, c, "/incident update identified The card processor refuses us")
	w.Advance(33 * time.Minute) // 01:07
	w.Command(oncall, c, "/incident resolve Payments go through again")
	w.Advance(time.Hour)
}

// expectCalled checks that people were called once: in the channel, or each by
// direct message where they could not be invited in time.
func (w *world) expectCalled(c, text string, people ...string) {
	w.t.Helper()
	if w.CountMessages(c, text) > 0 {
		w.expectCounts(c, map[string]int{text: 1})
		return
	}
	for _, user := range people {
		if dm := w.direct(user); dm == "" {
			w.t.Errorf("%s was told %q nowhere", user, text)
		} else {
			w.expectCounts(dm, map[string]int{text: 1})
		}
	}
}

// expectP0 holds what has to be there after beginP0 and endP0, however it came
// about.
func (w *world) expectP0(t *testing.T, c string) {
	t.Helper()
	onlyOnce(t, w)
	w.expectCounts(c, map[string]int{
		"INC-1: P0 Critical": 1, "NOT ACKNOWLEDGED": 1, "acknowledged after": 1,
		"UPDATE DUE": 2, "UPDATE: P0": 1, "ESCALATED TO L3": 1, "RESOLVED: P0": 1,
	})
	w.expectCalled(c, "INCIDENT: P0", oncall)
	w.expectCalled(c, "ESCALATED TO L2", senior, "techlead")
	w.expectCounts("#incidents", map[string]int{"Payments down": 1})
	w.expectCounts(w.direct(manager), map[string]int{"Nobody has acknowledged INC-1": 1})
	rooms := slices.DeleteFunc(w.State().Channels, func(c sandboxtest.Channel) bool { return c.IM != "" })
	if len(rooms) != 4 {
		t.Errorf("%d channels, want the three seeded ones and the incident's: %+v", len(rooms), rooms)
	}
	for _, user := range []string{oncall, senior, "techlead", manager} {
		if !w.isMember(c, user) {
			t.Errorf("%s was not brought into the channel", user)
		}
	}
	if !w.pinned(c, "INC-1: P0 Critical") {
		t.Error("the card is not pinned")
	}
	for _, where := range []string{c, "#incidents"} {
		if w.CountMessages(where, "Resolved") == 0 {
			t.Errorf("the card or the announcement in %s does not say that it is resolved", where)
		}
	}
	if answer := w.Command(oncall, c, "/incident retry"); !says(answer, "is delivered") {
		t.Errorf("something was given up: %s", answer.Text())
	}
	w.ExpectCleanTraffic()
}
