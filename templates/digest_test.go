package templates_test

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"

	"muster/internal/digest"
	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/policy"
	"muster/templates"
)

var (
	slot   = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	period = digest.Period{Since: slot.Add(-24 * time.Hour), Slot: slot}
)

// digested renders a digest of rows that is made at a moment.
func digested(t testing.TB, now time.Time, p digest.Period, rows ...incident.Summary) said {
	t.Helper()
	return rendered(t, digest.New(rows, p, now))
}

func rendered(t testing.TB, d digest.Digest) said {
	t.Helper()
	words, err := templates.New(incidenttest.Policy(), func() time.Time { return d.Now })
	if err != nil {
		t.Fatal(err)
	}
	text, blocks, err := words.Digest(d)
	if err != nil {
		t.Fatal(err)
	}
	return said{text, blocks}
}

// listed returns an open incident's row: declared a day before the period,
// acknowledged by Ana at once.
func listed(n incident.Number, s policy.Severity, changes ...func(*incident.Summary)) incident.Summary {
	at := period.Since.Add(-24 * time.Hour)
	row := incident.Summary{
		Number: n, Title: fmt.Sprintf("Trouble %d", n), Severity: s, Rank: incidenttest.Policy().Rank(s), Status: incident.Investigating,
		Channel: "C0INC", Lead: ana, Level: 1, Reached: at, Declared: incident.Stamp{By: ana, At: at},
		Acked: incident.Stamp{By: ana, At: at}, AckDue: at.Add(time.Hour), NextUpdate: slot.Add(time.Hour),
	}
	for _, change := range changes {
		change(&row)
	}
	return row
}

func declaredAgo(d time.Duration) func(*incident.Summary) {
	return func(r *incident.Summary) {
		r.Declared.At, r.Reached, r.Acked.At, r.AckDue = slot.Add(-d), slot.Add(-d), slot.Add(time.Minute-d), slot.Add(time.Hour-d)
	}
}

func unanswered(r *incident.Summary) { r.Acked, r.Lead = incident.Stamp{}, "" }

func overdue(r *incident.Summary) { r.UpdateSince = slot.Add(-30 * time.Minute) }

func climbed(r *incident.Summary) { r.Level, r.Reached = 2, slot.Add(-time.Hour) }

func resolvedAgo(d time.Duration) func(*incident.Summary) {
	return func(r *incident.Summary) {
		r.Status, r.Ended, r.NextUpdate = incident.Resolved, incident.Stamp{By: ben, At: slot.Add(-d)}, time.Time{}
	}
}

func hidden(r *incident.Summary) { r.Private, r.Title = true, "Leaked records" }

func TestDigest_TheOneBeforeFailed_SaysSo(t *testing.T) {
	d := digest.New(nil, period, slot)
	d.Missed = slot.Add(-24 * time.Hour)
	if text := rendered(t, d).Text; !strings.Contains(text, "The digest of Monday 2 March couldn't be delivered") || !strings.Contains(text, "Nothing to report") {
		t.Errorf("it says:\n%s", text)
	}
	d.Missed = time.Time{}
	if text := rendered(t, d).Text; strings.Contains(text, "couldn't be delivered") {
		t.Errorf("it says:\n%s", text)
	}
}

func TestDigest_Duplicate_SaysIntoWhatItWasMerged(t *testing.T) {
	row := listed(8, policy.P2, declaredAgo(time.Hour), resolvedAgo(time.Minute))
	row.Status, row.MergedInto = incident.Cancelled, 7
	text := digested(t, slot, period, row).Text
	if !strings.Contains(text, "INC-8: P2 - Trouble 8 · merged into INC-7") || strings.Contains(text, "cancelled") {
		t.Errorf("it says:\n%s", text)
	}
}

// usual returns a usual day's rows.
func usual() []incident.Summary {
	return []incident.Summary{
		listed(4, policy.P2), listed(3, policy.P1, overdue), listed(7, policy.P0, declaredAgo(3*time.Hour), unanswered, climbed),
		listed(5, policy.P3, declaredAgo(20*time.Hour), resolvedAgo(18*time.Hour)), listed(2, policy.P1, resolvedAgo(2*time.Hour)),
		listed(8, policy.P1, declaredAgo(time.Hour), hidden), listed(9, policy.P2, declaredAgo(2*time.Hour), hidden),
		listed(6, policy.P2, declaredAgo(4*time.Hour), hidden, resolvedAgo(time.Hour)),
	}
}

// many returns sixty open incidents.
func many() (rows []incident.Summary) {
	for n := range incident.Number(60) {
		severity := []policy.Severity{policy.P1, policy.P2, policy.P3, policy.P3}[n%4]
		rows = append(rows, listed(n+1, severity, func(r *incident.Summary) { r.Title = strings.Repeat("A long story ", 9) }))
	}
	return rows
}

func TestDigest_Rendered_MatchesTheGoldenFiles(t *testing.T) {
	for name, s := range map[string]said{
		"digest/quiet":   digested(t, slot, period),
		"digest/usual":   digested(t, slot, period, usual()...),
		"digest/asked":   digested(t, slot, digest.Period{Since: period.Since}, usual()...),
		"digest/late":    digested(t, slot.Add(3*time.Hour), period, listed(4, policy.P2)),
		"digest/private": digested(t, slot, period, listed(1, policy.P0, hidden), listed(2, policy.P0, hidden, overdue)),
		"digest/many":    digested(t, slot, period, many()...),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, s) })
	}
}

// Nothing in a digest tells one private incident from another.
func TestDigest_PrivateIncidents_AreCountedAndNotNamed(t *testing.T) {
	marked, plain := texts(t, digested(t, slot, period, usual()...))
	maps.Copy(marked, plain)
	named := regexp.MustCompile(`Leaked|INC-[689]\b`)
	for at, shown := range marked {
		if found := named.FindString(shown); found != "" {
			t.Errorf("%s names %q: %s", at, found, shown)
		}
	}
}

// However many there are, each is named or counted, in the text and in the blocks.
func TestDigest_MoreThanFit_CountsWhatIsLeftOut(t *testing.T) {
	s := digested(t, slot, period, many()...)
	for _, problem := range refused(t, s) {
		t.Error(problem)
	}
	marked, _ := texts(t, s)
	text := marked["text"]
	delete(marked, "text")
	var blocks strings.Builder
	for _, shown := range marked {
		blocks.WriteString(shown + "\n")
	}
	for where, shown := range map[string]string{"the text": text, "the blocks": blocks.String()} {
		rows, more := strings.Count(shown, "Investigating, "), 0
		if m := regexp.MustCompile(`and (\d+) more open: `).FindStringSubmatch(shown); m != nil {
			if _, err := fmt.Sscan(m[1], &more); err != nil {
				t.Fatal(err)
			}
		}
		if rows == 0 || rows+more != 60 {
			t.Errorf("%s name %d and leave out %d of 60", where, rows, more)
		}
	}
}
