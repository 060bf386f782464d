package incident_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

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
	duplicate.Card, s.Incident.Card = notice.Message{Channel: "C0EIGHT", TS: "8.1"}, notice.Message{Channel: "C0SEVEN", TS: "7.1"}
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

func TestSeparate_Duplicate_GoesOnByItselfAndIsTakenOffTheOther(t *testing.T) {
	end := func(step incident.Transition) func(incident.Incident) incident.Incident {
		return func(inc incident.Incident) incident.Incident {
			change, err := step(inc, incident.Origin{By: incidenttest.Ana, At: incidenttest.Start.Add(2 * time.Minute), Policy: incidenttest.Policy()})
			if err != nil {
				t.Fatal(err)
			}
			return change.After
		}
	}
	for name, meanwhile := range map[string]func(incident.Incident) incident.Incident{
		"open":     func(inc incident.Incident) incident.Incident { return inc },
		"resolved": end(resolve),
		"cancelled": end(func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
			return inc.Cancel(o, "a test")
		}),
	} {
		duplicate, into := pair(t, false)
		changes, err := merge(duplicate, into)
		if err != nil {
			t.Fatal(err)
		}
		survivor := meanwhile(changes[1].After)
		o := incident.Origin{By: incidenttest.Ben, At: incidenttest.Start.Add(time.Hour), Policy: incidenttest.Policy()}
		if _, err := changes[0].After.Reopen(o, "alone"); err == nil || incidenttest.Code(err) != "" {
			t.Errorf("%s: reopened without the other: %v", name, err)
		}
		both, err := incident.Separate(changes[0].After, survivor, o, "not the same after all")
		if err != nil || len(both) != 2 {
			t.Fatalf("%s: %d changes, %v", name, len(both), err)
		}
		again, left := both[0].After, both[1].After
		if again.MergedInto != (incident.Link{}) || !again.Status.Open() || len(left.Duplicates) != 0 || left.Status != survivor.Status {
			t.Errorf("%s: reopened %+v, left %s with %v", name, again.MergedInto, left.Status, left.Duplicates)
		}
		if e := both[1].Entries; len(e) == 0 || e[0].Kind != incident.EntrySeparated || e[0].Facts["incident"] != "INC-8" {
			t.Errorf("%s: entries %+v", name, e)
		}
		said := slices.ContainsFunc(both[1].Notices, func(n notice.Notice) bool { return n.Op == notice.OpPost })
		if said != survivor.Status.Open() || len(both[1].Notices) == 0 {
			t.Errorf("%s: the other's channel is told: %t", name, said)
		}
	}
}

func TestSeparate_AnotherThanTheOneItWasMergedInto_Fails(t *testing.T) {
	duplicate, into := pair(t, false)
	changes, err := merge(duplicate, into)
	if err != nil {
		t.Fatal(err)
	}
	o := incident.Origin{By: incidenttest.Ben, At: incidenttest.Start.Add(time.Hour), Policy: incidenttest.Policy()}
	if both, err := incident.Separate(changes[0].After, incident.Incident{Number: 9}, o, "x"); err == nil {
		t.Errorf("changed %+v", both)
	}
}

// Whatever is merged, reopened and ended in whatever order: an incident says that
// it is a duplicate exactly while the other lists it.
func TestMergeAndReopen_AnyOrder_BothSidesAgree(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		all := []incident.Incident{}
		now := incidenttest.Start
		for n := range 4 {
			sev := rapid.SampledFrom([]policy.Severity{policy.P0, policy.P1, policy.P2}).Draw(rt, "severity")
			change, err := incident.Incident{Number: incident.Number(n + 1)}.Declare(
				incident.Origin{By: incidenttest.Ana, At: now, Policy: incidenttest.Policy()}, incident.Declaration{Title: "x", Severity: sev},
			)
			if err != nil {
				rt.Fatal(err)
			}
			all = append(all, change.After)
		}
		keep := func(changes []incident.Change, err error) {
			if err != nil && incidenttest.Code(err) == "" {
				rt.Fatal(err)
			}
			if err == nil {
				for _, c := range changes {
					all[c.After.Number-1] = c.After
				}
			}
		}
		one := rapid.IntRange(0, 3)
		rt.Repeat(map[string]func(*rapid.T){
			"merge": func(rt *rapid.T) {
				d, into := all[one.Draw(rt, "duplicate")], all[one.Draw(rt, "into")]
				changes, err := incident.Merge(d, into, incident.Origin{By: incidenttest.Ben, At: now, Policy: incidenttest.Policy()})
				keep(changes, err)
				if err == nil && incidenttest.Policy().Worse(changes[0].After.Severity, changes[1].After.Severity) {
					rt.Fatalf("%s was merged into %s", changes[0].After.Severity, changes[1].After.Severity)
				}
			},
			"reopen": func(rt *rapid.T) {
				d := all[one.Draw(rt, "which")]
				into := incident.Incident{}
				if n := d.MergedInto.Number; n > 0 {
					into = all[n-1]
				}
				keep(incident.Separate(d, into, incident.Origin{By: incidenttest.Ben, At: now, Policy: incidenttest.Policy()}, "again"))
			},
			"severity": func(rt *rapid.T) {
				to := rapid.SampledFrom([]policy.Severity{policy.P0, policy.P1, policy.P2}).Draw(rt, "to")
				change, err := severity(to)(all[one.Draw(rt, "which")], incident.Origin{By: incidenttest.Ben, At: now, Policy: incidenttest.Policy()})
				keep([]incident.Change{change}, err)
			},
			"resolve": func(rt *rapid.T) {
				change, err := resolve(all[one.Draw(rt, "which")], incident.Origin{By: incidenttest.Ben, At: now, Policy: incidenttest.Policy()})
				keep([]incident.Change{change}, err)
			},
			"": func(rt *rapid.T) {
				now = now.Add(time.Minute)
				for _, inc := range all {
					if into := inc.MergedInto.Number; into > 0 && !slices.Contains(all[into-1].Duplicates, inc.Number) {
						rt.Fatalf("%s says that it's a duplicate of %s, which lists %v", inc.Number, into, all[into-1].Duplicates)
					}
					if inc.MergedInto.Number > 0 && inc.Status.Open() {
						rt.Fatalf("%s is open, and merged into %s", inc.Number, inc.MergedInto.Number)
					}
					for _, n := range inc.Duplicates {
						if all[n-1].MergedInto.Number != inc.Number {
							rt.Fatalf("%s lists %s, which is merged into %s", inc.Number, n, all[n-1].MergedInto.Number)
						}
					}
				}
			},
		})
	})
}

// What the duplicate's people and clock had achieved is not lost with it.
func TestMerge_WhatTheDuplicateHad_GoesOn(t *testing.T) {
	duplicate, into := pair(t, false)
	ben := incident.Origin{By: incidenttest.Ben, At: incidenttest.Start, Policy: incidenttest.Policy()}
	for _, step := range []incident.Transition{
		escalateTo(2), escalateTo(3), incident.Incident.Acknowledge,
		func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
			return inc.Update(o, incident.Report{Text: "x", Impact: "EU cannot pay"})
		},
	} {
		change, err := step(duplicate, ben)
		if err != nil {
			t.Fatal(err)
		}
		duplicate = change.After
	}
	duplicate.CustomerImpact = true
	into.Snoozed = incidenttest.Start.Add(20 * time.Hour)
	changes, err := merge(duplicate, into)
	if err != nil {
		t.Fatal(err)
	}
	got := changes[1].After
	if got.Level != 3 || !got.CustomerImpact || got.Lead() != incidenttest.Ben || got.Impact() != "EU cannot pay" {
		t.Errorf("level %s, customers %t, lead %s, impact %q", got.Level, got.CustomerImpact, got.Lead(), got.Impact())
	}
	if next, _ := got.NextUpdate(); next.After(incidenttest.Start.Add(2 * time.Hour)) {
		t.Errorf("the next reminder is at %s: the snooze hides the duplicate's", next)
	}
	if _, armed := got.Timers[incident.TimerRespond]; !got.Acked.IsZero() || !armed {
		t.Errorf("acknowledged by %+v, watched: %t; an acknowledgement of another incident is none of this one", got.Acked, armed)
	}
	if paged := invited(changes[1], 3); !paged {
		t.Errorf("L3 is not invited: %+v", changes[1].Notices)
	}
}

// What the other has already stays as it is.
func TestMerge_WhatTheOtherHas_Stays(t *testing.T) {
	duplicate, into := pair(t, false)
	duplicate.Roles = map[policy.Role]slackid.User{policy.OnCallEngineer: incidenttest.Ben}
	into.Roles = map[policy.Role]slackid.User{policy.OnCallEngineer: incidenttest.Ana}
	change, err := into.Update(
		incident.Origin{By: incidenttest.Ana, At: incidenttest.Start, Policy: incidenttest.Policy()}, incident.Report{Text: "x", Impact: "All"})
	if err != nil {
		t.Fatal(err)
	}
	changes, err := merge(duplicate, change.After)
	if err != nil {
		t.Fatal(err)
	}
	if got := changes[1].After; got.Lead() != incidenttest.Ana || got.Impact() != "All" || got.Level != change.After.Level {
		t.Errorf("lead %s, impact %q, level %s", got.Lead(), got.Impact(), got.Level)
	}
}

// invited reports whether a change invites a level.
func invited(c incident.Change, l policy.Level) bool {
	return slices.ContainsFunc(c.Notices, func(n notice.Notice) bool { return n.Op == notice.OpInvite && n.To.Level == l })
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
	full := into
	full.Duplicates = make([]incident.Number, 200)
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
		"the worse into the milder": {into, duplicate, "merge_into_milder"},
		"into one with too many":    {duplicate, full, "merge_full"},
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

func TestMergeTargets_OpenIncidents_LikeliestFirst(t *testing.T) {
	_, inc := pair(t, false)
	row := func(n incident.Number, title string) incident.Summary {
		return incident.Summary{Number: n, Title: title, Severity: policy.P0}
	}
	milder := row(2, "Payments down")
	milder.Severity = policy.P1
	private := row(5, "Payments down")
	private.Private = true
	if got := inc.MergeTargets(incidenttest.Policy(), []incident.Summary{private}); len(got) > 0 {
		t.Errorf("a private incident is offered to a public one: %+v", got)
	}
	got := inc.MergeTargets(incidenttest.Policy(), []incident.Summary{
		row(1, "Login slow"), row(7, "Payments down"), row(3, "The PAYMENTS are down"), private, milder, row(4, "payments late"), row(6, "Search slow"),
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
	if got := duplicate.MergeTargets(incidenttest.Policy(), open(into)); len(got) > 0 {
		t.Errorf("one of other people is offered: %+v", got)
	}
	into.Severity = duplicate.Severity
	into.Responders, duplicate.Responders = into.Responders.With(incidenttest.Ben), duplicate.Responders.With(incidenttest.Ana)
	if got := duplicate.MergeTargets(incidenttest.Policy(), open(into)); len(got) != 1 {
		t.Errorf("one of the same people is not offered: %+v", got)
	}
}
