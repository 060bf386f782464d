package incident

import (
	"fmt"
	"time"

	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// VerbAcknowledge names [Incident.Acknowledge].
const VerbAcknowledge Verb = "acknowledge"

// Acknowledge says that the actor is at it. The first to do so is assigned.
func (inc Incident) Acknowledge(o Origin) (Change, error) {
	if err := inc.mustBeOpen(); err != nil {
		return Change{}, err
	}
	if !inc.Acked.IsZero() {
		return Change{}, Reject("already_acknowledged", Args{
			"number": inc.Number, "by": inc.Acked.By, "ago": o.At.Sub(inc.Acked.At),
		})
	}
	d := inc.draft(o)
	d.acknowledge()
	e := d.record(EntryAcknowledged, map[string]string{"after": d.At.Sub(inc.Declared.At).String()})
	d.post(TemplateChange, e)
	return d.change(), nil
}

// Report is what a person says in an update.
type Report struct {
	Text   string
	Impact string // what is known of it by now; "" = as it is
	ETA    string // "" = as it is
	NoETA  bool   // the one that was said holds no longer
	Status Status // "" = as it is
}

// VerbUpdate names [Incident.Update].
const VerbUpdate Verb = "update"

// Update reports progress, and may move the status among the working ones.
// Moving it acknowledges: who knows that much is at it.
func (inc Incident) Update(o Origin, r Report) (Change, error) {
	if err := inc.mustBeOpen(); err != nil {
		return Change{}, err
	}
	var w writing
	text := w.text(FieldText, r.Text, MaxText)
	impact := w.optional(FieldImpact, r.Impact, MaxText)
	eta := w.optional(FieldETA, r.ETA, MaxTitle)
	if w.err != nil {
		return Change{}, w.err
	}
	d := inc.draft(o)
	if r.Status != "" && r.Status != inc.Status {
		if err := d.moveTo(VerbUpdate, r.Status); err != nil {
			return Change{}, err
		}
		if inc.Acked.IsZero() {
			d.acknowledge()
		}
	}
	d.Updated, d.Snoozed = Stamp{o.By, d.At}, time.Time{}
	d.involve(o.By)
	if impact == inc.Impact() {
		impact = "" // said before
	}
	e := d.record(EntryUpdated, map[string]string{"text": text, "status": string(d.Status), "eta": eta, "impact": impact})
	d.say(TopicProgress, e)
	if eta != "" || r.NoETA {
		d.say(TopicETA, e)
	}
	if impact != "" {
		d.say(TopicImpact, e)
	}
	d.post(TemplateUpdate, e)
	return d.change(), nil
}

// VerbSeverity names [Incident.ChangeSeverity].
const VerbSeverity Verb = "severity"

// ChangeSeverity re-assesses; "" leaves it as it is. Raising it applies the new
// rules from now on; lowering it re-times what is pending.
func (inc Incident) ChangeSeverity(o Origin, to policy.Severity) (Change, error) {
	if err := inc.mustBeOpen(); err != nil {
		return Change{}, err
	}
	if to == "" {
		to = inc.Severity
	}
	if err := checkSeverity(o.Policy, to); err != nil {
		return Change{}, err
	}
	if to == inc.Severity {
		return Change{}, InField(FieldSeverity, Reject("same_severity", Args{"number": inc.Number, "severity": to}))
	}
	d := inc.draft(o)
	d.wasAs(to)
	d.Severity = to
	direction := "lowered"
	if o.Policy.Worse(to, inc.Severity) {
		direction = "raised"
		d.restartClock(d.At)
	}
	d.involve(o.By)
	e := d.record(EntrySeverity, map[string]string{"from": string(inc.Severity), "to": string(to), "direction": direction})
	d.post(TemplateChange, e)
	return d.change(), nil
}

// Assignment is who is to have a role.
type Assignment struct {
	Role policy.Role
	User slackid.User
}

// VerbAssign names [Incident.Assign].
const VerbAssign Verb = "assign"

// Assign gives a role to somebody, who is invited to the channel.
func (inc Incident) Assign(o Origin, a Assignment) (Change, error) {
	if err := inc.mustBeOpen(); err != nil {
		return Change{}, err
	}
	if o.Policy.Role(a.Role).Role == "" {
		return Change{}, InField(FieldRole, Reject("unknown_role", Args{"word": string(a.Role)}))
	}
	if inc.Roles[a.Role] == a.User {
		return Change{}, InField(FieldUser, Reject("same_role", Args{"number": inc.Number, "user": a.User, "role": a.Role}))
	}
	d := inc.draft(o)
	d.assign(a.Role, a.User)
	e := d.record(EntryAssigned, map[string]string{"role": string(a.Role), "user": string(a.User)})
	invited := inChannel
	invited.People = invited.People.With(a.User)
	d.notify(notice.Notice{Op: notice.OpInvite, To: invited})
	d.post(TemplateChange, e)
	return d.change(), nil
}

// Escalation is what a person says when escalating.
type Escalation struct {
	To  policy.Level // 0 = the next one
	Why string       // optional
}

// VerbEscalate names [Incident.Escalate].
const VerbEscalate Verb = "escalate"

// Escalate calls a level by hand. Whoever asks for a level that has been called
// meanwhile is told so.
func (inc Incident) Escalate(o Origin, e Escalation) (Change, error) {
	if err := inc.mustBeOpen(); err != nil {
		return Change{}, err
	}
	var w writing
	to, why := e.To, w.optional(FieldReason, e.Why, MaxText)
	if w.err != nil {
		return Change{}, w.err
	}
	if inc.Level >= o.Policy.Top() {
		return Change{}, Reject("top_level", Args{"number": inc.Number, "level": inc.Level})
	}
	if to == 0 {
		to = inc.Level + 1
	}
	if to <= inc.Level || to > o.Policy.Top() {
		return Change{}, Reject("already_escalated", Args{"number": inc.Number, "level": inc.Level})
	}
	d := inc.draft(o)
	d.involve(o.By)
	d.escalate(to, map[string]string{"why": why})
	return d.change(), nil
}

// VerbSnooze names [Incident.Snooze].
const VerbSnooze Verb = "snooze"

// Snooze sets the moment of the next reminder, once. The cadence stays as it is,
// and so does the time of the last update.
func (inc Incident) Snooze(o Origin, p Pause) (Change, error) {
	if err := inc.mustBeOpen(); err != nil {
		return Change{}, err
	}
	d := inc.draft(o)
	end := p.end(d.At)
	length := end.Sub(d.At)
	if bounds := o.Policy.Snooze; length < bounds.Min || length > bounds.Max {
		return Change{}, InField(FieldLength, Reject("bad_snooze", Args{"min": bounds.Min, "max": bounds.Max}))
	}
	d.Snoozed = end
	d.involve(o.By)
	facts := map[string]string{"until": moment(end), "for": length.String()}
	if p.Until != nil {
		facts["zone"] = p.Until.Zone.String()
	}
	e := d.record(EntrySnoozed, facts)
	d.post(TemplateChange, e)
	return d.change(), nil
}

// VerbResolve names [Incident.Resolve].
const VerbResolve Verb = "resolve"

// Resolve ends the work: the fault is gone. What was said of it before it was
// reopened holds until it is said anew: the root cause, and that customers noticed.
func (inc Incident) Resolve(o Origin, r Resolution) (Change, error) {
	if err := inc.mustBeOpen(); err != nil {
		return Change{}, err
	}
	var w writing
	r.Summary = w.text(FieldResolution, r.Summary, MaxText)
	r.Cause = w.optional(FieldCause, r.Cause, MaxText)
	if w.err != nil {
		return Change{}, w.err
	}
	d := inc.draft(o)
	if err := d.moveTo(VerbResolve, Resolved); err != nil {
		return Change{}, err
	}
	if inc.Acked.IsZero() {
		d.acknowledge()
	}
	d.involve(o.By)
	d.Ended, d.CustomerImpact = Stamp{o.By, d.At}, inc.CustomerImpact || r.CustomerImpact
	e := d.record(EntryResolved, map[string]string{
		"summary": r.Summary, "cause": r.Cause, "after": d.Duration(d.At).String(),
	})
	d.say(TopicResolution, e)
	if r.Cause != "" {
		d.say(TopicCause, e)
	}
	d.post(TemplateResolution, e)
	return d.change(), nil
}

// VerbReopen names [Separate] and [Incident.Reopen].
const VerbReopen Verb = "reopen"

// Reopen goes back to work: the severity's rules start anew, whoever reopens is
// at it, and everybody called so far is told. The record keeps what it has: the
// first acknowledgement, the resolution, the cause. A duplicate takes [Separate].
func (inc Incident) Reopen(o Origin, why string) (Change, error) {
	if inc.MergedInto != (Link{}) {
		return Change{}, fmt.Errorf("%s is a duplicate, so it isn't reopened without the other; see Separate", inc.Number)
	}
	return inc.moveWithReason(o, VerbReopen, Investigating, why, EntryReopened, TemplateReopened, func(d *draft) {
		d.Worked, d.Resumed = inc.Duration(d.At), d.At
		d.Ended, d.Reminded = Stamp{}, time.Time{}
		delete(d.Texts, TopicETA)                                     // of the work that was done
		if d.Texts[TopicCause] == 0 && inc.Resolution().Cause != "" { // stored before causes were kept by themselves
			d.say(TopicCause, d.Texts[TopicResolution])
		}
		d.FirstAcked = inc.FirstAck()
		d.restartClock(d.At)
		d.acknowledge()
		d.bringBack()
	})
}

// VerbCancel names [Incident.Cancel].
const VerbCancel Verb = "cancel"

// Cancel says that it was none: a false alarm, a duplicate, a test.
func (inc Incident) Cancel(o Origin, why string) (Change, error) {
	return inc.moveWithReason(o, VerbCancel, Cancelled, why, EntryCancelled, TemplateChange, func(d *draft) {
		d.Ended = Stamp{o.By, d.At}
	})
}

// moveWithReason moves to a status that needs a reason.
func (inc Incident) moveWithReason(o Origin, v Verb, to Status, why string, kind EntryKind, t notice.Template, and func(*draft)) (Change, error) {
	d := inc.draft(o)
	if err := d.moveTo(v, to); err != nil {
		return Change{}, err
	}
	var w writing
	if why = w.text(FieldReason, why, MaxText); w.err != nil {
		return Change{}, w.err
	}
	and(d)
	d.involve(o.By)
	d.post(t, d.record(kind, map[string]string{"why": why}))
	return d.change(), nil
}

// VerbClose names [Incident.Close].
const VerbClose Verb = "close"

// Close ends the record: nothing is left to do.
func (inc Incident) Close(o Origin) (Change, error) {
	d := inc.draft(o)
	if err := d.moveTo(VerbClose, Closed); err != nil {
		return Change{}, err
	}
	d.involve(o.By)
	d.Archive.Since = d.At
	d.post(TemplateChange, d.record(EntryClosed, nil))
	return d.change(), nil
}
