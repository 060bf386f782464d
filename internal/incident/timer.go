package incident

import (
	"time"

	"muster/internal/policy"
)

// TimerName names a timer. An incident has at most one of each name.
type TimerName string

// The timers.
const (
	TimerRespond  TimerName = "respond"  // nobody has acknowledged in time
	TimerUpdate   TimerName = "update"   // an update is due
	TimerEscalate TimerName = "escalate" // the next level is due
	TimerArchive  TimerName = "archive"  // the channel is to be archived, or this to be announced
	TimerReach    TimerName = "reach"    // a called level has not been reached
)

// Timer is a moment at which the clock has something to say about an incident.
type Timer struct {
	Number Number    `json:"number"`
	Name   TimerName `json:"name"`
	At     time.Time `json:"at"`  // zero in a [Change] = cleared
	Gen    int       `json:"gen"` // the incident's version that armed it
}

// Armed is a timer as its incident remembers it.
type Armed struct {
	At  time.Time `json:"at"`
	Gen int       `json:"gen"`
}

// Claim is a due timer that one worker has for a while.
type Claim struct {
	Timer Timer
	Fence int64 // the store's count of claims of this timer; settling needs the last one
}

// deadlines returns what the clock has to watch, given the incident's state. All
// timers come from here.
func (inc Incident) deadlines(p policy.Policy) map[TimerName]time.Time {
	due := map[TimerName]time.Time{}
	if at, ok := inc.archiveTimer(p); ok {
		due[TimerArchive] = at
	}
	if !inc.Status.Open() {
		return due
	}
	rules := p.Severity(inc.Severity)
	if inc.Acked.IsZero() && !inc.Warned && rules.Response > 0 {
		due[TimerRespond] = inc.Since.Add(rules.Response)
	}
	if rules.Update > 0 {
		due[TimerUpdate] = inc.updateDue(rules.Update)
	}
	if _, at, ok := inc.escalation(p); ok {
		due[TimerEscalate] = at
	}
	if at, ok := inc.reachDue(p); ok {
		due[TimerReach] = at
	}
	return due
}

// updateDue counts from the last real update, not from a fixed grid; a
// reminder or a snooze moves only the next reminder.
func (inc Incident) updateDue(cadence time.Duration) time.Time {
	if !inc.Snoozed.IsZero() {
		return inc.Snoozed
	}
	last := inc.Since
	for _, t := range []time.Time{inc.Updated.At, inc.Reminded} {
		if t.After(last) {
			last = t
		}
	}
	return last.Add(cadence)
}

// escalation returns the next step and its moment: as long after the rules began
// to apply, or it began to hurt again, as the step says, but never sooner after the
// level before it was reached than the two steps are apart, so that no two levels
// are called at once because the clock had been held up.
func (inc Incident) escalation(p policy.Policy) (policy.Step, time.Time, bool) {
	step, ok := inc.NextStep(p)
	if !ok {
		return policy.Step{}, time.Time{}, false
	}
	from := inc.Since
	if inc.Unmitigated.After(from) {
		from = inc.Unmitigated
	}
	at, apart := from.Add(step.After), step.After
	for _, before := range p.Severity(inc.Severity).Escalate {
		if before.To < step.To {
			apart = step.After - before.After
		}
	}
	if spaced := inc.Reached.Add(apart); spaced.After(at) {
		at = spaced
	}
	return step, at, true
}

// NextStep returns the escalation that the clock is waiting for, if any: the
// first to a level not yet called, for as long as the fault still hurts.
func (inc Incident) NextStep(p policy.Policy) (policy.Step, bool) {
	if inc.Status.Mitigated() {
		return policy.Step{}, false
	}
	for _, step := range p.Severity(inc.Severity).Escalate {
		if step.To > inc.Level && step.To <= p.Top() {
			return step, true
		}
	}
	return policy.Step{}, false
}

// OverdueUpdate returns since when an update has been due and was asked for,
// false while none is.
func (inc Incident) OverdueUpdate(p policy.Policy) (time.Time, bool) {
	last := inc.Since
	if inc.Updated.At.After(last) {
		last = inc.Updated.At
	}
	if !inc.Status.Open() || !inc.Reminded.After(last) {
		return time.Time{}, false
	}
	return last.Add(p.Severity(inc.Severity).Update), true
}

// NextUpdate returns when the next update is due, false when none is expected.
func (inc Incident) NextUpdate() (time.Time, bool) {
	t, ok := inc.Timers[TimerUpdate]
	return t.At, ok
}
