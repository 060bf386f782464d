package digest

import (
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/internal/slackid"
)

// Commit returns the commit that claims the period's slot and queues its digest
// for a channel: both or neither. The notice is the origin's, as the same slot can
// come again in another store.
func (p Period) Commit(to slackid.Channel, o incident.Origin) incident.Commit {
	key := "slot " + Job + " " + text(p.Slot)
	return incident.Commit{
		Key: key, At: o.At, Slot: &incident.Slot{Job: Job, At: p.Slot},
		Notices: []notice.Notice{{
			Key: key + " " + o.ID, Subject: p.Subject(), Lane: notice.Lane("channel:"+string(to), p.Subject()), Op: notice.OpPost, Template: Template,
			To: notice.Address{Medium: notice.Slack, Channel: to}, Priority: notice.Bulk, At: o.At,
		}},
	}
}

// Undelivered returns the commit that records that the period's digest cannot be
// delivered for good, and pops its notice.
func (p Period) Undelivered(l notice.Lease, now time.Time) incident.Commit {
	return incident.Commit{
		Key: "sent " + l.Notice.Key, At: now, Slot: &incident.Slot{Job: JobUndelivered, At: p.Slot}, Sent: &l,
	}
}
