package incident

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// Origin is who does something, when, and under which policy. Each attempt has an
// ID of its own, which is never given twice: what has to be told apart from
// everything else for all time is named after it.
type Origin struct {
	ID     string
	By     slackid.User
	At     time.Time
	Policy policy.Policy
}

// Change is all that one command does to one incident.
type Change struct {
	After   Incident
	Summary Summary // of After
	Entries []Entry
	Parts   []Part  // set, or removed where Body is empty
	Timers  []Timer // set, or cleared where At is zero
	Notices []notice.Notice
}

// draft is a change in the making.
type draft struct {
	Origin
	Incident // as it will be

	before  Incident
	entries []Entry
	parts   []Part
	notices []notice.Notice
}

// draft begins a change. It is never dated before the change that it follows,
// whatever the clock says.
func (inc Incident) draft(o Origin) *draft {
	if o.At.Before(inc.Changed) {
		o.At = inc.Changed
	}
	d := &draft{Origin: o, Incident: inc.clone(), before: inc}
	d.Version, d.Changed = d.Version+1, o.At
	return d
}

// record appends to the timeline and returns the entry's number.
func (d *draft) record(kind EntryKind, facts map[string]string) int {
	for name, fact := range facts {
		if fact == "" {
			delete(facts, name)
		}
	}
	e := Entry{Seq: d.Entries + 1, At: d.At, By: d.By, Kind: kind, Facts: facts}.Chain(d.LastHash)
	d.Entries, d.LastHash = e.Seq, e.Hash
	d.entries = append(d.entries, e)
	if d.Loaded.Entries == nil {
		d.Loaded.Entries = map[int]Entry{}
	}
	d.Loaded.Entries[e.Seq] = e
	return e.Seq
}

// say makes an entry the one that holds a text.
func (d *draft) say(t Topic, entry int) {
	if d.Texts == nil {
		d.Texts = map[Topic]int{}
	}
	d.Texts[t] = entry
}

// notify queues a notice in the lane of whom it is for. No lane is shared with
// another incident.
func (d *draft) notify(n notice.Notice) {
	n.Subject, n.At, n.Priority = d.Number.Subject(), d.At, priority(d.Policy, d.Severity)
	n.Key = fmt.Sprintf("%s.%s.%d", d.Number, d.Origin.ID, len(d.notices))
	n.To.Medium = notice.Slack
	switch {
	case n.To.User != "":
		n.Lane = notice.Lane("user:"+string(n.To.User), n.Subject)
	case n.To.Channel != "":
		n.Lane = notice.Lane("channel:"+string(n.To.Channel), n.Subject)
	case n.Template == TemplateCard: // calling people must not wait behind it; it is paced with the channel's other posts
		n.Lane = "incident:" + d.Number.String() + " card"
	case n.Op == notice.OpTopic || n.Op == notice.OpPin: // decoration: nothing waits behind it
		n.Lane = string(n.Op) + ":" + d.Number.String()
	case n.Op == notice.OpExpand: // must not wait for a channel that cannot be opened
		n.Lane = "people:" + d.Number.String()
	default: // the incident's own channel, which may not be open yet
		n.Lane = "incident:" + d.Number.String()
	}
	d.notices = append(d.notices, n)
}

// priority is the urgency that the policy gives a severity.
func priority(p policy.Policy, s policy.Severity) notice.Priority {
	switch p.Severity(s).Urgency {
	case policy.Urgent:
		return notice.Urgent
	case policy.High:
		return notice.High
	}
	return notice.Normal
}

// post posts to the incident's channel. It tells of an entry.
func (d *draft) post(t notice.Template, entry int) {
	d.notify(notice.Notice{Op: notice.OpPost, Template: t, To: inChannel, Entry: entry})
}

// inChannel is the address of the incident's own channel.
var inChannel = notice.Address{InChannel: true}

// publicFields is what of an incident the topic and the announcement show.
type publicFields struct {
	title, channel string
	severity       policy.Severity
	status         Status
	lead           slackid.User
	level          policy.Level
	calling        string
	step           StepState
	merged         Link
	duplicates     string
}

func (inc Incident) publicFields() publicFields {
	return publicFields{
		inc.Title, string(inc.Channel), inc.Severity, inc.Status, inc.Lead(), inc.Level, fmt.Sprint(inc.calling(), inc.WithoutChannel()), inc.Steps[StepChannel].State,
		inc.MergedInto, fmt.Sprint(inc.Duplicates),
	}
}

// refresh brings what is already posted up to date.
func (d *draft) refresh() {
	was, is := d.before.publicFields(), d.publicFields()
	if was.severity != is.severity || was.status != is.status {
		d.notify(notice.Notice{Op: notice.OpTopic, To: inChannel, Merge: string(notice.OpTopic)})
	}
	if d.Card.TS != "" { // else it will be posted as things are by then
		d.notify(notice.Notice{Op: notice.OpEdit, Template: TemplateCard, To: inChannel, Merge: string(TemplateCard)})
	}
	announced := cmp.Or(d.Announced.Channel, d.Policy.Announce) // it stays where it was posted, whatever the policy says by now
	if was != is && !d.Private && announced != "" {
		d.notify(notice.Notice{
			Op: notice.OpEdit, Template: TemplateAnnouncement, To: notice.Address{Channel: announced},
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
	return d.withoutRefresh()
}

// withoutRefresh completes a change that nothing of what is posted shows.
func (d *draft) withoutRefresh() Change {
	timers := d.rearm()
	return Change{
		After: d.Incident, Summary: d.Summary(d.Policy, d.At),
		Entries: d.entries, Parts: d.parts, Timers: timers, Notices: d.notices,
	}
}

// rearm compares what the clock watches with what it ought to. What ought to have
// come already, under other rules than it was armed by, comes now.
func (d *draft) rearm() []Timer {
	var timers []Timer
	due := d.deadlines(d.Policy)
	for _, name := range slices.Sorted(maps.Keys(due)) {
		armed, is := d.Timers[name]
		at := due[name]
		if past := at.Before(d.At); is && (armed.At.Equal(at) || past && !armed.At.After(d.At)) {
			continue
		} else if past {
			at = d.At
		}
		if d.Timers == nil {
			d.Timers = map[TimerName]Armed{}
		}
		d.Timers[name] = Armed{At: at, Gen: d.Version}
		timers = append(timers, Timer{Number: d.Number, Name: name, At: at, Gen: d.Version})
	}
	for _, name := range slices.Sorted(maps.Keys(d.Timers)) {
		if _, wanted := due[name]; !wanted {
			timers = append(timers, Timer{Number: d.Number, Name: name, Gen: d.Timers[name].Gen})
			delete(d.Timers, name)
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

// acknowledge notes that somebody is working on it.
func (d *draft) acknowledge() {
	if response := d.Policy.Severity(d.Severity).Response; response > 0 && d.FirstAck().IsZero() {
		d.AckDue = d.Since.Add(response)
	}
	d.Acked = Stamp{d.By, d.At}
	if d.Lead() == "" {
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

// moveTo moves the status along an edge of the table.
func (d *draft) moveTo(v Verb, s Status) error {
	if !v.allowed(d.Status, s) {
		return Reject("not_allowed", Args{"number": d.Number, "verb": v, "status": d.Status, "open": d.Status.Open()})
	}
	if d.Status.Mitigated() && !s.Mitigated() {
		d.Unmitigated = d.At
	}
	d.Status = s
	if s.Mitigated() && s != Cancelled && d.Mitigated.IsZero() {
		d.Mitigated = Stamp{d.By, d.At}
	}
	return nil
}

// wasAs remembers how bad it was.
func (d *draft) wasAs(s policy.Severity) {
	d.Worst = d.WorstSeverity()
	if d.Policy.Worse(s, d.Worst) {
		d.Worst = s
	}
}

// mustBeOpen rejects what only makes sense while people are at work.
func (inc Incident) mustBeOpen() error {
	if !inc.Status.Open() {
		return Reject("not_open", Args{"number": inc.Number, "status": inc.Status})
	}
	return nil
}

// restartClock starts the severity's rules anew.
func (d *draft) restartClock(at time.Time) {
	d.Since, d.Warned, d.Snoozed = at, false, time.Time{}
}
