package incident

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"muster/internal/notice"
	"muster/internal/slackid"
)

// Delivered takes note of what came of a notice: [ErrNoChange] where nothing of
// it concerns the incident, so that the notice is just done.
func (inc Incident) Delivered(o Origin, n notice.Notice, r notice.Receipt) (Change, error) {
	d := inc.draft(o)
	switch n.Op {
	case notice.OpOpen:
		d.Channel, d.ChannelName = r.Channel, r.Name
		d.done(StepChannel, "")
		if !inc.Ended.IsZero() {
			d.Archive.Since = d.At
		}
		d.post(TemplateCard, n.Entry)
		d.notify(notice.Notice{Op: notice.OpTopic, To: inChannel, Merge: string(notice.OpTopic)})
	case notice.OpArchive:
		return d.archived()
	case notice.OpUnarchive:
		return d.broughtBack()
	case notice.OpTopic:
		if inc.Steps[StepTopic].State == StepDone {
			return Change{}, ErrNoChange
		}
		d.done(StepTopic, "")
	case notice.OpPin:
		d.done(StepPin, "")
	case notice.OpInvite:
		d.invited(n, r)
	case notice.OpExpand:
		return d.expanded(n, r), nil
	case notice.OpPost:
		return d.posted(n, r)
	case notice.OpEdit:
		return Change{}, ErrNoChange
	}
	return d.change(), nil
}

func (d *draft) posted(n notice.Notice, r notice.Receipt) (Change, error) {
	switch n.Template {
	case TemplateCard:
		d.Card = r.Message
		d.done(StepCard, "")
		if d.Channel != "" {
			d.notify(notice.Notice{Op: notice.OpPin, To: inChannel, Merge: string(notice.OpPin)})
		}
	case TemplateAnnouncement:
		d.Announced = r.Message
		d.done(StepAnnounce, "")
	default:
		return d.gotDirectly(n)
	}
	return d.change(), nil
}

func (d *draft) invited(n notice.Notice, r notice.Receipt) {
	for _, u := range r.Users {
		if _, refused := r.Refused[u]; !refused {
			d.involve(u)
		}
	}
	reason := d.unreached(n, r)
	d.reached(n, r, reason)
	if before := d.Steps[StepInvite]; before.Reason != "" && reason != "" {
		reason = before.Reason + ", " + reason
	} else if reason == "" {
		reason = before.Reason
	}
	d.done(StepInvite, reason)
}

// unreached records who could not be reached, and why.
func (d *draft) unreached(n notice.Notice, r notice.Receipt) string {
	var reasons []string
	for u, why := range r.Refused {
		who := u.Mention()
		if strings.HasPrefix(string(u), "S") {
			who = slackid.Group(u).Mention()
		}
		reasons = append(reasons, fmt.Sprintf("%s couldn't be reached (%s)", who, why))
	}
	if n.To.Level > 0 && d.Policy.Holders(n.To.Level).Empty() {
		reasons = append(reasons, fmt.Sprintf("%s has no members in the configuration", n.To.Level))
	}
	slices.Sort(reasons)
	reason := strings.Join(reasons, ", ")
	if reason != "" {
		d.record(EntryStep, map[string]string{"step": string(StepInvite), "reason": reason})
	}
	return reason
}

// maxReason is how many characters the head keeps of why a step failed. The
// timeline has all of it.
const maxReason = 1000

func (d *draft) done(s StepName, reason string) { d.step(s, StepDone, reason) }

func (d *draft) step(s StepName, state StepState, reason string) {
	d.Steps[s] = Outcome{State: state, Reason: short(reason)}
}

// short cuts a reason to what the head keeps of it.
func short(reason string) string {
	if utf8.RuneCountInString(reason) > maxReason {
		return string([]rune(reason)[:maxReason-1]) + "…"
	}
	return reason
}

// stepOf returns the step of setting up that a notice carries out, if it is one.
func stepOf(n notice.Notice) (StepName, bool) {
	switch {
	case n.Op == notice.OpOpen, n.Op == notice.OpUnarchive:
		return StepChannel, true
	case n.Op == notice.OpTopic:
		return StepTopic, true
	case n.Op == notice.OpInvite:
		return StepInvite, true
	case n.Op == notice.OpPin:
		return StepPin, true
	case n.Op == notice.OpPost && n.Template == TemplateCard:
		return StepCard, true
	case n.Op == notice.OpPost && n.Template == TemplateAnnouncement:
		return StepAnnounce, true
	}
	return "", false
}

// DeadLetter is a notice that could not be delivered for good. It stays with
// its incident until somebody retries it.
type DeadLetter struct {
	Notice notice.Notice `json:"notice"`
	Reason string        `json:"reason"`
	At     time.Time     `json:"at"`
}

// What returns what was not delivered, in a word for people.
func (l DeadLetter) What() string { return What(l.Notice) }

// id names the dead letter among its incident's: those that could serve for one
// another have the same.
func (l DeadLetter) id() string {
	if l.Notice.Merge != "" {
		return "merge " + l.Notice.Lane + " " + l.Notice.Merge
	}
	return l.Notice.Key
}

// DeadLetters returns what could not be delivered, the oldest first. The
// incident has to be loaded with these parts.
func (inc Incident) DeadLetters() ([]DeadLetter, error) {
	if inc.Undelivered == 0 {
		return nil, nil
	}
	letters, err := decodeParts[DeadLetter](inc, PartDeadLetter)
	slices.SortStableFunc(letters, func(a, b DeadLetter) int { return a.At.Compare(b.At) })
	return letters, err
}

// Failed takes note that a notice cannot be delivered for good. The rest goes
// on; the card shows it, and [Incident.Retry] sends it again. [ErrNoChange] if the
// channel was archived, or kept, while it was tried: nobody misses it.
func (inc Incident) Failed(o Origin, n notice.Notice, reason string) (Change, error) {
	if inc.obsoleteByArchiving(n) {
		return Change{}, ErrNoChange
	}
	if n.Op == notice.OpUnarchive && inc.Archive.Gone {
		d := inc.draft(o)
		d.openAnew(reason)
		return d.change(), nil
	}
	letters, err := inc.DeadLetters()
	if err != nil {
		return Change{}, err
	}
	d := inc.draft(o)
	letter := DeadLetter{Notice: n, Reason: reason, At: d.At}
	if n.Merge != "" && slices.ContainsFunc(letters, func(l DeadLetter) bool { return l.id() == letter.id() }) {
		return d.withoutRefresh(), nil // the one that waits to be retried serves for this one too
	}
	d.Undelivered++
	d.parts = append(d.parts, newPart(PartDeadLetter, letter.id(), letter))
	if s, ok := stepOf(n); ok {
		d.step(s, StepFailed, reason)
	}
	e := d.record(EntryUndelivered, map[string]string{"what": letter.What(), "reason": reason})
	if n.Op == notice.OpInvite && n.To.Level == 0 { // who was given a role, or comes from a duplicate
		d.tellDirectly(notice.Address{People: n.To.People}, TemplateAlert, e)
	}
	d.missed(n, reason)
	if n.Op == notice.OpOpen {
		d.step(StepTopic, StepFailed, reason)
		d.step(StepPin, StepFailed, reason)
		d.post(TemplateCard, n.Entry) // which goes to who declared it
		d.notify(notice.Notice{Op: notice.OpPost, Template: TemplateNoChannel, To: notice.Address{User: d.Declared.By}, Entry: e})
		for _, l := range d.Called() {
			d.callDirectly(l)
		}
	}
	if n.Op == notice.OpUnarchive {
		d.notBroughtBack(e)
	}
	if n.Op == notice.OpEdit && n.Template == TemplateCard {
		// Somebody may have deleted it, and there has to be one. It is posted again
		// once until a retry: a card that can never be edited must not come again and again.
		d.post(TemplateCard, e)
	}
	if n.Op == notice.OpEdit { // showing a failed edit would take another edit
		return d.withoutRefresh(), nil
	}
	return d.change(), nil
}

// VerbRetry names [Incident.Retry].
const VerbRetry Verb = "retry"

// Retry sends again what could not be delivered. The incident has to be loaded
// with its dead letters.
func (inc Incident) Retry(o Origin) (Change, error) {
	letters, err := inc.DeadLetters()
	if err != nil {
		return Change{}, err
	}
	if len(letters) == 0 {
		return Change{}, Reject("nothing_undelivered", Args{"number": inc.Number})
	}
	d := inc.draft(o)
	d.Undelivered = 0
	e := d.record(EntryRetried, map[string]string{"count": fmt.Sprint(len(letters))})
	again := inc.Steps[StepChannel].State == StepFailed && inc.Channel == ""
	for _, l := range letters {
		d.parts = append(d.parts, Part{Kind: PartDeadLetter, ID: l.id()})
		step, ok := stepOf(l.Notice)
		switch {
		case inc.Obsolete(l.Notice):
			if ok {
				d.done(step, "")
			}
			continue
		case again && ok && slices.Contains(channelSteps, step):
			continue
		case ok:
			d.step(step, StepPending, "")
		}
		d.notify(l.Notice)
	}
	if again {
		d.Card = notice.Message{} // it went to the declarer; the channel gets its own
		d.setUpChannel(e)
	}
	return d.change(), nil
}
