package incident

import (
	"fmt"
	"slices"
	"strings"

	"muster/internal/policy"
)

// Delivered takes note of what came of a notice: [ErrMoot] where nothing of it
// concerns the incident, so that the notice is just done.
func (inc Incident) Delivered(c Origin, n Notice, r Receipt) (Change, error) {
	d := inc.draft(c)
	switch n.Op {
	case OpOpen:
		d.Channel, d.ChannelName = r.Channel, r.Name
		d.done(StepChannel, "")
	case OpTopic:
		if inc.Steps[StepTopic].State == StepDone {
			return Change{}, ErrNoChange
		}
		d.done(StepTopic, "")
	case OpPin:
		d.done(StepPin, "")
	case OpInvite:
		d.invited(n, r)
	case OpExpand:
		d.unreached(n, r)
		for _, u := range r.Users {
			d.notify(Notice{Op: OpPost, Template: n.Template, To: Target{User: u, Level: n.To.Level}, Entry: n.Entry})
		}
		return d.withoutRefresh(), nil
	case OpPost:
		return d.posted(n, r)
	case OpEdit:
		return Change{}, ErrNoChange
	}
	return d.change(), nil
}

func (d *draft) posted(n Notice, r Receipt) (Change, error) {
	at := Message{Channel: r.Channel, TS: r.TS}
	switch n.Template {
	case TemplateCard:
		d.Card = at
		d.done(StepCard, "")
	case TemplateAnnouncement:
		d.Announced = at
		d.done(StepAnnounce, "")
	default:
		return Change{}, ErrNoChange
	}
	return d.change(), nil
}

func (d *draft) invited(n Notice, r Receipt) {
	for _, u := range r.Users {
		if _, refused := r.Refused[u]; !refused {
			d.involve(u)
		}
	}
	reason := d.unreached(n, r)
	if before := d.Steps[StepInvite]; before.Reason != "" && reason != "" {
		reason = before.Reason + ", " + reason
	} else if reason == "" {
		reason = before.Reason
	}
	d.done(StepInvite, reason)
}

// unreached records who could not be reached, and why.
func (d *draft) unreached(n Notice, r Receipt) string {
	var reasons []string
	for u, why := range r.Refused {
		who := u.Mention()
		if strings.HasPrefix(string(u), "S") {
			who = "the user group " + string(u)
		}
		reasons = append(reasons, fmt.Sprintf("%s couldn't be reached (%s)", who, why))
	}
	if n.To.Level > 0 && d.Policy.Holders(n.To.Level).Empty() {
		reasons = append(reasons, fmt.Sprintf("%s has no members in the configuration", n.To.Level))
	}
	slices.Sort(reasons)
	reason := strings.Join(reasons, ", ")
	if reason != "" {
		d.record(EntryStep, nil, "invited people, with gaps: %s", reason)
	}
	return reason
}

func (d *draft) done(s StepName, reason string) {
	d.Steps[s] = Outcome{State: StepDone, Reason: reason}
}

// step is the step of declaring that a notice carries out, if it is one.
func (n Notice) step() (StepName, bool) {
	switch {
	case n.Op == OpOpen:
		return StepChannel, true
	case n.Op == OpTopic:
		return StepTopic, true
	case n.Op == OpInvite:
		return StepInvite, true
	case n.Op == OpPin:
		return StepPin, true
	case n.Op == OpPost && n.Template == TemplateCard:
		return StepCard, true
	case n.Op == OpPost && n.Template == TemplateAnnouncement:
		return StepAnnounce, true
	}
	return "", false
}

// Failed takes note that a notice cannot be delivered for good. The rest goes
// on; the card shows it, and [Incident.Retry] sends it again.
func (inc Incident) Failed(c Origin, n Notice, reason string) (Change, error) {
	d := inc.draft(c)
	if n.Merge != "" && slices.ContainsFunc(inc.Undelivered, func(dead DeadLetter) bool {
		return dead.Notice.Lane == n.Lane && dead.Notice.Merge == n.Merge
	}) {
		return d.withoutRefresh(), nil // the one that waits to be retried serves for this one too
	}
	dead := DeadLetter{Notice: n, Reason: reason, At: c.At}
	d.Undelivered = append(d.Undelivered, dead)
	if s, ok := n.step(); ok {
		d.Steps[s] = Outcome{State: StepFailed, Reason: reason}
	}
	e := d.record(EntryUndelivered, map[string]string{"what": dead.What(), "reason": reason},
		"couldn't deliver: %s (%s)", dead.What(), reason)
	if n.Op == OpInvite && n.To.Level > 0 && d.Steps[StepChannel].State != StepFailed {
		d.pageDirectly(n.To.Level, TemplateAlert, e)
	}
	if n.Op == OpOpen {
		d.notify(Notice{Op: OpPost, Template: TemplateNoChannel, To: Target{User: d.Declared.By}, Entry: &e})
		for l := policy.Level(1); l <= d.Level; l++ {
			d.pageDirectly(l, TemplateAlert, e)
		}
	}
	if n.Op == OpEdit && n.Template == TemplateCard {
		// Somebody may have deleted it, and there has to be one. It is posted anew
		// once until a retry: a card that can never be edited must not come again and again.
		d.Card = Message{}
		d.notify(Notice{Op: OpPost, Template: TemplateCard, To: Target{InChannel: true}, Entry: &e})
		d.notify(Notice{Op: OpPin, To: Target{InChannel: true}})
	}
	if n.Op == OpEdit { // showing a failed edit would take another edit
		return d.withoutRefresh(), nil
	}
	return d.change(), nil
}

// Retry sends again what could not be delivered.
func (inc Incident) Retry(c Origin) (Change, error) {
	if len(inc.Undelivered) == 0 {
		return Change{}, Rejectf("nothing_undelivered", "Nothing to retry: everything about %s is delivered.", inc.Number)
	}
	d := inc.draft(c)
	d.Undelivered = nil
	e := d.record(EntryRetried, nil, "retried failed deliveries (%d)", len(inc.Undelivered))
	anew := inc.Steps[StepChannel].State == StepFailed
	for _, dead := range inc.Undelivered {
		step, ok := dead.Notice.step()
		switch {
		case dead.Notice.Obsolete(inc), anew && ok && slices.Contains(channelSteps, step):
			continue
		case ok:
			d.Steps[step] = Outcome{State: StepPending}
		}
		d.notify(dead.Notice)
	}
	if anew {
		d.Card = Message{} // it went to the declarer; the channel gets its own
		d.setUpChannel(e)
	}
	return d.change(), nil
}

// quietly completes a change that nothing on the incident's face shows.
func (d *draft) withoutRefresh() Change {
	return Change{After: d.Incident, Entries: d.entries, Notices: d.notices, Timers: d.rearm()}
}
