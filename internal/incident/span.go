package incident

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Span writes a duration as people say it: "45 s", "30 min", "2 h", "1 h 30 min", "2 d 3 h".
func Span(t time.Duration) string {
	t = max(t, 0).Round(time.Second) // the clock may be behind what was recorded
	if t < time.Minute {
		return fmt.Sprintf("%d s", int(t/time.Second))
	}
	t = t.Round(time.Minute)
	days, hours, minutes := int(t/(24*time.Hour)), int(t/time.Hour)%24, int(t/time.Minute)%60
	var parts []string
	for _, p := range []struct {
		n    int
		unit string
	}{{days, "d"}, {hours, "h"}, {minutes, "min"}} {
		if p.n > 0 && len(parts) < 2 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.unit))
		}
	}
	return strings.Join(parts, " ")
}

var (
	spanPart  = regexp.MustCompile(`^([0-9]{1,4}(?:[.,][0-9]{1,2})?) *([a-z]*)[ ,]*`)
	spanUnits = map[string]time.Duration{
		"s": time.Second, "sec": time.Second, "second": time.Second,
		"m": time.Minute, "min": time.Minute, "minute": time.Minute,
		"h": time.Hour, "hr": time.Hour, "hour": time.Hour,
		"d": 24 * time.Hour, "day": 24 * time.Hour,
	}
)

// ParseSpan reads a duration as people write it, and as [Span] does: "30 min",
// "2h", "1h30", "1.5 hours", "2 d 3 h". A number without a unit is minutes.
func ParseSpan(text string) (time.Duration, bool) {
	rest, total, last := strings.ToLower(strings.Join(strings.Fields(text), " ")), time.Duration(0), time.Duration(0)
	if rest == "" {
		return 0, false
	}
	for rest != "" {
		m := spanPart.FindStringSubmatch(rest)
		if m == nil {
			return 0, false
		}
		unit, known := spanUnits[m[2]]
		if !known {
			unit, known = spanUnits[strings.TrimSuffix(m[2], "s")]
		}
		if m[2] == "" { // "30", or what follows the hours in "1h30"
			unit, known = time.Minute, last == 0 || last == time.Hour
		}
		n, err := strconv.ParseFloat(strings.Replace(m[1], ",", ".", 1), 64)
		if !known || err != nil || (last != 0 && unit >= last) {
			return 0, false
		}
		total, last, rest = total+time.Duration(n*float64(unit)).Round(time.Second), unit, rest[len(m[0]):]
	}
	return total, true
}
