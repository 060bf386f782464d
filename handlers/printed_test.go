package handlers

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/notice"
	"muster/internal/policy"
)

// printedCommand finds what Muster tells people to type.
var printedCommand = regexp.MustCompile("`/incident ([^`]*)`")

// states are incidents in which different verbs are right.
func states(t testing.TB) map[string]incident.Incident {
	t.Helper()
	resolve := func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
		return inc.Resolve(o, incident.Resolution{Summary: "fixed"})
	}
	cancel := func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
		return inc.Cancel(o, "a test")
	}
	in := func(steps ...incident.Transition) incident.Incident {
		s := incidenttest.Declared(t, policy.P1)
		for _, step := range steps {
			s.Do(step)
		}
		return s.Incident
	}
	return map[string]incident.Incident{
		"open": in(), "acknowledged": in(incident.Incident.Acknowledge), "resolved": in(resolve),
		"closed": in(resolve, incident.Incident.Close), "cancelled": in(cancel),
	}
}

// works types a command as it was printed, and fails unless it acts, opens its
// form or shows something.
func works(t *testing.T, inc incident.Incident, command string) {
	t.Helper()
	s, f := &incidents{inc: inc}, &fakeSlack{}
	a := router(t, s, f).Route(t.Context(), types(command))
	switch word, _, _ := strings.Cut(command, " "); {
	case slices.Contains([]string{"list", "help", "status"}, word):
		if said := answered(t, a); strings.Contains(said, "isn't a command") {
			t.Errorf("%q: %s", command, said)
		}
	case len(s.wrote) > 0:
	case len(f.opened) != 1 || f.opened[0].CallbackID == "":
		t.Errorf("%q does nothing: %v, %+v", command, a.Payload, f.opened)
	}
}

func TestRefusals_CommandsTheyPrint_WorkAsTyped(t *testing.T) {
	found := map[string]bool{}
	for name, inc := range states(t) {
		updates := []string{"update INC-7 news"}
		if inc.Status.Open() { // what is wrong with the text is said first, whatever the incident's status
			updates = append(updates, "update INC-7 resolved it's `fixed`")
		}
		for _, typed := range append(updates,
			"ack INC-7", "severity INC-7 P0", "assign INC-7 me",
			"escalate INC-7 why", "snooze INC-7 30m", "resolve INC-7 done", "reopen INC-7 why", "cancel INC-7 why", "merge INC-7 INC-9", "close INC-7", "keep INC-7", "retry INC-7",
		) {
			s := &incidents{inc: inc}
			a := router(t, s, &fakeSlack{}).Route(t.Context(), types(typed))
			if len(s.wrote) > 0 {
				continue
			}
			for _, m := range printedCommand.FindAllStringSubmatch(answered(t, a), -1) {
				found[m[1]] = true
				t.Run(name+" "+typed, func(t *testing.T) { works(t, inc, m[1]) })
			}
		}
	}
	for _, want := range []string{"reopen INC-7", "close INC-7", "resolve INC-7", "update INC-7", "resolve INC-7 it's 'fixed'"} {
		if !found[want] {
			t.Errorf("%q was never printed: %v", want, found)
		}
	}
}

func TestMessages_CommandsTheyPrint_WorkAsTyped(t *testing.T) {
	all, found := states(t), 0
	kept := all["closed"]
	kept.Channel = "C0SEVEN"
	for name, c := range map[string]struct {
		template notice.Template
		to       notice.Address
		inc      incident.Incident
	}{
		"alert in the channel": {incident.TemplateAlert, notice.Address{InChannel: true}, all["open"]},
		"alert to a person":    {incident.TemplateAlert, notice.Address{User: "U0BEN"}, all["open"]},
		"warning to a person":  {incident.TemplateWarning, notice.Address{User: "U0BEN"}, all["open"]},
		"page of one at work":  {incident.TemplateAlert, notice.Address{User: "U0BEN"}, all["acknowledged"]},
		"reminder":             {incident.TemplateReminder, notice.Address{InChannel: true}, all["acknowledged"]},
		"resolution":           {incident.TemplateResolution, notice.Address{InChannel: true}, all["resolved"]},
		"archiving":            {incident.TemplateArchiving, notice.Address{InChannel: true}, kept},
		"card":                 {incident.TemplateCard, notice.Address{InChannel: true}, all["open"]},
	} {
		t.Run(name, func(t *testing.T) {
			words := router(t, &incidents{}, &fakeSlack{}).handlers.templates
			text, _, err := words.Message(notice.Notice{Template: c.template, To: c.to, Entry: 1}, c.inc, incident.Audience{User: c.to.User})
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range printedCommand.FindAllStringSubmatch(text, -1) {
				found++
				works(t, c.inc, m[1])
			}
		})
	}
	if found < 8 {
		t.Errorf("only %d commands were printed", found)
	}
}
