package config

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"muster/internal/policy"
	"muster/internal/yamlfile"
)

// step is one of a severity's escalations.
type step struct {
	to    yamlfile.Placed[string] // L2
	after yamlfile.Placed[time.Duration]
}

var levelForm = yamlfile.Form{
	Pattern: regexp.MustCompile(`^L[1-9][0-9]?$`), Is: "a level",
	Right: func(string) string { return "write L2, L3 …" },
}

// aStep is how long after the severity was set a level is called.
var aStep = yamlfile.Bounds{Least: 0, Most: 30 * 24 * time.Hour} // 0 = immediately

func (s *step) value() yamlfile.Value {
	return yamlfile.Object(
		yamlfile.Property{Key: "to", Required: true, Value: yamlfile.Formed(levelForm, &s.to)},
		yamlfile.Property{Key: "after", Required: true, Value: yamlfile.Duration(aStep, &s.after)},
	)
}

// level returns the level that the step calls, 0 where it could not be read.
func (s step) level() policy.Level {
	if s.to.Value == "" {
		return 0
	}
	n, err := strconv.Atoi(s.to.Value[1:])
	if err != nil {
		panic("config: " + err.Error()) // one or two digits: cannot happen
	}
	return policy.Level(n)
}

// checkSteps makes sure that each step goes higher than the one before, and comes later.
func checkSteps(r *yamlfile.Reader, of *severity, l levels) {
	top, last := policy.Level(len(l.rows)), policy.Level(1)
	var after yamlfile.Placed[time.Duration]
	for n, step := range of.escalate {
		to, at := step.level(), step.to.At
		switch {
		case to == 0: // it could not be read, which was said
		case to > top && !at.Written():
			r.Problem(l.at, fmt.Sprintf("%s escalates to %s by default, but the levels end at %s", of.key, to, top),
				fmt.Sprintf("add levels, or set severities.%s.escalate", of.key))
			return
		case to > top:
			r.Problem(at, fmt.Sprintf("%s escalates to %s, but the levels end at %s", of.key, to, top),
				"name an existing level, or add to levels")
		case n == 0 && to == 1:
			r.Problem(at, fmt.Sprintf("%s escalates to L1, which is called when it is declared", of.key), "write L2 or higher")
		case to <= last:
			r.Problem(at, fmt.Sprintf("%s escalates to %s after %s", of.key, to, last),
				"each step has to go to a higher level than the one before")
		}
		if step.after.At.Written() && after.At.Written() && step.after.Value <= after.Value {
			r.Problem(step.after.At, fmt.Sprintf("this step of %s comes after %s, the one before it after %s",
				of.key, yamlfile.Short(step.after.Value), yamlfile.Short(after.Value)),
				"each step has to come later than the one before; all are counted from when the severity was set")
		}
		if to > 0 {
			last = to
		}
		if step.after.At.Written() {
			after = step.after
		}
	}
}
