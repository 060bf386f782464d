package incident

import (
	"fmt"
	"time"

	"muster/internal/policy"
	"muster/internal/slackid"
)

// Cause is who does something, when, and under which policy.
type Origin struct {
	By     slackid.User
	At     time.Time
	Policy policy.Policy
}

// Change is all that one command does, committed as a whole or not at all.
type Change struct {
	After   Incident
	Entries []Entry
	Notices []Notice
	Timers  []Timer // set, or cleared where At is zero
}

// draft is a change in the making.
type draft struct {
	Origin
	Incident // as it will be

	before  Incident
	entries []Entry
	notices []Notice
}

func (inc Incident) draft(c Origin) *draft {
	d := &draft{Origin: c, Incident: inc.clone(), before: inc}
	d.Version++
	return d
}

// record appends to the timeline.
func (d *draft) record(kind EntryKind, data map[string]string, format string, args ...any) Entry {
	e := Entry{
		Seq: d.Entries + 1, At: d.At, By: d.By, Kind: kind,
		Text: fmt.Sprintf(format, args...), Data: data, Prev: d.Head,
	}
	e.Hash = e.digest()
	d.Entries, d.Head = e.Seq, e.Hash
	d.entries = append(d.entries, e)
	return e
}

// tell queues a notice in the lane of whom it is for.
func (d *draft) notify(n Notice) {
	n.Number, n.At, n.Priority = d.Number, d.At, priority(d.Policy, d.Severity)
	n.Key = fmt.Sprintf("%s.%d.%d", d.Number, d.Version, len(d.notices))
	switch {
	case n.To.User != "":
		n.Lane = "user:" + string(n.To.User)
	case n.To.Channel != "":
		n.Lane = "channel:" + string(n.To.Channel)
	case n.Op == OpEdit: // the card's; edits are few a minute, and nothing waits behind them
		n.Lane = "card:" + d.Number.String()
	case n.Op == OpExpand: // must not wait for a channel that cannot be opened
		n.Lane = "people:" + d.Number.String()
	default: // the incident's own channel, which may not be open yet
		n.Lane = "incident:" + d.Number.String()
	}
	d.notices = append(d.notices, n)
}

// post tells the incident's channel.
func (d *draft) post(t Template, e Entry) {
	d.notify(Notice{Op: OpPost, Template: t, To: Target{InChannel: true}, Entry: &e})
}

// face is what of an incident the topic and the announcement show.
type publicFields struct {
	title, channel string
	severity       policy.Severity
	status         Status
	assigned       slackid.User
	level          policy.Level
	step           StepState
}

func (inc Incident) publicFields() publicFields {
	return publicFields{inc.Title, string(inc.Channel), inc.Severity, inc.Status, inc.Assigned(), inc.Level, inc.Steps[StepChannel].State}
}

// refresh brings what is already posted up to date.
func (d *draft) refresh() {
	was, is := d.before.publicFields(), d.publicFields()
	if was.severity != is.severity || was.status != is.status {
		d.notify(Notice{Op: OpTopic, To: Target{InChannel: true}, Merge: string(OpTopic)})
	}
	d.notify(Notice{Op: OpEdit, Template: TemplateCard, To: Target{InChannel: true}, Merge: string(TemplateCard)})
	if was != is && !d.Private && d.Policy.Announce != "" {
		d.notify(Notice{
			Op: OpEdit, Template: TemplateAnnouncement, To: Target{Channel: d.Policy.Announce},
			Merge: fmt.Sprintf("%s %s", TemplateAnnouncement, d.Number),
		})
	}
}

// change completes the draft: what follows from any change follows here.
func (d *draft) change() Change {
	d.escalateDue()
	if d.before.Version > 0 {
		d.refresh()
	}
	return Change{After: d.Incident, Entries: d.entries, Notices: d.notices, Timers: d.rearm()}
}

// rearm compares what the clock watches with what it ought to.
func (d *draft) rearm() []Timer {
	var timers []Timer
	due := d.deadlines(d.Policy)
	for _, kind := range []TimerKind{TimerRespond, TimerUpdate, TimerEscalate} {
		at, wanted := due[kind]
		armed, is := d.Timers[kind]
		switch {
		case wanted && (!is || !armed.At.Equal(at)):
			if d.Timers == nil {
				d.Timers = map[TimerKind]Timer{}
			}
			t := Timer{Number: d.Number, Kind: kind, At: at, Gen: d.Version}
			d.Timers[kind] = t
			timers = append(timers, t)
		case is && !wanted:
			delete(d.Timers, kind)
			timers = append(timers, Timer{Number: d.Number, Kind: kind, Gen: armed.Gen})
		}
	}
	return timers
}

// involve remembers somebody who now has to do with the incident.
func (d *draft) involve(u slackid.User) {
	if u != slackid.Muster {
		d.Responders = d.Responders.With(u)
	}
}

// acknowledge notes that somebody is at it.
func (d *draft) acknowledge() {
	d.Acked = Stamp{d.By, d.At}
	if d.Assigned() == "" {
		d.assign(policy.OnCallEngineer, d.By)
	}
}

func (d *draft) assign(r policy.Role, u slackid.User) {
	if d.Roles == nil {
		d.Roles = map[policy.Role]slackid.User{}
	}
	d.Roles[r] = u
	d.involve(u)
}

// to moves the status along an edge of the table.
func (d *draft) moveTo(v Verb, s Status) error {
	if !v.allowed(d.Status, s) {
		return Rejectf("not_allowed", "%s", hint(v, d.Number, d.Status))
	}
	d.Status = s
	if s.Mitigated() && s != Cancelled && d.Mitigated.IsZero() {
		d.Mitigated = Stamp{d.By, d.At}
	}
	return nil
}

// hint says why not, and what would be right instead.
func hint(v Verb, n Number, from Status) mrkdwn {
	state, right := "already *"+string(from)+"*", "Is it back? `/incident reopen %s`"
	switch {
	case v == VerbClose && from.Open():
		state, right = "still being "+underWay[from], "Resolve it first: `/incident resolve %s`"
	case v == VerbReopen && from.Open():
		state, right = "already open", "Share what's new: `/incident update %s`"
	case v == VerbCancel && from == Resolved:
		right = "Done with it? `/incident close %s`"
	case v == VerbUpdate && from.Open():
		state, right = "*"+string(from)+"*", "Fixed? `/incident resolve %s`"
	}
	return mrkdwn(fmt.Sprintf("%s is "+state+". "+right, n, n))
}

// underWay completes "is still being …".
var underWay = map[Status]string{Investigating: "investigated", Identified: "fixed", Monitoring: "monitored"}

// mrkdwn is Muster's own text, which needs no escaping.
type mrkdwn string

// open rejects what only makes sense while people are at work.
func (inc Incident) mustBeOpen() error {
	if !inc.Status.Open() {
		return Rejectf("not_open", "%s is already *%s*. Is it back? `/incident reopen %s`", inc.Number, inc.Status, inc.Number)
	}
	return nil
}

// clockFrom starts the severity's rules anew.
func (d *draft) restartClock(at time.Time) {
	d.Since, d.Warned, d.Snoozed = at, false, time.Time{}
}
