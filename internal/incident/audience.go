package incident

import (
	"maps"

	"muster/internal/notice"
	"muster/internal/slackid"
)

// Audience is who gets a notice, and how much of the incident they may see.
type Audience struct {
	Channel  slackid.Channel
	User     slackid.User // instead of Channel: in a direct message
	Outsider bool         // may know that the private incident exists, and no more
}

// Audience decides who gets a notice; it is the one place that does. A private
// incident goes to its own channel and to people, never to another channel,
// and no failure changes that. False: nobody may be told.
func (inc Incident) Audience(n notice.Notice) (Audience, bool) {
	var a Audience
	switch {
	case n.To.User != "":
		a.User = n.To.User
	case n.To.Channel != "" && n.To.Channel != inc.Channel:
		a.Channel = n.To.Channel
		if inc.Private {
			return Audience{}, false
		}
	case inc.HasChannel(), inc.Channel != "" && (n.Op == notice.OpArchive || n.Op == notice.OpUnarchive):
		a.Channel = inc.Channel
	default: // there is none, or it is archived: the one who declared it hears it all
		a.User = inc.Declared.By
	}
	a.Outsider = inc.Private && a.User != "" && !inc.Involves(a.User)
	return a, true
}

// For returns the incident as its audience may see it: an outsider learns that
// it exists, how severe it is, and which levels were called.
func (inc Incident) For(a Audience) Incident {
	if !a.Outsider {
		return inc
	}
	inc.Title, inc.Texts, inc.Undelivered, inc.Channel, inc.ChannelName = "", nil, 0, "", ""
	inc.MergedInto, inc.Duplicates = Link{}, nil
	inc.Calls = maps.Clone(inc.Calls)
	for l, c := range inc.Calls {
		if c.Nobody != "" {
			c.Nobody = "nobody could be reached"
		}
		inc.Calls[l] = c
	}
	shown := map[int]Entry{}
	for seq, e := range inc.Loaded.Entries {
		e.Facts = map[string]string{"from": e.Facts["from"], "to": e.Facts["to"]}
		shown[seq] = e
	}
	inc.Loaded = Loaded{Entries: shown}
	return inc
}
