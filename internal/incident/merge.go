package incident

import (
	"fmt"
	"slices"
	"strings"

	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// Link is where another incident is.
type Link struct {
	Number  Number          `json:"number"`
	Channel slackid.Channel `json:"channel,omitempty"` // "": it had none yet
}

// maxDuplicates is how many duplicates an incident takes: its head names them all.
const maxDuplicates = 200

// VerbMerge names [Merge].
const VerbMerge Verb = "merge"

// Merge ends a duplicate in favour of the incident that goes on: two changes of
// one commit, the duplicate's first. The people move over, each incident says
// where the other is, and the duplicate's clock stops.
//
// Nothing that the duplicate's clock or people had achieved is lost: see
// [draft.inherit]. An acknowledgement stays where it was given, since it
// promises work on one incident: whoever acknowledged the duplicate comes along,
// and acknowledges once more where the work continues.
func Merge(duplicate, into Incident, o Origin) ([]Change, error) {
	if err := mergeable(o.Policy, duplicate, into); err != nil {
		return nil, err
	}
	d := duplicate.draft(o)
	if err := d.moveTo(VerbMerge, Cancelled); err != nil {
		return nil, err
	}
	d.Ended, d.MergedInto = Stamp{o.By, d.At}, Link{into.Number, into.Channel}
	d.involve(o.By)
	d.post(TemplateMerged, d.record(EntryMerged, into.asFacts()))

	t := into.draft(o)
	t.Duplicates = append(t.Duplicates, duplicate.Number)
	t.post(TemplateChange, t.inherit(d.Incident))
	return []Change{d.change(), t.change()}, nil
}

// inherit takes over from a duplicate what would be lost with it, and returns the
// entry that says so: its people, the levels that it had called, its customers,
// and, where nobody has said or holds them here, its impact and its roles. A
// snooze lasts no longer than until the duplicate's next reminder.
func (d *draft) inherit(from Incident) int {
	facts := from.asFacts()
	impact := from.Impact()
	if d.Impact() != "" {
		impact = ""
	}
	facts["impact"] = impact
	e := d.record(EntryDuplicate, facts)
	if impact != "" {
		d.say(TopicImpact, e)
	}
	moving := from.involved().Without(d.involved())
	if !moving.IsZero() {
		to := inChannel
		to.People = policy.People{Users: moving}
		d.notify(notice.Notice{Op: notice.OpInvite, To: to})
	}
	for role, user := range from.Roles {
		if d.Roles[role] == "" {
			d.assign(role, user)
		}
	}
	d.Responders = d.Responders.Union(moving)
	for d.Level < from.Level {
		d.Level, d.Reached = d.Level+1, d.At
		d.invite(d.Level, slackid.NewSet[slackid.User]())
	}
	d.CustomerImpact = d.CustomerImpact || from.CustomerImpact
	d.wasAs(from.WorstSeverity())
	if next, ok := from.NextUpdate(); ok && d.Snoozed.After(next) {
		d.Snoozed = next
		if next.Before(d.At) {
			d.Snoozed = d.At
		}
	}
	return e
}

// Separate reopens an incident. A duplicate goes on by itself, so it is also taken
// off the incident into which it was merged, whatever has become of that: two
// changes of one commit, the duplicate's first. Of an incident that was not
// merged, into is blank.
func Separate(duplicate, into Incident, o Origin, why string) ([]Change, error) {
	from := duplicate.MergedInto.Number
	duplicate.MergedInto = Link{}
	reopened, err := duplicate.Reopen(o, why)
	if err != nil || from == 0 {
		return []Change{reopened}, err
	}
	if into.Number != from {
		return nil, fmt.Errorf("%s was merged into %s, not %s", duplicate.Number, from, into.Number)
	}
	d := into.draft(o)
	d.Duplicates = slices.DeleteFunc(d.Duplicates, func(n Number) bool { return n == duplicate.Number })
	e := d.record(EntrySeparated, duplicate.asFacts())
	if d.Status.Open() {
		d.post(TemplateChange, e)
	}
	return []Change{reopened, d.change()}, nil
}

// asFacts returns what another incident's timeline says of this one.
func (inc Incident) asFacts() map[string]string {
	return map[string]string{"incident": inc.Number.String(), "title": inc.Title, "channel": string(inc.Channel)}
}

// mergeable rejects a merge that makes no sense, that would tell somebody of a
// private incident who may not know of it, or that would leave the worse of the
// two with the clock of the milder one.
func mergeable(p policy.Policy, duplicate, into Incident) error {
	var refused error
	switch {
	case duplicate.Number == into.Number:
		refused = Reject("merge_itself", Args{"number": into.Number})
	case !duplicate.Status.Open():
		return duplicate.mustBeOpen()
	case !into.Status.Open():
		refused = Reject("merge_into_ended", Args{"number": duplicate.Number, "into": into.Number, "status": into.Status})
	case duplicate.Private && !into.Private:
		refused = Reject("merge_exposes", Args{"number": duplicate.Number, "private": duplicate.Number, "public": into.Number})
	case into.Private && !duplicate.Private:
		refused = Reject("merge_exposes", Args{"number": duplicate.Number, "private": into.Number, "public": duplicate.Number})
	case duplicate.Private && !duplicate.involved().Equal(into.involved()):
		refused = Reject("merge_exposes_people", Args{"number": duplicate.Number, "into": into.Number})
	case len(into.Duplicates) >= maxDuplicates:
		refused = Reject("merge_full", Args{"number": duplicate.Number, "into": into.Number, "limit": maxDuplicates})
	case p.Worse(duplicate.Severity, into.Severity):
		refused = Reject("merge_into_milder", Args{
			"number": duplicate.Number, "severity": duplicate.Severity, "into": into.Number, "milder": into.Severity,
		})
	}
	return InField(FieldInto, refused)
}

// MergeTargets returns which of the open incidents this one can be merged into,
// the likeliest first: the more words the titles share, the likelier.
func (inc Incident) MergeTargets(p policy.Policy, open []Summary) []Summary {
	targets := slices.DeleteFunc(slices.Clone(open), func(s Summary) bool {
		exposes := s.Private != inc.Private || (s.Private && !s.People.Equal(inc.involved()))
		return s.Number == inc.Number || exposes || p.Worse(inc.Severity, s.Severity)
	})
	slices.SortStableFunc(targets, func(a, b Summary) int {
		return shared(inc.Title, b.Title) - shared(inc.Title, a.Title)
	})
	return targets
}

// shared counts the words of a title that another one has, too.
func shared(title, other string) int {
	others, n := strings.Fields(strings.ToLower(other)), 0
	for word := range strings.FieldsSeq(strings.ToLower(title)) {
		if slices.Contains(others, word) {
			n++
		}
	}
	return n
}
