package incident_test

import (
	"slices"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// pair returns a duplicate, INC-8 of Ben's, and the incident that goes on, INC-7
// of Ana's.
func pair(t *testing.T, private bool) (duplicate, into incident.Incident) {
	t.Helper()
	duplicate = declaredByBen(t, incident.Declaration{Title: "Checkout broken", Severity: policy.P1, Private: private})
	s := incidenttest.New(t).Declare(incident.Declaration{Title: "Payments down", Severity: policy.P0, Private: private})
	duplicate.Channel, s.Incident.Channel = "C0EIGHT", "C0SEVEN"
	return duplicate, s.Incident
}

// other is INC-8, open beside a scenario's incident.
func other(t *testing.T) incident.Incident {
	t.Helper()
	return declaredByBen(t, incident.Declaration{Title: "Checkout broken", Severity: policy.P1})
}

func declaredByBen(t *testing.T, d incident.Declaration) incident.Incident {
	t.Helper()
	o := incident.Origin{By: incidenttest.Ben, At: incidenttest.Start, Policy: incidenttest.Policy()}
	change, err := incident.Incident{Number: 8}.Declare(o, d)
	if err != nil {
		t.Fatal(err)
	}
	return change.After
}

func merge(duplicate, into incident.Incident) ([]incident.Change, error) {
	return incident.Merge(duplicate, into, incident.Origin{
		By: incidenttest.Ben, At: incidenttest.Start.Add(time.Minute), Policy: incidenttest.Policy(),
	})
}

func TestMerge_OpenDuplicate_EndsAndItsPeopleMove(t *testing.T) {
	duplicate, into := pair(t, false)
	changes, err := merge(duplicate, into)
	if err != nil {
		t.Fatal(err)
	}
	ended, goesOn := changes[0].After, changes[1].After
	if ended.Status != incident.Cancelled || ended.MergedInto != (incident.Link{Number: 7, Channel: "C0SEVEN"}) || len(ended.Timers) != 1 || !ended.Timers[incident.TimerArchive].At.Equal(incidenttest.Start.Add(time.Minute+6*24*time.Hour)) {
		t.Errorf("the duplicate is %s, merged into %+v, with timers %v", ended.Status, ended.MergedInto, ended.Timers)
	}
	if goesOn.Status != incident.Investigating || !slices.Equal(goesOn.Duplicates, []incident.Number{8}) {
		t.Errorf("the other is %s, with duplicates %v", goesOn.Status, goesOn.Duplicates)
	}
	for i, want := range []incident.EntryKind{incident.EntryMerged, incident.EntryDuplicate} {
		if e := changes[i].Entries; len(e) != 1 || e[0].Kind != want {
			t.Errorf("entries %+v, want one %s", e, want)
		}
	}
	invited := slices.IndexFunc(changes[1].Notices, func(n notice.Notice) bool { return n.Op == notice.OpInvite })
	if invited < 0 || !slices.Equal(slices.Collect(changes[1].Notices[invited].To.People.Users.All()), []slackid.User{incidenttest.Ben}) {
		t.Errorf("who declared the duplicate is not invited: %+v", changes[1].Notices)
	}
	for i, change := range changes {
		for _, want := range []notice.Template{incident.TemplateCard, incident.TemplateAnnouncement} {
			if !slices.ContainsFunc(change.Notices, func(n notice.Notice) bool { return n.Op == notice.OpEdit && n.Template == want }) {
				t.Errorf("change %d brings no %s up to date", i, want)
			}
		}
	}
}

func TestMerge_Reopened_GoesOnByItself(t *testing.T) {
	duplicate, into := pair(t, false)
	changes, err := merge(duplicate, into)
	if err != nil {
		t.Fatal(err)
	}
	again, err := changes[0].After.Reopen(incident.Origin{By: incidenttest.Ben, At: incidenttest.Start.Add(time.Hour), Policy: incidenttest.Policy()}, "not the same after all")
	if err != nil || again.After.MergedInto != (incident.Link{}) || !again.After.Status.Open() {
		t.Errorf("reopened: %+v, %v", again.After, err)
	}
}

func TestMerge_WhatMayNotBe_IsRefusedWithTheReason(t *testing.T) {
	resolved := func(inc incident.Incident) incident.Incident {
		change, err := inc.Resolve(incident.Origin{By: incidenttest.Ana, At: incidenttest.Start, Policy: incidenttest.Policy()}, incident.Resolution{Summary: "x"})
		if err != nil {
			t.Fatal(err)
		}
		return change.After
	}
	duplicate, into := pair(t, false)
	privateDuplicate, privateInto := pair(t, true)
	for name, tc := range map[string]struct {
		duplicate, into incident.Incident
		code            string
	}{
		"itself":                    {into, into, "merge_itself"},
		"an ended duplicate":        {resolved(duplicate), into, "not_open"},
		"into an ended one":         {duplicate, resolved(into), "merge_into_ended"},
		"private into public":       {privateDuplicate, into, "merge_exposes"},
		"public into private":       {duplicate, privateInto, "merge_exposes"},
		"private of other people's": {privateDuplicate, privateInto, "merge_exposes_people"},
	} {
		if _, err := merge(tc.duplicate, tc.into); incidenttest.Code(err) != tc.code {
			t.Errorf("%s: %v, want %s", name, err, tc.code)
		}
	}
}

func TestMerge_PrivateOfTheSamePeople_IsMerged(t *testing.T) {
	duplicate, into := pair(t, true)
	both := slackid.NewSet(incidenttest.Ana, incidenttest.Ben)
	duplicate.Responders, into.Responders = duplicate.Responders.Union(both), into.Responders.Union(both)
	changes, err := merge(duplicate, into)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range changes {
		for _, n := range change.Notices {
			if n.To.Channel != "" {
				t.Errorf("a private incident's merge goes to channel %s", n.To.Channel)
			}
		}
	}
}

func TestMerge_AgainAfterReopening_NamesTheDuplicateOnce(t *testing.T) {
	duplicate, into := pair(t, false)
	for range 2 {
		changes, err := merge(duplicate, into)
		if err != nil {
			t.Fatal(err)
		}
		into = changes[1].After
	}
	if !slices.Equal(into.Duplicates, []incident.Number{8}) {
		t.Errorf("duplicates %v", into.Duplicates)
	}
}

func TestMergeTargets_OpenIncidents_LikeliestFirst(t *testing.T) {
	_, inc := pair(t, false)
	row := func(n incident.Number, title string) incident.Summary {
		return incident.Summary{Number: n, Title: title}
	}
	private := row(5, "Payments down")
	private.Private = true
	if got := inc.MergeTargets([]incident.Summary{private}); len(got) > 0 {
		t.Errorf("a private incident is offered to a public one: %+v", got)
	}
	got := inc.MergeTargets([]incident.Summary{
		row(1, "Login slow"), row(7, "Payments down"), row(3, "The PAYMENTS are down"), private, row(4, "payments late"), row(6, "Search slow"),
	})
	var numbers []incident.Number
	for _, s := range got {
		numbers = append(numbers, s.Number)
	}
	if want := []incident.Number{3, 4, 1, 6}; !slices.Equal(numbers, want) {
		t.Errorf("got %v, want %v", numbers, want)
	}
}

func TestMergeTargets_Private_AreThoseOfTheSamePeople(t *testing.T) {
	duplicate, into := pair(t, true)
	open := func(inc incident.Incident) []incident.Summary {
		return []incident.Summary{inc.Summary(incidenttest.Policy(), incidenttest.Start)}
	}
	if got := duplicate.MergeTargets(open(into)); len(got) > 0 {
		t.Errorf("one of other people is offered: %+v", got)
	}
	into.Responders, duplicate.Responders = into.Responders.With(incidenttest.Ben), duplicate.Responders.With(incidenttest.Ana)
	if got := duplicate.MergeTargets(open(into)); len(got) != 1 {
		t.Errorf("one of the same people is not offered: %+v", got)
	}
}
