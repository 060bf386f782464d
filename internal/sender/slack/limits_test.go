package slack_test

import (
	"testing"
	"time"

	"muster/internal/notice"
	"muster/internal/sender/slack"
)

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
		if got := int(time.Minute/rate.Every) + rate.Burst; got > tier {
			t.Errorf("%s: up to %d a minute, Slack takes %d", op, got, tier)
		}
	}
}
