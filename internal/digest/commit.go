package digest

import (
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/internal/slackid"
)

// Commit returns the commit that claims the period's slot and queues its digest
// for a channel: both or neither.
func (p Period) Commit(to slackid.Channel, now time.Time) incident.Commit {
	key := "slot " + Job + " " + text(p.Slot)
	return incident.Commit{
		Key: key, At: now, Slot: &incident.Slot{Job: Job, At: p.Slot},
		Notices: []notice.Notice{{
			Key: key, Subject: p.Subject(), Lane: notice.Lane("channel:"+string(to), p.Subject()), Op: notice.OpPost, Template: Template,
			To: notice.Address{Medium: notice.Slack, Channel: to}, Priority: notice.Bulk, At: now,
		}},
	}
}
