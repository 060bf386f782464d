package scheduler_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/scheduler"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func sinceMidnight(hour, minute int) time.Duration {
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
}

func TestDaily_ClocksChange_RunsOnceThatDay(t *testing.T) {
	for _, tc := range []struct{ name, zone, at, from, want string }{
		{"a usual day", "Europe/Berlin", "09:00", "2026-06-01T00:00:00Z", "2026-06-01T07:00:00Z"},
		{"left out in spring", "Europe/Berlin", "02:30", "2026-03-28T22:00:00Z", "2026-03-29T01:30:00Z"},
		{"twice in autumn, the first", "America/New_York", "01:30", "2026-11-01T03:00:00Z", "2026-11-01T05:30:00Z"},
		{"after the first of two, the next day", "America/New_York", "01:30", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"},
		{"midnight left out", "America/Santiago", "00:00", "2026-09-05T12:00:00Z", "2026-09-06T04:00:00Z"},
		{"half an hour's change", "Australia/Lord_Howe", "02:15", "2026-10-03T12:00:00Z", "2026-10-03T15:45:00Z"},
	} {
		clock, err := time.Parse("15:04", tc.at)
		if err != nil {
			t.Fatal(err)
		}
		d, err := scheduler.NewDaily(sinceMidnight(clock.Hour(), clock.Minute()), zone(t, tc.zone))
		if err != nil {
			t.Fatal(err)
		}
		from, _ := time.Parse(time.RFC3339, tc.from)
		if got := d.Next(from).Format(time.RFC3339); got != tc.want {
			t.Errorf("%s: after %s comes %s, want %s", tc.name, tc.from, got, tc.want)
		}
	}
}

func TestDaily_AnyYearAndZone_HasOneSlotForEachLocalDay(t *testing.T) {
	names := []string{
		"UTC", "Europe/Berlin", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu",
		"Africa/Casablanca", "America/St_Johns", "Pacific/Chatham", "Asia/Tehran", "America/Havana", "Africa/Cairo",
	}
	rapid.Check(t, func(r *rapid.T) {
		z := zone(t, rapid.SampledFrom(names).Draw(r, "zone"))
		at := sinceMidnight(rapid.IntRange(0, 23).Draw(r, "hour"), rapid.IntRange(0, 59).Draw(r, "minute"))
		d, err := scheduler.NewDaily(at, z)
		if err != nil {
			r.Fatal(err)
		}
		slot := d.Next(time.Date(rapid.IntRange(2015, 2035).Draw(r, "year"), 1, 1, 0, 0, 0, 0, z))
		for range 370 {
			next := d.Next(slot)
			want := time.Date(slot.In(z).Year(), slot.In(z).Month(), slot.In(z).Day()+1, 12, 0, 0, 0, z)
			if got := next.In(z); got.YearDay() != want.YearDay() {
				r.Fatalf("after %s comes %s: a day is left out or comes twice", slot.In(z), got)
			}
			if last := d.Last(next.Add(-time.Second)); !last.Equal(slot) {
				r.Fatalf("the slot before %s is %s, want %s", next, last, slot)
			}
			if last := d.Last(next); !last.Equal(next) {
				r.Fatalf("a slot is not its own last: %s, %s", last, next)
			}
			slot = next
		}
	})
}

func TestNewDaily_NotATimeOfDay_IsRefused(t *testing.T) {
	for _, at := range []time.Duration{-time.Minute, 24 * time.Hour, 9*time.Hour + time.Second} {
		if _, err := scheduler.NewDaily(at, time.UTC); err == nil {
			t.Errorf("%s is taken", at)
		}
	}
}
