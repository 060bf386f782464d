package incident

import (
	"maps"

	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// Declaration is what a person says when declaring.
type Declaration struct {
	Title    string
	Impact   string
	Severity policy.Severity
	Private  bool
}

// VerbDeclare names [Incident.Declare].
const VerbDeclare Verb = "declare"

// Declare opens the incident: inc is the blank one that carries its number.
func (inc Incident) Declare(o Origin, what Declaration) (Change, error) {
	var w writing
	title := w.title(FieldTitle, what.Title)
	impact := w.optional(FieldImpact, what.Impact, MaxText)
	if w.check(checkSeverity(o.Policy, what.Severity)); w.err != nil {
		return Change{}, w.err
	}
	d := inc.draft(o)
	d.Incident.ID, d.Title, d.Severity, d.Worst, d.Private = o.ID, title, what.Severity, what.Severity, what.Private
	d.Status, d.Level = Investigating, 1
	d.Declared, d.Reached = Stamp{o.By, d.At}, d.At
	d.restartClock(d.At)
	d.involve(o.By)
	e := d.record(EntryDeclared, map[string]string{"severity": string(d.Severity), "title": title, "impact": impact})
	if impact != "" {
		d.say(TopicImpact, e)
	}
	d.setCall(1, Call{At: o.At, Entry: e})
	d.setUp(e)
	d.unnamed(1)
	return d.change(), nil
}

// setUp queues the steps of declaring.
func (d *draft) setUp(e int) {
	d.Steps = map[StepName]Outcome{}
	if !d.Private && d.Policy.Announce != "" {
		d.Steps[StepAnnounce] = Outcome{State: StepPending}
		d.notify(notice.Notice{
			Op: notice.OpPost, Template: TemplateAnnouncement, To: notice.Address{Channel: d.Policy.Announce}, Entry: e,
		})
	}
	d.setUpChannel(e)
}

// setUpChannel queues what makes the incident's channel. Its topic and card follow
// when the channel is open, its pin when the card is posted: nobody waits for them.
func (d *draft) setUpChannel(e int) {
	for _, s := range channelSteps {
		d.Steps[s] = Outcome{State: StepPending}
	}
	d.notify(notice.Notice{Op: notice.OpOpen, To: inChannel, Entry: e})
	for l := policy.Level(1); l <= d.Level; l++ {
		d.invite(l, d.involved())
	}
	if d.Status.Open() {
		d.post(TemplateAlert, e)
	}
}

// channelSteps lists the steps of setUpChannel.
var channelSteps = []StepName{StepChannel, StepTopic, StepInvite, StepCard, StepPin}

// invite calls a level's people to the incident's channel, and whoever else is named.
func (d *draft) invite(l policy.Level, also slackid.Set[slackid.User]) {
	to := inChannel
	to.People, to.Also, to.Level = d.Policy.Holders(l), also, l
	d.notify(notice.Notice{Op: notice.OpInvite, To: to})
}

// pageDirectly tells a level's people each by direct message, for when there is
// no channel to call them to.
func (d *draft) pageDirectly(l policy.Level, t notice.Template, e int) {
	d.tellDirectly(notice.Address{People: d.Policy.Holders(l), Level: l}, t, e)
}

// tellDirectly tells people each by direct message.
func (d *draft) tellDirectly(to notice.Address, t notice.Template, e int) {
	if !to.People.Empty() {
		d.notify(notice.Notice{Op: notice.OpExpand, Template: t, To: to, Entry: e})
	}
}

// escalateDue calls every level whose moment has come.
func (d *draft) escalateDue() {
	for {
		step, due, ok := d.escalation(d.Policy)
		if !ok || due.After(d.At) {
			return
		}
		d.asMuster(func() { d.escalate(step.To, d.automatic(step)) })
	}
}

// automatic says why the clock escalates: after so long without an
// acknowledgement, or without mitigation.
func (d *draft) automatic(s policy.Step) map[string]string {
	why := EscalatedUnmitigated
	switch {
	case s.After == 0:
		why = EscalatedImmediately
	case d.Acked.IsZero():
		why = EscalatedUnacknowledged
	}
	return map[string]string{"because": why, "after": s.After.String(), "severity": string(d.Severity)}
}

// Why the clock escalates, as the fact "because" of an entry.
const (
	EscalatedImmediately    = "immediately" // this severity's rules say so
	EscalatedUnacknowledged = "unacknowledged"
	EscalatedUnmitigated    = "unmitigated"
	EscalatedNobody         = "nobody" // the level before has nobody to page
)

// escalate calls a level. why is the entry's facts beside the two levels.
func (d *draft) escalate(to policy.Level, why map[string]string) {
	facts := maps.Clone(why)
	facts["from"], facts["to"] = d.Level.String(), to.String()
	d.Level, d.Reached = to, d.At
	e := d.record(EntryEscalated, facts)
	d.call(to, e)
	d.post(TemplateEscalation, e)
	d.unnamed(to)
}

// checkSeverity rejects what the policy does not name.
func checkSeverity(p policy.Policy, s policy.Severity) error {
	if p.Severity(s).Severity == "" {
		return InField(FieldSeverity, Reject("unknown_severity", nil))
	}
	return nil
}
