package bot_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/sandbox/sandboxtest"
	"muster/templates"
)

// What is typed wrongly gets an answer that says what would be right, for the typist
// only, and changes nothing.
func TestCommand_TypedWrongly_AnswersWhatIsRight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite:"+t.TempDir()+"/muster.db")
	c := w.declared(oncall, "P2 Odd errors")
	w.Await("me to be in the channel", func() bool { return w.isMember(c, oncall) })
	for _, tc := range []struct{ channel, text, want string }{
		{"#general", "/incident declair P1 x", "declare"},
		{"#general", "/incident help", "/incident declare"},
		{"#general", "/incident list", "Odd errors"},
		{"#general", "/incident status 1", "Odd errors"},
		{"#general", "/incident status 99", "Can't find INC-99"},
		{"#general", "/incident status banana", "isn't an incident number"},
		{"#general", "/incident ack", "This isn't an incident channel. Add the number (`/incident ack INC-1`)"},
		{"#general", "/incident declare P9 x", "Choose `P0`"},
		{"#general", "/incident declare P1 " + strings.Repeat("x", 151), "150 is the limit"},
		{c, "/incident update " + strings.Repeat("x", 2801), "2800 is the limit"},
		{c, "/incident severity urgent", "`urgent` isn't a severity"},
		{c, "/incident severity P2", "already P2"},
		{c, "/incident assign tech_lead @ghost", "Nobody in this workspace is called `@ghost`"},
		{c, "/incident assign tech_lead <@U0NOBODY99>", "Nobody in this workspace is called"},
		{c, "/incident assign pilot @senior", "`pilot` isn't a role"},
		{c, "/incident snooze soon", "Try `30m`"},
		{c, "/incident update: looking", "update posted"},
		{c, "/incident update resolved", "/incident resolve"},
		{c, "/incident assign me", "> On-Call Engineer"},
		{c, "/incident assign tech_lead", "Name the person"},
		{c, "/incident assign @muster", "Muster can't take a role"},
		{"#general", "/incident declare P1 P2 x", "Choose one severity: `P1` or `P2`"},
		{"#general", "/incident dec", "/incident declare"},
		{c, "/incident snooze 100h", "between 1 minute and 24 hours"},
		{c, "/incident close", "INC-1 is still being investigated. Resolve it first: `/incident resolve INC-1`"},
		{c, "/incident reopen hm", "INC-1 is already open"},
		{c, "/incident retry", "everything about INC-1 is delivered"},
		{c, "/incident", "Odd errors"},
		{c, "/incident status", "Odd errors"},
	} {
		answer := w.Command(oncall, tc.channel, tc.text)
		if !says(answer, tc.want) {
			t.Errorf("%.60s: %q, want %q in it", tc.text, answer.Text(), tc.want)
		}
	}
	w.Command(oncall, c, "/incident assign tech_lead @senior")
	w.ExpectMessage(c, "made <@"+w.UserID(senior)+"> Tech Lead")
	w.Await("the tech lead to be invited", func() bool { return w.isMember(c, senior) })
	if n := len(w.State().Channels); n != 4 {
		t.Errorf("%d channels, want the three seeded ones and the incident's", n)
	}
}

// Who presses a button outside the incident's channel sees there what came of it, and
// once.
func TestButton_PressedElsewhere_IsAnsweredThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite:"+t.TempDir()+"/muster.db")
	c := w.declared(support, "P0 Payments down")
	w.Advance(15 * time.Minute)
	w.expectDirect(manager, "Nobody has acknowledged INC-1")
	w.Click(manager, w.direct(manager), templates.ActionID(incident.VerbAcknowledge))
	w.ExpectEphemeral(manager, w.direct(manager), "INC-1: acknowledged after 15 min")
	w.ExpectMessage(c, "acknowledged after 15 min")
	w.Click(manager, w.direct(manager), templates.ActionID(incident.VerbAcknowledge))
	w.ExpectEphemeral(manager, w.direct(manager), " acknowledged INC-1 ")
	w.Await("the declarer to be in the channel", func() bool { return w.isMember(c, support) })
	w.Command(support, c, "/incident update The processor is down") // its button is in the channel
	w.Advance(30 * time.Minute)
	w.ExpectMessage(c, "UPDATE DUE")
	w.Click(support, c, templates.ActionID(incident.VerbSnooze))
	w.ExpectMessage(c, "snoozed the next update reminder for 30 min")
	for _, m := range w.Messages(c) {
		if m.EphemeralTo == w.UserID(support) && m.Says("snoozed the next update reminder") {
			t.Errorf("said twice: %q", m.Text)
		}
	}
}

// Two people have the same form open: what one leaves as it was stays as the other
// has made it, and what both change is asked again.
func TestStory_TwoFormsAtOnce_NeitherUndoesTheOther(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		c := w.declared(oncall, "P2 Checkout fails")
		w.Await("both to be in the channel", func() bool { return w.isMember(c, oncall) && w.pinned(c, "INC-1") })
		w.Join(support, c)
		w.Command(oncall, c, "/incident ack")
		for _, who := range []string{oncall, support} {
			w.Command(who, c, "/incident update")
		}
		w.Submit(oncall, sandboxtest.Fields{
			string(incident.FieldText): "It is all of it", string(incident.FieldImpact): "Nobody can pay", string(incident.FieldETA): "an hour",
		})
		w.ExpectMessage(c, "*Impact:* Nobody can pay")
		w.Submit(support, sandboxtest.Fields{string(incident.FieldText): "Customers are calling"})
		w.ExpectMessage(c, "Customers are calling")
		w.Advance(time.Minute)
		w.Await("the card to keep what was said", func() bool { return w.pinned(c, "*Impact:* Nobody can pay") && w.pinned(c, "*ETA:* an hour") })

		for _, who := range []string{oncall, support} {
			w.Command(who, c, "/incident severity")
		}
		w.Submit(oncall, sandboxtest.Fields{string(incident.FieldSeverity): "P0"})
		answer := w.TrySubmit(support, sandboxtest.Fields{string(incident.FieldSeverity): "P1"})
		if wrong := answer.Errors[string(incident.FieldSeverity)]; !strings.Contains(wrong, "It's now: P0") {
			t.Errorf("a P0 that a form opened at P2 makes a P1: %+v", answer)
		}
		w.Advance(time.Minute)
		w.expectCounts(c, map[string]int{"raised the severity": 1, "lowered the severity": 0})
	})
}

// The forms do what the commands do, and mistakes come back at their fields.
func TestForms_Submitted_DoWhatCommandsDo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite:"+t.TempDir()+"/muster.db")
	w.Command(support, "#general", "/incident")
	answer := w.TrySubmit(support, sandboxtest.Fields{
		string(incident.FieldTitle):    strings.Repeat("long ", 40),
		string(incident.FieldSeverity): "P1",
	})
	if _, ok := answer.Errors[string(incident.FieldTitle)]; !ok {
		t.Errorf("a title of 200 characters: %+v, want an error at its field", answer)
	}
	w.Submit(support, sandboxtest.Fields{
		string(incident.FieldTitle):    "Checkout fails <!channel> & more",
		string(incident.FieldSeverity): "P1",
		string(incident.FieldImpact):   "Nobody can pay",
	})
	c := w.Channel("inc-1-checkout-fails").ID
	w.ExpectMessage(c, "Nobody can pay")
	for _, m := range append(w.Messages(c), w.Messages("#incidents")...) {
		if strings.Contains(m.Text, "<!channel>") {
			t.Errorf("<!channel> in a title notifies everybody: %s", m.Text)
		}
	}
	w.Await("the declarer to be in the channel", func() bool { return w.isMember(c, support) && w.isMember(c, oncall) })

	w.Click(oncall, c, templates.ActionID(incident.VerbAcknowledge))
	w.ExpectMessage(c, "acknowledged after")
	w.Click(oncall, c, templates.ActionID(incident.VerbUpdate))
	w.Submit(oncall, sandboxtest.Fields{
		string(incident.FieldText):   "It is the card processor",
		string(incident.FieldStatus): "identified",
		string(incident.FieldETA):    "an hour",
		string(incident.FieldImpact): "Nobody can pay by card",
	})
	w.ExpectMessage(c, "It is the card processor")
	w.ExpectMessage(c, "an hour")
	w.ExpectMessage(c, "Nobody can pay by card") // on the card
	w.Click(oncall, c, templates.ActionID(incident.VerbEscalate))
	w.Submit(oncall, sandboxtest.Fields{string(incident.FieldReason): "I need the network people"})
	w.ExpectMessage(c, "ESCALATED TO L2")

	w.Pick(oncall, c, templates.ActionMenu, string(incident.VerbSeverity))
	w.Submit(oncall, sandboxtest.Fields{string(incident.FieldSeverity): "P0"})
	w.ExpectMessage(c, "raised the severity from P1 High to P0 Critical")
	w.Pick(oncall, c, templates.ActionMenu, string(incident.VerbAssign))
	w.Submit(oncall, sandboxtest.Fields{
		string(incident.FieldRole): "security_lead", string(incident.FieldUser): "security",
	})
	w.ExpectMessage(c, "made <@"+w.UserID("security")+"> Security Lead")
	w.Pick(oncall, c, templates.ActionMenu, string(incident.VerbSnooze))
	w.Submit(oncall, sandboxtest.Fields{string(incident.FieldLength): "1h0m0s"})
	w.ExpectMessage(c, "the next update reminder for 1 h")
	w.Advance(59 * time.Minute)
	w.expectCounts(c, map[string]int{"UPDATE DUE": 0})

	w.Click(oncall, c, templates.ActionID(incident.VerbResolve))
	w.Submit(oncall, sandboxtest.Fields{
		string(incident.FieldResolution): "Switched processors",
		string(incident.FieldCause):      "An expired certificate",
	})
	w.ExpectMessage(c, "An expired certificate")
	w.Click(oncall, c, templates.ActionID(incident.VerbReopen))
	w.Submit(oncall, sandboxtest.Fields{string(incident.FieldReason): "It is back"})
	w.ExpectMessage(c, "REOPENED: P0 - Checkout fails")
}

// Both acknowledge; one is told who was first.
func TestAcknowledge_TwoPeopleAtOnce_CountsOnce(t *testing.T) {
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
	if strings.Contains(answers[0], " acknowledged INC-1 ") == strings.Contains(answers[1], " acknowledged INC-1 ") {
		t.Errorf("the two are told %q", answers)
	}
	w.ExpectMessage(c, "acknowledged after")
	w.Advance(time.Minute)
	w.expectCounts(c, map[string]int{"acknowledged after": 1})
}
