package sandboxtest

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"muster/internal/sandbox"
	"muster/internal/sandbox/control"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// failing is a test that notes why it failed.
type failing struct {
	testing.TB
	why string
}

func (f *failing) Helper() {}

func (f *failing) Fatal(args ...any) {
	f.why = fmt.Sprint(args...)
	runtime.Goexit()
}

func (f *failing) Fatalf(format string, args ...any) { f.Fatal(fmt.Sprintf(format, args...)) }

// fails runs f with an impatient client and returns why the test failed.
func fails(c *Client, f func(*Client)) string {
	fake := &failing{TB: c.tb}
	impatient := c.With(fake)
	impatient.patience = 50 * time.Millisecond
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(impatient)
	}()
	<-done
	return fake.why
}

func dial(t *testing.T) (c *Client, address string) {
	t.Helper()
	address = Serve(t, sandbox.Options{}).URL()
	return Dial(t, address), address
}

func TestClient_Failure_SaysWhatWasThere(t *testing.T) {
	c, address := dial(t)
	c.Say("oncall", "#general", "first & last")
	for name, check := range map[string]struct {
		do   func(*Client)
		want []string
	}{
		"no message":   {func(c *Client) { c.ExpectMessage("#general", "escalated") }, []string{`"escalated"`, "first &amp; last"}},
		"a message":    {func(c *Client) { c.ExpectNoMessage("#general", "first") }, []string{`"first"`, "first &amp; last"}},
		"no ephemeral": {func(c *Client) { c.ExpectEphemeral("oncall", "#general", "first") }, []string{"first &amp; last"}},
		"no channel":   {func(c *Client) { c.Channel("inc-") }, []string{"inc-", "general, incidents, managers"}},
		"no view":      {func(c *Client) { c.OpenView("oncall") }, []string{"oncall has no modal"}},
		"no button":    {func(c *Client) { c.Click("oncall", "#general", "ack") }, []string{"ack", "first &amp; last"}},
		"no bot":       {func(c *Client) { c.Command("oncall", "#general", "/incident list") }, []string{"/incident list failed: dispatch_failed"}},
		"mistakes": {func(c *Client) {
			answer, err := http.Get(address + "/api/auth.test")
			c.must(err)
			_ = answer.Body.Close()
			c.ExpectCleanTraffic()
		}, []string{"the bot made mistakes", "api auth.test: invalid_post_type"}},
		"refused": {func(c *Client) { c.Say("oncall", "#nowhere", "x") }, []string{"404", "channel_not_found", "#nowhere"}},
		"never":   {func(c *Client) { c.Await("the end", func() bool { return false }) }, []string{"for the end, which never came"}},
	} {
		t.Run(name, func(t *testing.T) {
			why := fails(c, check.do)
			for _, part := range check.want {
				if !strings.Contains(why, part) {
					t.Errorf("the failure %q does not contain %q", why, part)
				}
			}
		})
	}
}

func TestAwait_Change_IsSeen(t *testing.T) {
	c, _ := dial(t)
	go func() {
		_, _ = c.control.Do(context.Background(), control.Post{User: "oncall", Channel: "general", Text: "now"})
	}()
	if m := c.ExpectMessage("#general", "now"); m.User != c.UserID("oncall") {
		t.Errorf("got %+v", m)
	}
	if n := c.CountMessages("#general", "now"); n != 1 {
		t.Errorf("counted %d", n)
	}
}

func TestMessages_SystemLines_AreLeftOut(t *testing.T) {
	c, _ := dial(t)
	c.Create("oncall", "war-room", false)
	c.Join("senior", "war-room")
	if all := c.Messages("war-room"); len(all) != 0 {
		t.Errorf("got %+v", all)
	}
	if ch := c.Channel("#war"); len(ch.Members) != 2 {
		t.Errorf("got %+v", ch)
	}
}

// What a fault brought about excuses nothing else.
func TestTraffic_Fault_ExcusesItsOwnEntriesOnly(t *testing.T) {
	for name, c := range map[string]struct {
		entry   Entry
		unclean bool
	}{
		"a call that went well":            {Entry{Kind: "api", OK: true}, false},
		"a refusal that people understand": {Entry{Kind: "api", Error: "name_taken"}, false},
		"a mistake":                        {Entry{Kind: "api", Error: "no_text"}, true},
		"a mistake that was answered late": {Entry{Kind: "api", Error: "no_text", Fault: "late"}, true},
		"a limit not kept":                 {Entry{Kind: "api", Error: "ratelimited"}, true},
		"a limit on request":               {Entry{Kind: "api", Error: "rate_limited", Fault: "rate_limited"}, false},
		"no ack":                           {Entry{Kind: "ack", Error: "operation_timeout"}, true},
		"no ack by a silent socket":        {Entry{Kind: "ack", Error: "operation_timeout", Fault: "socket_silent"}, false},
		"a second ack":                     {Entry{Kind: "ack", Error: "unknown_envelope"}, true},
		"a second ack of what came twice":  {Entry{Kind: "ack", Error: "unknown_envelope", Fault: "envelope_twice"}, false},
		"a bad answer to what came twice":  {Entry{Kind: "ack", Error: "invalid_blocks", Fault: "envelope_twice"}, true},
		"too large a frame":                {Entry{Kind: "socket", Error: "message_too_big"}, true},
		"a socket that was cut":            {Entry{Kind: "socket", Error: "socket_cut", Fault: "socket_cut"}, false},
		"a bad answer by a response URL":   {Entry{Kind: "response", Error: "no_text"}, true},
	} {
		if got := isMistake(c.entry); got != c.unclean {
			t.Errorf("%s: %v", name, got)
		}
	}
}
