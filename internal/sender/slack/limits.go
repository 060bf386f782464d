package slack

import (
	"time"

	"muster/internal/notice"
)

// Slack limits each method by itself, per workspace and minute
// (docs.slack.dev/apis/web-api/rate-limits): the tiers of the ops' methods.
const (
	tier2 = 20
	tier3 = 50
)

// Limits returns how fast to deliver, below Slack's own limits: in any minute an
// op's burst and its steady flow together fit its tier. Posting has no tier; Slack
// asks for about one message a second in a channel and "several hundred" a minute
// in all.
func Limits() notice.Limits {
	slow := notice.Rate{Every: 6 * time.Second, Burst: tier2 - 10}
	return notice.Limits{
		Lane: notice.Rate{Every: time.Second, Burst: 4},
		Ops: map[notice.Op]notice.Rate{
			notice.OpPost:      {Every: 200 * time.Millisecond, Burst: 20},
			notice.OpEdit:      {Every: 1500 * time.Millisecond, Burst: tier3 - 40},
			notice.OpOpen:      slow,
			notice.OpTopic:     slow,
			notice.OpPin:       slow,
			notice.OpArchive:   slow,
			notice.OpUnarchive: slow,
			// These two also look up user groups, which is of tier 2.
			notice.OpInvite: {Every: 3 * time.Second, Burst: 10},
			notice.OpExpand: {Every: 3 * time.Second, Burst: 10},
		},
	}
}
