package digest

import (
	"fmt"
	"strings"
	"time"

	"muster/internal/notice"
)

// Template is what is posted.
const Template notice.Template = "digest"

// Job names the digest's slots in the store.
const Job = "digest"

// Period is what one digest covers: from the slot before to its own. A digest
// that comes late covers the time until it is made.
type Period struct {
	Since time.Time
	Slot  time.Time // zero for one that somebody asked for
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
