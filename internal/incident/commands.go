package incident

import (
	"strings"
	"time"

	"muster/internal/policy"
	"muster/internal/slackid"
)

// Acknowledge says that the actor is at it. The first to do so is assigned.
func (inc Incident) Acknowledge(c Origin) (Change, error) {
	if err := inc.mustBeOpen(); err != nil {
		return Change{}, err
	}
	if !inc.Acked.IsZero() {
		return Change{}, Rejectf("already_acknowledged", "%s acknowledged %s %s ago.",
			inc.Acked.By, inc.Number, Span(c.At.Sub(inc.Acked.At)))
	}
	d := inc.draft(c)
	d.acknowledge()
	e := d.record(EntryAcknowledged, nil, "acknowledged after %s", Span(c.At.Sub(inc.Declared.At)))
	d.post(TemplateChange, e)
	return d.change(), nil
}

// Report is what a person says in an update.
type Report struct {
	Text   string
	Impact string // what is known of it by now; "" = as it is
	ETA    string // optional
	Status Status // "" = as it is
}

// Update reports progress, and may move the status among the working ones.
// Moving it acknowledges: who knows that much is at it.
func (inc Incident) Update(c Origin, r Report) (Change, error) {
	if err := inc.mustBeOpen(); err != nil {
		return Change{}, err
	}
	text, impact, eta := strings.TrimSpace(r.Text), strings.TrimSpace(r.Impact), strings.TrimSpace(r.ETA)
	if err := firstOf(
		checkText(FieldText, text, MaxText),
		checkOptional(FieldImpact, impact, MaxText),
		checkOptional(FieldETA, eta, MaxTitle),
	); err != nil {
		return Change{}, err
	}
	d := inc.draft(c)
	if r.Status != "" && r.Status != inc.Status {
		if err := d.moveTo(VerbUpdate, r.Status); err != nil {
			return Change{}, err
		}
		if inc.Acked.IsZero() {
			d.acknowledge()
		}
	}
	d.Updated, d.Progress = Stamp{c.By, c.At}, Progress{Text: text, ETA: eta}
	d.Snoozed = time.Time{}
	d.involve(c.By)
	data := map[string]string{"text": text, "status": string(d.Status)}
	if eta != "" {
		data["eta"] = eta
	}
	if impact != "" && impact != inc.Impact {
		d.Impact, data["impact"] = impact, impact
	}
	e := d.record(EntryUpdated, data, "%s", text)
	d.post(TemplateUpdate, e)
	return d.change(), nil
}

// ChangeSeverity re-assesses. Raising it applies the new rules from now on;
// lowering it re-times what is pending.
func (inc Incident) ChangeSeverity(c Origin, to policy.Severity) (Change, error) {
	if err := inc.mustBeOpen(); err != nil {
		return Change{}, err
	}
	if err := checkSeverity(c.Policy, to); err != nil {
		return Change{}, err
	}
	if to == inc.Severity {
		return Change{}, InField(FieldSeverity, Rejectf("same_severity", "%s is already %s.", inc.Number, to))
	}
	d := inc.draft(c)
	d.Severity = to
	verb := "lowered"
	if c.Policy.Worse(to, inc.Severity) {
		verb = "raised"
		d.restartClock(c.At)
	}
	d.involve(c.By)
	e := d.record(EntrySeverity, map[string]string{"from": string(inc.Severity), "to": string(to)},
		"%s the severity from %s to %s (%s)", verb, inc.Severity, to, c.Policy.Severity(to).Name)
	d.post(TemplateChange, e)
	return d.change(), nil
}

// Assign gives a role to somebody, who is invited to the channel.
func (inc Incident) Assign(c Origin, r policy.Role, to slackid.User) (Change, error) {
	if err := inc.mustBeOpen(); err != nil {
		return Change{}, err
	}
	rules := c.Policy.Role(r)
	if rules.Role == "" {
		return Change{}, InField(FieldRole, Rejectf("unknown_role", "`%s` isn't a role.", string(r)))
	}
	if inc.Roles[r] == to {
		return Change{}, InField(FieldUser, Rejectf("same_role", "%s is already %s of %s.", to, rules.Name, inc.Number))
	}
	d := inc.draft(c)
	d.assign(r, to)
	e := d.record(EntryAssigned, map[string]string{"role": string(r), "user": string(to)},
		"made %s %s", to.Mention(), rules.Name)
	d.notify(Notice{Op: OpInvite, To: Target{InChannel: true, People: policy.NewPeople([]slackid.User{to}, nil)}})
	d.post(TemplateChange, e)
	return d.change(), nil
}

// Escalate calls a level by hand: to, or the next one where to is 0. Whoever
// asks for a level that has been called meanwhile is told so.
func (inc Incident) Escalate(c Origin, to policy.Level, why string) (Change, error) {
	if err := inc.mustBeOpen(); err != nil {
		return Change{}, err
	}
	why = strings.TrimSpace(why)
	if err := checkOptional(FieldReason, why, MaxText); err != nil {
		return Change{}, err
	}
	if inc.Level >= c.Policy.Top() {
		return Change{}, Rejectf("top_level", "%s is already at %s (%s), the last level. Need more help? Call someone directly.",
			inc.Number, inc.Level, c.Policy.Level(inc.Level).Name)
	}
	if to == 0 {
		to = inc.Level + 1
	}
	if to <= inc.Level || to > c.Policy.Top() {
		return Change{}, Rejectf("already_escalated", "%s is already at %s (%s).", inc.Number, inc.Level, c.Policy.Level(inc.Level).Name)
	}
	d := inc.draft(c)
	d.involve(c.By)
	d.escalate(to, why)
	return d.change(), nil
}

// Snooze sets the moment of the next reminder, once. The cadence stays as it is,
// and so does the time of the last update.
func (inc Incident) Snooze(c Origin, length time.Duration) (Change, error) {
	if err := inc.mustBeOpen(); err != nil {
		return Change{}, err
	}
	if bounds := c.Policy.Snooze; length < bounds.Min || length > bounds.Max {
		return Change{}, InField(FieldLength, Rejectf("bad_snooze", "Choose between %s and %s, for example `30m` or `2h`.", Span(bounds.Min), Span(bounds.Max)))
	}
	d := inc.draft(c)
	d.Snoozed = c.At.Add(length)
	d.involve(c.By)
	e := d.record(EntrySnoozed, map[string]string{"until": d.Snoozed.Format(time.RFC3339)},
		"snoozed the next update reminder for %s, until %s UTC", Span(length), d.Snoozed.UTC().Format("15:04"))
	d.post(TemplateChange, e)
	return d.change(), nil
}

// Resolve ends the work: the fault is gone.
func (inc Incident) Resolve(c Origin, r Resolution) (Change, error) {
	if err := inc.mustBeOpen(); err != nil {
		return Change{}, err
	}
	r.Summary, r.Cause = strings.TrimSpace(r.Summary), strings.TrimSpace(r.Cause)
	if err := firstOf(
		checkText(FieldResolution, r.Summary, MaxText),
		checkOptional(FieldCause, r.Cause, MaxText),
	); err != nil {
		return Change{}, err
	}
	d := inc.draft(c)
	if err := d.moveTo(VerbResolve, Resolved); err != nil {
		return Change{}, err
	}
	if inc.Acked.IsZero() {
		d.acknowledge()
	}
	d.involve(c.By)
	d.Ended, d.Resolution = Stamp{c.By, c.At}, r
	data := map[string]string{"summary": r.Summary}
	if r.Cause != "" {
		data["cause"] = r.Cause
	}
	e := d.record(EntryResolved, data, "resolved the incident after %s: %s", Span(d.Duration(c.At)), r.Summary)
	d.post(TemplateResolution, e)
	return d.change(), nil
}

// Reopen goes back to work: the severity's rules start anew, whoever reopens is
// at it, and everybody called so far is told.
func (inc Incident) Reopen(c Origin, why string) (Change, error) {
	return inc.moveWithReason(c, VerbReopen, Investigating, why, EntryReopened, TemplateReopened, func(d *draft) {
		d.Ended, d.Mitigated, d.Resolution, d.Reminded = Stamp{}, Stamp{}, Resolution{}, time.Time{}
		d.restartClock(c.At)
		d.acknowledge()
	})
}

// Cancel says that it was none: a false alarm, a duplicate, a test.
func (inc Incident) Cancel(c Origin, why string) (Change, error) {
	return inc.moveWithReason(c, VerbCancel, Cancelled, why, EntryCancelled, TemplateChange, func(d *draft) {
		d.Ended = Stamp{c.By, c.At}
	})
}

// because moves to a status that needs a reason.
func (inc Incident) moveWithReason(c Origin, v Verb, to Status, why string, kind EntryKind, t Template, and func(*draft)) (Change, error) {
	d := inc.draft(c)
	if err := d.moveTo(v, to); err != nil {
		return Change{}, err
	}
	why = strings.TrimSpace(why)
	if err := checkText(FieldReason, why, MaxText); err != nil {
		return Change{}, err
	}
	and(d)
	d.involve(c.By)
	e := d.record(kind, map[string]string{"why": why}, "%s the incident: %s", map[Verb]string{VerbReopen: "reopened", VerbCancel: "cancelled"}[v], why)
	d.post(t, e)
	return d.change(), nil
}

// Close ends the record: nothing is left to do.
func (inc Incident) Close(c Origin) (Change, error) {
	d := inc.draft(c)
	if err := d.moveTo(VerbClose, Closed); err != nil {
		return Change{}, err
	}
	d.involve(c.By)
	d.post(TemplateChange, d.record(EntryClosed, nil, "closed the incident"))
	return d.change(), nil
}
