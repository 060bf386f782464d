package templates

import (
	"time"

	"muster/internal/incident"
)

// stampView shows who did something, and when.
type stampView struct {
	frame
	stamp incident.Stamp
}

// stamp returns the view of a stamp, nil for what has not happened.
func (f frame) stamp(s incident.Stamp) *stampView {
	if s.IsZero() {
		return nil
	}
	return &stampView{f, s}
}

// By returns who did it.
func (v stampView) By() mrkdwn { return mention(v.stamp.By) }

// At returns when it was done.
func (v stampView) At() mrkdwn { return when(v.stamp.At) }

// Ago returns how long ago that was, "5 min"; "" for less than a minute.
func (v stampView) Ago() mrkdwn {
	if d := v.now.Sub(v.stamp.At); d >= time.Minute {
		return span(d)
	}
	return ""
}
