package templates

import (
	"time"

	"muster/internal/incident"
)

// PostMortemWithin is how soon after the resolution one is scheduled.
const PostMortemWithin = 48 * time.Hour

// DeclaredAt is when it was declared.
func (p page) DeclaredAt() mrkdwn { return when(p.i.Declared.At) }

// DeclaredBy is who declared it.
func (p page) DeclaredBy() mrkdwn { return mention(p.i.Declared.By) }

// DeclaredAgo is how long ago that was, "5 min ago".
func (p page) DeclaredAgo() mrkdwn { return p.ago(p.i.Declared.At) }

// Duration is how long it lasted.
func (p page) Duration() mrkdwn { return span(p.i.Duration(p.now)) }

// EndedAt is when it was resolved or cancelled, "" while it goes on.
func (p page) EndedAt() mrkdwn { return when(p.i.Ended.At) }

// EndedBy is who said so.
func (p page) EndedBy() mrkdwn { return mention(p.i.Ended.By) }

// Acknowledged reports whether somebody is at it.
func (p page) Acknowledged() bool { return !p.i.Acked.IsZero() }

// AckedAt is when it was acknowledged.
func (p page) AckedAt() mrkdwn { return when(p.i.Acked.At) }

// AckedBy is who acknowledged it.
func (p page) AckedBy() mrkdwn { return mention(p.i.Acked.By) }

// Response is how much time there is to acknowledge.
func (p page) Response() mrkdwn { return span(p.response()) }

// AckDue is until when somebody has to acknowledge, "" without a limit.
func (p page) AckDue() mrkdwn {
	if p.response() == 0 {
		return ""
	}
	return when(p.i.Since.Add(p.response()))
}

// Overdue reports whether that has passed.
func (p page) Overdue() bool { return p.i.Warned && !p.Acknowledged() && p.Open() }

func (p page) response() time.Duration { return p.t.policy.Severity(p.i.Severity).Response }

// Updated reports whether there was an update.
func (p page) Updated() bool { return !p.i.Updated.IsZero() }

// UpdatedAt is when the last update was posted.
func (p page) UpdatedAt() mrkdwn { return when(p.i.Updated.At) }

// UpdatedBy is who posted it.
func (p page) UpdatedBy() mrkdwn { return mention(p.i.Updated.By) }

// UpdatedAgo is how long ago that was, "5 min ago".
func (p page) UpdatedAgo() mrkdwn { return p.ago(p.i.Updated.At) }

// NextUpdate is when the next update is due, "" when none is expected.
func (p page) NextUpdate() mrkdwn {
	at, ok := p.i.NextUpdate()
	if !ok {
		return ""
	}
	return when(at)
}

// UpdateOverdue is since when an update has been asked for in vain, "" while
// none is.
func (p page) UpdateOverdue() mrkdwn {
	since, ok := p.i.OverdueUpdate(p.t.policy)
	if !ok {
		return ""
	}
	return when(since)
}

// Cadence is the time from one update to the next.
func (p page) Cadence() mrkdwn { return span(p.t.policy.Severity(p.i.Severity).Update) }

// NextEscalation is when and to whom the clock escalates if the fault still
// hurts by then, "" when it will not.
func (p page) NextEscalation() mrkdwn {
	timer, armed := p.i.Timers[incident.TimerEscalate]
	step, ok := p.i.NextStep(p.t.policy)
	if !armed || !ok {
		return ""
	}
	return "to " + p.level(step.To) + ", " + when(timer.At)
}

// PostMortem is why the process requires one, "" where it does not.
func (p page) PostMortem() mrkdwn {
	_, why := p.i.NeedsPostMortem(p.t.policy, p.moment())
	return named(why)
}

// PostMortemDue is until when it is to be scheduled.
func (p page) PostMortemDue() mrkdwn {
	end := p.i.Ended.At
	if end.IsZero() {
		end = p.moment()
	}
	return when(end.Add(PostMortemWithin))
}

// ago is how long ago a moment was.
func (p page) ago(t time.Time) mrkdwn {
	if d := p.now.Sub(t); d >= time.Minute {
		return span(d) + " ago"
	}
	return "just now"
}

// moment is when what the page tells of happened.
func (p page) moment() time.Time {
	if p.n.Entry != nil {
		return p.n.Entry.At
	}
	return p.now
}
