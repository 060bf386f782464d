package outbox_test

import (
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/outbox"
)

func TestDefaultPaceFitsSlacksTiers(t *testing.T) {
	pace := outbox.DefaultPace()
	for _, act := range incident.Acts() {
		rate, ok := pace.Acts[act]
		if !ok {
			t.Errorf("%s has no pace", act)
			continue
		}
		limit := 50 // tier 3
		switch act {
		case incident.ActOpen, incident.ActTopic, incident.ActPin:
			limit = 20 // tier 2
		case incident.ActPost:
			limit = 400 // no tier: several hundred
		}
		if got := int(time.Minute/rate.Every) + rate.Burst; got > limit {
			t.Errorf("%s: up to %d a minute, Slack takes %d", act, got, limit)
		}
	}
}
