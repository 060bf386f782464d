package incident

import (
	"strconv"

	"muster/internal/notice"
)

// The templates of what is posted about an incident.
const (
	TemplateCard         notice.Template = "card"
	TemplateAnnouncement notice.Template = "announcement"
	TemplateAlert        notice.Template = "alert"
	TemplateUpdate       notice.Template = "update"
	TemplateResolution   notice.Template = "resolution"
	TemplateReminder     notice.Template = "reminder"
	TemplateWarning      notice.Template = "warning"
	TemplateEscalation   notice.Template = "escalation"
	TemplateReopened     notice.Template = "reopened"
	TemplateMerged       notice.Template = "merged"      // in the duplicate's channel
	TemplateChange       notice.Template = "change"      // any other news, as its entry's sentence
	TemplateChannelGone  notice.Template = "channelgone" // to whoever has to do with it: another one is opened
	TemplateNobody       notice.Template = "nobody"      // could be called, of all levels
	TemplateNoChannel    notice.Template = "nochannel"   // to the declarer, when the channel could not be opened
	TemplateArchiving    notice.Template = "archiving"   // in the channel, before it is archived
	TemplateArchived     notice.Template = "archived"    // to each person, when a reopened incident's channel stays archived
)

// Subject returns the incident as the subject of a notice.
func (n Number) Subject() notice.Subject {
	return notice.Subject{Kind: notice.Incident, ID: strconv.Itoa(int(n))}
}

// NumberOf returns the incident that a subject is, false if it is none.
func NumberOf(s notice.Subject) (Number, bool) {
	if s.Kind != notice.Incident {
		return 0, false
	}
	return ParseNumber(s.ID)
}

// Obsolete reports whether a notice has nothing true to say any more, so that
// it is dropped instead of sent.
func (inc Incident) Obsolete(n notice.Notice) bool {
	if over := !inc.Status.Open(); over && (n.To.User != "" || n.Op == notice.OpExpand) && n.Template != TemplateNoChannel {
		return true // nobody is woken for what is over
	}
	if inc.obsoleteByArchiving(n) {
		return true
	}
	switch n.Template {
	case TemplateReminder:
		return !inc.Status.Open() || inc.Since.After(n.At) || inc.Updated.At.After(n.At) || inc.Reminded.After(n.At)
	case TemplateWarning:
		return !inc.Status.Open() || inc.Since.After(n.At) || !inc.Acked.IsZero()
	case TemplateAlert, TemplateEscalation:
		return n.To.InChannel && inc.needless(n)
	case TemplateNobody:
		return !inc.CalledNobody()
	case TemplateArchived:
		return inc.Channel == "" || inc.HasChannel()
	case TemplateCard:
		return n.Op == notice.OpEdit && inc.Card.TS == ""
	case TemplateAnnouncement:
		return n.Op == notice.OpEdit && inc.Announced.TS == ""
	}
	return false
}

// What returns what a notice delivers, in a word for people.
func What(n notice.Notice) string {
	if n.Template != "" {
		return string(n.Template)
	}
	switch n.Op {
	case notice.OpOpen, notice.OpUnarchive:
		return "channel"
	case notice.OpInvite:
		return "invitations"
	}
	return string(n.Op)
}
