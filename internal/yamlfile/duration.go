package yamlfile

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Bounds is how long a duration may be, in whole seconds.
type Bounds struct {
	Least, Most time.Duration
	OrZero      bool // 0s is right too
}

// durationForm is what a duration looks like: Go's, and days.
var durationForm = regexp.MustCompile(`^([0-9]{1,4}d([0-9]+(\.[0-9]+)?[hms])*|([0-9]+(\.[0-9]+)?[hms])+)$`)

// longest is the longest duration that can be written.
const longest = 9999 * 24 * time.Hour

var days = regexp.MustCompile(`^([0-9]{1,4})d`)

// parseDuration reads "30m", "1h30m", "7d" or "1d12h".
func parseDuration(s string) (time.Duration, error) {
	m := days.FindStringSubmatch(s)
	if m == nil {
		return time.ParseDuration(s)
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return 0, err
	}
	whole := time.Duration(n) * 24 * time.Hour
	if s = strings.TrimPrefix(s, m[0]); s == "" {
		return whole, nil
	}
	rest, err := time.ParseDuration(s)
	if err == nil && (rest < 0 || s[0] == '+') {
		err = strconv.ErrSyntax
	}
	return whole + rest, err
}

// check says what is wrong with a duration, and what would be right; "" if nothing is.
func (b Bounds) check(d time.Duration) (what, right string) {
	switch {
	case d == 0 && b.OrZero:
	case d < 0:
		return "which is negative", "write at least " + Short(b.Least)
	case d < b.Least:
		return "which is too short", "write at least " + Short(b.Least)
	case d > b.Most:
		return "which is too long", "write at most " + Short(b.Most)
	case d%time.Second != 0:
		return "which is not in whole seconds", "write " + Short(d.Round(time.Second))
	}
	return "", ""
}

// Short writes a duration as people write one: 30m, not 30m0s; 7d, not 168h.
func Short(d time.Duration) string {
	if day := 24 * time.Hour; d >= 2*day && d%day == 0 {
		return fmt.Sprintf("%dd", d/day)
	}
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

const aDuration = "try 30m, 2h, 1h30m or 7d"

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
		if n, err := strconv.Atoi(number); err == nil && unitWords[unit] > 0 && n <= int(longest/unitWords[unit]) {
			return "write " + Short(time.Duration(n)*unitWords[unit])
		}
	}
	return aDuration
}
