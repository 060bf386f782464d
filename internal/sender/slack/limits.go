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

// minute is Slack's window, and a second for calls that overtake one another.
const minute = 61 * time.Second

// Limits returns how fast to deliver: nearly all that Slack takes in a minute,
// and never more. What isn't urgent comes evenly, so that what is finds some of
// the minute left. Posting has no tier; Slack asks for about one message a second
// in a channel and "several hundred" a minute in all.
func Limits() notice.Limits {
	return notice.Limits{
		Destination: notice.Rate{Every: time.Second, Burst: 4},
		Ops: map[notice.Op]notice.Rate{
			notice.OpPost:      evenly(300, 50),
			notice.OpEdit:      evenly(tier3-2, 10),
			notice.OpOpen:      evenly(tier2, 1),
			notice.OpTopic:     evenly(tier2, 5),
			notice.OpPin:       evenly(tier2, 5),
			notice.OpInvite:    evenly(tier3-5, 10), // who cannot be invited costs another call
			notice.OpExpand:    evenly(tier3, 10),   // it calls nobody while the groups are remembered
			notice.OpArchive:   evenly(tier2, 5),
			notice.OpUnarchive: evenly(tier2, 5),
		},
	}
}

// evenly allows most a minute, and burst at once.
func evenly(most, burst int) notice.Rate {
	return notice.Rate{Every: (minute / time.Duration(most)).Round(10 * time.Millisecond), Burst: burst, Most: most, Per: minute}
}
