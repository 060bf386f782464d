package rehearsal

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"muster/internal/policy"
	"muster/internal/yamlfile"
)

// grace is what Muster has, by the workspace's clock, to say what it has to say.
// Steps that lie nearer together than that are one moment.
const grace = 15 * time.Second

// timed is a step with its time from the start.
type timed struct {
	step
	at      time.Duration
	skipped string // why there is nothing to expect under this policy
}

// together is the steps of one moment: first all is done, then all is expected.
type together struct {
	at    time.Duration
	steps []timed
}

// plan puts a policy's figures in. What is only expected is put where it falls in
// time, and left out where the policy has no such moment; a policy under which
// people would act in another order than written needs another scenario.
func (s Scenario) plan(p policy.Policy) ([]together, error) {
	var all []timed
	var problems yamlfile.Problems
	refuse := func(at moment, what, right string) {
		problems = append(problems, yamlfile.Problem{File: s.File, Line: at.place.Line, Column: at.place.Column, What: what, Right: right})
	}
	var e earlier
	var acted time.Duration
	why := ""
	for _, step := range s.steps {
		t := timed{step: step}
		if !step.at.then || why == "" { // what follows a moment that is not there is not there either
			t.at, why = step.at.resolve(e, s.severity, p.Severity(s.severity))
		}
		if t.skipped = why; why == "" {
			e = earlier{t.at, max(e.last, t.at)}
		}
		switch {
		case step.acts() && why != "":
			refuse(step.at, fmt.Sprintf("with this configuration there is no %q: %s", step.at.text, why), "give this step a time that does not depend on it")
		case step.acts() && t.at < acted:
			refuse(step.at, fmt.Sprintf("with this configuration %q is at %s, but what is done before it at %s", step.at.text, clock(t.at), clock(acted)),
				"give one of the two another time")
		case step.acts():
			acted = t.at
		}
		all = append(all, t)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	slices.SortStableFunc(all, func(a, b timed) int { return cmp.Compare(a.at, b.at) })
	return gather(all), nil
}

// over is when a moment is: what is done in it takes its time.
func (m together) over() time.Duration {
	took := time.Duration(0)
	for _, s := range m.steps {
		if s.acts() {
			took += toAnswer
		}
	}
	return m.at + max(grace, took)
}

func gather(all []timed) []together {
	var moments []together
	for _, t := range all {
		if n := len(moments); n > 0 && t.at < moments[n-1].over() {
			moments[n-1].steps = append(moments[n-1].steps, t)
			continue
		}
		moments = append(moments, together{t.at, []timed{t}})
	}
	return moments
}

// clock writes a time from the start as a clock would: 01:30, or 01:30:05.
func clock(d time.Duration) string {
	d = d.Round(time.Second)
	s := fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
	if seconds := int(d.Seconds()) % 60; seconds > 0 {
		s += fmt.Sprintf(":%02d", seconds)
	}
	return s
}
