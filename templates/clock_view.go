package templates

import (
	"muster/internal/incident"
	"muster/internal/policy"
)

// clockView shows what the clock watches of an incident.
type clockView incidentView

func (v clockView) rules() policy.SeverityPolicy { return v.t.policy.Severity(v.inc.Severity) }

// AckWithin returns how much time there is to acknowledge.
func (v clockView) AckWithin() mrkdwn { return span(v.rules().Response) }

// AckDue returns until when somebody has to acknowledge, "" without a limit.
func (v clockView) AckDue() mrkdwn {
	if v.rules().Response == 0 {
		return ""
	}
	return when(v.inc.Since.Add(v.rules().Response))
}

// AckOverdue reports whether that has passed.
func (v clockView) AckOverdue() bool {
	return v.inc.Warned && v.inc.Acked.IsZero() && v.inc.Status.Open()
}

// UpdateEvery returns the time from one update to the next.
func (v clockView) UpdateEvery() mrkdwn { return span(v.rules().Update) }

// NextUpdate returns when the next update is due, "" when none is expected.
func (v clockView) NextUpdate() mrkdwn {
	at, ok := v.inc.NextUpdate()
	if !ok {
		return ""
	}
	return when(at)
}

// UpdateOverdue returns since when an update has been asked for in vain, "" while
// none is.
func (v clockView) UpdateOverdue() mrkdwn {
	since, ok := v.inc.OverdueUpdate(v.t.policy)
	if !ok {
		return ""
	}
	return when(since)
}

// SnoozeFor returns how long a reminder's button snoozes.
func (v clockView) SnoozeFor() mrkdwn { return span(v.t.policy.Snooze.Default) }

// NextEscalation returns when and to whom the clock escalates if the fault still
// hurts by then, nil when it will not.
func (v clockView) NextEscalation() *nextLevelView {
	timer, armed := v.inc.Timers[incident.TimerEscalate]
	step, ok := v.inc.NextStep(v.t.policy)
	if !armed || !ok {
		return nil
	}
	return &nextLevelView{v.level(step.To), when(timer.At)}
}

// nextLevelView shows a level, and when it is escalated to.
type nextLevelView struct{ Level, At mrkdwn }

// KeepFor returns how long the channel is kept before it is archived.
func (v clockView) KeepFor() mrkdwn { return span(v.t.policy.Archive.After) }

// ArchiveDue returns when the channel will be archived, "" while that is not planned.
func (v clockView) ArchiveDue() mrkdwn {
	due, _ := v.inc.ArchiveDue(v.t.policy)
	return when(due)
}
