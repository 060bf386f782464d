package incident

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"muster/internal/policy"
	"muster/internal/slackid"
)

// Limits of what people may write, in characters. Slack would take more in
// some places; these fit all of them.
const (
	MaxTitle = 150
	MaxText  = 2800
)

// Declaration is what a person says when declaring.
type Declaration struct {
	Title    string
	Impact   string
	Severity policy.Severity
	Private  bool
}

// Declare opens the incident: i is the blank one that carries its number.
func (inc Incident) Declare(c Origin, what Declaration) (Change, error) {
	title := strings.Join(strings.Fields(what.Title), " ")
	impact := strings.TrimSpace(what.Impact)
	if err := firstOf(
		checkText(FieldTitle, title, MaxTitle),
		checkOptional(FieldImpact, impact, MaxText),
		checkSeverity(c.Policy, what.Severity),
	); err != nil {
		return Change{}, err
	}
	d := inc.draft(c)
	d.Title, d.Impact, d.Severity, d.Private = title, impact, what.Severity, what.Private
	d.Status, d.Level = Investigating, 1
	d.Declared, d.Reached = Stamp{c.By, c.At}, c.At
	d.restartClock(c.At)
	d.involve(c.By)
	e := d.record(EntryDeclared, map[string]string{"severity": string(d.Severity), "title": title, "impact": impact},
		"declared %s: %s", d.Severity, title)
	d.setUp(e)
	return d.change(), nil
}

// launch queues the steps of declaring.
func (d *draft) setUp(e Entry) {
	d.Steps = map[StepName]Outcome{}
	if !d.Private && d.Policy.Announce != "" {
		d.Steps[StepAnnounce] = Outcome{State: StepPending}
		d.notify(Notice{Op: OpPost, Template: TemplateAnnouncement, To: Target{Channel: d.Policy.Announce}, Entry: &e})
	}
	d.setUpChannel(e)
}

// furnish queues all that makes the incident's channel.
func (d *draft) setUpChannel(e Entry) {
	for _, s := range channelSteps {
		d.Steps[s] = Outcome{State: StepPending}
	}
	home := Target{InChannel: true}
	d.notify(Notice{Op: OpOpen, To: home})
	d.post(TemplateCard, e)
	d.notify(Notice{Op: OpPin, To: home})
	d.notify(Notice{Op: OpTopic, To: home, Merge: string(OpTopic)})
	involved := append(slices.Collect(maps.Values(d.Roles)), d.Declared.By)
	also := policy.People{Users: d.Responders.With(involved...)}
	for l := policy.Level(1); l <= d.Level; l++ {
		d.invite(l, d.Policy.Holders(l).Union(also))
	}
	if d.Status.Open() {
		d.post(TemplateAlert, e)
	}
}

// furnishing is the steps of furnish.
var channelSteps = []StepName{StepChannel, StepTopic, StepInvite, StepCard, StepPin}

// invite calls people to the incident's channel: those of a level, and whoever
// else belongs there.
func (d *draft) invite(l policy.Level, people policy.People) {
	d.notify(Notice{Op: OpInvite, To: Target{InChannel: true, People: people, Level: l}})
}

// page tells a level's people each by themselves, for when there is no channel
// to call them to.
func (d *draft) pageDirectly(l policy.Level, t Template, e Entry) {
	if people := d.Policy.Holders(l); !people.Empty() {
		d.notify(Notice{Op: OpExpand, Template: t, To: Target{People: people, Level: l}, Entry: &e})
	}
}

// escalateDue calls every level whose moment has come.
func (d *draft) escalateDue() {
	for {
		step, due, ok := d.escalation(d.Policy)
		if !ok || due.After(d.At) {
			return
		}
		by := d.By
		d.By = slackid.Muster
		d.escalate(step.To, d.automatic(step))
		d.By = by
	}
}

// automatic says why the clock escalates.
func (d *draft) automatic(s policy.Step) string {
	if s.After == 0 {
		return fmt.Sprintf("immediately: every %s escalates to %s", d.Severity, s.To)
	}
	if d.Acked.IsZero() {
		return "not acknowledged after " + Span(s.After)
	}
	return "not mitigated after " + Span(s.After)
}

func (d *draft) escalate(to policy.Level, why string) {
	from := d.Level
	d.Level, d.Reached = to, d.At
	data := map[string]string{"from": from.String(), "to": to.String()}
	text := fmt.Sprintf("escalated from %s to %s (%s)", from, to, d.Policy.Level(to).Name)
	if why != "" {
		data["why"] = why
		text += " – " + why
	}
	e := d.record(EntryEscalated, data, "%s", text)
	if d.Steps[StepChannel].State == StepFailed {
		d.pageDirectly(to, TemplateEscalation, e)
	} else {
		d.invite(to, d.Policy.Holders(to))
	}
	d.post(TemplateEscalation, e)
}

// checkText rejects what is missing or too long.
func checkText(f Field, s string, limit int) error {
	n := utf8.RuneCountInString(s)
	switch {
	case n == 0:
		return InField(f, Rejectf("missing", "The %s can't be empty.", f))
	case n > limit:
		return InField(f, Rejectf("too_long", "The %s has %d characters, and %d is the limit. Please shorten it.", f, n, limit))
	}
	return nil
}

// checkOptional rejects what is too long.
func checkOptional(f Field, s string, limit int) error {
	if s == "" {
		return nil
	}
	return checkText(f, s, limit)
}

// firstOf is the first error of several checks.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// checkSeverity rejects what the policy does not name.
func checkSeverity(p policy.Policy, s policy.Severity) error {
	if p.Severity(s).Severity != "" {
		return nil
	}
	known := make([]string, len(p.Severities))
	for n, k := range p.Severities {
		known[n] = "`" + string(k.Severity) + "`"
	}
	return InField(FieldSeverity, Rejectf("unknown_severity", "Choose a severity: %s.", strings.Join(known, ", ")))
}
