package incident

import (
	"time"

	"muster/internal/notice"
	"muster/internal/policy"
)

// Archiving is how far an incident's channel is from being archived.
type Archiving struct {
	Since   time.Time `json:"since,omitzero"`    // the delay runs from then; zero: from the incident's end
	Due     time.Time `json:"due,omitzero"`      // the channel was told that it is archived then
	Ordered bool      `json:"ordered,omitempty"` // it is about to be archived, or could not be
	Done    time.Time `json:"done,omitzero"`     // since when it is archived
	Asked   bool      `json:"asked,omitempty"`   // Muster is making sure that it can be used
	Gone    bool      `json:"gone,omitempty"`    // not by Muster, but while people were at work
	Back    bool      `json:"back,omitempty"`    // it was gone before; the next time another is opened
}

// HasChannel reports whether the incident has a channel that can be used.
func (inc Incident) HasChannel() bool { return inc.Channel != "" && inc.Archive.Done.IsZero() }

// mayArchive reports whether the channel is one that the policy archives: that
// of an incident with which nothing is left to do. A resolved one is yet to be closed.
func (inc Incident) mayArchive(p policy.Policy) bool {
	over := inc.Status == Closed || inc.Status == Cancelled
	return over && inc.HasChannel() && p.Archive.After > 0
}

// archiveSince returns when the delay began.
func (inc Incident) archiveSince() time.Time { return latest(inc.Ended.At, inc.Archive.Since) }

// latest returns the later of two moments.
func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// ArchiveDue returns when the channel is archived, false while that is not planned.
func (inc Incident) ArchiveDue(p policy.Policy) (time.Time, bool) {
	switch {
	case !inc.mayArchive(p) || inc.Archive.Ordered:
		return time.Time{}, false
	case !inc.Archive.Due.IsZero():
		return inc.Archive.Due, true
	}
	return inc.archiveSince().Add(max(p.Archive.After, policy.ArchiveNotice)), true
}

// archiveTimer returns when the clock has to do with the channel next: to
// announce that it is archived, then to archive it.
func (inc Incident) archiveTimer(p policy.Policy) (time.Time, bool) {
	due, ok := inc.ArchiveDue(p)
	if inc.Archive.Due.IsZero() {
		due = due.Add(-policy.ArchiveNotice)
	}
	return due, ok
}

// archive does what the clock has to do with the channel, if the policy still
// has it so. What was announced late is put off, so that people have their day.
func (d *draft) archive() Change {
	due, ok := d.archiveTimer(d.Policy)
	switch {
	case !ok || due.After(d.At):
	case d.Archive.Due.IsZero():
		planned, _ := d.ArchiveDue(d.Policy)
		d.Archive.Due = latest(planned, d.At.Add(policy.ArchiveNotice))
		d.post(TemplateArchiving, d.record(EntryArchiving, map[string]string{"at": moment(d.Archive.Due)}))
	default:
		d.Archive.Ordered = true
		d.notify(notice.Notice{Op: notice.OpArchive, To: inChannel, Merge: string(notice.OpArchive)})
		return d.withoutRefresh() // the card is about to be out of reach
	}
	return d.change()
}

// VerbKeep names [Incident.Keep].
const VerbKeep Verb = "keep"

// Keep puts archiving the channel off: the delay begins again.
func (inc Incident) Keep(o Origin) (Change, error) {
	switch {
	case !inc.Archive.Done.IsZero() && !inc.Status.Open():
		return Change{}, Reject("already_archived", Args{"number": inc.Number})
	case !inc.mayArchive(o.Policy):
		return Change{}, Reject("not_archiving", Args{"number": inc.Number})
	}
	d := inc.draft(o)
	d.Archive = Archiving{Since: d.At}
	d.involve(o.By)
	until, _ := d.ArchiveDue(o.Policy)
	d.post(TemplateChange, d.record(EntryKept, map[string]string{"until": moment(until)}))
	return d.change(), nil
}

// archived takes note that the channel is archived. What can no longer be said
// there is not missing any more. The incident has to be loaded with its dead letters.
func (d *draft) archived() (Change, error) {
	letters, err := d.DeadLetters()
	if err != nil {
		return Change{}, err
	}
	d.Archive = Archiving{Done: d.At}
	d.record(EntryArchived, nil)
	for _, l := range letters {
		if !d.Obsolete(l.Notice) {
			continue
		}
		d.parts = append(d.parts, Part{Kind: PartDeadLetter, ID: l.id()})
		d.Undelivered--
		if step, ok := stepOf(l.Notice); ok {
			d.done(step, "")
		}
	}
	if d.Status.Open() { // reopened meanwhile
		d.bringBack()
	}
	return d.withoutRefresh(), nil
}

// bringBack makes sure that people can work in the channel again, before
// anything is said there: Muster may have archived it, or somebody by hand.
func (d *draft) bringBack() {
	d.Archive = Archiving{Done: d.Archive.Done, Gone: d.Archive.Gone, Asked: d.Channel != ""}
	if d.Channel == "" {
		return
	}
	if !d.HasChannel() {
		d.step(StepChannel, StepPending, "")
	}
	d.notify(notice.Notice{Op: notice.OpUnarchive, To: inChannel, Merge: string(notice.OpUnarchive)})
}

// broughtBack takes note that an archived channel can be used again. Slack
// keeps nobody in a public channel that is archived, so all are invited anew.
func (d *draft) broughtBack() (Change, error) {
	if d.HasChannel() {
		d.Archive.Asked = false
		return d.withoutRefresh(), nil
	}
	d.Archive = Archiving{Back: d.Archive.Gone}
	d.done(StepChannel, "")
	e := d.record(EntryUnarchived, nil)
	for l := policy.Level(1); l <= d.Level; l++ {
		d.invite(l, d.involved())
	}
	d.notify(notice.Notice{Op: notice.OpTopic, To: inChannel, Merge: string(notice.OpTopic)})
	if d.Card.TS == "" {
		d.post(TemplateCard, e)
	}
	d.post(TemplateChange, e)
	return d.change(), nil
}

// notBroughtBack tells everybody who has to do with the incident that its
// channel is still archived: there is no other way to reach them.
func (d *draft) notBroughtBack(e int) {
	d.Archive.Asked = false
	if d.HasChannel() {
		d.Archive.Done = d.At // by hand
	}
	people := policy.People{Users: d.involved()}
	for l := policy.Level(1); l <= d.Level; l++ {
		people = people.Union(d.Policy.Holders(l))
	}
	d.tellDirectly(notice.Address{People: people}, TemplateArchived, e)
}

// obsoleteByArchiving reports whether a notice has become so by what the channel
// is or is to be. While it is archived, an incident that is over has nothing to
// say there. One that is not says it in direct messages; what it shows in the
// channel is brought up to date with the channel's return.
func (inc Incident) obsoleteByArchiving(n notice.Notice) bool {
	over := !inc.Status.Open()
	switch {
	case n.Op == notice.OpArchive:
		return !inc.Archive.Ordered
	case n.Op == notice.OpUnarchive:
		return over
	case !n.To.InChannel || inc.Archive.Done.IsZero():
		return false
	case n.Op == notice.OpInvite, n.Op == notice.OpPost && n.Template != TemplateCard:
		return over
	}
	return true
}
