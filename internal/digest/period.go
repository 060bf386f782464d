package digest

import (
	"fmt"
	"strings"
	"time"

	"muster/internal/notice"
)

// Template is what is posted.
const Template notice.Template = "digest"

// What names slots in the store.
const (
	Job            = "digest"             // those of the digests
	JobUndelivered = "digest undelivered" // those of them whose digest could not be delivered
)

// Period is what one digest covers: from the slot before to its own. A digest
// that comes late covers the time until it is made.
type Period struct {
	Since time.Time
	Slot  time.Time // zero for one that somebody asked for
}

// day is how much further back a period begins after a digest that could not be
// delivered, since what that one said nobody has read.
const day = 24 * time.Hour

// After returns the period as it is after the latest digest that could not be
// delivered, and reports whether that is the one before it.
func (p Period) After(undelivered time.Time) (Period, bool) {
	if undelivered.IsZero() || !undelivered.Equal(p.Since) {
		return p, false
	}
	p.Since = p.Since.Add(-day)
	return p, true
}

// Late is from which delay on a digest says that it is late.
const Late = 5 * time.Minute

// Late returns by how much a digest made now is late, 0 if it is not.
func (p Period) Late(now time.Time) time.Duration {
	late := now.Sub(p.Slot)
	if p.Slot.IsZero() || late < Late {
		return 0
	}
	return late
}

// Subject returns the period as the subject of a notice.
func (p Period) Subject() notice.Subject {
	return notice.Subject{Kind: notice.Digest, ID: text(p.Slot) + "_" + text(p.Since)}
}

// PeriodOf returns the period that a subject is.
func PeriodOf(s notice.Subject) (Period, error) {
	slot, since, _ := strings.Cut(s.ID, "_")
	var p Period
	var err error
	if p.Slot, err = time.Parse(time.RFC3339, slot); err == nil {
		p.Since, err = time.Parse(time.RFC3339, since)
	}
	if s.Kind != notice.Digest || err != nil {
		return Period{}, fmt.Errorf("%s is not a digest (%w)", s, err)
	}
	return p, nil
}

func text(t time.Time) string { return t.UTC().Format(time.RFC3339) }
