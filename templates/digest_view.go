package templates

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/internal/digest"
	"muster/internal/policy"
)

// digestView shows templates a digest.
type digestView struct {
	frame
	d    digest.Digest
	zone *time.Location
	rows int // how many open incidents are named
}

// Date returns the day of the digest, where the managers are.
func (v digestView) Date() mrkdwn {
	day := v.d.Now
	if v.Scheduled() {
		day = v.d.Period.Slot
	}
	return mrkdwn(day.In(v.zone).Format("Monday 2 January 2006"))
}

// Scheduled reports whether it is one of the daily ones.
func (v digestView) Scheduled() bool { return !v.d.Period.Slot.IsZero() }

// Late returns by how much it is late, "" if it is not.
func (v digestView) Late() mrkdwn {
	late := v.d.Period.Late(v.d.Now)
	if late == 0 {
		return ""
	}
	return span(late)
}

// Missed returns the day of the digest before, "" unless that could not be delivered.
func (v digestView) Missed() mrkdwn {
	if v.d.Missed.IsZero() {
		return ""
	}
	return mrkdwn(v.d.Missed.In(v.zone).Format("Monday 2 January"))
}

// Since returns when its period began.
func (v digestView) Since() mrkdwn { return when(v.d.Period.Since) }

// Quiet reports whether there is nothing to tell.
func (v digestView) Quiet() bool { return v.d.Quiet() }

// Eventful reports whether anything happened within the period.
func (v digestView) Eventful() bool {
	d := v.d
	d.Open, d.Private.Open = nil, 0
	return !d.Quiet()
}

// Open returns the open incidents, nil while there are none; as do the others.
func (v digestView) Open() *digestListView { return v.list(v.d.Open, v.rows) }

// Declared returns those that were declared within the period.
func (v digestView) Declared() *digestListView { return v.list(v.d.Declared, v.fewer()) }

// Escalated returns those that were escalated within the period.
func (v digestView) Escalated() *digestListView { return v.list(v.d.Escalated, v.fewer()) }

// Resolved returns those that were resolved within the period.
func (v digestView) Resolved() *digestListView { return v.list(v.d.Resolved, v.fewer()) }

func (v digestView) fewer() int { return (v.rows + 1) / 2 }

// Private returns how many private incidents there are of each list.
func (v digestView) Private() digest.Counts { return v.d.Private }

// PrivateEvents returns what happened to private incidents, "1 declared, 1 resolved".
func (v digestView) PrivateEvents() mrkdwn {
	p, said := v.d.Private, []string{}
	for _, c := range []struct {
		n    int
		what string
	}{{p.Declared, "declared"}, {p.Escalated, "escalated"}, {p.Resolved, "resolved"}} {
		if c.n > 0 {
			said = append(said, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	return mrkdwn(strings.Join(said, ", "))
}

// Response returns how many were acknowledged in time, nil where that was not
// decided of any.
func (v digestView) Response() *responseView {
	if v.d.Response == (digest.Response{}) {
		return nil
	}
	return &responseView{v.d.Response}
}

// responseView shows how many were acknowledged in time, and how many were not.
type responseView struct{ digest.Response }

// Total returns how many had a time to be acknowledged in.
func (v responseView) Total() int { return v.Met + v.Missed }

// digestListView shows the first rows of one of a digest's lists.
type digestListView struct {
	Rows []digestRowView
	rest []digest.Row
}

func (v digestView) list(all []digest.Row, limit int) *digestListView {
	if len(all) == 0 {
		return nil
	}
	limit = min(limit, len(all))
	l := &digestListView{rest: all[limit:]}
	for _, row := range all[:limit] {
		l.Rows = append(l.Rows, digestRowView{rowView{v.frame, row.Summary}, row})
	}
	return l
}

// Count returns how many there are.
func (v digestListView) Count() int { return len(v.Rows) + len(v.rest) }

// More returns how many are not named.
func (v digestListView) More() int { return len(v.rest) }

// MoreBySeverity counts those, the worst first: "2 P1, 12 P3".
func (v digestListView) MoreBySeverity() mrkdwn {
	count := map[policy.Severity]int{}
	var worst []digest.Row // one of each severity
	for _, row := range v.rest {
		if count[row.Severity]++; count[row.Severity] == 1 {
			worst = append(worst, row)
		}
	}
	slices.SortFunc(worst, func(a, b digest.Row) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.Severity, b.Severity))
	})
	var said []string
	for _, row := range worst {
		said = append(said, fmt.Sprintf("%d %s", count[row.Severity], named(string(row.Severity))))
	}
	return mrkdwn(strings.Join(said, ", "))
}

// digestRowView shows one incident in a digest.
type digestRowView struct {
	rowView
	late digest.Row
}

// Severity returns "P1".
func (v digestRowView) Severity() mrkdwn { return named(string(v.row.Severity)) }

// Rank returns the severity's place among all, 0 for the worst.
func (v digestRowView) Rank() int { return v.row.Rank }

// AckOverdue returns by when somebody had to acknowledge, "" unless nobody has.
func (v digestRowView) AckOverdue() mrkdwn {
	if !v.late.Unacknowledged {
		return ""
	}
	return when(v.row.AckDue)
}

// UpdateOverdue returns since when an update has been asked for in vain, "" while
// none is.
func (v digestRowView) UpdateOverdue() mrkdwn {
	if !v.late.UpdateOverdue {
		return ""
	}
	return when(v.row.UpdateSince)
}

// NextUpdate returns when the next update is due, "" when none is expected.
func (v digestRowView) NextUpdate() mrkdwn { return when(v.row.NextUpdate) }

// Level returns the highest level that was paged.
func (v digestRowView) Level() mrkdwn { return v.level(v.row.Level) }

// Reached returns when that level was paged.
func (v digestRowView) Reached() mrkdwn { return when(v.row.Reached) }

// Duration returns how long it lasted; a row of an older Muster does not say.
func (v digestRowView) Duration() mrkdwn {
	return span(cmp.Or(v.row.Lasted, v.row.Ended.At.Sub(v.row.Declared.At)))
}
