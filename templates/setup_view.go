package templates

import "muster/internal/incident"

// setupView shows how setting an incident up goes, and what could not be delivered.
type setupView incidentView

// NoChannel returns what became of the channel's creation, or of bringing it back
// from being archived, nil if that did not fail.
func (v setupView) NoChannel() *stepView {
	step := v.inc.Steps[incident.StepChannel]
	if step.State != incident.StepFailed {
		return nil
	}
	return &stepView{Reason: v.reason(step.Reason)}
}

// Late reports whether there is no channel after a minute, and Muster goes on trying.
func (v setupView) Late() bool { return v.inc.WithoutChannel() && v.NoChannel() == nil }

// Steps returns each step with its word, as long as not all of them are done.
func (v setupView) Steps() []stepView {
	var all []stepView
	unfinished := false
	for _, name := range incident.StepNames() {
		step, ok := v.inc.Steps[name]
		if !ok || (name == incident.StepCard && step.State != incident.StepFailed) {
			continue // whoever reads the card has it
		}
		all = append(all, stepView{named(capital(string(name))), named(string(step.State)), v.reason(step.Reason)})
		unfinished = unfinished || step.State != incident.StepDone || step.Reason != ""
	}
	if !unfinished {
		return nil
	}
	return all
}

// stepView shows a step of setting up: Reason says what went wrong, if anything.
type stepView struct{ Name, State, Reason mrkdwn }

// CanRetry reports whether anything could not be delivered.
func (v setupView) CanRetry() bool { return v.inc.Undelivered > 0 }

// limitDead bounds how many undelivered messages one message names.
const limitDead = 5

// Undelivered returns what could not be delivered, beside the steps.
func (v setupView) Undelivered() (undeliveredView, error) {
	letters, err := v.inc.DeadLetters()
	if err != nil {
		return undeliveredView{}, err
	}
	var all undeliveredView
	for _, dead := range letters {
		switch {
		case v.inc.Steps[incident.StepName(dead.What())].State == incident.StepFailed:
			// Steps has it
		case len(all.First) == limitDead:
			all.More++
		default:
			all.First = append(all.First, deadView{named(capital(dead.What())), when(dead.At), v.reason(dead.Reason)})
		}
	}
	return all, nil
}

// undeliveredView shows the oldest of them, and how many more there are.
type undeliveredView struct {
	First []deadView
	More  int
}

// deadView shows one thing that could not be delivered.
type deadView struct{ What, At, Reason mrkdwn }
