package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"muster/internal/sandbox/sandboxtest"
)

// What people type at 3 a.m. is understood: any space, a number with a colon, the
// status in other words.
func TestStory_LooselyTypedUpdates_AreUnderstood(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		c := w.declared(oncall, "P1: Search is slow")
		w.ExpectMessage(c, "INCIDENT: P1 - Search is slow")
		w.Await("me to be in the channel", func() bool { return w.isMember(c, oncall) })
		w.Command(oncall, "#general", "/incident declare P2 Login is slow")
		other := w.Channel("inc-2").ID
		w.ExpectMessage(other, "INCIDENT: P2 - Login is slow")

		for _, step := range []struct{ typed, channel, posted string }{
			{"update identified\u3000原因は設定です", c, "*Current status:* Identified\n*Progress:* 原因は設定です"},
			{"update INC-2: still looking", other, "*Progress:* still looking"},
			{"update inc-2, looking at logs", other, "*Progress:* looking at logs"},
			{"update <#" + other + "|inc-2-login-is-slow> found it", other, "*Progress:* found it"},
			{"update 2 nodes restarted", c, "*Progress:* 2 nodes restarted"},
			{"update mitigated: rolled back", c, "*Current status:* Monitoring\n*Progress:* rolled back"},
			{"update investigating it is back", c, "*Current status:* Investigating\n*Progress:* it is back"},
			{"update fixed the config", c, "*Current status:* Monitoring\n*Progress:* fixed the config"},
		} {
			if answer := w.Command(oncall, c, "/incident "+step.typed); !says(answer, "update posted") {
				t.Errorf("%s: %q", step.typed, answer.Text())
			}
			w.ExpectMessage(step.channel, step.posted)
		}
		if answer := w.Command(oncall, "#general", "/incident ack\u3000INC-2"); !says(answer, "INC-2: acknowledged") {
			t.Errorf("a full-width space: %q", answer.Text())
		}
		w.ExpectMessage(other, "acknowledged after")
		if answer := w.Command(oncall, c, "/incident assign techlead <@"+w.UserID(senior)+">"); !says(answer, "Tech Lead") {
			t.Errorf("assign techlead: %q", answer.Text())
		}
		w.ExpectMessage(c, "made <@"+w.UserID(senior)+"> Tech Lead")
	})
}

// What Muster says of a snooze can be typed, and a time of day is the typist's own.
func TestStory_SnoozeUntilATimeOfDay_IsInThePersonsZone(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		c := w.declared(oncall, "P2 Odd errors")
		w.ExpectMessage(c, "INCIDENT: P2 - Odd errors")
		for _, typed := range []string{"2 h 30 min", "1h30", "45 min"} {
			if answer := w.Command(oncall, "#general", "/incident snooze INC-1 "+typed); !says(answer, "snoozed the next update reminder for") {
				t.Errorf("%s: %q", typed, answer.Text())
			}
		}
		kolkata := time.FixedZone("IST", int((5*time.Hour + 30*time.Minute).Seconds()))
		for user, zone := range map[string]*time.Location{"product": kolkata, oncall: time.UTC} {
			until := w.Now().Add(3 * time.Hour).Truncate(time.Minute)
			answer := w.Command(user, "#general", "/incident snooze INC-1 until "+until.In(zone).Format("15:04"))
			if !says(answer, fmt.Sprintf("until <!date^%d^{date_short_pretty} {time}|", until.Unix())) {
				t.Errorf("%s until %s: %q", user, until.In(zone), answer.Text())
			}
		}
		w.ExpectMessage(c, "(Asia/Kolkata time)")
		w.ExpectMessage(c, "(Etc/UTC time)")
	})
}

// Nothing that people write passes for what Muster says, shows nothing, or carries a
// private channel's name on.
func TestStory_HostileTexts_StayPeoplesWords(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		w.Create(oncall, "project-takeover", true)
		secret := w.Channel("project-takeover").ID
		c := w.declared(oncall, "P2 Leak in <#"+secret+"|project-takeover> \u202eask <!subteam^S0LEADS002|@leads-l2>")
		if name := w.Channel("inc-1").Name; name != "inc-1-leak-in-a-channel-ask-leads-l2" {
			t.Errorf("the channel is named %q", name)
		}
		w.ExpectMessage(c, "INCIDENT: P2 - Leak in a channel ask @leads-l2")
		w.Command(oncall, "#general", "/incident update INC-1 fine\n*Status:* Resolved")
		w.ExpectMessage(c, "*Progress:*\n> fine\n> *Status:* Resolved\n*Next update:*")
		for _, m := range append(w.Messages(c), w.Messages("#incidents")...) {
			if m.Says("takeover") || m.Says("subteam^S0LEADS002|") {
				t.Errorf("says %q", m.Text)
			}
		}
		for _, text := range []string{"declare P3 \u200b\u3164", "update INC-1 \u2800", "cancel INC-1 \ufeff"} {
			if answer := w.Command(oncall, "#general", "/incident "+text); answer.Text() != "" && !says(answer, "can't be empty") {
				t.Errorf("%+q: %q", text, answer.Text())
			}
			if w.HasView(oncall) {
				w.CloseView(oncall) // nothing was said, so it asks
			}
		}
	})
}

// However long the texts and wide their characters, every answer arrives.
func TestStory_LongChineseTexts_AreAnswered(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		c := w.declared(oncall, "P2 "+strings.Repeat("界", 150))
		w.ExpectMessage(c, "INCIDENT: P2 - 界界")
		for _, text := range []string{"update INC-1 ", "resolve INC-1 "} {
			if answer := w.Command(oncall, "#general", "/incident "+text+strings.Repeat("漢", 2800)); !says(answer, "INC-1") {
				t.Errorf("%s: %q", text, answer.Text())
			}
		}
		for range 24 {
			w.Command(oncall, "#general", "/incident declare P3 "+strings.Repeat("字", 150))
		}
		for text, want := range map[string]string{"status INC-1": "漢漢", "list": "more", "digest": "more", "help": "declare", "ack INC-1": "INC-1"} {
			if answer := w.Command(oncall, "#general", "/incident "+text); !says(answer, want) {
				t.Errorf("%s: %.300q", text, answer.Text())
			}
		}
	})
}

// Whoever only says what is wrong gets the form to declare it, filled in.
func TestStory_WhatIsWrongWithoutAVerb_IsDeclared(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		w := newWorld(t, store)
		w.Command(support, "#general", "/incident p1 search is down")
		w.Submit(support, sandboxtest.Fields{})
		c := w.Channel("inc-1").ID
		w.ExpectMessage(c, "INCIDENT: P1 - search is down")
		if answer := w.Command(support, "#general", "/incident note"); !says(answer, "`note` isn't a command. New incident: `/incident declare note`.") {
			t.Errorf("note: %q", answer.Text())
		}
	})
}
