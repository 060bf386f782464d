package config

import (
	"fmt"
	"time"

	"muster/internal/policy"
	"muster/internal/yamlfile"
)

// snooze is how long an update reminder may be snoozed.
type snooze struct {
	min, max, byDefault yamlfile.Placed[time.Duration]
}

func (s *snooze) value() yamlfile.Value {
	return yamlfile.Section(
		yamlfile.Property{Key: "min", Value: yamlfile.Duration(aDeadline, &s.min)},
		yamlfile.Property{Key: "max", Value: yamlfile.Duration(aDeadline, &s.max)},
		yamlfile.Property{Key: "default", Value: yamlfile.Duration(aDeadline, &s.byDefault)},
	)
}

func (s *snooze) check(r *yamlfile.Reader, _ *document) {
	least, most, button := s.min.Value, s.max.Value, s.byDefault.Value
	between := fmt.Sprintf("between %s and %s", yamlfile.Short(least), yamlfile.Short(most))
	switch {
	case least > most:
		r.Problem(firstWritten(s.max.At, s.min.At), fmt.Sprintf("the longest snooze, %s, is shorter than the shortest, %s", yamlfile.Short(most), yamlfile.Short(least)),
			"set snooze.max to at least snooze.min")
	case button < least || button > most:
		r.Problem(firstWritten(s.byDefault.At, s.min.At, s.max.At), fmt.Sprintf("the button's snooze, %s, is not %s", yamlfile.Short(button), between),
			"set snooze.default to a duration "+between)
	}
}

func (s *snooze) apply(p *policy.Policy) {
	p.Snooze = policy.Snooze{Min: s.min.Value, Max: s.max.Value, Default: s.byDefault.Value}
}
