package outbox_test

import (
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/outbox"
)

func TestDefaultPaceFitsSlacksTiers(t *testing.T) {
	pace := outbox.DefaultLimits()
	for _, act := range incident.Ops() {
		rate, ok := pace.Ops[act]
		if !ok {
			t.Errorf("%s has no pace", act)
			continue
		}
		limit := 50 // tier 3
		switch act {
		case incident.OpOpen, incident.OpTopic, incident.OpPin:
			limit = 20 // tier 2
		case incident.OpPost:
			limit = 400 // no tier: several hundred
		}
		if got := int(time.Minute/rate.Every) + rate.Burst; got > limit {
			t.Errorf("%s: up to %d a minute, Slack takes %d", act, got, limit)
		}
	}
}
