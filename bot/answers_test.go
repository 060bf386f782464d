package bot_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/sandbox/sandboxtest"
	"muster/templates"
)

// TestAnswers: what is typed wrongly gets an answer that says what would be
// right, for the typist only, and changes nothing.
func TestAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite:"+t.TempDir()+"/muster.db")
	c := w.declared(oncall, "P2 Odd errors")
	w.Await("me to be in the channel", func() bool { return w.isMember(c, oncall) })
	for _, tc := range []struct{ channel, text, want string }{
		{"#general", "/incident declair P1 x", "declare"},
		{"#general", "/incident help", "/incident declare"},
		{"#general", "/incident list", "Odd errors"},
		{"#general", "/incident status 1", "Odd errors"},
		{"#general", "/incident status 99", "There is no INC-99 here"},
		{"#general", "/incident status banana", "is no incident's number"},
		{"#general", "/incident ack", "no incident's"},
		{"#general", "/incident declare P9 x", "It has to be one of `P0`"},
		{"#general", "/incident declare P1 " + strings.Repeat("x", 151), "at most 150 fit"},
		{c, "/incident update " + strings.Repeat("x", 2801), "at most 2800 fit"},
		{c, "/incident severity urgent", "There is no severity `urgent`"},
		{c, "/incident severity P2", "already P2"},
		{c, "/incident assign tech_lead @ghost", "I know nobody called `@ghost`"},
		{c, "/incident assign tech_lead <@U0NOBODY99>", "I know nobody called"},
		{c, "/incident assign pilot @senior", "There is no role `pilot`"},
		{c, "/incident snooze soon", "Write it like `30m`"},
		{c, "/incident update: looking", "the update is posted"},
		{c, "/incident update resolved", "/incident resolve"},
		{c, "/incident assign me", "is now On-Call Engineer"},
		{c, "/incident assign tech_lead", "Who?"},
		{c, "/incident assign @muster", "Muster can hold no role"},
		{"#general", "/incident declare P1 P2 x", "Name one severity"},
		{"#general", "/incident dec", "/incident declare"},
		{c, "/incident snooze 100h", "between 1 min and 1 d"},
		{c, "/incident close", "cannot become *closed*"},
		{c, "/incident reopen hm", "cannot become *investigating*"},
		{c, "/incident retry", "has been delivered"},
		{c, "/incident", "Odd errors"},
		{c, "/incident status", "Odd errors"},
	} {
		answer := w.Command(oncall, tc.channel, tc.text)
		if !says(answer, tc.want) {
			t.Errorf("%.60s: %q, want %q in it", tc.text, answer.Text(), tc.want)
		}
	}
	w.Command(oncall, c, "/incident assign tech_lead @senior")
	w.ExpectMessage(c, "is now Tech Lead")
	w.Await("the tech lead to be invited", func() bool { return w.isMember(c, senior) })
	if n := len(w.State().Channels); n != 4 {
		t.Errorf("%d channels, want the three seeded ones and the incident's", n)
	}
}

// TestAButtonElsewhere: who presses a button outside the incident's channel sees
// there what came of it, and once.
func TestAButtonElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite:"+t.TempDir()+"/muster.db")
	c := w.declared(support, "P0 Payments down")
	w.Advance(15 * time.Minute)
	w.expectDirect(manager, "nobody has acknowledged INC-1")
	w.Click(manager, w.direct(manager), templates.ActionAcknowledge)
	w.ExpectEphemeral(manager, w.direct(manager), "INC-1: Acknowledged after 15 min")
	w.ExpectMessage(c, "Acknowledged after 15 min")
	w.Click(manager, w.direct(manager), templates.ActionAcknowledge)
	w.ExpectEphemeral(manager, w.direct(manager), "has already acknowledged INC-1")
	w.Await("the declarer to be in the channel", func() bool { return w.isMember(c, support) })
	w.Command(support, c, "/incident update The processor is down") // its button is in the channel
	w.Advance(30 * time.Minute)
	w.ExpectMessage(c, "UPDATE DUE")
	w.Click(support, c, templates.ActionSnooze)
	w.ExpectMessage(c, "Snoozed: the next update reminder comes in 30 min")
	for _, m := range w.Messages(c) {
		if m.EphemeralTo == w.UserID(support) && m.Says("reminder comes") {
			t.Errorf("said twice: %q", m.Text)
		}
	}
}

// TestForms: the forms do what the commands do, and mistakes come back at
// their fields.
func TestForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite:"+t.TempDir()+"/muster.db")
	w.Command(support, "#general", "/incident")
	answer := w.TrySubmit(support, sandboxtest.Fields{
		templates.BlockTitle:    strings.Repeat("long ", 40),
		templates.BlockSeverity: "P1",
	})
	if _, ok := answer.Errors[templates.BlockTitle]; !ok {
		t.Errorf("a title of 200 characters: %+v, want an error at its field", answer)
	}
	w.Submit(support, sandboxtest.Fields{
		templates.BlockTitle:    "Checkout fails <!channel> & more",
		templates.BlockSeverity: "P1",
		templates.BlockImpact:   "Nobody can pay",
	})
	c := w.Channel("inc-1-checkout-fails").ID
	w.ExpectMessage(c, "Nobody can pay")
	for _, m := range append(w.Messages(c), w.Messages("#incidents")...) {
		if strings.Contains(m.Text, "<!channel>") {
			t.Errorf("<!channel> in a title notifies everybody: %s", m.Text)
		}
	}
	w.Await("the declarer to be in the channel", func() bool { return w.isMember(c, support) && w.isMember(c, oncall) })

	w.Click(oncall, c, templates.ActionAcknowledge)
	w.ExpectMessage(c, "Acknowledged after")
	w.Click(oncall, c, templates.ActionUpdate)
	w.Submit(oncall, sandboxtest.Fields{
		templates.BlockText:   "It is the card processor",
		templates.BlockStatus: "identified",
		templates.BlockETA:    "an hour",
		templates.BlockImpact: "Nobody can pay by card",
	})
	w.ExpectMessage(c, "It is the card processor")
	w.ExpectMessage(c, "an hour")
	w.ExpectMessage(c, "Nobody can pay by card") // on the card
	w.Click(oncall, c, templates.ActionEscalate)
	w.Submit(oncall, sandboxtest.Fields{templates.BlockReason: "I need the network people"})
	w.ExpectMessage(c, "ESCALATED TO L2")

	w.Pick(oncall, c, templates.ActionMore, "severity 1")
	w.Submit(oncall, sandboxtest.Fields{templates.BlockSeverity: "P0"})
	w.ExpectMessage(c, "Severity raised from P1 to P0")
	w.Pick(oncall, c, templates.ActionMore, "assign 1")
	w.Submit(oncall, sandboxtest.Fields{
		templates.BlockRole: "security_lead", templates.BlockUser: "security",
	})
	w.ExpectMessage(c, "is now Security Lead")
	w.Pick(oncall, c, templates.ActionMore, "snooze 1")
	w.Submit(oncall, sandboxtest.Fields{templates.BlockLength: "1h0m0s"})
	w.ExpectMessage(c, "the next update reminder comes in 1 h")
	w.Advance(59 * time.Minute)
	w.expectCounts(c, map[string]int{"UPDATE DUE": 0})

	w.Click(oncall, c, templates.ActionResolve)
	w.Submit(oncall, sandboxtest.Fields{
		templates.BlockResolution: "Switched processors",
		templates.BlockCause:      "An expired certificate",
	})
	w.ExpectMessage(c, "An expired certificate")
	w.Click(oncall, c, templates.ActionReopen)
	w.Submit(oncall, sandboxtest.Fields{templates.BlockReason: "It is back"})
	w.ExpectMessage(c, "REOPENED: P0 - Checkout fails")
}

// TestTwoPeopleAtOnce: both acknowledge; one is told who was first.
func TestTwoPeopleAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite:"+t.TempDir()+"/muster.db")
	c := w.declared(oncall, "P0 Payments down")
	w.ExpectMessage(c, "ESCALATED TO L2")
	w.Await("both to be in the channel", func() bool { return w.isMember(c, oncall) && w.isMember(c, senior) })
	var both sync.WaitGroup
	answers := make([]string, 2)
	for n, user := range []string{oncall, senior} {
		both.Go(func() {
			answer, err := w.TryCommand(user, c, "/incident ack")
			if err != nil {
				t.Error(err)
			}
			answers[n] = answer.Text()
		})
	}
	both.Wait()
	if strings.Contains(answers[0], "has already") == strings.Contains(answers[1], "has already") {
		t.Errorf("the two are told %q", answers)
	}
	w.ExpectMessage(c, "Acknowledged after")
	w.Advance(time.Minute)
	w.expectCounts(c, map[string]int{"Acknowledged after": 1})
}
