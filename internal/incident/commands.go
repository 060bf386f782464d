package incident

import (
	"strings"
	"time"

	"muster/internal/policy"
	"muster/internal/slackid"
)

// Acknowledge says that the actor is at it. The first to do so is assigned.
func (i Incident) Acknowledge(c Cause) (Change, error) {
	if err := i.open(); err != nil {
		return Change{}, err
	}
	if !i.Acked.IsZero() {
		return Change{}, Rejectf("already_acknowledged", "%s has already acknowledged %s, %s ago.",
			i.Acked.By, i.Number, Span(c.At.Sub(i.Acked.At)))
	}
	d := i.draft(c)
	d.acknowledge()
	e := d.record(EntryAcknowledged, nil, "Acknowledged after %s", Span(c.At.Sub(i.Declared.At)))
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
func (i Incident) Update(c Cause, r Report) (Change, error) {
	if err := i.open(); err != nil {
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
	d := i.draft(c)
	if r.Status != "" && r.Status != i.Status {
		if err := d.to(Update, r.Status); err != nil {
			return Change{}, err
		}
		if i.Acked.IsZero() {
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
	if impact != "" && impact != i.Impact {
		d.Impact, data["impact"] = impact, impact
	}
	e := d.record(EntryUpdated, data, "%s", text)
	d.post(TemplateUpdate, e)
	return d.change(), nil
}

// ChangeSeverity re-assesses. Raising it applies the new rules from now on;
// lowering it re-times what is pending.
func (i Incident) ChangeSeverity(c Cause, to policy.Severity) (Change, error) {
	if err := i.open(); err != nil {
		return Change{}, err
	}
	if err := checkSeverity(c.Policy, to); err != nil {
		return Change{}, err
	}
	if to == i.Severity {
		return Change{}, At(FieldSeverity, Rejectf("same_severity", "%s is already %s.", i.Number, to))
	}
	d := i.draft(c)
	d.Severity = to
	verb := "lowered"
	if c.Policy.Worse(to, i.Severity) {
		verb = "raised"
		d.clockFrom(c.At)
	}
	d.involve(c.By)
	e := d.record(EntrySeverity, map[string]string{"from": string(i.Severity), "to": string(to)},
		"Severity %s from %s to %s (%s)", verb, i.Severity, to, c.Policy.Severity(to).Name)
	d.post(TemplateChange, e)
	return d.change(), nil
}

// Assign gives a role to somebody, who is invited to the channel.
func (i Incident) Assign(c Cause, r policy.Role, to slackid.User) (Change, error) {
	if err := i.open(); err != nil {
		return Change{}, err
	}
	rules := c.Policy.Role(r)
	if rules.Role == "" {
		return Change{}, At(FieldRole, Rejectf("unknown_role", "There is no role `%s`.", string(r)))
	}
	if i.Roles[r] == to {
		return Change{}, At(FieldUser, Rejectf("same_role", "%s is already %s of %s.", to, rules.Name, i.Number))
	}
	d := i.draft(c)
	d.assign(r, to)
	e := d.record(EntryAssigned, map[string]string{"role": string(r), "user": string(to)},
		"%s is now %s", to.Mention(), rules.Name)
	d.tell(Notice{Act: ActInvite, To: Target{Home: true, People: policy.NewPeople([]slackid.User{to}, nil)}})
	d.post(TemplateChange, e)
	return d.change(), nil
}

// Escalate calls a level by hand: to, or the next one where to is 0. Whoever
// asks for a level that has been called meanwhile is told so.
func (i Incident) Escalate(c Cause, to policy.Level, why string) (Change, error) {
	if err := i.open(); err != nil {
		return Change{}, err
	}
	why = strings.TrimSpace(why)
	if err := checkOptional(FieldReason, why, MaxText); err != nil {
		return Change{}, err
	}
	if i.Level >= c.Policy.Top() {
		return Change{}, Rejectf("top_level", "%s has already reached %s (%s), the last level.",
			i.Number, i.Level, c.Policy.Level(i.Level).Name)
	}
	if to == 0 {
		to = i.Level + 1
	}
	if to <= i.Level || to > c.Policy.Top() {
		return Change{}, Rejectf("already_escalated", "%s has already been escalated to %s (%s).", i.Number, i.Level, c.Policy.Level(i.Level).Name)
	}
	if why == "" {
		why = "by hand"
	}
	d := i.draft(c)
	d.involve(c.By)
	d.escalate(to, why)
	return d.change(), nil
}

// Snooze sets the moment of the next reminder, once. The cadence stays as it is,
// and so does the time of the last update.
func (i Incident) Snooze(c Cause, length time.Duration) (Change, error) {
	if err := i.open(); err != nil {
		return Change{}, err
	}
	if bounds := c.Policy.Snooze; length < bounds.Min || length > bounds.Max {
		return Change{}, At(FieldLength, Rejectf("bad_snooze", "Choose between %s and %s.", Span(bounds.Min), Span(bounds.Max)))
	}
	d := i.draft(c)
	d.Snoozed = c.At.Add(length)
	d.involve(c.By)
	e := d.record(EntrySnoozed, map[string]string{"until": d.Snoozed.Format(time.RFC3339)},
		"Snoozed: the next update reminder comes in %s, at %s UTC", Span(length), d.Snoozed.UTC().Format("15:04"))
	d.post(TemplateChange, e)
	return d.change(), nil
}

// Resolve ends the work: the fault is gone.
func (i Incident) Resolve(c Cause, r Resolving) (Change, error) {
	if err := i.open(); err != nil {
		return Change{}, err
	}
	r.Summary, r.Cause = strings.TrimSpace(r.Summary), strings.TrimSpace(r.Cause)
	if err := firstOf(
		checkText(FieldResolution, r.Summary, MaxText),
		checkOptional(FieldCause, r.Cause, MaxText),
	); err != nil {
		return Change{}, err
	}
	d := i.draft(c)
	if err := d.to(Resolve, Resolved); err != nil {
		return Change{}, err
	}
	if i.Acked.IsZero() {
		d.acknowledge()
	}
	d.involve(c.By)
	d.Ended, d.Resolution = Stamp{c.By, c.At}, r
	data := map[string]string{"summary": r.Summary}
	if r.Cause != "" {
		data["cause"] = r.Cause
	}
	e := d.record(EntryResolved, data, "Resolved after %s: %s", Span(d.Duration(c.At)), r.Summary)
	d.post(TemplateResolution, e)
	return d.change(), nil
}

// Reopen goes back to work: the severity's rules start anew, whoever reopens is
// at it, and everybody called so far is told.
func (i Incident) Reopen(c Cause, why string) (Change, error) {
	return i.because(c, Reopen, Investigating, why, EntryReopened, TemplateReopened, func(d *draft) {
		d.Ended, d.Mitigated, d.Resolution, d.Reminded = Stamp{}, Stamp{}, Resolving{}, time.Time{}
		d.clockFrom(c.At)
		d.acknowledge()
	})
}

// Cancel says that it was none: a false alarm, a duplicate, a test.
func (i Incident) Cancel(c Cause, why string) (Change, error) {
	return i.because(c, Cancel, Cancelled, why, EntryCancelled, TemplateChange, func(d *draft) {
		d.Ended = Stamp{c.By, c.At}
	})
}

// because moves to a status that needs a reason.
func (i Incident) because(c Cause, v Verb, to Status, why string, kind EntryKind, t Template, and func(*draft)) (Change, error) {
	d := i.draft(c)
	if err := d.to(v, to); err != nil {
		return Change{}, err
	}
	why = strings.TrimSpace(why)
	if err := checkText(FieldReason, why, MaxText); err != nil {
		return Change{}, err
	}
	and(d)
	d.involve(c.By)
	e := d.record(kind, map[string]string{"why": why}, "%s: %s", map[Verb]string{Reopen: "Reopened", Cancel: "Cancelled"}[v], why)
	d.post(t, e)
	return d.change(), nil
}

// Close ends the record: nothing is left to do.
func (i Incident) Close(c Cause) (Change, error) {
	d := i.draft(c)
	if err := d.to(Close, Closed); err != nil {
		return Change{}, err
	}
	d.involve(c.By)
	d.post(TemplateChange, d.record(EntryClosed, nil, "Closed"))
	return d.change(), nil
}
