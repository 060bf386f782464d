package incident

import "time"

// Pause says how long to snooze a reminder: for a length of time, or until a time
// of day.
type Pause struct {
	For   time.Duration
	Until *TimeOfDay // nil = For says it
}

// IsZero reports whether it says neither.
func (p Pause) IsZero() bool { return p == Pause{} }

// end returns the moment at which a pause that begins now is over.
func (p Pause) end(now time.Time) time.Time {
	if p.Until == nil {
		return now.Add(p.For)
	}
	return p.Until.after(now)
}

// TimeOfDay is a time on the clock of a zone.
type TimeOfDay struct {
	Hour, Minute int
	Zone         *time.Location
}

// after returns the first moment after now at which a clock shows the time.
func (t TimeOfDay) after(now time.Time) time.Time {
	day := now.In(t.Zone)
	at := time.Date(day.Year(), day.Month(), day.Day(), t.Hour, t.Minute, 0, 0, t.Zone)
	if !at.After(now) {
		at = time.Date(day.Year(), day.Month(), day.Day()+1, t.Hour, t.Minute, 0, 0, t.Zone)
	}
	return at.UTC()
}
