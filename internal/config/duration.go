package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// bounds is how long a duration may be. The clock ticks in seconds, and nobody
// waits for an incident longer than a month.
type bounds struct{ least, most time.Duration }

var (
	aDeadline = bounds{time.Second, 30 * 24 * time.Hour}
	aStep     = bounds{0, 30 * 24 * time.Hour} // 0 = at once
)

// check says what is wrong with a duration, and what would be right; "" if nothing is.
func (b bounds) check(d time.Duration) (what, right string) {
	switch {
	case d < 0:
		return "which is negative", "write at least " + short(b.least)
	case d < b.least:
		return "which is too short", "write at least " + short(b.least)
	case d > b.most:
		return "which is too long", "write at most " + short(b.most)
	case d%time.Second != 0:
		return "which is not in whole seconds", "write " + short(d.Round(time.Second))
	}
	return "", ""
}

// short writes a duration as people write one: 30m, not 30m0s.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

var (
	numberAndUnit = regexp.MustCompile(`^(\d{1,6})\s*([a-z]*)$`)
	unitWords     = map[string]time.Duration{
		"s": time.Second, "sec": time.Second, "secs": time.Second, "second": time.Second, "seconds": time.Second,
		"m": time.Minute, "min": time.Minute, "mins": time.Minute, "minute": time.Minute, "minutes": time.Minute,
		"h": time.Hour, "hr": time.Hour, "hrs": time.Hour, "hour": time.Hour, "hours": time.Hour,
		"d": 24 * time.Hour, "day": 24 * time.Hour, "days": 24 * time.Hour,
		"w": 168 * time.Hour, "week": 168 * time.Hour, "weeks": 168 * time.Hour,
	}
)

// durationLike is what somebody who wrote s as a duration should write.
func durationLike(s string) string {
	if m := numberAndUnit.FindStringSubmatch(strings.ToLower(s)); m != nil {
		number, unit := m[1], m[2]
		if unit == "" && strings.Trim(number, "0") == "" {
			return "write 0s"
		}
		if unit == "" {
			return fmt.Sprintf("write %sm or %ss", number, number)
		}
		if n, err := strconv.Atoi(number); err == nil && unitWords[unit] > 0 {
			return "write " + short(time.Duration(n)*unitWords[unit])
		}
	}
	return "write a duration such as 45s, 30m or 1h30m"
}
