package templates

import (
	"time"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// entryView shows templates a timeline entry: the zero one of none. A
// fact that an entry does not have is "".
type entryView struct {
	frame
	entry incident.Entry
}

// Actor returns who did it.
func (v entryView) Actor() mrkdwn { return mention(v.entry.By) }

// At returns when it was done.
func (v entryView) At() mrkdwn { return when(v.entry.At) }

// Is reports whether the entry is of a kind.
func (v entryView) Is(kind string) bool { return string(v.entry.Kind) == kind }

// Sentence returns what the actor did: "acknowledged after 4 min". It is "" for no
// entry.
func (v entryView) Sentence() (mrkdwn, error) {
	if v.entry.Kind == "" {
		return "", nil
	}
	return v.t.phrase("entries", string(v.entry.Kind), v)
}

// Fact returns a fact as it is.
func (v entryView) Fact(name string) mrkdwn { return v.text(v.entry.Facts[name]) }

// Line returns a fact in one line, whatever it has been.
func (v entryView) Line(name string) mrkdwn { return v.line(v.entry.Facts[name]) }

// Status returns a status that the entry names, "Identified".
func (v entryView) Status(name string) mrkdwn { return named(capital(v.entry.Facts[name])) }

// Severity returns a severity that the entry names, "P1 High".
func (v entryView) Severity(name string) mrkdwn {
	return v.severity(policy.Severity(v.entry.Facts[name]))
}

// Role returns a role that the entry names, "Tech Lead".
func (v entryView) Role(name string) mrkdwn { return v.role(policy.Role(v.entry.Facts[name])) }

// User mentions a person whom the entry names.
func (v entryView) User(name string) mrkdwn {
	return v.line(string(mention(slackid.User(v.entry.Facts[name]))))
}

// Channel links a channel that the entry names.
func (v entryView) Channel(name string) mrkdwn { return channel(slackid.Channel(v.entry.Facts[name])) }

// Level returns a level that the entry names, "L2 (Senior engineer and tech lead)".
func (v entryView) Level(name string) mrkdwn {
	if l, ok := v.levelOf(name); ok {
		return v.level(l)
	}
	return v.Fact(name)
}

// People returns who is paged at a level that the entry names.
func (v entryView) People(name string) (mrkdwn, error) {
	l, _ := v.levelOf(name)
	return v.holders(l)
}

func (v entryView) levelOf(name string) (policy.Level, bool) {
	for l := policy.Level(1); l <= v.t.policy.Top(); l++ {
		if l.String() == v.entry.Facts[name] {
			return l, true
		}
	}
	return 0, false
}

// Span returns a duration that the entry names, "1 h 30 min".
func (v entryView) Span(name string) mrkdwn {
	d, err := time.ParseDuration(v.entry.Facts[name])
	if err != nil {
		return ""
	}
	return span(d)
}

// Clock returns a moment that the entry names, as the time of day.
func (v entryView) Clock(name string) mrkdwn {
	at, ok := v.moment(name)
	if !ok {
		return ""
	}
	return clock(at)
}

// When returns a fact that is a moment, with its day.
func (v entryView) When(name string) mrkdwn {
	at, _ := v.moment(name)
	return when(at)
}

// Since returns how long before the entry a moment was that it names.
func (v entryView) Since(name string) mrkdwn {
	at, ok := v.moment(name)
	if !ok {
		return ""
	}
	return span(v.entry.At.Sub(at))
}

func (v entryView) moment(name string) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339, v.entry.Facts[name])
	return at, err == nil
}

// Reason returns why something failed.
func (v entryView) Reason() mrkdwn { return v.reason(v.entry.Facts["reason"]) }
