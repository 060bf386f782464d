package slack_test

import (
	"testing"
	"time"

	"muster/internal/notice"
	"muster/internal/sender/slack"
)

// A limit leaves hardly anything of Slack's unused, and never takes more.
func TestLimits_EachOp_FitsSlacksTier(t *testing.T) {
	limits := slack.Limits()
	for _, op := range notice.Ops() {
		rate, ok := limits.Ops[op]
		if !ok {
			t.Errorf("%s has no limit", op)
			continue
		}
		tier := 50 // tier 3
		switch op {
		case notice.OpOpen, notice.OpTopic, notice.OpPin, notice.OpArchive, notice.OpUnarchive:
			tier = 20 // tier 2
		case notice.OpPost:
			tier = 400 // no tier: several hundred
		}
		if rate.Most > tier || rate.Per <= time.Minute {
			t.Errorf("%s: up to %d in %s, Slack takes %d a minute", op, rate.Most, rate.Per, tier)
		}
		if steady := int(time.Minute / rate.Every); steady < rate.Most*19/20-1 {
			t.Errorf("%s: only %d a minute are used of %d", op, steady, rate.Most)
		}
	}
}
