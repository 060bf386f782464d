package digest

import (
	"cmp"
	"slices"
	"time"

	"muster/internal/incident"
)

// Digest is what managers are told.
type Digest struct {
	Period Period
	Now    time.Time
	Missed time.Time // the slot of the digest before, where that could not be delivered

	Open      []Row // public ones, the worst and the overdue first
	Declared  []Row // within the period, the newest first, like the next two
	Escalated []Row
	Resolved  []Row

	Private  Counts // of private incidents, which are not named
	Response Response
}

// Row is one incident in a digest.
type Row struct {
	incident.Summary
	Unacknowledged bool // the time to acknowledge is over, and nobody has
	UpdateOverdue  bool // an update was due and asked for
}

// Overdue reports whether something about the incident is late.
func (r Row) Overdue() bool { return r.Unacknowledged || r.UpdateOverdue }

// Counts is how many incidents there are, of each list of a digest.
type Counts struct {
	Open, Declared, Escalated, Resolved int
}

// Zero reports whether there are none.
func (c Counts) Zero() bool { return c == Counts{} }

// Response is how many incidents were acknowledged in time and how many were
// not, of those for which that was decided within the period.
type Response struct {
	Met, Missed int
}

// Quiet reports whether there is nothing to tell.
func (d Digest) Quiet() bool {
	return len(d.Open)+len(d.Declared)+len(d.Escalated)+len(d.Resolved) == 0 && d.Private.Zero() && d.Response == Response{}
}

// New makes a digest. rows are all open incidents and all that changed since the
// period began, in any order; one that is both may be there twice.
func New(rows []incident.Summary, p Period, now time.Time) Digest {
	d := Digest{Period: p, Now: now}
	seen := map[incident.Number]bool{}
	for _, row := range rows {
		if !seen[row.Number] {
			seen[row.Number] = true
			d.add(row)
		}
	}
	slices.SortFunc(d.Open, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), before(a.Overdue(), b.Overdue()), a.Declared.At.Compare(b.Declared.At), cmp.Compare(a.Number, b.Number))
	})
	newest := func(moment func(Row) time.Time) func(a, b Row) int {
		return func(a, b Row) int { return cmp.Or(moment(b).Compare(moment(a)), cmp.Compare(b.Number, a.Number)) }
	}
	slices.SortFunc(d.Declared, newest(func(r Row) time.Time { return r.Declared.At }))
	slices.SortFunc(d.Escalated, newest(func(r Row) time.Time { return r.Reached }))
	slices.SortFunc(d.Resolved, newest(func(r Row) time.Time { return r.Ended.At }))
	return d
}

// before sorts what is true first.
func before(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// add puts an incident into the lists to which it belongs.
func (d *Digest) add(s incident.Summary) {
	within := func(t time.Time) bool { return t.After(d.Period.Since) && !t.After(d.Now) }
	open := s.Status.Open()
	row := Row{
		Summary:        s,
		Unacknowledged: open && s.Acked.IsZero() && !s.AckDue.IsZero() && d.Now.After(s.AckDue),
		UpdateOverdue:  open && !s.UpdateSince.IsZero(),
	}
	for _, list := range []struct {
		holds bool
		rows  *[]Row
		count *int
	}{
		{open, &d.Open, &d.Private.Open},
		{within(s.Declared.At), &d.Declared, &d.Private.Declared},
		{s.Level > 1 && within(s.Reached), &d.Escalated, &d.Private.Escalated},
		{s.Status != incident.Cancelled && within(s.Ended.At), &d.Resolved, &d.Private.Resolved},
	} {
		switch {
		case !list.holds:
		case s.Private:
			*list.count++
		default:
			*list.rows = append(*list.rows, row)
		}
	}
	d.response(s, within)
}

// response counts whether the incident was acknowledged in time, if that was
// decided within the period: by an acknowledgement, or by the time running out.
func (d *Digest) response(s incident.Summary, within func(time.Time) bool) {
	switch {
	case s.AckDue.IsZero(), s.Status == incident.Cancelled:
	case !s.Acked.IsZero() && !s.Acked.At.After(s.AckDue):
		if within(s.Acked.At) {
			d.Response.Met++
		}
	case within(s.AckDue) && (s.Status.Open() || s.Ended.At.After(s.AckDue)):
		d.Response.Missed++
	}
}
