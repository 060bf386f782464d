package digest

import (
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
			Key: key + " " + o.ID, Subject: p.Subject(), Lane: "channel:" + string(to), Op: notice.OpPost, Template: Template,
			To: notice.Address{Medium: notice.Slack, Channel: to}, Priority: notice.Bulk, At: o.At,
		}},
	}
}
