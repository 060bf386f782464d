package incident

import (
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

// maxDuplicates is how many duplicates a head names; the timeline has them all.
const maxDuplicates = 50

// VerbMerge names [Merge].
const VerbMerge Verb = "merge"

// Merge ends a duplicate in favour of the incident that goes on: two changes of
// one commit, the duplicate's first. The people move over, each incident says
// where the other is, and the duplicate's clock stops.
func Merge(duplicate, into Incident, o Origin) ([]Change, error) {
	if err := mergeable(duplicate, into); err != nil {
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
	t.Duplicates = slices.DeleteFunc(t.Duplicates, func(n Number) bool { return n == duplicate.Number }) // reopened meanwhile
	t.Duplicates = append(t.Duplicates, duplicate.Number)
	t.Duplicates = t.Duplicates[max(0, len(t.Duplicates)-maxDuplicates):]
	e := t.record(EntryDuplicate, duplicate.asFacts())
	if moving := d.involved().Without(into.involved()); !moving.IsZero() {
		to := inChannel
		to.People = policy.People{Users: moving}
		t.notify(notice.Notice{Op: notice.OpInvite, To: to})
		t.Responders = t.Responders.Union(moving)
	}
	t.post(TemplateChange, e)
	return []Change{d.change(), t.change()}, nil
}

// asFacts returns what another incident's timeline says of this one.
func (inc Incident) asFacts() map[string]string {
	return map[string]string{"incident": inc.Number.String(), "title": inc.Title, "channel": string(inc.Channel)}
}

// mergeable rejects a merge that makes no sense, or that would tell somebody of
// a private incident who may not know of it.
func mergeable(duplicate, into Incident) error {
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
	}
	return InField(FieldInto, refused)
}

// MergeTargets returns which of the open incidents this one can be merged into,
// the likeliest first: the more words the titles share, the likelier.
func (inc Incident) MergeTargets(open []Summary) []Summary {
	targets := slices.DeleteFunc(slices.Clone(open), func(s Summary) bool {
		exposes := s.Private != inc.Private || (s.Private && !s.People.Equal(inc.involved()))
		return s.Number == inc.Number || exposes
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
