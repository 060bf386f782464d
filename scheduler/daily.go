package scheduler

import (
	"fmt"
	"time"

	"github.com/robfig/cron/v3"
)

// Daily is a schedule of one slot each local day, whatever the clocks do. Cron's
// own gets the edges wrong: where clocks go forward it leaves out a whole day's
// 02:30, where they go back it has 01:30 twice.
type Daily struct {
	hour, minute int
	zone         *time.Location
}

var _ cron.Schedule = Daily{}

// NewDaily returns the schedule of a time of day, given since midnight and in
// whole minutes, in a time zone.
func NewDaily(at time.Duration, zone *time.Location) (Daily, error) {
	if at < 0 || at >= 24*time.Hour || at%time.Minute != 0 {
		return Daily{}, fmt.Errorf("%s since midnight isn't a time of day", at)
	}
	return Daily{int(at / time.Hour), int(at % time.Hour / time.Minute), zone}, nil
}

// Next returns the first slot after a moment.
func (d Daily) Next(t time.Time) time.Time {
	for day := -1; ; day++ {
		if slot := d.on(t, day); slot.After(t) {
			return slot
		}
	}
}

// Last returns the latest slot that is not after a moment.
func (d Daily) Last(t time.Time) time.Time {
	for day := 1; ; day-- {
		if slot := d.on(t, day); !slot.After(t) {
			return slot
		}
	}
}

// on returns the slot of the local day that is so many days after t's. A time of
// day that comes twice means the first; one that is left out means as long after
// the last moment before the gap as it would have been.
func (d Daily) on(t time.Time, days int) time.Time {
	y, m, day := t.In(d.zone).Date()
	wall := time.Date(y, m, day+days, d.hour, d.minute, 0, 0, time.UTC)
	// No zone is further than a day from UTC, nor changes twice within two.
	_, before := wall.Add(-36 * time.Hour).In(d.zone).Zone()
	_, after := wall.Add(36 * time.Hour).In(d.zone).Zone()
	early, late := wall.Add(-time.Duration(before)*time.Second), wall.Add(-time.Duration(after)*time.Second)
	if late.Before(early) {
		early, late = late, early
	}
	for _, slot := range []time.Time{early, late} {
		if local := slot.In(d.zone); local.Day() == wall.Day() && local.Hour() == d.hour && local.Minute() == d.minute {
			return slot.UTC()
		}
	}
	return late.UTC()
}
