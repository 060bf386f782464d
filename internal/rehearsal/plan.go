package rehearsal

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"muster/internal/policy"
	"muster/internal/yamlfile"
)

// settleTime is what Muster has, by the workspace's clock, to say what it has to say.
// Steps that lie nearer together than that are one instant.
const settleTime = 15 * time.Second

// scheduledStep is a step with its time from the start.
type scheduledStep struct {
	step
	at      time.Duration
	skipped string // why there is nothing to expect under this policy
}

// instant is the steps of one instant: first all is done, then all is expected.
type instant struct {
	at    time.Duration
	steps []scheduledStep
}

// plan puts a policy's deadlines in. What is only expected is put where it falls in
// time, and left out where the policy has no such time; a policy under which
// people would act in another order than written needs another scenario.
func (s Scenario) plan(p policy.Policy) ([]instant, error) {
	var all []scheduledStep
	var problems yamlfile.Problems
	refuse := func(at stepTime, problem, right string) {
		problems = append(problems, yamlfile.Problem{File: s.File, Line: at.place.Line, Column: at.place.Column, What: problem, Right: right})
	}
	var e previousTimes
	var acted time.Duration
	reason := ""
	for _, step := range s.steps {
		t := scheduledStep{step: step}
		if !step.at.relative || reason == "" { // what follows a time that does not exist is not there either
			t.at, reason = step.at.resolve(e, s.severity, p.Severity(s.severity))
		}
		t.skipped = reason
		if reason == "" {
			e = previousTimes{t.at, max(e.last, t.at)}
		}
		switch {
		case step.acts() && reason != "":
			refuse(step.at, fmt.Sprintf("this configuration has no %q: %s", step.at.text, reason), "give this step a fixed time")
		case step.acts() && t.at < acted:
			refuse(step.at, fmt.Sprintf("with this configuration %q is at %s, but the action before it is at %s", step.at.text, clock(t.at), clock(acted)),
				"change one of the two times")
		case step.acts():
			acted = t.at
		}
		all = append(all, t)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	slices.SortStableFunc(all, func(a, b scheduledStep) int { return cmp.Compare(a.at, b.at) })
	return groupInstants(all), nil
}

// end returns when an instant is over: what is done in it takes its time.
func (m instant) end() time.Duration {
	took := time.Duration(0)
	for _, s := range m.steps {
		if s.acts() {
			took += actionGap
		}
	}
	return m.at + max(settleTime, took)
}

func groupInstants(all []scheduledStep) []instant {
	var instants []instant
	for _, t := range all {
		if n := len(instants); n > 0 && t.at < instants[n-1].end() {
			instants[n-1].steps = append(instants[n-1].steps, t)
			continue
		}
		instants = append(instants, instant{t.at, []scheduledStep{t}})
	}
	return instants
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
