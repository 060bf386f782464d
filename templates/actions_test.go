package templates_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/internal/policy"
	"muster/templates"
)

// shownButtons returns the action_ids of a message's buttons, with * for the primary one.
func shownButtons(s said) []string {
	var ids []string
	for _, b := range s.Blocks {
		row, ok := b.(*slack.ActionBlock)
		if !ok {
			continue
		}
		for _, e := range row.Elements.ElementSet {
			switch e := e.(type) {
			case *slack.ButtonBlockElement:
				id := e.ActionID
				if e.Style == slack.StylePrimary {
					id += "*"
				}
				ids = append(ids, id)
			case *slack.OverflowBlockElement:
				ids = append(ids, e.ActionID)
			}
		}
	}
	return ids
}

// TestButtons_EveryState_OfferWhatItAllows: a message offers what its incident allows, and no dead button.
func TestButtons_EveryState_OfferWhatItAllows(t *testing.T) {
	card := func(s *story) said { return s.message(incident.TemplateCard) }
	for name, c := range map[string]struct {
		said said
		want []string
	}{
		"unacknowledged": {
			card(declared(t, policy.P1).opened()),
			[]string{
				"incident_acknowledge*", "incident_update", "incident_escalate",
				"incident_resolve", templates.ActionMenu,
			},
		},
		"at work": {
			card(atWork(t)),
			[]string{"incident_update*", "incident_escalate", "incident_resolve", templates.ActionMenu},
		},
		"at the last level": {
			card(atWork(t).escalated("").escalated("")),
			[]string{"incident_update*", "incident_resolve", templates.ActionMenu},
		},
		"undelivered": {
			card(atWork(t).fails(notice.OpPin, "not_in_channel")),
			[]string{
				"incident_update*", "incident_escalate", "incident_resolve",
				"incident_retry", templates.ActionMenu,
			},
		},
		"resolved":  {card(atWork(t).resolved(fixed)), []string{"incident_close", "incident_reopen"}},
		"closed":    {card(atWork(t).resolved(fixed).by(ana, incident.Incident.Close)), []string{"incident_reopen"}},
		"cancelled": {card(atWork(t).cancelled("a test")), []string{"incident_reopen"}},
		"reminder": {
			declared(t, policy.P0).after(30 * time.Minute).message(incident.TemplateReminder),
			[]string{"incident_update*", "incident_snooze"},
		},
		"archiving soon": {
			declared(t, policy.P1).settled().cancelled("a test").after(6 * 24 * time.Hour).message(incident.TemplateArchiving),
			[]string{"incident_keep*"},
		},
		"archiving soon, reopened": {
			declared(t, policy.P1).settled().cancelled("a test").after(6 * 24 * time.Hour).reopened("it is back").message(incident.TemplateArchiving), nil,
		},
		"an alert that came late":  {atWork(t).message(incident.TemplateAlert), nil},
		"a warning to an outsider": {asked(t, private(t).settled().after(time.Hour), incident.TemplateWarning), nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, shownButtons(c.said)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestButtons_TheirValues_NameTheIncident: each button and each choice says which incident it means.
func TestButtons_TheirValues_NameTheIncident(t *testing.T) {
	var choices []incident.Verb
	for _, b := range declared(t, policy.P1).opened().message(incident.TemplateCard).Blocks {
		row, ok := b.(*slack.ActionBlock)
		if !ok {
			continue
		}
		for _, e := range row.Elements.ElementSet {
			switch e := e.(type) {
			case *slack.ButtonBlockElement:
				if r, ok := incident.ParseRef(e.Value); r.Number != 7 || r.ID == "" || !ok {
					t.Errorf("%s means %q", e.ActionID, e.Value)
				}
			case *slack.OverflowBlockElement:
				for _, o := range e.Options {
					choice, r, ok := templates.ParseOption(o.Value)
					if r.Number != 7 || r.ID == "" || !ok {
						t.Errorf("%q means no incident", o.Value)
					}
					choices = append(choices, choice)
				}
			}
		}
	}
	want := []incident.Verb{incident.VerbSeverity, incident.VerbAssign, incident.VerbSnooze, incident.VerbMerge, incident.VerbCancel}
	if !slices.Equal(choices, want) {
		t.Errorf("got %v, want %v", choices, want)
	}
	if _, _, ok := templates.ParseOption("severity"); ok {
		t.Error("a choice without a number is taken")
	}
}
