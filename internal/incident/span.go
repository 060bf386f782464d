package incident

import (
	"fmt"
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
