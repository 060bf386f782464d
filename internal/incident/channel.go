package incident

import (
	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// Gone is what has become of an incident's channel while people are at work in it.
type Gone string

// What can have.
const (
	GoneArchived Gone = "archived"
	GoneDeleted  Gone = "deleted"
)

// ChannelGone takes note that somebody archived or deleted the channel of an open
// incident. An archived one is brought back, once. Where that is no way, another
// channel is opened, and whoever has to do with the incident is told directly.
func (inc Incident) ChannelGone(o Origin, what Gone) (Change, error) {
	known := what == GoneArchived && inc.Archive.Asked // what happened before that was asked comes late
	if !inc.Status.Open() || !inc.HasChannel() || known {
		return Change{}, ErrNoChange
	}
	d := inc.draft(o)
	d.gone(what)
	return d.change(), nil
}

func (d *draft) gone(what Gone) {
	if what == GoneDeleted || d.Archive.Back {
		d.openAnew(string(what))
		return
	}
	d.record(EntryChannelGone, map[string]string{"what": string(what)})
	d.Archive.Done, d.Archive.Gone = d.At, true
	d.bringBack()
}

// openAnew opens another channel in place of one that cannot be used any more.
func (d *draft) openAnew(why string) {
	e := d.record(EntryChannelGone, map[string]string{"what": why})
	d.Channel, d.ChannelName, d.Card, d.Archive = "", "", notice.Message{}, Archiving{}
	d.tellDirectly(notice.Address{People: policy.People{Users: d.involved()}}, TemplateChannelGone, e)
	d.setUpChannel(e)
}

// Lost takes note that a notice could not be delivered since the place that it was
// for is gone. If that is the incident's channel, and people are at work, it
// follows them to where they go on.
func (inc Incident) Lost(o Origin, n notice.Notice, reason string) (Change, error) {
	arranges := n.Op == notice.OpArchive || n.Op == notice.OpUnarchive
	if !n.To.InChannel || arranges || !inc.Status.Open() || inc.Channel == "" {
		return inc.Failed(o, n, reason)
	}
	d := inc.draft(o)
	if d.HasChannel() && !d.Archive.Asked {
		d.gone(GoneArchived) // a deleted one cannot be brought back, either
	}
	if !d.Obsolete(n) && !followsChannel(n) {
		d.notify(n)
	}
	return d.change(), nil
}

// followsChannel reports whether a notice is queued anyway when there is a channel.
func followsChannel(n notice.Notice) bool {
	return n.Op == notice.OpTopic || n.Op == notice.OpPin || n.Template == TemplateCard
}

// ChannelMoved follows a channel whose ID has changed.
func (inc Incident) ChannelMoved(o Origin, to slackid.Channel) (Change, error) {
	if inc.Channel == "" || inc.Channel == to {
		return Change{}, ErrNoChange
	}
	d := inc.draft(o)
	if d.Card.Channel == d.Channel {
		d.Card.Channel = to
	}
	d.Channel = to
	d.record(EntryChannelMoved, map[string]string{"channel": string(to)})
	return d.change(), nil
}
