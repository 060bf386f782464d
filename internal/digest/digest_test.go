package digest_test

import (
	"slices"
	"testing"
	"time"

	"muster/internal/digest"
	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/notice"
)

var (
	now    = incidenttest.Start.Add(30 * time.Hour)
	period = digest.Period{Since: now.Add(-24 * time.Hour), Slot: now}
)

// row returns an open incident that was declared and acknowledged before the period.
func row(n incident.Number, rank int, changes ...func(*incident.Summary)) incident.Summary {
	declared := now.Add(-28 * time.Hour)
	s := incident.Summary{
		Number: n, Rank: rank, Status: incident.Investigating, Level: 1,
		Declared: incident.Stamp{By: incidenttest.Ana, At: declared}, Reached: declared,
		Acked: incident.Stamp{By: incidenttest.Ana, At: declared.Add(time.Minute)}, AckDue: declared.Add(time.Hour),
	}
	for _, change := range changes {
		change(&s)
	}
	return s
}

func declaredAgo(d time.Duration) func(*incident.Summary) {
	return func(s *incident.Summary) { s.Declared.At, s.Reached = now.Add(-d), now.Add(-d) }
}

func unacknowledged(due time.Duration) func(*incident.Summary) {
	return func(s *incident.Summary) { s.Acked, s.AckDue = incident.Stamp{}, now.Add(-due) }
}

func ended(status incident.Status, ago time.Duration) func(*incident.Summary) {
	return func(s *incident.Summary) { s.Status, s.Ended = status, incident.Stamp{At: now.Add(-ago)} }
}

func private(s *incident.Summary) { s.Private = true }

func numbers(rows []digest.Row) []int {
	all := []int{}
	for _, r := range rows {
		all = append(all, int(r.Number))
	}
	return all
}

func TestNew_OpenIncidents_WorstThenOverdueThenOldestFirst(t *testing.T) {
	d := digest.New([]incident.Summary{
		row(1, 2), row(2, 1), row(3, 1, unacknowledged(time.Minute)), row(4, 0, declaredAgo(time.Hour)),
		row(5, 1, declaredAgo(40*time.Hour)), row(6, 2, func(s *incident.Summary) { s.UpdateSince = now.Add(-time.Hour) }),
	}, period, now)
	if got, want := numbers(d.Open), []int{4, 3, 5, 2, 6, 1}; !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
	if !d.Open[1].Unacknowledged || !d.Open[4].UpdateOverdue || d.Open[0].Overdue() {
		t.Errorf("overdue: %+v", d.Open)
	}
}

func TestNew_WhatHappenedInThePeriod_IsListedOnce(t *testing.T) {
	escalated := func(s *incident.Summary) { s.Level, s.Reached = 2, now.Add(-2*time.Hour) }
	rows := []incident.Summary{
		row(1, 1),
		row(2, 1, declaredAgo(3*time.Hour), escalated),
		row(3, 1, ended(incident.Resolved, time.Hour)),
		row(4, 1, ended(incident.Closed, 2*time.Hour)),
		row(5, 1, ended(incident.Cancelled, time.Hour), declaredAgo(2*time.Hour)),
		row(6, 1, ended(incident.Resolved, 25*time.Hour)),
	}
	d := digest.New(append(rows, rows...), period, now)
	for name, tc := range map[string]struct {
		rows []digest.Row
		want []int
	}{
		"open": {d.Open, []int{1, 2}}, "declared": {d.Declared, []int{5, 2}},
		"escalated": {d.Escalated, []int{2}}, "resolved": {d.Resolved, []int{3, 4}},
	} {
		if got := numbers(tc.rows); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

func TestNew_PrivateIncidents_AreCountedAndNotNamed(t *testing.T) {
	d := digest.New([]incident.Summary{
		row(1, 0, private), row(2, 0, private, declaredAgo(time.Hour)), row(3, 0, private, ended(incident.Resolved, time.Hour)),
	}, period, now)
	if want := (digest.Counts{Open: 2, Declared: 1, Resolved: 1}); d.Private != want {
		t.Errorf("counts %+v, want %+v", d.Private, want)
	}
	if len(d.Open)+len(d.Declared)+len(d.Escalated)+len(d.Resolved) != 0 {
		t.Errorf("a private incident is named: %+v", d)
	}
	if d.Quiet() {
		t.Error("quiet, though there are private incidents")
	}
}

func TestNew_ResponseTimes_AreCountedWhenTheyAreDecided(t *testing.T) {
	acked := func(ago, due time.Duration) func(*incident.Summary) {
		return func(s *incident.Summary) {
			s.Acked, s.AckDue = incident.Stamp{By: incidenttest.Ben, At: now.Add(-ago)}, now.Add(-due)
		}
	}
	for name, tc := range map[string]struct {
		row  incident.Summary
		want digest.Response
	}{
		"in time":                   {row(1, 1, acked(2*time.Hour, time.Hour)), digest.Response{Met: 1}},
		"before the period":         {row(1, 1), digest.Response{}},
		"too late":                  {row(1, 1, acked(time.Hour, 2*time.Hour)), digest.Response{Missed: 1}},
		"not at all":                {row(1, 1, unacknowledged(time.Hour)), digest.Response{Missed: 1}},
		"not yet":                   {row(1, 1, unacknowledged(-time.Hour)), digest.Response{}},
		"due before the period":     {row(1, 1, unacknowledged(25*time.Hour)), digest.Response{}},
		"cancelled":                 {row(1, 1, unacknowledged(time.Hour), ended(incident.Cancelled, 0)), digest.Response{}},
		"no limit on response time": {row(1, 1, func(s *incident.Summary) { s.AckDue = time.Time{} }), digest.Response{}},
	} {
		if got := digest.New([]incident.Summary{tc.row}, period, now).Response; got != tc.want {
			t.Errorf("%s: %+v, want %+v", name, got, tc.want)
		}
	}
}

func TestNew_NothingHappened_IsQuiet(t *testing.T) {
	if d := digest.New([]incident.Summary{row(1, 1, ended(incident.Resolved, 30*time.Hour))}, period, now); !d.Quiet() {
		t.Errorf("not quiet: %+v", d)
	}
}

func TestPeriod_Subject_ReadsBack(t *testing.T) {
	got, err := digest.PeriodOf(period.Subject())
	if err != nil || !got.Since.Equal(period.Since) || !got.Slot.Equal(period.Slot) {
		t.Errorf("%+v, %v; want %+v", got, err, period)
	}
	for _, wrong := range []notice.Subject{{Kind: notice.Incident, ID: "7"}, {Kind: notice.Digest, ID: "yesterday"}, {Kind: notice.Digest, ID: "2026-03-02T09:00:00Z"}} {
		if _, err := digest.PeriodOf(wrong); err == nil {
			t.Errorf("%s is taken for a digest", wrong)
		}
	}
}

func TestPeriod_Late_SaysByHowMuch(t *testing.T) {
	for after, want := range map[time.Duration]time.Duration{0: 0, 4 * time.Minute: 0, 3 * time.Hour: 3 * time.Hour} {
		if got := period.Late(now.Add(after)); got != want {
			t.Errorf("%s after the slot: late by %s, want %s", after, got, want)
		}
	}
	if got := (digest.Period{Since: now}).Late(now.Add(time.Hour)); got != 0 {
		t.Errorf("one that was asked for is late by %s", got)
	}
}
