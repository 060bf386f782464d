package templates_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/templates"
)

// acts is the action_ids of a message's buttons, with * for the primary one.
func acts(s said) []string {
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

// TestButtons: a message offers what its incident allows, and no dead button.
func TestButtons(t *testing.T) {
	card := func(s *story) said { return s.message(incident.TemplateCard) }
	for name, c := range map[string]struct {
		said said
		want []string
	}{
		"unacknowledged": {
			card(declared(t, policy.P1)),
			[]string{
				templates.ActionAcknowledge + "*", templates.ActionUpdate, templates.ActionEscalate,
				templates.ActionResolve, templates.ActionMore,
			},
		},
		"at work": {
			card(atWork(t)),
			[]string{templates.ActionUpdate + "*", templates.ActionEscalate, templates.ActionResolve, templates.ActionMore},
		},
		"at the last level": {
			card(atWork(t).escalated("").escalated("")),
			[]string{templates.ActionUpdate + "*", templates.ActionResolve, templates.ActionMore},
		},
		"undelivered": {
			card(atWork(t).fails(incident.OpPin, "not_in_channel")),
			[]string{
				templates.ActionUpdate + "*", templates.ActionEscalate, templates.ActionResolve,
				templates.ActionRetry, templates.ActionMore,
			},
		},
		"resolved":  {card(atWork(t).resolved(fixed)), []string{templates.ActionClose, templates.ActionReopen}},
		"closed":    {card(atWork(t).resolved(fixed).by(ana, incident.Incident.Close)), []string{templates.ActionReopen}},
		"cancelled": {card(atWork(t).cancelled("a test")), []string{templates.ActionReopen}},
		"reminder": {
			declared(t, policy.P0).after(30 * time.Minute).message(incident.TemplateReminder),
			[]string{templates.ActionUpdate + "*", templates.ActionSnooze},
		},
		"an alert that came late": {atWork(t).message(incident.TemplateAlert), nil},
		"a warning to a stranger": {asked(t, private(t).settled().after(time.Hour), incident.TemplateWarning), nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, acts(c.said)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestValues: each button and each choice says which incident it means.
func TestValues(t *testing.T) {
	var choices []templates.Choice
	for _, b := range declared(t, policy.P1).message(incident.TemplateCard).Blocks {
		row, ok := b.(*slack.ActionBlock)
		if !ok {
			continue
		}
		for _, e := range row.Elements.ElementSet {
			switch e := e.(type) {
			case *slack.ButtonBlockElement:
				if n, ok := templates.Number(e.Value); n != 7 || !ok {
					t.Errorf("%s means %q", e.ActionID, e.Value)
				}
			case *slack.OverflowBlockElement:
				for _, o := range e.Options {
					choice, n, ok := templates.ParseChoice(o.Value)
					if n != 7 || !ok {
						t.Errorf("%q means no incident", o.Value)
					}
					choices = append(choices, choice)
				}
			}
		}
	}
	want := []templates.Choice{templates.ChoiceSeverity, templates.ChoiceAssign, templates.ChoiceSnooze, templates.ChoiceCancel}
	if !slices.Equal(choices, want) {
		t.Errorf("got %v, want %v", choices, want)
	}
	if _, _, ok := templates.ParseChoice("severity"); ok {
		t.Error("a choice without a number is taken")
	}
}
